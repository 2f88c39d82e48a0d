//! The ways into a room, as people go them, in the words of the page.

use crate::{person::Person, role::Role};

impl Person {
    /// Opens a room's link and waits for the preview.
    #[track_caller]
    pub fn opens_room(&self, room: &str) {
        self.opens(&format!("/{}", percent_encoded(room)));
        self.button("Join now").appears();
    }

    /// From the preview into the room: gives the name, presses `Join now`, waits for the call.
    #[track_caller]
    pub fn joins(&self) {
        self.asks_to_join();
        self.is_in_the_call();
    }

    /// From the preview: gives the name and presses `Join now`.
    #[track_caller]
    pub fn asks_to_join(&self) {
        self.textbox("Your name").fill(self.name());
        self.button("Join now").click();
    }

    /// From the preview into the room without any gesture that would allow sound: even typing is one.
    #[track_caller]
    pub fn comes_in_without_a_gesture(&self) {
        let name = self.textbox("Your name");
        name.appears();
        name.call::<()>(
            "function (name) {
                this.value = name;
                this.dispatchEvent(new InputEvent('input', { bubbles: true }));
                this.form.requestSubmit();
                return null;
            }",
            &[serde_json::json!(self.name())],
        )
        .expect("the field is in a form");
        self.is_in_the_call();
        assert_eq!(
            self.evaluate("navigator.userActivation.hasBeenActive"),
            Ok(false),
            "the browser took something for a gesture"
        );
    }

    /// Opens the link, and goes in.
    #[track_caller]
    pub fn enters(&self, room: &str) {
        self.opens_room(room);
        self.joins();
    }

    /// Waits until the call stands on the page.
    #[track_caller]
    pub fn is_in_the_call(&self) {
        self.controls().appears();
        self.own_tile().appears();
    }

    /// The controls of the call.
    pub fn controls(&self) -> crate::Locator<'_> {
        self.find(Role::Toolbar, "Call controls")
    }

    /// Presses `Leave`.
    #[track_caller]
    pub fn leaves(&self) {
        self.controls().button("Leave").click();
    }

    /// Waits until the page counts so many people in the room.
    #[track_caller]
    pub fn counts(&self, people: usize) {
        let count = match people {
            1 => "1 person".to_owned(),
            many => format!("{many} people"),
        };
        self.reads(&count);
    }
}

/// For a URL's path (RFC 3986 §2.1): everything but what is certainly plain.
pub fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}
