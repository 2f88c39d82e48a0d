//! The chat: what was said, whom it reached, what is still to be sent again. It travels on the data
//! channels alone; opening those is left to [`Peer`](crate::peer::Peer).

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use shared::limits::CHAT_CHARS;
use shared::{Epoch, PeerId, PeerMessage};

use crate::outbox::Outbox;
use crate::output::LinkId;
use crate::time::Time;
use crate::view::{ChatAuthor, ChatLine, ChatView};

/// How long a line may be on its way to someone whose channel is not open.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long it may be on its way on an open channel.
const LONG_PATIENCE: Duration = Duration::from_secs(30);

/// Most lines kept, and most characters in them: all are on the page. The oldest are forgotten.
const MOST_LINES: usize = 500;
const MOST_CHARS: usize = 400_000;

/// The chat of one visit.
#[derive(Debug, Default)]
pub(crate) struct Chat {
    lines: VecDeque<Line>,
    /// How many characters the lines have.
    chars: usize,
    /// Whether there were older lines.
    forgotten: bool,
    /// Numbers the lines: that of the next.
    next_key: u64,
    /// The number of this page's next line.
    next_id: u32,
    unread: usize,
}

#[derive(Debug)]
struct Line {
    key: u64,
    at: Time,
    text: Arc<str>,
    author: Author,
}

#[derive(Debug)]
enum Author {
    You { id: u32, to: Vec<Delivery> },
    Peer { id: PeerId, name: String },
}

/// One line on its way to one load of one person's page.
#[derive(Debug)]
struct Delivery {
    peer: PeerId,
    epoch: Epoch,
    name: String,
    state: DeliveryState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DeliveryState {
    /// To be looked at again at that time.
    Pending {
        until: Time,
    },
    /// Should have arrived by now. It is sent again when there is a way.
    Late,
    /// The person has gone without it.
    Missed,
    Received,
}

/// Someone to say something to.
#[derive(Clone, Debug)]
pub(crate) struct Recipient {
    pub peer: PeerId,
    pub epoch: Epoch,
    pub name: String,
    /// The link on which the channel is open, if it is.
    pub channel: Option<LinkId>,
}

impl Chat {
    /// Says something to everyone in the room. Text of no length or too much is not said.
    pub fn say(&mut self, text: &str, to: Vec<Recipient>, now: Time, out: &mut Outbox) {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > CHAT_CHARS {
            return;
        }
        let id = self.next_id;
        self.next_id = self.next_id.saturating_add(1);
        for link in to.iter().filter_map(|recipient| recipient.channel) {
            let text = text.to_owned();
            out.send(link, PeerMessage::Chat { id, text });
        }
        let to = to
            .into_iter()
            .map(|recipient| Delivery {
                peer: recipient.peer,
                epoch: recipient.epoch,
                name: recipient.name,
                state: DeliveryState::Pending {
                    until: now + PATIENCE,
                },
            })
            .collect();
        self.add(text, Author::You { id, to }, now);
    }

    /// Somebody else said something.
    pub fn heard(&mut self, id: PeerId, name: &str, text: String, is_open: bool, now: Time) {
        let name = name.to_owned();
        self.add(&text, Author::Peer { id, name }, now);
        if !is_open {
            self.unread += 1;
        }
    }

    /// Nothing has been said yet, to somebody new. Lines to come are no others' even to who draws them.
    pub fn begin_anew(&mut self) {
        *self = Self {
            next_key: self.next_key,
            ..Self::default()
        };
    }

    /// The panel was opened.
    pub fn read(&mut self) {
        self.unread = 0;
    }

    /// That person's page says that the line has arrived.
    pub fn received(&mut self, peer: PeerId, epoch: Epoch, line: u32) {
        for (id, delivery) in self.deliveries(peer, epoch) {
            if id == line {
                delivery.state = DeliveryState::Received;
            }
        }
    }

    /// The channel to that load of that person's page is open (again): sends what it has not got.
    pub fn channel_opened(
        &mut self,
        peer: PeerId,
        epoch: Epoch,
        link: LinkId,
        now: Time,
        out: &mut Outbox,
    ) {
        for line in &mut self.lines {
            let Author::You { id, to } = &mut line.author else {
                continue;
            };
            for delivery in to {
                let is_wanting = match delivery.state {
                    DeliveryState::Pending { .. } | DeliveryState::Late => true,
                    DeliveryState::Missed | DeliveryState::Received => false,
                };
                if is_wanting && delivery.peer == peer && delivery.epoch == epoch {
                    delivery.state = DeliveryState::Pending {
                        until: now + PATIENCE,
                    };
                    let text = line.text.as_ref().to_owned();
                    out.send(link, PeerMessage::Chat { id: *id, text });
                }
            }
        }
    }

    /// That load of that person's page is gone.
    pub fn gone(&mut self, peer: PeerId, epoch: Epoch) {
        for (_, delivery) in self.deliveries(peer, epoch) {
            if delivery.state != DeliveryState::Received {
                delivery.state = DeliveryState::Missed;
            }
        }
    }

    /// When to look whether lines have arrived.
    pub fn deadline(&self) -> Option<Time> {
        self.lines
            .iter()
            .filter_map(|line| match &line.author {
                Author::You { to, .. } => Some(to),
                Author::Peer { .. } => None,
            })
            .flatten()
            .filter_map(|delivery| match delivery.state {
                DeliveryState::Pending { until } => Some(until),
                DeliveryState::Late | DeliveryState::Missed | DeliveryState::Received => None,
            })
            .min()
    }

    /// Says of lines that have been on their way for too long that they have not arrived.
    pub fn tick(&mut self, now: Time, is_open: impl Fn(PeerId) -> bool) {
        for line in &mut self.lines {
            let Author::You { to, .. } = &mut line.author else {
                continue;
            };
            for delivery in to {
                let DeliveryState::Pending { until } = delivery.state else {
                    continue;
                };
                let last = line.at + LONG_PATIENCE;
                if until <= now {
                    delivery.state = if is_open(delivery.peer) && now < last {
                        DeliveryState::Pending { until: last }
                    } else {
                        DeliveryState::Late
                    };
                }
            }
        }
    }

    pub fn view(&self) -> ChatView {
        ChatView {
            lines: self.lines.iter().map(Line::view).collect(),
            forgotten: self.forgotten,
            unread: self.unread,
        }
    }

    fn add(&mut self, text: &str, author: Author, now: Time) {
        let key = self.next_key;
        self.next_key += 1;
        self.chars += text.chars().count();
        self.lines.push_back(Line {
            key,
            at: now,
            text: text.into(),
            author,
        });
        while (self.lines.len() > MOST_LINES || self.chars > MOST_CHARS)
            && let Some(oldest) = self.lines.pop_front()
        {
            self.chars -= oldest.text.chars().count();
            self.forgotten = true;
        }
    }

    fn deliveries(
        &mut self,
        peer: PeerId,
        epoch: Epoch,
    ) -> impl Iterator<Item = (u32, &mut Delivery)> {
        self.lines
            .iter_mut()
            .filter_map(|line| match &mut line.author {
                Author::You { id, to } => Some((*id, to)),
                Author::Peer { .. } => None,
            })
            .flat_map(|(id, to)| to.iter_mut().map(move |delivery| (id, delivery)))
            .filter(move |(_, delivery)| delivery.peer == peer && delivery.epoch == epoch)
    }
}

impl Line {
    fn view(&self) -> ChatLine {
        ChatLine {
            key: self.key,
            at: self.at,
            text: self.text.clone(),
            author: match &self.author {
                Author::You { to, .. } => ChatAuthor::You {
                    undelivered: to
                        .iter()
                        .filter(|delivery| {
                            matches!(delivery.state, DeliveryState::Late | DeliveryState::Missed)
                        })
                        .map(|delivery| delivery.name.clone())
                        .collect(),
                    pending: to
                        .iter()
                        .any(|delivery| matches!(delivery.state, DeliveryState::Pending { .. })),
                },
                Author::Peer { id, name } => ChatAuthor::Peer {
                    id: *id,
                    name: name.clone(),
                },
            },
        }
    }
}

/// Which lines of one load of a peer's page have come, so that one sent again is shown once.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// All below have come, or are too old to be told.
    below: u32,
    above: BTreeSet<u32>,
}

impl Seen {
    /// Most numbers remembered one by one.
    const MOST: usize = 1_000;

    /// Whether it is the first time.
    pub fn first(&mut self, id: u32) -> bool {
        if id < self.below || !self.above.insert(id) {
            return false;
        }
        while self.above.remove(&self.below) {
            self.below = self.below.saturating_add(1);
        }
        if self.above.len() > Self::MOST
            && let Some(oldest) = self.above.pop_first()
        {
            self.below = oldest.saturating_add(1);
        }
        true
    }
}

#[cfg(test)]
#[path = "chat_tests.rs"]
mod tests;
