//! What a failed story leaves behind for each person in it: a screenshot in `e2e/failures`, and on standard error the
//! address, the text on the page, the state of connections and the console.

use std::{fs, path::PathBuf};

use serde_json::Value;

use crate::person::Person;

/// Saves and prints it. What cannot be had is said and left out: this must not hide the failure itself.
pub fn leave(person: &Person) {
    let what = [
        ("address", person.evaluate::<String>("location.href")),
        ("text on the page", person.text()),
        ("peer connections", person.evaluate::<Value>("tap.stats()").map(|stats| stats.to_string())),
        (
            "own tracks",
            person.evaluate::<String>(
                "tap.tracks.map(({ source, track }) => `${source} ${track.readyState} enabled=${track.enabled} ${track.label}`).join('\\n')",
            ),
        ),
        (
            "asked of the devices",
            person.evaluate::<Value>("tap.asked").map(|asked| asked.to_string()),
        ),
        (
            "last messages to the server",
            person.evaluate::<String>("tap.sockets.flatMap((socket) => socket.sent).slice(-8).map((text) => text.slice(0, 300)).join('\\n')"),
        ),
        (
            "last messages from the server",
            person.evaluate::<String>("tap.sockets.flatMap((socket) => socket.received).slice(-8).map((text) => text.slice(0, 300)).join('\\n')"),
        ),
        ("screenshot", screenshot(person)),
        ("console", Ok(person.console().join("\n"))),
    ];
    eprintln!("\n==== {} at the moment of failure ====", person.name());
    for (name, text) in what {
        let text = text.unwrap_or_else(|error| format!("({error})"));
        eprintln!("-- {name}:\n   {}", text.trim().replace('\n', "\n   "));
    }
}

fn screenshot(person: &Person) -> Result<String, String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("failures");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let path = folder.join(format!("{}-{}.png", person.story(), person.name()));
    let picture = person.browser().screenshot()?;
    fs::write(&path, picture).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path.display().to_string())
}
