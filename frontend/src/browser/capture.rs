//! Opening microphone, camera and screen. Which, and what follows when it fails, is the caller's.

use call::media::{Device, DeviceChoice, MediaError};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaStream, MediaStreamConstraints, MediaStreamTrack};

use super::bindings::{self, DisplayDevices};
use super::media_error::{media_devices, media_error};
use super::track::Track;
use super::{devices, object, set};

/// Pictures are at most this large: 720p.
const WIDTH: u32 = 1280;
const HEIGHT: u32 = 720;
const FRAMES_PER_SECOND: u32 = 30;

/// Shared screens may be larger, so that text stays readable, and slower.
const SCREEN_WIDTH: u32 = 1920;
const SCREEN_HEIGHT: u32 = 1080;
const SCREEN_FRAMES_PER_SECOND: u32 = 15;

/// What became of an attempt to open devices; `None` for one that was not asked for.
pub struct Opened {
    /// The microphone.
    pub microphone: Option<Result<Track, MediaError>>,
    /// The camera.
    pub camera: Option<Result<Track, MediaError>>,
}

/// A shared screen.
pub struct Screen {
    /// Its picture.
    pub picture: Track,
    /// Its sound, where the browser offers it and the person ticked the box.
    pub sound: Option<Track>,
}

/// Opens one or both devices. Both are asked for in one question; when that fails, each alone, so
/// that one that is missing or refused does not take the other with it.
pub async fn open(microphone: Option<DeviceChoice>, camera: Option<DeviceChoice>) -> Opened {
    let there = match (&microphone, &camera) {
        (Some(DeviceChoice::Preferred(_)), _) | (_, Some(DeviceChoice::Preferred(_))) => {
            devices::list().await
        }
        (Some(DeviceChoice::Default | DeviceChoice::Exact(_)) | None, _) => Vec::new(),
    };
    let microphone = microphone.map(|choice| microphone_constraints(&settled(choice, &there)));
    let camera = camera.map(|choice| camera_constraints(&settled(choice, &there)));
    let (Some(sound), Some(picture)) = (&microphone, &camera) else {
        return open_each(microphone, camera).await;
    };
    match user_media(Some(sound), Some(picture)).await {
        Ok(stream) => Opened {
            microphone: Some(only(stream.get_audio_tracks())),
            camera: Some(only(stream.get_video_tracks())),
        },
        Err(MediaError::PermissionDenied) => {
            // Whoever has just said no is not asked twice more; but one of the two may be allowed
            // already while the other is not.
            let allowed = [may_ask("microphone").await, may_ask("camera").await];
            let mut opened = open_each(
                microphone.filter(|_| allowed[0]),
                camera.filter(|_| allowed[1]),
            )
            .await;
            let denied = || Err(MediaError::PermissionDenied);
            opened.microphone.get_or_insert_with(denied);
            opened.camera.get_or_insert_with(denied);
            opened
        }
        Err(MediaError::InsecurePage) => both(MediaError::InsecurePage),
        Err(MediaError::Unsupported) => both(MediaError::Unsupported),
        Err(
            MediaError::NoDevice | MediaError::InUse | MediaError::Unsuitable | MediaError::Other,
        ) => open_each(microphone, camera).await,
    }
}

/// A preferred device that is there is asked for by name: as a mere wish (`ideal`) it would lose to
/// another one of a better resolution. One that is not, or that the browser does not show before
/// the question, stays a wish.
fn settled(choice: DeviceChoice, there: &[Device]) -> DeviceChoice {
    match choice {
        DeviceChoice::Preferred(id) if there.iter().any(|device| device.id == id) => {
            DeviceChoice::Exact(id)
        }
        DeviceChoice::Default | DeviceChoice::Preferred(_) | DeviceChoice::Exact(_) => choice,
    }
}

/// Lets the person choose a screen, window or tab. To be called soon after a click.
pub async fn open_screen() -> Result<Screen, MediaError> {
    let devices = media_devices()?;
    if !bindings::has(&devices, "getDisplayMedia") {
        return Err(MediaError::Unsupported);
    }
    let asked = devices
        .unchecked_ref::<DisplayDevices>()
        .get_display_media(&screen_options())
        .map_err(|error| media_error(&error))?;
    let stream: MediaStream = JsFuture::from(asked)
        .await
        .map_err(|error| media_error(&error))?
        .unchecked_into();
    let sound = only(stream.get_audio_tracks()).ok();
    let picture = only(stream.get_video_tracks())?;
    picture.hint("detail");
    if let Some(sound) = &sound {
        sound.hint("music");
    }
    Ok(Screen { picture, sound })
}

async fn open_each(microphone: Option<JsValue>, camera: Option<JsValue>) -> Opened {
    Opened {
        microphone: match microphone {
            Some(constraints) => Some(
                user_media(Some(&constraints), None)
                    .await
                    .and_then(|stream| only(stream.get_audio_tracks())),
            ),
            None => None,
        },
        camera: match camera {
            Some(constraints) => Some(
                user_media(None, Some(&constraints))
                    .await
                    .and_then(|stream| only(stream.get_video_tracks())),
            ),
            None => None,
        },
    }
}

fn both(error: MediaError) -> Opened {
    Opened {
        microphone: Some(Err(error)),
        camera: Some(Err(error)),
    }
}

async fn user_media(
    audio: Option<&JsValue>,
    video: Option<&JsValue>,
) -> Result<MediaStream, MediaError> {
    let constraints = MediaStreamConstraints::new();
    if let Some(audio) = audio {
        constraints.set_audio(audio);
    }
    if let Some(video) = video {
        constraints.set_video(video);
    }
    let asked = media_devices()?
        .get_user_media_with_constraints(&constraints)
        .map_err(|error| media_error(&error))?;
    match JsFuture::from(asked).await {
        Ok(stream) => Ok(stream.unchecked_into()),
        Err(error) => Err(media_error(&error)),
    }
}

/// The first of a stream's tracks of one kind; what was asked for as one has no more.
fn only(tracks: js_sys::Array) -> Result<Track, MediaError> {
    tracks
        .get(0)
        .dyn_into::<MediaStreamTrack>()
        .map(Track::new)
        .map_err(|_| MediaError::NoDevice)
}

/// Whether asking for that device alone could succeed without a question that has just been
/// answered. Browsers that don't say are asked.
async fn may_ask(name: &str) -> bool {
    bindings::permission(name)
        .await
        .is_none_or(|state| state == "granted")
}

fn microphone_constraints(choice: &DeviceChoice) -> JsValue {
    let constraints = object([
        ("echoCancellation", true.into()),
        ("noiseSuppression", true.into()),
        ("autoGainControl", true.into()),
    ]);
    choose(&constraints, choice);
    constraints
}

fn camera_constraints(choice: &DeviceChoice) -> JsValue {
    let constraints = object([
        ("width", bounded(WIDTH)),
        ("height", bounded(HEIGHT)),
        ("frameRate", bounded(FRAMES_PER_SECOND)),
    ]);
    match choice {
        DeviceChoice::Default => set(&constraints, "facingMode", &ideal("user".into())),
        DeviceChoice::Preferred(_) | DeviceChoice::Exact(_) => choose(&constraints, choice),
    }
    constraints
}

/// `systemAudio` is left out: it would send the others' own voices back to them.
fn screen_options() -> JsValue {
    object([
        (
            "video",
            object([
                ("width", maximum(SCREEN_WIDTH)),
                ("height", maximum(SCREEN_HEIGHT)),
                ("frameRate", bounded(SCREEN_FRAMES_PER_SECOND)),
            ]),
        ),
        (
            "audio",
            object([
                ("echoCancellation", false.into()),
                ("noiseSuppression", false.into()),
                ("autoGainControl", false.into()),
            ]),
        ),
        ("systemAudio", "exclude".into()),
        ("selfBrowserSurface", "exclude".into()),
        ("surfaceSwitching", "include".into()),
    ])
}

fn choose(constraints: &JsValue, choice: &DeviceChoice) {
    match choice {
        DeviceChoice::Default => {}
        DeviceChoice::Preferred(id) => set(constraints, "deviceId", &ideal(id.0.as_str().into())),
        DeviceChoice::Exact(id) => set(
            constraints,
            "deviceId",
            &object([("exact", id.0.as_str().into())]),
        ),
    }
}

fn ideal(value: JsValue) -> JsValue {
    object([("ideal", value)])
}

fn maximum(value: u32) -> JsValue {
    object([("max", value.into())])
}

fn bounded(value: u32) -> JsValue {
    object([("ideal", value.into()), ("max", value.into())])
}
