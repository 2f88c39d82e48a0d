//! `/`: what Moim is, a form that leads into a room, and the rooms that are open to all.

use leptos::html;
use leptos::prelude::*;
use shared::room::Listing;
use shared::{Nickname, RoomName};

use crate::app::{App, Entry};
use crate::browser::text::nfc;
use crate::browser::{focus, random};
use crate::components::icon::{Icon, Shape};
use crate::components::open_rooms::OpenRooms;
use crate::components::show::Show;
use crate::components::text_field::TextField;
use crate::components::title::set_title;
use crate::session::{RoomList, open_rooms};
use crate::words::{self, check, meeting, names, suggestions, welcome};

/// The page.
#[component]
pub fn Welcome() -> impl IntoView {
    let rooms = open_rooms();
    set_title(|| words::title(None));
    view! {
        <main class="welcome">
            <header class="welcome-header">
                <h1>{words::MOIM}</h1>
                <p class="quiet">{welcome::TAGLINE}</p>
            </header>
            <EntryForm rooms />
            <OpenRooms rooms />
            <footer class="quiet small-text">
                <p>{welcome::PRIVACY}</p>
                <p>
                    <a href="/-/check">{check::LINK}</a>
                </p>
            </footer>
        </main>
    }
}

#[component]
fn EntryForm(rooms: ReadSignal<RoomList>) -> impl IntoView {
    let app = expect_context::<App>();
    let room = RwSignal::new(String::new());
    let nickname = RwSignal::new(app.preferences().nickname);
    // Errors wait until someone has tried to go on.
    let tried = RwSignal::new(false);
    let room_error = Memo::new(move |_| RoomName::new(&nfc(&room.get())).err());
    let nickname_error = Memo::new(move |_| Nickname::new(&nfc(&nickname.get())).err());
    let wish = RwSignal::new(None::<bool>);
    let room_field = NodeRef::<html::Input>::new();
    let nickname_field = NodeRef::<html::Input>::new();
    Effect::new(move || focus(room_field));

    let enter = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match (RoomName::new(&nfc(&room.get())), nickname_error.get()) {
            (Ok(room), None) => app.enter(Entry {
                room,
                nickname: nickname.get(),
                list: wish.get(),
            }),
            (Err(_), _) => {
                tried.set(true);
                focus(room_field);
            }
            (Ok(_), Some(_)) => {
                tried.set(true);
                focus(nickname_field);
            }
        }
    };
    view! {
        <form class="card entry" novalidate on:submit=enter>
            <TextField
                id="room-name"
                label=welcome::ROOM_NAME
                hint=welcome::ROOM_HINT
                value=room
                error=Signal::derive(move || {
                    tried.get().then(|| room_error.get()).flatten().map(names::room)
                })
                autocomplete="off"
                field=room_field
            >
                <button
                    class="round plain small"
                    type="button"
                    aria-label=welcome::SUGGEST
                    title=welcome::SUGGEST
                    on:click=move |_| room.set(suggestions::room(random::bytes()))
                >
                    <Icon of=Shape::Dice small=true />
                </button>
            </TextField>
            <TextField
                id="your-name"
                label=welcome::YOUR_NAME
                value=nickname
                error=Signal::derive(move || {
                    tried.get().then(|| nickname_error.get()).flatten().map(names::nickname)
                })
                autocomplete="nickname"
                field=nickname_field
            />
            <ListRoom rooms wish />
            <button class="button primary wide" type="submit">
                {welcome::JOIN}
            </button>
            <div class="meet">
                <p class="quiet small-text" id="meet-hint">
                    {meeting::MEET_HINT}
                </p>
                <button
                    class="button wide"
                    type="button"
                    aria-describedby="meet-hint"
                    on:click=move |_| app.meet(nickname.get())
                >
                    {meeting::MEET}
                </button>
            </div>
        </form>
    }
}

/// Whether the room is to be listed. Untouched, it stands as the server's host has decided.
#[component]
fn ListRoom(rooms: ReadSignal<RoomList>, wish: RwSignal<Option<bool>>) -> impl IntoView {
    let by_default = Memo::new(move |_| {
        rooms.with(|rooms| match rooms {
            RoomList::Rooms { listing, .. } => *listing,
            RoomList::Off => Listing::Off,
            RoomList::Loading | RoomList::Unreachable => Listing::OptIn,
        })
    });
    let checked = move || wish.get().unwrap_or(by_default.get() == Listing::All);
    view! {
        <Show when=move || by_default.get() != Listing::Off>
            <div class="check">
                <input
                    id="list-room"
                    type="checkbox"
                    aria-describedby="list-room-hint"
                    prop:checked=checked
                    on:change=move |event| wish.set(Some(event_target_checked(&event)))
                />
                <label for="list-room">{welcome::LIST_ROOM}</label>
                <p class="hint" id="list-room-hint">
                    {welcome::LIST_ROOM_HINT}
                </p>
            </div>
        </Show>
    }
}
