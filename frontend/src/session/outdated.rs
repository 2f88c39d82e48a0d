//! What to do when the server speaks another version of the protocol than this page: load it
//! again, but not for ever.

use shared::PROTOCOL_VERSION;

use crate::browser::storage::{self, Kept};
use crate::browser::{console, page};

const KEY: &str = "moim.reloaded_version";

/// Loads the page again, once for each version that turned out old. A page that stays as it is
/// (an old copy in a cache on the way) is left to the person.
pub fn reload() {
    let version = PROTOCOL_VERSION.to_string();
    if storage::get(Kept::ByTab, KEY).as_ref() == Some(&version) {
        console::error("this page is out of date, and loading it again did not help");
        return;
    }
    storage::set(Kept::ByTab, KEY, &version);
    // Where nothing can be kept, nothing would stop the page from reloading over and over.
    if storage::get(Kept::ByTab, KEY).is_some() {
        page::reload();
    }
}

/// The version of this page has proved right.
pub fn settled() {
    storage::remove(Kept::ByTab, KEY);
}
