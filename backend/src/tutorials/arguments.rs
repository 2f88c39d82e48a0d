//! The arguments of an event: as many as there are, each the very JSON text that the sender wrote, so that
//! what is only relayed arrives unchanged.

use std::convert::Infallible;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::ser::SerializeTuple;
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use shared::Rejection;
use socketioxide::adapter::LocalAdapter;
use socketioxide::handler::{FromMessageParts, Value};
use socketioxide::socket::Socket;

/// Longest decoder message that goes into an acknowledgement, in characters.
const DETAIL_CHARS: usize = 200;

/// Any number of arguments. They serialize as a tuple, which Socket.IO spreads into an event.
#[derive(Clone, Debug, Default)]
pub struct Arguments(Vec<Box<RawValue>>);

/// An event of any name, as it came.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Its name.
    pub event: String,
    /// What follows the name.
    pub arguments: Arguments,
}

impl Arguments {
    /// Those, and that one after them. What cannot be JSON is `null`.
    #[must_use]
    pub fn with(mut self, argument: &(impl Serialize + ?Sized)) -> Self {
        self.0
            .push(to_raw_value(argument).unwrap_or_else(|_| RawValue::NULL.to_owned()));
        self
    }

    /// How many there are.
    #[must_use]
    pub fn number(&self) -> usize {
        self.0.len()
    }

    /// Those, and then these.
    #[must_use]
    pub fn and(mut self, more: &Self) -> Self {
        self.0.extend(more.0.iter().cloned());
        self
    }

    /// One of them, as it is written.
    ///
    /// # Errors
    /// [`Rejection::Malformed`]: there are not that many.
    pub fn raw(&self, index: usize) -> Result<&RawValue, Rejection> {
        self.0
            .get(index)
            .map(AsRef::as_ref)
            .ok_or_else(|| malformed(&format!("argument {} is missing", index + 1)))
    }

    /// One of them, read.
    ///
    /// # Errors
    /// [`Rejection::Malformed`].
    pub fn read<T: DeserializeOwned>(&self, index: usize) -> Result<T, Rejection> {
        serde_json::from_str(self.raw(index)?.get()).map_err(|error| malformed(&error.to_string()))
    }
}

impl Serialize for Arguments {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(self.0.len())?;
        for argument in &self.0 {
            tuple.serialize_element(argument)?;
        }
        tuple.end()
    }
}

impl Heard {
    fn parse(text: &str) -> Option<Self> {
        let mut arguments: Vec<Box<RawValue>> = serde_json::from_str(text).ok()?;
        if arguments.is_empty() {
            return None;
        }
        let event = serde_json::from_str(arguments.remove(0).get()).ok()?;
        let arguments = Arguments(arguments);
        Some(Self { event, arguments })
    }
}

/// [`Heard`], if it can be read.
#[derive(Clone, Debug)]
pub struct MaybeHeard(pub Option<Heard>);

impl FromMessageParts<LocalAdapter> for MaybeHeard {
    type Error = Infallible;

    fn from_message_parts(
        _: &Arc<Socket>,
        payload: &mut Value,
        _: &Option<i64>,
    ) -> Result<Self, Infallible> {
        Ok(Self(match payload {
            Value::Str(text, _) => Heard::parse(text.as_str()),
            Value::Bytes(_) => None,
        }))
    }
}

fn malformed(detail: &str) -> Rejection {
    Rejection::Malformed {
        detail: detail.chars().take(DETAIL_CHARS).collect(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_in_goes_out_to_the_letter() {
        let text = r#"["m",{"b":1,"a":[1e2,null]},123456789012345678901234567890,"ü\u0000",true]"#;
        let heard = Heard::parse(text).unwrap();
        assert_eq!(heard.event, "m");
        let rest = serde_json::to_string(&heard.arguments).unwrap();
        assert_eq!(rest, text.replacen(r#""m","#, "", 1));
    }

    #[test]
    fn an_event_may_have_no_arguments() {
        let heard = Heard::parse(r#"["ipaddr"]"#).unwrap();
        assert_eq!(serde_json::to_string(&heard.arguments).unwrap(), "[]");
        assert!(heard.arguments.read::<String>(0).is_err());
        assert!(Heard::parse("[]").is_none());
        assert!(Heard::parse("[1]").is_none());
    }
}
