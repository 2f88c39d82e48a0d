//! Carries a call out: the only place where `call`, the server and the browser meet. What is to be
//! done is decided in [`call::Call`]; how, in [`crate::browser`].

mod check;
mod devices;
#[cfg(test)]
mod devices_tests;
mod driver;
mod identity;
mod links;
#[cfg(test)]
mod links_media_tests;
#[cfg(test)]
mod links_pair;
#[cfg(test)]
mod links_tests;
mod lobby;
mod lookout;
mod outdated;
pub mod preferences;
mod queue;
mod rehearsal;
mod server;
mod shown;
mod timers;
mod voice;
pub mod wishes;

use std::collections::HashMap;

use call::{Call, CallView, Goal, Input, Intent, Setup};
use leptos::prelude::*;
use shared::RoomName;
use shared::peer::Look;
use shared::room::MeetingKind;
use wasm_bindgen_futures::spawn_local;

use crate::app::App;
use crate::browser::{MediaStream, VideoSource, Viewer, clipboard, console, page, random};
use driver::{Driver, Screens};
use queue::{Happening, Queue};

pub use check::{CheckHandle, open_check};
pub use lobby::{RoomList, open_rooms};
pub use server::Server;

/// A call that is being carried out, as the page sees it. Ends with the owner that opened it.
#[derive(Clone, Copy)]
pub struct CallHandle {
    /// What it looks like.
    pub view: ReadSignal<CallView>,
    /// Where wishes go.
    pub intents: Callback<Intent>,
    /// Whether the browser holds sound back until a click.
    pub sound_blocked: ReadSignal<bool>,
    /// How loud the microphone hears, muted or not: 0 to 1, about fifteen times a second.
    pub microphone_level: ReadSignal<f64>,
    room: StoredValue<Option<RoomName>>,
    streams: RwSignal<HashMap<VideoSource, MediaStream>, LocalStorage>,
    queue: StoredValue<Queue, LocalStorage>,
}

/// How a try to copy went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CopyState {
    /// Not tried yet.
    #[default]
    Idle,
    /// It is in the clipboard.
    Copied,
    /// The browser did not let us.
    Failed,
}

/// Opens a call, at its preview, for as long as the current owner lives: in that room, or without one to
/// meet people.
#[must_use]
pub fn open_call(room: Option<RoomName>) -> CallHandle {
    let goal = match room.clone() {
        Some(name) => Goal::Room {
            list: wishes::list(&name),
            name,
        },
        None => Goal::Meeting(MeetingKind::Text),
    };
    let server = expect_context::<App>().server();
    let call = Call::new(Setup {
        secret: identity::secret(),
        preferences: preferences::load(),
        random: u64::from_le_bytes(random::bytes()),
        goal,
    });
    let (queue, happenings) = Queue::new();
    let (view, set_view) = signal(call.view());
    let (sound_blocked, set_sound_blocked) = signal(false);
    let (microphone_level, set_microphone_level) = signal(0.0);
    let streams = RwSignal::new_local(HashMap::new());
    let screens = Screens {
        view: set_view,
        sound_blocked: set_sound_blocked,
        microphone_level: set_microphone_level,
        streams,
    };
    spawn_local(Driver::new(call, server, queue.clone(), screens).run(happenings));
    let queue = StoredValue::new_local(queue);
    on_cleanup(move || happened(queue, Happening::Closed));
    CallHandle {
        view,
        intents: Callback::new(move |intent| {
            happened(queue, Happening::Input(Input::Intent(intent)));
        }),
        sound_blocked,
        microphone_level,
        room: StoredValue::new(room),
        streams,
        queue,
    }
}

#[cfg(test)]
impl CallHandle {
    /// Of a call that nobody carries out: what it looks like, and where wishes go, is the test's.
    pub fn made_up(view: ReadSignal<CallView>, intents: Callback<Intent>) -> Self {
        Self {
            view,
            intents,
            sound_blocked: signal(false).0,
            microphone_level: signal(0.0).0,
            room: StoredValue::new(None),
            streams: RwSignal::new_local(HashMap::new()),
            queue: StoredValue::new_local(Queue::new().0),
        }
    }
}

impl CallHandle {
    /// Asks to come into the room, under this name.
    pub fn join(&self, nickname: String) {
        // Not one for the page: a second visit to a room has no peer connections of the first.
        let epoch = identity::new_epoch();
        self.intents.run(Intent::Join { nickname, epoch });
    }

    /// Lets sound be heard that the browser has held back. To be called from a click.
    pub fn allow_sound(&self) {
        happened(self.queue, Happening::AllowSound);
    }

    /// Plays a short tone on the chosen speaker.
    pub fn test_speaker(&self) {
        happened(self.queue, Happening::TestSpeaker);
    }

    /// Looks for someone to meet.
    pub fn meet(&self, kind: MeetingKind, nickname: String) {
        self.intents.run(Intent::Meet {
            kind,
            nickname,
            epoch: identity::new_epoch(),
        });
    }

    /// Goes on to somebody else.
    pub fn next(&self) {
        let epoch = identity::new_epoch();
        self.intents.run(Intent::Next { epoch });
    }

    /// The address that invites to this room; nothing where one meets people.
    #[must_use]
    pub fn invite_link(&self) -> String {
        let link = |room: &Option<RoomName>| room.as_ref().map(page::room_url);
        self.room.with_value(link).unwrap_or_default()
    }

    /// Copies [`invite_link`](Self::invite_link). To be called from a click.
    #[must_use]
    pub fn copy_invite_link(&self) -> ReadSignal<CopyState> {
        let (state, set_state) = signal(CopyState::Idle);
        let link = self.invite_link();
        spawn_local(async move {
            set_state.set(match clipboard::copy(&link).await {
                Ok(()) => CopyState::Copied,
                Err(error) => {
                    console::warn(&format!("cannot copy the invite link: {error}"));
                    CopyState::Failed
                }
            });
        });
        state
    }

    /// An element shows a picture so, or no longer.
    pub(crate) fn shows(&self, viewer: Viewer, source: VideoSource, look: Option<Look>) {
        if let VideoSource::Peer { link, slot } = source {
            let shown = Happening::Shown {
                link,
                slot,
                viewer,
                look,
            };
            happened(self.queue, shown);
        }
    }

    /// What a `<video>` is to show; tracked.
    pub(crate) fn stream(&self, source: VideoSource) -> Option<MediaStream> {
        self.streams.with(|streams| streams.get(&source).cloned())
    }
}

fn happened(queue: StoredValue<Queue, LocalStorage>, happening: Happening) {
    // Gone when the page of the call is, and what it has shown with it.
    let _gone: Option<()> = queue.try_with_value(|queue| queue.happened(happening));
}
