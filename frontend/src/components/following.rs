//! Whether a list that grows at its end stays scrolled to it. Scrolling is left to the list.

use crate::browser::ScrollPosition;

/// How far from its end a list may be scrolled and still count as there, in pixels.
const NEAR_END: i32 = 48;

/// Follows until the person scrolls back, and from when they are at the end again.
///
/// A browser tells of scrolling a frame later. The list may have grown by then, or its window shrunk, so that
/// being far from the end says nothing about the person: only having gone up does.
#[derive(Clone, Copy, Debug)]
pub struct Following {
    follows: bool,
    above: i32,
}

impl Default for Following {
    fn default() -> Self {
        Self {
            follows: true,
            above: 0,
        }
    }
}

impl Following {
    /// The browser says that the list is scrolled, and this is how.
    pub fn scrolled(&mut self, position: ScrollPosition) {
        if position.below <= NEAR_END {
            self.follows = true;
        } else if position.above < self.above {
            self.follows = false;
        }
        self.above = position.above;
    }

    /// Whether the end is to be in sight.
    pub fn follows(self) -> bool {
        self.follows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn following(positions: &[(i32, i32)]) -> bool {
        let mut following = Following::default();
        for &(above, below) in positions {
            following.scrolled(ScrollPosition { above, below });
        }
        following.follows()
    }

    #[wasm_bindgen_test]
    fn who_reads_back_is_left_alone_until_they_are_at_the_end_again() {
        assert!(!following(&[(500, 0), (300, 200)]));
        assert!(!following(&[(500, 0), (300, 200), (400, 100)]));
        assert!(following(&[(500, 0), (300, 200), (480, 20)]));
    }

    #[wasm_bindgen_test]
    fn what_grows_or_shrinks_before_the_browser_tells_of_scrolling_is_followed_on() {
        assert!(following(&[(500, 0), (540, 60)]), "a line was added");
        assert!(following(&[(500, 0), (500, 320)]), "the keyboard came up");
    }
}
