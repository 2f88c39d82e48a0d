//! `docs/protocol.md` has every event, refusal, peer message and limit that there is: whoever adds one
//! is told here that others shall learn of it.

#![expect(clippy::unwrap_used)]

use shared::event::{ConnectRefusal, PROTOCOL_VERSION};
use shared::{to_browser, to_server};

const PAGE: &str = include_str!("../../docs/protocol.md");
const REJECTIONS: &str = include_str!("../src/rejection.rs");
const NAME_ERRORS: &str = include_str!("../src/names.rs");
const PEER_MESSAGES: &str = include_str!("../src/peer.rs");
const LIMITS: &str = include_str!("../src/limits.rs");

/// What the page says under that heading, up to the next one of the same rank.
fn section(heading: &str) -> &'static str {
    let rank = heading.find(' ').unwrap();
    let start = PAGE.find(&format!("\n{heading}\n")).expect(heading) + 1;
    let body = &PAGE[start + heading.len()..];
    let next = format!("\n{} ", &heading[..rank]);
    &body[..body.find(&next).unwrap_or(body.len())]
}

#[track_caller]
fn has(section: &str, name: &str) {
    assert!(
        section.contains(&format!("`{name}`")),
        "docs/protocol.md does not say what {name} is"
    );
}

/// The variants of an enum, as serde writes them in `snake_case`.
fn variants(source: &str, name: &str) -> Vec<String> {
    let start = source.find(&format!("pub enum {name} {{\n")).unwrap();
    let body = &source[start..];
    let body = &body[..body.find("\n}").unwrap()];
    body.lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|first: char| first.is_ascii_uppercase()))
        .map(|line| snake_case(line.trim_end_matches([',', ' ', '{'])))
        .collect()
}

fn snake_case(variant: &str) -> String {
    let mut text = String::new();
    for c in variant.chars() {
        if c.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(c.to_ascii_lowercase());
    }
    text
}

#[test]
fn every_event_is_documented_in_its_direction() {
    let (up, down) = (
        section("## Events to the server"),
        section("## Events to the browser"),
    );
    for name in to_server::NAMES {
        assert!(
            up.lines()
                .any(|line| line.starts_with("### ") && line.contains(&format!("`{name}`"))),
            "docs/protocol.md has no section on {name}"
        );
    }
    for name in to_browser::NAMES {
        has(down, name);
    }
}

#[test]
fn every_refusal_is_documented() {
    let refusals = section("## Acknowledgements");
    let codes = variants(REJECTIONS, "Rejection");
    assert!(codes.len() > 10 && codes.contains(&"room_full".to_owned()));
    for code in codes {
        has(refusals, &code);
    }
    for code in variants(NAME_ERRORS, "NameError") {
        has(refusals, &code);
    }
    for refusal in ConnectRefusal::ALL {
        has(section("## Transport"), refusal.code());
    }
    let hello = format!("{{\"protocol\": {PROTOCOL_VERSION}}}");
    has(section("## Transport"), &hello);
}

#[test]
fn every_peer_message_is_documented() {
    let messages = section("## Peer messages");
    let kinds = variants(PEER_MESSAGES, "PeerMessage");
    assert!(kinds.contains(&"chat_received".to_owned()));
    for kind in kinds.iter().filter(|kind| *kind != "unknown") {
        has(messages, kind);
    }
}

#[test]
fn every_limit_is_documented() {
    let limits = section("### Limits");
    let mut names = LIMITS
        .lines()
        .filter_map(|line| line.strip_prefix("pub const "))
        .filter_map(|line| line.split(':').next())
        .peekable();
    assert!(names.peek().is_some());
    for name in names {
        has(limits, name);
    }
}
