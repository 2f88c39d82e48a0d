//! The app's frame: which page stands under which path, and what every page may do ([`App`]).
//! What the pages look like is theirs.

use call::output::Preferences;
use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::{use_location, use_navigate};
use leptos_router::{NavigateOptions, ParamSegment, StaticSegment};
use shared::RoomName;

use crate::browser::{console, page};
use crate::pages;
use crate::session::{Server, preferences, wishes};

/// What every page may do: `expect_context::<App>()`.
#[derive(Clone, Copy)]
pub struct App {
    navigate: StoredValue<Navigate, LocalStorage>,
    server: StoredValue<Server, LocalStorage>,
}

type Navigate = Box<dyn Fn(&str)>;

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
        self.go(&page::room_path(&entry.room));
    }

    /// Goes to the welcome page.
    pub fn go_home(&self) {
        self.go("/");
    }

    /// What is remembered from the last visit.
    pub fn preferences(&self) -> Preferences {
        preferences::load()
    }

    /// The page's one connection to the server.
    pub(crate) fn server(&self) -> Server {
        self.server.get_value()
    }

    fn go(&self, path: &str) {
        self.navigate.with_value(|navigate| navigate(path));
    }
}

/// Puts the app into the document.
pub fn start() {
    console::report_panics();
    leptos::mount::mount_to_body(Root);
}

#[component]
fn Root() -> impl IntoView {
    view! {
        <Router>
            <Frame />
        </Router>
    }
}

#[component]
fn Frame() -> impl IntoView {
    let navigate = use_navigate();
    provide_context(App {
        navigate: StoredValue::new_local(Box::new(move |path| {
            navigate(path, NavigateOptions::default());
        })),
        server: StoredValue::new_local(Server::new()),
    });
    view! {
        <Routes fallback=|| view! { <pages::NotFound /> }.into_any()>
            <Route path=StaticSegment("") view=|| view! { <pages::Welcome /> }.into_any() />
            <Route path=ParamSegment("room") view=|| view! { <RoomByPath /> }.into_any() />
        </Routes>
    }
}

/// From one room's path to another's the router keeps the route: a new room is a new page.
#[component]
fn RoomByPath() -> impl IntoView {
    // Not the router's parameter: that is decoded twice, and a name may hold `%`.
    let path = use_location().pathname;
    let name = Memo::new(move |_| page::segment(&path.get()));
    move || {
        let name = name.get();
        match RoomName::new(&name) {
            Ok(room) => view! { <pages::Room room /> }.into_any(),
            Err(why) => view! { <pages::InvalidRoom name why /> }.into_any(),
        }
    }
}
