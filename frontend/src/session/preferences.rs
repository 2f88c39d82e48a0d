//! What the page keeps of what a call asks to remember: name, devices and hiding from visit to visit
//! (`localStorage`), what is turned off for as long as the tab lives (`sessionStorage`).

use call::media::DeviceId;
use call::output::{HidesAddress, Preferences, TurnedOff};
use serde::{Deserialize, Serialize};

use crate::browser::console;
use crate::browser::storage::{self, Kept};

const KEY: &str = "moim.preferences";

/// The devices that are turned off, by name. They are the tab's: who loads the page again goes on
/// with a conversation, and who opens it on another day does not expect to be silent.
const OFF: &str = "moim.off";
const MICROPHONE: &str = "microphone";
const CAMERA: &str = "camera";
const PICTURES: &str = "pictures";

/// The form in which it is kept. Fields that are missing, from an older version, are empty.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Stored {
    nickname: String,
    microphone: Option<String>,
    camera: Option<String>,
    speaker: Option<String>,
    hides_address: Option<bool>,
    hides_address_in_meetings: Option<bool>,
}

/// What was kept; nothing at the first visit.
#[must_use]
pub fn load() -> Preferences {
    let stored = match storage::get(Kept::ByBrowser, KEY) {
        Some(text) => serde_json::from_str(&text).unwrap_or_else(|error| {
            console::warn(&format!("the stored preferences are unreadable: {error}"));
            Stored::default()
        }),
        None => Stored::default(),
    };
    let off = storage::get(Kept::ByTab, OFF).unwrap_or_default();
    let by_default = HidesAddress::default();
    Preferences {
        nickname: stored.nickname,
        microphone: stored.microphone.map(DeviceId),
        camera: stored.camera.map(DeviceId),
        speaker: stored.speaker.map(DeviceId),
        turned_off: TurnedOff {
            microphone: off.contains(MICROPHONE),
            camera: off.contains(CAMERA),
            pictures: off.contains(PICTURES),
        },
        hides_address: HidesAddress {
            in_rooms: stored.hides_address.unwrap_or(by_default.in_rooms),
            in_meetings: stored
                .hides_address_in_meetings
                .unwrap_or(by_default.in_meetings),
        },
    }
}

/// Keeps these in place of what was kept.
pub fn save(preferences: &Preferences) {
    let id = |device: &Option<DeviceId>| device.as_ref().map(|id| id.0.clone());
    let stored = Stored {
        nickname: preferences.nickname.clone(),
        microphone: id(&preferences.microphone),
        camera: id(&preferences.camera),
        speaker: id(&preferences.speaker),
        hides_address: Some(preferences.hides_address.in_rooms),
        hides_address_in_meetings: Some(preferences.hides_address.in_meetings),
    };
    match serde_json::to_string(&stored) {
        Ok(text) => storage::set(Kept::ByBrowser, KEY, &text),
        Err(error) => console::error(&format!("cannot write the preferences: {error}")),
    }
    let TurnedOff {
        microphone,
        camera,
        pictures,
    } = preferences.turned_off;
    let all = [
        (microphone, MICROPHONE),
        (camera, CAMERA),
        (pictures, PICTURES),
    ];
    let off = all.iter().filter(|(is_off, _)| *is_off);
    let off: Vec<&str> = off.map(|(_, name)| *name).collect();
    let off = off.join(" ");
    storage::set(Kept::ByTab, OFF, &off);
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn what_is_kept_is_found_again_and_what_is_broken_is_nothing() {
        let kept = Preferences {
            nickname: "한나 \"H\"".to_owned(),
            microphone: None,
            camera: Some(DeviceId("c1".to_owned())),
            speaker: Some(DeviceId(String::new())),
            turned_off: TurnedOff {
                microphone: true,
                camera: false,
                pictures: true,
            },
            hides_address: HidesAddress {
                in_rooms: true,
                in_meetings: false,
            },
        };
        save(&kept);
        assert_eq!(load(), kept);
        let nothing_off = Preferences {
            turned_off: TurnedOff::default(),
            ..kept
        };
        save(&nothing_off);
        assert_eq!(load(), nothing_off);

        storage::set(Kept::ByBrowser, KEY, r#"{"nickname":"Ann","colour":"red"}"#);
        assert_eq!(load().nickname, "Ann");
        storage::set(Kept::ByBrowser, KEY, "broken");
        assert_eq!(load(), Preferences::default());
        storage::remove(Kept::ByBrowser, KEY);
        assert_eq!(load(), Preferences::default());
    }
}
