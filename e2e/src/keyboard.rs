//! Keys that stories press.

use serde_json::{Value, json};

/// A key, with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// To the next control.
    Tab,
    /// To the one before.
    ShiftTab,
    /// Press or submit.
    Enter,
    /// Press or tick.
    Space,
    /// Close.
    Escape,
    /// The page's shortcut for the microphone.
    CtrlD,
    /// The page's shortcut for the camera.
    CtrlE,
    /// Ctrl+A, as the editing command that it stands for.
    SelectAll,
}

impl Key {
    /// The keys that are held down together, as WebDriver's "Perform Actions" calls them (W3C webdriver2).
    pub(crate) fn in_webdriver(self) -> &'static [char] {
        const CTRL: char = '\u{e009}';
        match self {
            Self::Tab => &['\u{e004}'],
            Self::ShiftTab => &['\u{e008}', '\u{e004}'],
            Self::Enter => &['\u{e007}'],
            Self::Space => &[' '],
            Self::Escape => &['\u{e00c}'],
            Self::CtrlD => &[CTRL, 'd'],
            Self::CtrlE => &[CTRL, 'e'],
            Self::SelectAll => &[CTRL, 'a'],
        }
    }

    /// The DevTools events `Input.dispatchKeyEvent` for pressing and letting go.
    pub(crate) fn events(self) -> [Value; 2] {
        const CTRL: u8 = 2;
        const SHIFT: u8 = 8;
        let (key, code, number, modifiers, text) = match self {
            Self::Tab => ("Tab", "Tab", 9, 0, ""),
            Self::ShiftTab => ("Tab", "Tab", 9, SHIFT, ""),
            Self::Enter => ("Enter", "Enter", 13, 0, "\r"),
            Self::Space => (" ", "Space", 32, 0, " "),
            Self::Escape => ("Escape", "Escape", 27, 0, ""),
            Self::CtrlD => ("d", "KeyD", 68, CTRL, ""),
            Self::CtrlE => ("e", "KeyE", 69, CTRL, ""),
            Self::SelectAll => ("a", "KeyA", 65, CTRL, ""),
        };
        let event = |kind: &str| {
            json!({
                "type": kind, "key": key, "code": code, "modifiers": modifiers,
                "windowsVirtualKeyCode": number, "nativeVirtualKeyCode": number,
            })
        };
        let mut down = event(if text.is_empty() {
            "rawKeyDown"
        } else {
            "keyDown"
        });
        if !text.is_empty() {
            down["text"] = json!(text);
        }
        if self == Self::SelectAll {
            down["commands"] = json!(["selectAll"]);
        }
        [down, event("keyUp")]
    }
}
