//! The welcome page's list of open rooms.

use call::input::ServerInput;
use leptos::prelude::*;
use shared::room::{Listing, RoomSummary};
use shared::to_browser::Message;
use shared::to_server::{OpenRooms, UnwatchRooms, WatchRooms};
use wasm_bindgen_futures::spawn_local;

use super::{Server, outdated};
use crate::app::App;
use crate::browser::console;

/// What is known of the open rooms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomList {
    /// Nothing yet.
    Loading,
    /// Nothing: the server cannot be reached. It is tried again.
    Unreachable,
    /// The server shows no list.
    Off,
    /// These.
    Rooms {
        /// Which rooms the server lists.
        listing: Listing,
        /// The listed rooms, by name.
        rooms: Vec<RoomSummary>,
    },
}

/// Watches the list of open rooms for as long as the current owner lives.
#[must_use]
pub fn open_rooms() -> ReadSignal<RoomList> {
    let app = expect_context::<App>();
    let server = app.server();
    let (list, set_list) = signal(RoomList::Loading);
    let subscription = server.subscribe({
        let server = server.clone();
        move |input| match input {
            ServerInput::Connected => watch(&server, set_list),
            ServerInput::Disconnected => set_list.set(RoomList::Unreachable),
            ServerInput::OutOfDate => outdated::reload(),
            ServerInput::Event(Message::RoomChange(change)) => {
                set_list.update(|list| {
                    if let RoomList::Rooms { rooms, .. } = list {
                        *rooms = change.rooms;
                    }
                });
            }
            // What concerns those in a room.
            ServerInput::Event(_)
            | ServerInput::Joined(_)
            | ServerInput::Waiting(_)
            | ServerInput::Signalled { .. }
            | ServerInput::Moderated(_)
            | ServerInput::IceServers(_) => {}
        }
    });
    let subscription = StoredValue::new_local(Some(subscription));
    on_cleanup(move || {
        subscription.set_value(None);
        app.server().notify(&UnwatchRooms {});
    });
    list
}

fn watch(server: &Server, set_list: WriteSignal<RoomList>) {
    let server = server.clone();
    // After the last word of a call whose page this one has just taken the place of.
    spawn_local(async move { request(&server, set_list) });
}

fn request(server: &Server, set_list: WriteSignal<RoomList>) {
    server.request(&WatchRooms {}, move |reply| {
        let list = match reply {
            Ok(OpenRooms {
                listing: Listing::Off,
                ..
            }) => RoomList::Off,
            Ok(OpenRooms { listing, rooms }) => RoomList::Rooms { listing, rooms },
            Err(error) => {
                console::warn(&format!("cannot watch the open rooms: {error}"));
                RoomList::Unreachable
            }
        };
        // The page may be gone by now, and its signal with it.
        drop(set_list.try_set(list));
    });
}
