//! Words of the chat.

use std::fmt::Write;

pub const MESSAGE: &str = "Message";
pub const SEND: &str = "Send";
pub const YOU: &str = "You";
pub const LOG: &str = "Messages";
pub const WHO_SEES: &str = "Messages are visible only to those who are here now. What was said before you came is not shown.";
pub const FORGOTTEN: &str = "Older messages are no longer kept.";
pub const ALONE: &str = "Nobody else is here to read it yet.";
pub const PENDING: &str = "Sending…";
pub const ENTER_SENDS: &str = "Enter sends, Shift + Enter starts a new line.";

/// Whom a line did not reach.
pub fn undelivered(names: &[String]) -> String {
    let mut sentence = "Not delivered to ".to_owned();
    for (index, name) in names.iter().enumerate() {
        let joint = match index {
            0 => "",
            _ if index + 1 == names.len() => " and ",
            _ => ", ",
        };
        // Writing to a String cannot fail.
        let _ = write!(sentence, "{joint}{name}");
    }
    sentence
}

/// How long the message is, once that matters.
pub fn length(characters: usize, limit: usize) -> String {
    format!("{characters} of {limit} characters")
}

#[cfg(test)]
mod tests {
    use super::undelivered;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn those_not_reached_are_listed_as_one_would_say_it() {
        let names = ["Kim", "Lee", "한별"].map(str::to_owned);
        assert_eq!(undelivered(&names[..1]), "Not delivered to Kim");
        assert_eq!(undelivered(&names[..2]), "Not delivered to Kim and Lee");
        assert_eq!(undelivered(&names), "Not delivered to Kim, Lee and 한별");
    }
}
