//! Conversations with the server, played without browser and server: what the browser would report
//! is put in, and what it would send, tell and time is looked at.

use super::*;

mod connection;
mod emits;
mod promises;

const OPEN: &str =
    r#"0{"sid":"e1","upgrades":[],"pingInterval":10000,"pingTimeout":5000,"maxPayload":100}"#;
const LET_IN: &str = r#"40/chat,{"sid":"s1"}"#;
const WATCHDOG: Duration = Duration::from_secs(15);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A protocol, and a browser that only takes notes.
struct Story {
    protocol: Protocol,
    socket_open: bool,
    timer: Option<Duration>,
    sent: Vec<String>,
    told: Vec<String>,
}

impl Story {
    fn new(options: Options) -> Self {
        Self {
            protocol: Protocol::new(options, || 1.0),
            socket_open: false,
            timer: None,
            sent: Vec::new(),
            told: Vec::new(),
        }
    }

    fn begun() -> Self {
        let mut story = Self::new(Options::new("ws://host/", "/chat"));
        story.then(Protocol::connect);
        story
    }

    fn connected() -> Self {
        let mut story = Self::begun();
        story.hears(OPEN);
        story.hears(LET_IN);
        story.sent();
        story.told();
        story
    }

    fn then(&mut self, input: impl FnOnce(&mut Protocol) -> Vec<Action>) {
        for action in input(&mut self.protocol) {
            match action {
                Action::Open => {
                    assert!(!self.socket_open, "a second socket");
                    self.socket_open = true;
                }
                Action::Send(frame) => {
                    assert!(self.socket_open, "{frame} without a socket");
                    self.sent.push(frame);
                }
                Action::Close => {
                    self.socket_open = false;
                    self.timer = None;
                }
                Action::Timer(duration) => self.timer = Some(duration),
                Action::Tell(event) => self.told.push(in_words(&event)),
            }
        }
    }

    fn hears(&mut self, frame: &str) {
        self.then(|protocol| protocol.text_received(frame));
    }

    fn loses_the_network(&mut self) {
        self.then(|protocol| protocol.socket_closed(1006, String::new()));
    }

    fn waits(&mut self) {
        assert!(self.timer.take().is_some(), "no timer runs");
        self.then(Protocol::timer_fired);
    }

    /// What was sent since the last look.
    fn sent(&mut self) -> Vec<String> {
        std::mem::take(&mut self.sent)
    }

    /// What was told since the last look.
    fn told(&mut self) -> Vec<String> {
        std::mem::take(&mut self.told)
    }

    fn is_at_rest(&self) -> bool {
        !self.socket_open && self.timer.is_none()
    }
}

fn in_words(event: &Event) -> String {
    match event {
        Event::Connected { sid } => format!("connected as {sid}"),
        Event::Disconnected(reason) => format!("disconnected: {reason:?}"),
        Event::ConnectRefused { message, data } => match data {
            Some(data) => format!("refused: {message} {data}"),
            None => format!("refused: {message}"),
        },
        Event::Received { name, payload } => format!("{name} {payload}"),
        Event::Reconnecting {
            attempt,
            delay,
            cause,
        } => format!("attempt {attempt} in {delay:?}: {cause:?}"),
    }
}
