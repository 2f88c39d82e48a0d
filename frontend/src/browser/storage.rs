//! What a browser keeps for a page: for this tab (`sessionStorage`), or from visit to visit
//! (`localStorage`). Browsers refuse either in private modes or when full; the page then does
//! without, and the console says so once for each attempt.

use web_sys::Storage;

use super::{console, page};

/// How long something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// As long as the tab, reloads included.
    ByTab,
    /// Until the person clears the site's data.
    ByBrowser,
}

/// What was kept under this key, if anything.
#[must_use]
pub fn get(kept: Kept, key: &str) -> Option<String> {
    match storage(kept)?.get_item(key) {
        Ok(value) => value,
        Err(error) => {
            console::warn(&format!("cannot read {key} from storage: {error:?}"));
            None
        }
    }
}

/// Keeps a value under a key.
pub fn set(kept: Kept, key: &str, value: &str) {
    let Some(storage) = storage(kept) else {
        return;
    };
    if let Err(error) = storage.set_item(key, value) {
        console::warn(&format!("cannot keep {key} in storage: {error:?}"));
    }
}

/// Forgets what was kept under this key.
pub fn remove(kept: Kept, key: &str) {
    let Some(storage) = storage(kept) else {
        return;
    };
    if let Err(error) = storage.remove_item(key) {
        console::warn(&format!("cannot remove {key} from storage: {error:?}"));
    }
}

fn storage(kept: Kept) -> Option<Storage> {
    let found = match kept {
        Kept::ByTab => page::window().session_storage(),
        Kept::ByBrowser => page::window().local_storage(),
    };
    match found {
        Ok(storage) => storage,
        Err(error) => {
            console::warn(&format!("no storage: {error:?}"));
            None
        }
    }
}
