//! What a failed story leaves behind for each person in it: a screenshot in `e2e/failures`, and on standard error the
//! address, the text on the page, the state of connections and the console.

use std::{fs, path::PathBuf};

use serde_json::Value;

use crate::{person::Person, session::HANGS};

/// Saves and prints it. What cannot be had is said and left out: this must not hide the failure itself.
pub fn leave(person: &Person) {
    eprintln!("\n==== {} at the moment of failure ====", person.name());
    let expression = |expression: &str| {
        person
            .evaluate::<Value>(expression)
            .map(|value| value.as_str().map_or(value.to_string(), str::to_owned))
    };
    let what: [(&str, FindOut); 11] = [
        ("address", &|| expression("location.href")),
        ("text on the page", &|| person.text()),
        ("peer connections", &|| expression("tap.stats()")),
        ("videos", &|| expression(VIDEOS)),
        ("last steps of connections", &|| expression(STEPS)),
        ("own tracks", &|| expression(OWN_TRACKS)),
        ("asked of the devices", &|| {
            expression("JSON.stringify(tap.asked)")
        }),
        ("last messages to the server", &|| expression(&last("sent"))),
        ("last messages from the server", &|| {
            expression(&last("received"))
        }),
        ("screenshot", &|| screenshot(person)),
        ("console", &|| Ok(person.console().join("\n"))),
    ];
    for (name, find_out) in what {
        let text = find_out().unwrap_or_else(|error| format!("({error})"));
        eprintln!("-- {name}:\n   {}", text.trim().replace('\n', "\n   "));
        if text.contains(HANGS) {
            break;
        }
    }
}

type FindOut<'a> = &'a dyn Fn() -> Result<String, String>;

const OWN_TRACKS: &str = "tap.tracks.map(({ source, track }) =>
    `${source} ${track.readyState} enabled=${track.enabled} ${track.label}`).join('\\n')";

const VIDEOS: &str = "[...document.querySelectorAll('video')].map((video) => {
    const tracks = video.srcObject?.getTracks().map((track) => `${track.kind} ${track.readyState} muted=${track.muted}`);
    return `${video.closest('[aria-label]')?.ariaLabel}: paused=${video.paused} readyState=${video.readyState} ` +
        `at ${video.currentTime} frames=${video.getVideoPlaybackQuality().totalVideoFrames} tracks=[${tracks}]`;
}).join('\\n')";

const STEPS: &str = "`now ${Math.round(performance.now())}\\n` + tap.moments.slice(-24)
    .map(([at, what]) => `${Math.round(at)} ${what}`).join('\\n')";

fn last(direction: &str) -> String {
    format!(
        "tap.sockets.flatMap((socket) => socket.{direction}).slice(-8).map((text) => text.slice(0, 300)).join('\\n')"
    )
}

fn screenshot(person: &Person) -> Result<String, String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("failures");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let path = folder.join(format!("{}-{}.png", person.story(), person.name()));
    let picture = person.browser().screenshot()?;
    fs::write(&path, picture).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path.display().to_string())
}
