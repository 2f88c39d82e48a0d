//! The conversation with the server as a state machine: what the browser reports goes in, what the
//! browser shall do comes out. Leaves sockets, timers and tasks to [`driver`](crate::driver);
//! randomness is passed in, and there is no clock: the one timer that runs is an [`Action`].

use std::time::Duration;

use crate::acks::{Acks, Answer};
use crate::packet::{self, Handshake, Packet, PacketError, Refusal};
use crate::{EmitError, Event, Options, Reason};

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod against_server;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;

/// What the browser shall do.
#[derive(Debug)]
pub(crate) enum Action {
    /// Open a socket.
    Open,
    /// Send this text on the open socket.
    Send(String),
    /// Close and forget the socket, if there is one, and the timer.
    Close,
    /// Start the timer, instead of the one that runs.
    Timer(Duration),
    /// Tell the application.
    Tell(Event),
}

/// One client's side of the conversation, through all its connections.
#[derive(Debug)]
pub(crate) struct Protocol {
    options: Options,
    random: fn() -> f64,
    state: State,
    /// Attempts that failed since a connection last proved good, which is when a ping came
    /// through it: a server that lets us in only to throw us out is not to be hurried.
    failures: u32,
    acks: Acks,
}

#[derive(Debug)]
enum State {
    /// No connection, and none wanted.
    Idle,
    /// No connection; the timer runs until the next attempt.
    Pausing,
    /// A socket is being opened; the timer limits it.
    Opening,
    /// CONNECT is sent; the timer still limits the attempt.
    Joining {
        handshake: Handshake,
        /// Events that overtook the answer to CONNECT. Servers may send some, and the application
        /// gets them after `Connected`.
        early: Vec<Event>,
    },
    /// In the namespace; the timer is the watchdog.
    Connected { handshake: Handshake },
}

impl Protocol {
    /// `random` gives numbers from 0 to 1, for the pauses.
    pub(crate) fn new(options: Options, random: fn() -> f64) -> Self {
        Self {
            options,
            random,
            state: State::Idle,
            failures: 0,
            acks: Acks::default(),
        }
    }

    /// Connects, if there is neither a connection nor an attempt going on.
    pub(crate) fn connect(&mut self) -> Vec<Action> {
        match self.state {
            State::Idle | State::Pausing => self.open(),
            State::Opening | State::Joining { .. } | State::Connected { .. } => Vec::new(),
        }
    }

    /// Skips the rest of a pause.
    pub(crate) fn reconnect_now(&mut self) -> Vec<Action> {
        match self.state {
            State::Pausing => self.open(),
            State::Idle | State::Opening | State::Joining { .. } | State::Connected { .. } => {
                Vec::new()
            }
        }
    }

    /// Begins anew at once, in the place of the connection, the attempt or the pause that there is.
    pub(crate) fn reconnect(&mut self) -> Vec<Action> {
        if let State::Idle = self.state {
            return Vec::new();
        }
        let mut actions = self.end(Reason::Abandoned);
        actions.extend(self.open());
        actions
    }

    /// Connects after a pause, as if an attempt had failed.
    pub(crate) fn retry(&mut self) -> Vec<Action> {
        match self.state {
            State::Idle => vec![Action::Timer(self.next_pause())],
            State::Pausing | State::Opening | State::Joining { .. } | State::Connected { .. } => {
                Vec::new()
            }
        }
    }

    /// How far apart the server's pings are, on the connection that there is.
    pub(crate) fn ping_interval(&self) -> Option<Duration> {
        match &self.state {
            State::Connected { handshake } => Some(Duration::from_millis(handshake.ping_interval)),
            State::Idle | State::Pausing | State::Opening | State::Joining { .. } => None,
        }
    }

    /// Ends the connection, or the attempts to get one.
    pub(crate) fn disconnect(&mut self) -> Vec<Action> {
        let mut actions = Vec::new();
        if let State::Connected { .. } = self.state {
            let goodbye = packet::encode_disconnect(&self.options.namespace);
            actions.push(Action::Send(goodbye));
        }
        actions.extend(self.end(Reason::ClientDisconnect));
        self.failures = 0;
        actions
    }

    /// An event's frame, to be sent at once.
    pub(crate) fn emit(&mut self, arguments: &str) -> Result<String, EmitError> {
        self.event_frame(None, arguments)
    }

    /// An event's frame, to be sent at once, with its ack's id and answer.
    pub(crate) fn emit_with_ack(
        &mut self,
        arguments: &str,
    ) -> Result<(String, u64, Answer), EmitError> {
        let id = self.acks.next_id();
        let frame = self.event_frame(Some(id), arguments)?;
        Ok((frame, id, self.acks.expect()))
    }

    /// Nobody waits for this ack any longer.
    pub(crate) fn forget_ack(&mut self, id: u64) {
        self.acks.forget(id);
    }

    /// A text frame came.
    pub(crate) fn text_received(&mut self, frame: &str) -> Vec<Action> {
        packet::decode(frame, &self.options.namespace)
            .and_then(|packet| self.packet_received(packet))
            .unwrap_or_else(|error| self.lose(Reason::ProtocolError(error)))
    }

    /// A binary frame came.
    pub(crate) fn binary_received(&mut self) -> Vec<Action> {
        self.lose(Reason::ProtocolError(PacketError::Binary))
    }

    /// The socket closed, or could not be opened.
    pub(crate) fn socket_closed(&mut self, code: u16, reason: String) -> Vec<Action> {
        self.lose(Reason::TransportClosed { code, reason })
    }

    /// The browser does not even try to open the socket.
    pub(crate) fn socket_refused(&mut self, message: String) -> Vec<Action> {
        self.refuse(Refusal {
            message,
            data: None,
        })
    }

    /// The timer has run out.
    pub(crate) fn timer_fired(&mut self) -> Vec<Action> {
        match self.state {
            State::Idle => Vec::new(),
            State::Pausing => self.open(),
            State::Opening | State::Joining { .. } => self.lose(Reason::ConnectTimeout),
            State::Connected { .. } => self.lose(Reason::PingTimeout),
        }
    }

    fn open(&mut self) -> Vec<Action> {
        self.state = State::Opening;
        vec![Action::Open, Action::Timer(self.options.connect_timeout)]
    }

    fn packet_received(&mut self, packet: Packet) -> Result<Vec<Action>, PacketError> {
        match (&mut self.state, packet) {
            // Nothing, or a frame of a socket that is given up.
            (_, Packet::Noop) | (State::Idle | State::Pausing, _) => Ok(Vec::new()),
            (_, Packet::Close) => Ok(self.lose(Reason::SessionClosed)),

            (State::Opening, Packet::Open(handshake)) => Ok(self.join(handshake)),

            (State::Joining { .. }, Packet::Ping) => Ok(vec![pong()]),
            (State::Joining { early, .. }, Packet::Event { name, payload }) => {
                early.push(Event::Received { name, payload });
                Ok(Vec::new())
            }
            (State::Joining { handshake, early }, Packet::Connect { sid }) => {
                let (handshake, early) = (handshake.clone(), std::mem::take(early));
                let mut actions = vec![
                    Action::Timer(handshake.patience()),
                    Action::Tell(Event::Connected { sid }),
                ];
                actions.extend(early.into_iter().map(Action::Tell));
                self.state = State::Connected { handshake };
                Ok(actions)
            }
            (State::Joining { .. }, Packet::ConnectError(refusal)) => Ok(self.refuse(refusal)),

            (State::Connected { handshake }, Packet::Ping) => {
                self.failures = 0;
                Ok(vec![pong(), Action::Timer(handshake.patience())])
            }
            (State::Connected { .. }, Packet::Event { name, payload }) => {
                Ok(vec![Action::Tell(Event::Received { name, payload })])
            }
            (State::Connected { .. }, Packet::Ack { id, payload }) => {
                self.acks.resolve(id, payload);
                Ok(Vec::new())
            }
            (State::Connected { .. }, Packet::Disconnect) => Ok(self.end(Reason::ServerDisconnect)),

            (_, Packet::Open(_)) => Err(PacketError::OutOfTurn("OPEN")),
            (_, Packet::Ping) => Err(PacketError::OutOfTurn("PING")),
            (_, Packet::Connect { .. }) => Err(PacketError::OutOfTurn("CONNECT")),
            (_, Packet::Disconnect) => Err(PacketError::OutOfTurn("DISCONNECT")),
            (_, Packet::Event { .. }) => Err(PacketError::OutOfTurn("EVENT")),
            (_, Packet::Ack { .. }) => Err(PacketError::OutOfTurn("ACK")),
            (_, Packet::ConnectError(_)) => Err(PacketError::OutOfTurn("CONNECT_ERROR")),
        }
    }

    fn join(&mut self, handshake: Handshake) -> Vec<Action> {
        let frame = packet::encode_connect(&self.options.namespace, self.options.auth.as_deref());
        if let Err(error) = handshake.admits(&frame) {
            // The next attempt would bring the same auth payload before the same limit.
            return self.refuse(Refusal {
                message: error.to_string(),
                data: None,
            });
        }
        self.state = State::Joining {
            handshake,
            early: Vec::new(),
        };
        vec![Action::Send(frame)]
    }

    fn event_frame(&self, id: Option<u64>, arguments: &str) -> Result<String, EmitError> {
        let State::Connected { handshake } = &self.state else {
            return Err(EmitError::Disconnected);
        };
        let frame = packet::encode_event(&self.options.namespace, id, arguments);
        handshake.admits(&frame)?;
        Ok(frame)
    }

    /// The attempt has come to its end, and stays there.
    fn refuse(&mut self, Refusal { message, data }: Refusal) -> Vec<Action> {
        self.state = State::Idle;
        vec![
            Action::Close,
            Action::Tell(Event::ConnectRefused { message, data }),
        ]
    }

    /// The connection, or the attempt, has come to its end, and stays there.
    fn end(&mut self, reason: Reason) -> Vec<Action> {
        let mut actions = vec![Action::Close];
        if let State::Connected { .. } = std::mem::replace(&mut self.state, State::Idle) {
            self.acks.cancel_all();
            actions.push(Action::Tell(Event::Disconnected(reason)));
        }
        actions
    }

    /// The connection, or the attempt, has failed: another one follows after a pause.
    fn lose(&mut self, cause: Reason) -> Vec<Action> {
        match self.state {
            State::Idle | State::Pausing => return Vec::new(),
            State::Opening | State::Joining { .. } | State::Connected { .. } => {}
        }
        let mut actions = self.end(cause.clone());
        let delay = self.next_pause();
        actions.push(Action::Timer(delay));
        actions.push(Action::Tell(Event::Reconnecting {
            attempt: self.failures,
            delay,
            cause,
        }));
        actions
    }

    /// Begins a pause, which is longer with each failure; gives its length.
    fn next_pause(&mut self) -> Duration {
        self.state = State::Pausing;
        self.failures = self.failures.saturating_add(1);
        self.options.backoff.delay(self.failures, (self.random)())
    }
}

impl Handshake {
    /// How long to wait for the next ping before the connection counts as lost.
    fn patience(&self) -> Duration {
        Duration::from_millis(self.ping_interval.saturating_add(self.ping_timeout))
    }

    fn admits(&self, frame: &str) -> Result<(), EmitError> {
        match self.max_payload {
            Some(limit) if frame.len() as u64 > limit => Err(EmitError::TooLarge {
                size: frame.len(),
                limit,
            }),
            Some(_) | None => Ok(()),
        }
    }
}

fn pong() -> Action {
    Action::Send(packet::PONG.to_owned())
}
