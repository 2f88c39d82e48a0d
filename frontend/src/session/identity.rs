//! Who this tab is to a server: a secret for as long as the tab lives, and an epoch for each visit
//! to a room. Ids are made from them by the server.

use shared::{Epoch, Secret};

use crate::browser::random;
use crate::browser::storage::{self, Kept};

const KEY: &str = "moim.secret";

/// The tab's secret, made at the first need. Where the browser keeps nothing it lasts for this load
/// of the page, and a reload is somebody new.
#[must_use]
pub fn secret() -> Secret {
    if let Some(secret) = storage::get(Kept::ByTab, KEY).and_then(|text| text.parse().ok()) {
        return secret;
    }
    let secret = Secret::from_bytes(random::bytes());
    storage::set(Kept::ByTab, KEY, &secret.to_hex());
    secret
}

/// A new epoch. To be made each time that a room is asked for.
#[must_use]
pub fn new_epoch() -> Epoch {
    Epoch::from_bytes(random::bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_tab_stays_who_it_is_and_each_visit_is_another() {
        assert_eq!(secret(), secret());
        assert_ne!(new_epoch(), new_epoch());
    }
}
