//! The public list of open rooms, live.

use leptos::prelude::*;
use shared::room::RoomSummary;

use super::icon::{Icon, Shape};
use super::show::{Each, Show};
use crate::browser::page::room_path;
use crate::session::RoomList;
use crate::words::{head_count, welcome};

/// The list, or why there is none; nothing at all where the host has turned it off.
#[component]
pub fn OpenRooms(rooms: ReadSignal<RoomList>) -> impl IntoView {
    let listed = Memo::new(move |_| match rooms.get() {
        RoomList::Rooms { rooms, .. } => rooms,
        RoomList::Loading | RoomList::Unreachable | RoomList::Off => Vec::new(),
    });
    let instead = Memo::new(move |_| {
        rooms.with(|rooms| match rooms {
            RoomList::Loading => Some(welcome::LOADING),
            RoomList::Unreachable => Some(welcome::UNREACHABLE),
            RoomList::Rooms { rooms, .. } if rooms.is_empty() => Some(welcome::NO_ROOMS),
            RoomList::Rooms { .. } | RoomList::Off => None,
        })
    });
    let is_off = Memo::new(move |_| rooms.with(|rooms| matches!(rooms, RoomList::Off)));
    view! {
        <Show when=move || !is_off.get()>
            <section class="rooms" aria-labelledby="open-rooms">
                <h2 id="open-rooms">{welcome::OPEN_ROOMS}</h2>
                <p class="quiet small-text" aria-live="polite">{move || instead.get()}</p>
                <ul role="list" aria-labelledby="open-rooms">
                    <Each of=move || listed.get() key=|summary| summary.room.to_string() let:summary>
                        <Entry summary listed />
                    </Each>
                </ul>
            </section>
        </Show>
    }
}

/// One room: the link stays while its head count changes.
#[component]
fn Entry(summary: RoomSummary, listed: Memo<Vec<RoomSummary>>) -> impl IntoView {
    let path = room_path(&summary.room);
    let room = summary.room.clone();
    let people = Memo::new(move |before: Option<&usize>| {
        let now = listed.with(|listed| {
            listed
                .iter()
                .find(|listed| listed.room == room)
                .map(|listed| listed.people)
        });
        now.or(before.copied()).unwrap_or(summary.people)
    });
    view! {
        <li>
            <a class="room" href=path>
                <bdi class="room-name">{summary.room.as_str().to_owned()}</bdi>
                <span class="room-people quiet small-text">
                    <Icon of=Shape::People small=true />
                    {move || head_count(people.get())}
                </span>
            </a>
        </li>
    }
}
