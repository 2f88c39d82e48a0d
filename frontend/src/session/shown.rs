//! What the page shows of what comes from the peers: of each picture, the largest that any element shows.

use std::collections::{BTreeMap, HashMap};

use call::output::{LinkId, Slot};
use shared::peer::Look;

use crate::browser::Viewer;

/// How each picture is shown, by those elements that do.
#[derive(Debug, Default)]
pub struct Shown {
    pictures: HashMap<(LinkId, Slot), BTreeMap<Viewer, Look>>,
}

impl Shown {
    /// An element shows a picture so from now on, or no longer (`None`). Gives how it is looked at now.
    pub fn note(&mut self, link: LinkId, slot: Slot, viewer: Viewer, look: Option<Look>) -> Look {
        let viewers = self.pictures.entry((link, slot)).or_default();
        match look {
            Some(look) => viewers.insert(viewer, look),
            None => viewers.remove(&viewer),
        };
        let largest = viewers.values().copied().max_by_key(|look| area(*look));
        if viewers.is_empty() {
            self.pictures.remove(&(link, slot));
        }
        largest.unwrap_or(Look::Hidden)
    }
}

fn area(look: Look) -> u32 {
    match look {
        Look::Hidden => 0,
        Look::Within { width, height } => u32::from(width) * u32::from(height),
        Look::Full => u32::MAX,
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn of_two_elements_the_larger_counts_while_it_is_there() {
        let mut shown = Shown::default();
        let [small, large] = [100, 200].map(|width| Look::Within { width, height: 90 });
        let [one, other] = [Viewer::next(), Viewer::next()];
        let mut note = |viewer, look| shown.note(LinkId(7), Slot::Screen, viewer, look);
        assert_eq!(note(one, Some(small)), small);
        assert_eq!(note(other, Some(large)), large);
        assert_eq!(note(one, None), large);
        assert_eq!(note(other, Some(Look::Hidden)), Look::Hidden);
        assert_eq!(note(other, None), Look::Hidden);
        assert!(shown.pictures.is_empty());
    }
}
