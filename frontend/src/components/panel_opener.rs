//! Which button opened the panel, where there are several that do: the focus goes back to it once the panel is closed.

use leptos::html;
use leptos::prelude::*;

/// Remembers it: `expect_context::<PanelOpener>()`.
#[derive(Clone, Copy)]
pub struct PanelOpener {
    button: StoredValue<Option<NodeRef<html::Button>>>,
}

impl PanelOpener {
    /// For the components below this one.
    pub fn provide() {
        provide_context(Self {
            button: StoredValue::new(None),
        });
    }

    /// It is this one.
    pub fn is(&self, button: NodeRef<html::Button>) {
        self.button.set_value(Some(button));
    }

    /// It, if it still stands. Forgets it.
    pub fn take(&self) -> Option<NodeRef<html::Button>> {
        let button = self.button.get_value()?;
        self.button.set_value(None);
        // One whose person has gone, or whose panel has given way, is no more.
        button.try_get_untracked().flatten().map(|_| button)
    }
}
