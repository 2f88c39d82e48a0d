//! Where the parts of a call put what they want done and what the person should hear of. What
//! becomes of it is left to [`Call`](crate::Call).

use shared::{PeerId, PeerMessage};

use crate::media::MediaCommand;
use crate::output::{LinkCommand, LinkId, Output, Request};
use crate::view::NoticeKind;

/// What one input has led to so far.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    /// For the driver, in order.
    pub outputs: Vec<Output>,
    /// For the person, in order.
    pub notices: Vec<NoticeKind>,
}

impl Outbox {
    pub fn request(&mut self, request: Request) {
        self.outputs.push(Output::Request(request));
    }

    pub fn link(&mut self, link: LinkId, command: LinkCommand) {
        self.outputs.push(Output::Link { link, command });
    }

    pub fn send(&mut self, link: LinkId, message: PeerMessage) {
        self.link(link, LinkCommand::Send(message));
    }

    pub fn media(&mut self, command: MediaCommand) {
        self.outputs.push(Output::Media(command));
    }

    pub fn log(&mut self, text: impl Into<String>) {
        self.outputs.push(Output::Log(text.into()));
    }

    pub fn log_about(&mut self, peer: PeerId, text: &str) {
        self.log(format!("{peer:?}: {text}"));
    }

    pub fn notice(&mut self, kind: NoticeKind) {
        self.notices.push(kind);
    }
}
