//! Pages, a server and the network between them. What happens next is chosen from outside: any
//! delay, any interleaving, but never another order between the same two.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use call::input::{LinkEvent, LinkState, ServerInput};
use call::output::{LinkCommand, LinkId, Output, Request};
use call::view::Phase;
use call::{CallView, Goal, Input, Intent, Time};
use shared::room::MeetingKind;
use shared::to_server::LeaveRoom;
use shared::{Epoch, PeerId, PeerMessage};

use super::browser::Connection;
use super::page::{Page, room};
use super::paths::Finding;
use super::schedule::Happening;
use super::server::{ConnectionId, Server};

/// When everything begins.
const START: Time = Time::since_unix_epoch(Duration::from_secs(1_000));

/// The server's grace period.
pub(super) const GRACE: Duration = Duration::from_secs(15);

pub struct World {
    pub now: Time,
    pub server: Server,
    pub pages: Vec<Page>,
    /// All open peer connections, by their numbers.
    pub connections: BTreeMap<u64, Connection>,
    /// Between two pages of which no path exists.
    pub blocked: BTreeSet<(usize, usize)>,
    /// What ICE will find out.
    pub(super) findings: Vec<Finding>,
    /// What is on its way on data channels, from one connection to another.
    pub(super) channels: BTreeMap<(u64, u64), VecDeque<Parcel>>,
    /// Sockets of which the server has not noticed yet that they are gone.
    pub(super) gone: Vec<ConnectionId>,
    pub(super) graces: Vec<(Time, PeerId, u64)>,
    pub(super) next_number: u64,
    pub(super) next_socket: ConnectionId,
    /// How many epochs were made for meetings.
    epochs: u64,
    /// How many reports were sent on data channels.
    pub reports_sent: usize,
    /// How many things have happened.
    pub(super) steps: usize,
    /// Whether to tell of each (`CALL_TRACE=1`).
    pub(super) is_traced: bool,
}

#[derive(Debug)]
pub(super) enum Parcel {
    Text(String),
    Closed,
}

impl World {
    /// That many pages in their previews, nobody connected yet.
    pub fn new(pages: usize) -> Self {
        Self::with(pages, &room())
    }

    /// That many pages before they choose what to meet someone for.
    pub fn for_meetings(pages: usize) -> Self {
        Self::with(pages, &Goal::Meeting(MeetingKind::Text))
    }

    fn with(pages: usize, goal: &Goal) -> Self {
        let mut world = Self {
            now: START,
            server: Server::new(START),
            pages: Vec::new(),
            connections: BTreeMap::new(),
            blocked: BTreeSet::new(),
            findings: Vec::new(),
            channels: BTreeMap::new(),
            gone: Vec::new(),
            graces: Vec::new(),
            next_number: 0,
            next_socket: 0,
            epochs: 0,
            reports_sent: 0,
            steps: 0,
            is_traced: std::env::var_os("CALL_TRACE").is_some(),
        };
        for number in 0..pages {
            let page = Page::new(number, goal.clone());
            world.pages.push(page);
            let outputs = world.pages[number].call.start(world.now);
            world.perform(number, outputs);
        }
        world
    }

    pub fn view(&self, page: usize) -> CallView {
        self.pages[page].call.view()
    }

    pub fn wish(&mut self, page: usize, intent: Intent) {
        self.handle(page, Input::Intent(intent));
    }

    pub fn join(&mut self, page: usize) {
        let nickname = self.pages[page].nickname.clone();
        let epoch = self.fresh_epoch();
        self.wish(page, Intent::Join { nickname, epoch });
    }

    /// A page looks for someone to meet.
    pub fn meet(&mut self, page: usize, kind: MeetingKind) {
        let nickname = self.pages[page].nickname.clone();
        let epoch = self.fresh_epoch();
        let meet = Intent::Meet {
            kind,
            nickname,
            epoch,
        };
        self.wish(page, meet);
    }

    /// A page goes on to somebody else.
    pub fn next(&mut self, page: usize) {
        let epoch = self.fresh_epoch();
        self.wish(page, Intent::Next { epoch });
    }

    fn fresh_epoch(&mut self) -> Epoch {
        self.epochs += 1;
        Epoch::from_bytes(self.epochs.to_be_bytes())
    }

    pub fn join_as(&mut self, page: usize, nickname: &str) {
        nickname.clone_into(&mut self.pages[page].nickname);
        self.join(page);
    }

    /// That many pages, all in the room and connected.
    pub fn in_call(pages: usize) -> Self {
        let mut world = Self::new(pages);
        for page in 0..pages {
            world.join(page);
            world.pass(Duration::from_secs(1));
        }
        world
    }

    pub fn say(&mut self, page: usize, text: &str) {
        let text = text.to_owned();
        self.wish(page, Intent::SendChat { text });
    }

    pub fn handle(&mut self, page: usize, input: Input) {
        self.trace(|_| format!("  {page} <- {input:?}"));
        let outputs = self.pages[page].call.handle(input, self.now);
        self.perform(page, outputs);
    }

    /// The socket of a page breaks; what is on its way is lost.
    pub fn cut(&mut self, page: usize) {
        let the = &mut self.pages[page];
        let Some(socket) = the.socket.take() else {
            return;
        };
        the.stranded = None;
        the.to_server.clear();
        the.from_server.clear();
        self.gone.push(socket);
        self.handle(page, Input::Server(ServerInput::Disconnected));
    }

    /// The server is restarted, and has forgotten everything.
    pub fn restart_server(&mut self) {
        for page in 0..self.pages.len() {
            self.cut(page);
        }
        self.gone.clear();
        self.graces.clear();
        self.server.forget(self.now);
    }

    /// Whether a page finds the server.
    pub fn set_online(&mut self, page: usize, online: bool) {
        self.pages[page].online = online;
        if !online {
            self.cut(page);
        }
    }

    /// The page is loaded again: with a last word to the server, or (after a crash) without.
    pub fn reload(&mut self, page: usize, with_goodbye: bool) {
        let the = &self.pages[page];
        if with_goodbye && the.socket.is_some() && the.stranded.is_none() {
            self.pages[page]
                .to_server
                .push_back(Request::Leave(LeaveRoom {}));
            while !self.pages[page].to_server.is_empty() {
                self.happen(Happening::ToServer(page));
            }
        }
        let numbers: Vec<u64> = self
            .connections
            .values()
            .filter(|connection| connection.page == page)
            .map(|connection| connection.number)
            .collect();
        for number in numbers {
            self.close(number, with_goodbye);
        }
        let the = &mut self.pages[page];
        let fresh = Page::load(page, the.goal.clone(), the.kept.clone());
        let old = std::mem::replace(the, fresh);
        self.gone.extend(old.socket);
        let outputs = self.pages[page].call.start(self.now);
        self.perform(page, outputs);
        self.join(page);
    }

    /// The tab of that page is duplicated, its secret with it; gives the number of the copy, which is
    /// in its preview.
    pub fn open_another_tab(&mut self, page: usize) -> usize {
        let number = self.pages.len();
        let the = &self.pages[page];
        let copy = Page::load(page, the.goal.clone(), the.kept.clone());
        self.pages.push(copy);
        let outputs = self.pages[number].call.start(self.now);
        self.perform(number, outputs);
        number
    }

    /// The path between two pages breaks; another can be found.
    pub fn break_path(&mut self, one: usize, other: usize) {
        let (one_id, other_id) = (self.pages[one].id, self.pages[other].id);
        for connection in self.connections.values_mut() {
            let joins = (connection.page == one && connection.peer == other_id)
                || (connection.page == other && connection.peer == one_id);
            if joins && connection.state == LinkState::Connected {
                connection.break_path();
            }
        }
    }

    /// Whether a page is in the room.
    pub fn is_in_call(&self, page: usize) -> bool {
        self.view(page).phase == Phase::InCall
    }

    /// What tells all open connections apart: equal, when none was opened or closed in between.
    pub fn connection_numbers(&self) -> Vec<u64> {
        self.connections.keys().copied().collect()
    }

    /// The connection of one page to another.
    pub fn connection(&self, from: usize, to: usize) -> &Connection {
        let peer = self.pages[to].id;
        let mut found = self
            .connections
            .values()
            .filter(|connection| connection.page == from && connection.peer == peer);
        let connection = found.next().expect("a connection");
        assert!(found.next().is_none(), "two connections to one peer");
        connection
    }

    pub(super) fn trace(&self, what: impl FnOnce(&Self) -> String) {
        if self.is_traced {
            eprintln!("{}", what(self));
        }
    }

    pub(super) fn deliver(&mut self) {
        for (socket, input) in self.server.take() {
            let mut pages = self.pages.iter_mut();
            let is_its = |page: &&mut Page| page.socket == Some(socket) && page.stranded.is_none();
            if let Some(page) = pages.find(is_its) {
                page.from_server.push_back(input);
            }
        }
        for (peer, loss) in self.server.take_away() {
            self.graces.push((self.now + GRACE, peer, loss));
        }
    }

    fn perform(&mut self, page: usize, outputs: Vec<Output>) {
        let reconnects = self.pages[page].reconnects;
        for output in outputs {
            self.trace(|_| format!("  {page} -> {output:?}"));
            let the = &mut self.pages[page];
            match output {
                Output::Request(request) => {
                    assert!(the.socket.is_some(), "nobody to send it to: {request:?}");
                    the.to_server.push_back(request);
                }
                Output::Link { link, command } => self.command(page, link, command),
                Output::Media(command) => the.command(command),
                Output::SetTimer { timer, after } => {
                    the.timers.insert(timer, self.now + after);
                }
                Output::Remember(preferences) => the.kept = preferences,
                Output::Log(text) => the.logs.push(text),
                Output::Reconnect => the.reconnects += 1,
                Output::Hurry => the.hurried.push(self.now),
            }
        }
        // The call hears of it by the queue, after all that it wants done.
        if self.pages[page].reconnects > reconnects {
            self.cut(page);
        }
    }

    fn command(&mut self, page: usize, link: LinkId, command: LinkCommand) {
        if let LinkCommand::Open {
            peer,
            role,
            ice_servers,
            transport,
        } = command
        {
            assert!(self.pages[page].used.insert(link), "used twice: {link:?}");
            let number = self.next_number;
            self.next_number += 1;
            let mut connection = Connection::new(number, page, link, peer, role);
            connection.ice_servers = ice_servers;
            connection.transport = transport;
            self.connections.insert(number, connection);
            return;
        }
        let number = self
            .connections
            .values()
            .find(|connection| connection.page == page && connection.link == link)
            .map(|connection| connection.number)
            .unwrap_or_else(|| panic!("{link:?} is not open: {command:?}"));
        match command {
            LinkCommand::Close => self.close(number, true),
            LinkCommand::Send(message) => {
                let is_report = matches!(message, PeerMessage::Report { .. });
                self.reports_sent += usize::from(is_report);
                if let Some(other) = self.partner(number) {
                    let text = serde_json::to_string(&message).unwrap();
                    let parcels = self.channels.entry((number, other)).or_default();
                    parcels.push_back(Parcel::Text(text));
                }
            }
            LinkCommand::Open { .. }
            | LinkCommand::Configure { .. }
            | LinkCommand::CreateOffer(_)
            | LinkCommand::AcceptOffer { .. }
            | LinkCommand::AcceptAnswer { .. }
            | LinkCommand::AddCandidates(_)
            | LinkCommand::Limit(_)
            | LinkCommand::SendAfresh(_) => {
                if let Some(connection) = self.connections.get_mut(&number) {
                    connection.command(command);
                }
                self.connect(number);
            }
        }
    }

    fn close(&mut self, number: u64, with_goodbye: bool) {
        let partner = self.partner(number);
        self.connections.remove(&number);
        self.channels.retain(|(_, to), _| *to != number);
        let Some(partner) = partner else {
            return;
        };
        if with_goodbye {
            let parcels = self.channels.entry((number, partner)).or_default();
            parcels.push_back(Parcel::Closed);
        } else if let Some(connection) = self.connections.get_mut(&partner) {
            connection.break_path();
        }
    }

    /// The connection at the other end of an open data channel.
    fn partner(&self, number: u64) -> Option<u64> {
        let connection = self.connections.get(&number)?;
        let pair = |other: &&Connection| {
            other.number != number
                && other.channel_is_open
                && other.peer == self.pages[connection.page].id
                && connection.peer == self.pages[other.page].id
                && other.met == Some(number)
        };
        let partner = self.connections.values().find(pair)?;
        connection.channel_is_open.then_some(partner.number)
    }

    /// Connects the two ends, if they are ready for it.
    pub(super) fn connect(&mut self, number: u64) {
        let Some(connection) = self.connections.get(&number) else {
            return;
        };
        let fits = |other: &&Connection| {
            connection.matches(other) && !self.is_blocked(connection.page, other.page)
        };
        let Some(other) = self.connections.values().find(fits) else {
            return;
        };
        let ends = [number, other.number];
        for (end, other) in [(ends[0], ends[1]), (ends[1], ends[0])] {
            let Some(connection) = self.connections.get_mut(&end) else {
                continue;
            };
            if connection.state != LinkState::Connected {
                connection.change_state(LinkState::Connected);
            }
            if connection.met.replace(other).is_none() {
                connection.channel_is_open = true;
                connection.tell(LinkEvent::ChannelOpened);
            }
        }
    }

    pub(super) fn carry(&mut self, ends: (u64, u64)) {
        let Some(parcel) = self.channels.get_mut(&ends).and_then(VecDeque::pop_front) else {
            return;
        };
        let Some(connection) = self.connections.get_mut(&ends.1) else {
            return;
        };
        match parcel {
            Parcel::Text(text) => connection.tell(LinkEvent::ChannelMessage(text)),
            Parcel::Closed => {
                connection.channel_is_open = false;
                connection.tell(LinkEvent::ChannelClosed);
                connection.change_state(LinkState::Disconnected);
            }
        }
    }
}
