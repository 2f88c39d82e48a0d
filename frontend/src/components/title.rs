//! The document's title.

use leptos::prelude::*;

/// Keeps the title of the document (tab, window, history) like this.
pub fn set_title(title: impl Fn() -> String + 'static) {
    Effect::new(move || document().set_title(&title()));
}
