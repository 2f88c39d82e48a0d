//! The answer to a request: to whom, to which one, and how it is signed. What it says is left to those who grant or refuse.

use crate::{
    Client, Command,
    error_code::ErrorCode,
    wire::{Class, Encoder, Header, Key, Message, TransactionId, attribute},
};

/// How one request is to be answered.
#[derive(Clone)]
pub(crate) struct Answer {
    client: Client,
    header: Header,
    has_fingerprint: bool,
    /// None as long as nobody has shown valid credentials.
    key: Option<Key>,
}

impl Answer {
    /// To a request that nobody has been believed yet.
    pub fn to(client: Client, message: &Message) -> Self {
        Self {
            client,
            header: message.header(),
            has_fingerprint: message.has_fingerprint(),
            key: None,
        }
    }

    /// To a request of which only the header can be read.
    pub fn to_broken(client: Client, header: Header) -> Self {
        Self {
            client,
            header,
            has_fingerprint: false,
            key: None,
        }
    }

    /// With a MESSAGE-INTEGRITY, for its request had a valid one.
    pub fn signed(self, key: Key) -> Self {
        Self {
            key: Some(key),
            ..self
        }
    }

    pub fn client(&self) -> Client {
        self.client
    }

    pub fn transaction(&self) -> TransactionId {
        self.header.transaction
    }

    pub fn success(&self) -> Encoder {
        Encoder::new(Class::Success, self.header.method, self.header.transaction)
    }

    pub fn error(&self, code: ErrorCode) -> Encoder {
        Encoder::new(Class::Error, self.header.method, self.header.transaction)
            .attribute(attribute::ERROR_CODE, &code.value())
    }

    pub fn send(&self, message: Encoder, commands: &mut Vec<Command>) {
        let key = self.key.as_ref().map(|key| key.as_slice());
        commands.push(Command::Reply {
            client: self.client,
            message: message.finish(key, self.has_fingerprint),
        });
    }
}
