//! Carries a call out: the only place where `call`, the server and the browser meet. What is to be
//! done is decided in [`call::Call`]; how, in [`crate::browser`].

pub mod identity;
pub mod lobby;
pub mod outdated;
pub mod preferences;
pub mod server;
pub mod wishes;

use std::collections::HashMap;

use call::{CallView, Intent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::RoomName;

use crate::browser::{MediaStream, VideoSource, clipboard, console, page};

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
    room: StoredValue<RoomName>,
    streams: RwSignal<HashMap<VideoSource, MediaStream>, LocalStorage>,
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

/// Opens the call in a room, at its preview, for as long as the current owner lives.
#[must_use]
pub fn open_call(room: RoomName) -> CallHandle {
    let (view, _) = signal(initial_view(&room));
    let (sound_blocked, _) = signal(false);
    let (microphone_level, _) = signal(0.0);
    CallHandle {
        view,
        intents: Callback::new(|_| {}),
        sound_blocked,
        microphone_level,
        room: StoredValue::new(room),
        streams: RwSignal::new_local(HashMap::new()),
    }
}

impl CallHandle {
    /// Lets sound be heard that the browser has held back. To be called from a click.
    pub fn allow_sound(&self) {}

    /// Plays a short tone on the chosen speaker.
    pub fn test_speaker(&self) {}

    /// The address that invites to this room.
    #[must_use]
    pub fn invite_link(&self) -> String {
        self.room.with_value(page::room_url)
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

    /// What a `<video>` is to show; tracked.
    pub(crate) fn stream(&self, source: VideoSource) -> Option<MediaStream> {
        self.streams.with(|streams| streams.get(&source).cloned())
    }
}

fn initial_view(room: &RoomName) -> CallView {
    CallView {
        room: room.to_string(),
        nickname: preferences::load().nickname,
        phase: call::view::Phase::Preview { refusal: None },
        server: call::view::ServerState::Connecting,
        local: call::view::LocalView {
            microphone: call::view::LocalDevice::Opening,
            camera: call::view::LocalDevice::Opening,
            screen: call::view::LocalScreen::None,
            devices: Vec::new(),
            microphone_id: None,
            camera_id: None,
            speaker_id: None,
            speaking: false,
            speaking_while_muted: false,
        },
        you: None,
        people: Vec::new(),
        locked: false,
        stage: None,
        panel: None,
        chat: call::view::ChatView::default(),
        notices: Vec::new(),
    }
}
