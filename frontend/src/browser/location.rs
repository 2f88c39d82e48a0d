//! The path in the address bar, and ways to another one without loading the page again: two pages
//! need no more of a router. Which page stands under which path is `app`'s.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlAnchorElement, MouseEvent};

use super::listener::Listener;
use super::{console, describe, page};

/// Where the page is.
#[derive(Clone, Copy)]
pub struct Location {
    path: RwSignal<String>,
}

impl Location {
    /// Follows the back and forward buttons, and takes over clicks on links to paths of ours, for as
    /// long as the current owner lives.
    #[must_use]
    pub fn follow() -> Self {
        let location = Self {
            path: RwSignal::new(page::path()),
        };
        page::keep([
            Listener::new(&page::window(), "popstate", move |_: Event| {
                location.path.set(page::path());
            }),
            Listener::new(&page::window(), "click", move |event: MouseEvent| {
                if let Some(path) = path_clicked(&event) {
                    event.prevent_default();
                    location.go(&path);
                }
            }),
        ]);
        location
    }

    /// The path, percent-encoded as it is; tracked.
    #[must_use]
    pub fn path(&self) -> String {
        self.path.get()
    }

    /// Goes to another path, as following a link does.
    pub fn go(&self, path: &str) {
        let pushed = page::window()
            .history()
            .and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(path)));
        match pushed {
            Ok(()) => {
                self.path.set(page::path());
                page::window().scroll_to_with_x_and_y(0.0, 0.0);
            }
            Err(error) => console::error(&format!("cannot go to {path}: {}", describe(&error))),
        }
    }
}

/// The bundle's files have a dot in their names; pages of ours have none.
fn is_file(path: &str) -> bool {
    path.starts_with("/-/") && path.contains('.')
}

/// The path that a click leads to, if it is a plain click on a link into this app.
fn path_clicked(event: &MouseEvent) -> Option<String> {
    let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || modified {
        return None;
    }
    let target: Element = event.target()?.dyn_into().ok()?;
    // No invalid selector: `closest` cannot fail.
    let link: HtmlAnchorElement = target.closest("a[href]").ok()??.dyn_into().ok()?;
    let stays = link.target().is_empty()
        && !link.has_attribute("download")
        && link.origin() == page::origin()
        && !is_file(&link.pathname());
    stays.then(|| link.pathname())
}
