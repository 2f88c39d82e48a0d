//! What a dialect decides: which event goes to whom. Sending it is left to the hub.

use crate::connection::line::ConnectionId;
use crate::tutorials::arguments::Arguments;

/// One event to be sent.
#[derive(Clone, Debug)]
pub struct Say {
    /// To whom.
    pub to: To,
    /// Whose it is.
    pub word: Word,
    /// Its name.
    pub event: &'static str,
    /// What it carries.
    pub arguments: Arguments,
}

/// Who is to hear something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// These.
    These(Vec<ConnectionId>),
    /// Everyone who may be of the chat's dialect.
    Everyone,
}

/// Whose word an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// The server's own: who does not take it has a wrong idea of things from then on.
    Servers,
    /// Another client's, relayed: what there is no room for is left out, and the client told.
    Peers,
}

/// Whose event is being heard.
#[derive(Clone, Debug)]
pub struct Me {
    /// The connection.
    pub id: ConnectionId,
    /// The socket's id, as its page knows it.
    pub socket: String,
}

impl Say {
    /// The server's word to these.
    #[must_use]
    pub fn to(these: Vec<ConnectionId>, event: &'static str, arguments: Arguments) -> Self {
        Self {
            to: To::These(these),
            word: Word::Servers,
            event,
            arguments,
        }
    }

    /// A client's word to these.
    #[must_use]
    pub fn relay(these: Vec<ConnectionId>, event: &'static str, arguments: Arguments) -> Self {
        Self {
            word: Word::Peers,
            ..Self::to(these, event, arguments)
        }
    }

    /// The server's word to everyone.
    #[must_use]
    pub fn to_everyone(event: &'static str, arguments: Arguments) -> Self {
        Self {
            to: To::Everyone,
            ..Self::to(vec![], event, arguments)
        }
    }

    /// Back to the one who is being heard.
    #[must_use]
    pub fn back(me: &Me, event: &'static str, arguments: Arguments) -> Self {
        Self::to(vec![me.id], event, arguments)
    }
}

#[cfg(test)]
pub mod tests {
    //! What the dialects' own tests share.

    use super::*;

    pub fn me(number: u64) -> Me {
        Me {
            id: ConnectionId::numbered(number),
            socket: format!("socket {number}"),
        }
    }

    /// What that one hears: events as `name[arguments]`.
    pub fn hears(number: u64, says: &[Say]) -> Vec<String> {
        says.iter()
            .filter(|say| match &say.to {
                To::These(these) => these.contains(&ConnectionId::numbered(number)),
                To::Everyone => true,
            })
            .map(|say| {
                let arguments = serde_json::to_string(&say.arguments).expect("JSON");
                format!("{}{arguments}", say.event)
            })
            .collect()
    }
}
