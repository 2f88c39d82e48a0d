//! The app's frame: which page stands under which path, and what every page may do ([`App`]).
//! What the pages look like is theirs.

use call::output::Preferences;
use leptos::prelude::*;
use shared::RoomName;

use crate::browser::location::Location;
use crate::browser::text::nfc;
use crate::browser::{console, page};
use crate::pages;
use crate::session::{Server, preferences, wishes};

/// What every page may do: `expect_context::<App>()`.
#[derive(Clone, Copy)]
pub struct App {
    location: Location,
    server: StoredValue<Server, LocalStorage>,
}

/// What someone fills in to enter a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which room.
    pub room: RoomName,
    /// The person's name as typed.
    pub nickname: String,
    /// Whether the room is to be listed, if this opens it; `None` leaves it to the server.
    pub list: Option<bool>,
}

impl App {
    /// Remembers the name and the wish about the list, and goes to the room's page.
    pub fn enter(&self, entry: Entry) {
        preferences::save(&Preferences {
            nickname: entry.nickname,
            ..preferences::load()
        });
        wishes::remember(&entry.room, entry.list);
        self.location.go(&page::room_path(&entry.room));
    }

    /// Remembers the name and goes where one meets someone.
    pub fn meet(&self, nickname: String) {
        preferences::save(&Preferences {
            nickname,
            ..preferences::load()
        });
        self.location.go(MEET);
    }

    /// Goes to the welcome page.
    pub fn go_home(&self) {
        self.location.go("/");
    }

    /// What is remembered from the last visit.
    pub fn preferences(&self) -> Preferences {
        preferences::load()
    }

    /// The page's one connection to the server.
    pub(crate) fn server(&self) -> Server {
        self.server.get_value()
    }
}

/// Puts the app into the document.
pub fn start() {
    console::report_panics();
    leptos::mount::mount_to_body(Frame);
}

/// Where one meets someone.
const MEET: &str = "/-/meet";

/// What a path stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Welcome,
    /// With the name as it stands in the path.
    Room(String),
    Meeting,
    /// Where one tests whether a call would work.
    Check,
    Nowhere,
}

impl Place {
    fn at(path: &str) -> Self {
        match path.trim_matches('/') {
            "" => Self::Welcome,
            "-/meet" => Self::Meeting,
            "-/check" => Self::Check,
            deeper if deeper.contains('/') => Self::Nowhere,
            segment => Self::Room(page::decoded(segment)),
        }
    }
}

#[component]
fn Frame() -> impl IntoView {
    let location = Location::follow();
    provide_context(App {
        location,
        server: StoredValue::new_local(Server::new()),
    });
    let place = Memo::new(move |_| Place::at(&location.path()));
    // Another place is another page, with nothing left of the former: another room's, too.
    view! {
        {move || match place.get() {
            Place::Welcome => view! { <pages::Welcome /> }.into_any(),
            Place::Meeting => view! { <pages::Visit room=None /> }.into_any(),
            Place::Check => view! { <pages::Check /> }.into_any(),
            Place::Nowhere => view! { <pages::NotFound /> }.into_any(),
            Place::Room(name) => match RoomName::new(&nfc(&name)) {
                Ok(room) => view! { <pages::Visit room=Some(room) /> }.into_any(),
                Err(why) => view! { <pages::InvalidRoom name why /> }.into_any(),
            },
        }}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_path_is_decoded_once() {
        let room = |name: &str| Place::Room(name.to_owned());
        assert_eq!(Place::at("/"), Place::Welcome);
        assert_eq!(Place::at("/%ED%95%9C%EA%B8%80%EB%B0%A9"), room("한글방"));
        assert_eq!(Place::at("/100%25"), room("100%"));
        assert_eq!(Place::at("/%2541/"), room("%41"));
        assert_eq!(Place::at("/a%2Fb"), room("a/b"), "which is no valid name");
        assert_eq!(Place::at("/broken%"), room("broken%"));
        assert_eq!(Place::at(MEET), Place::Meeting);
        assert_eq!(Place::at("/-/check"), Place::Check);
        assert_eq!(Place::at("/-/elsewhere"), Place::Nowhere);
    }
}
