//! What a dialect decides: which event goes to whom. Sending it is left to the hub.

use crate::connection::line::ConnectionId;
use crate::tutorials::arguments::Arguments;

/// One event to be sent.
#[derive(Clone, Debug)]
pub struct Say {
    /// To whom.
    pub to: To,
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

/// Whose event is being heard.
#[derive(Clone, Debug)]
pub struct Me {
    /// The connection.
    pub id: ConnectionId,
    /// The socket's id, as its page knows it.
    pub socket: String,
}

impl Say {
    /// To these.
    #[must_use]
    pub fn to(these: Vec<ConnectionId>, event: &'static str, arguments: Arguments) -> Self {
        let to = To::These(these);
        Self {
            to,
            event,
            arguments,
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
