//! How the values of flags and variables are read. Each error is the end of a sentence that clap
//! begins: "invalid value … for …:".

use std::time::Duration;

use shared::limits::ROOM_CAPACITY;
use shared::room::{IceServer, Listing};
use tracing_subscriber::EnvFilter;

use crate::origin::Origin;
use crate::password::PasswordHash;

pub fn capacity(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|people| ROOM_CAPACITY.contains(people))
        .ok_or_else(|| {
            let (fewest, most) = (ROOM_CAPACITY.start(), ROOM_CAPACITY.end());
            format!("a room holds {fewest} to {most} people")
        })
}

pub fn some_number(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|number| (1..=1_000_000_000).contains(number))
        .ok_or_else(|| "give a number from 1 on".to_owned())
}

pub fn listing(text: &str) -> Result<Listing, String> {
    match text {
        "opt-in" => Ok(Listing::OptIn),
        "all" => Ok(Listing::All),
        "off" => Ok(Listing::Off),
        _ => Err("choose opt-in, all or off".to_owned()),
    }
}

/// `1500ms`, `15s`, `2m`, `12h`; a bare number means seconds.
pub fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number = digits.parse::<u32>().ok().map(u64::from);
    match (number, &text[digits.len()..]) {
        (Some(number), "ms") => Ok(Duration::from_millis(number)),
        (Some(number), "s" | "") => Ok(Duration::from_secs(number)),
        (Some(number), "m") => Ok(Duration::from_secs(60 * number)),
        (Some(number), "h") => Ok(Duration::from_secs(3600 * number)),
        (Some(_) | None, _) => Err("give a time such as 15s, 500ms or 2m".to_owned()),
    }
}

pub fn some_time(text: &str) -> Result<Duration, String> {
    let time = duration(text)?;
    if time.is_zero() {
        return Err("give a time longer than none".to_owned());
    }
    Ok(time)
}

pub fn log(text: &str) -> Result<String, String> {
    EnvFilter::builder()
        .parse(text)
        .map(|_| text.to_owned())
        .map_err(|error| error.to_string())
}

pub fn origin(text: &str) -> Result<Origin, String> {
    // As one copies it from the address bar.
    Origin::parse(text.trim_end_matches('/'))
        .ok_or_else(|| "give scheme and host, such as https://pages.example.org".to_owned())
}

pub fn admin_user(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Err("give a name of at least one letter".to_owned());
    }
    Ok(text.to_owned())
}

pub fn password_hash(text: &str) -> Result<PasswordHash, String> {
    text.parse()
        .map_err(|error: crate::password::InvalidHash| error.to_string())
}

pub fn ice_server(text: &str) -> Result<IceServer, String> {
    let (url, rest) = text
        .split_once(',')
        .map_or((text, None), |(url, rest)| (url, Some(rest)));
    let (username, credential) = match rest {
        None => (None, None),
        Some(rest) => {
            let (username, credential) = rest
                .strip_prefix("username=")
                .and_then(|rest| rest.split_once(",credential="))
                .filter(|(username, credential)| !username.is_empty() && !credential.is_empty())
                .ok_or("after the URL comes ,username=NAME,credential=SECRET")?;
            (Some(username.to_owned()), Some(credential.to_owned()))
        }
    };
    let relays = is_turn(url)?;
    if relays && credential.is_none() {
        return Err(
            "a TURN server needs ,username=NAME,credential=SECRET after its URL".to_owned(),
        );
    }
    Ok(IceServer {
        urls: vec![url.to_owned()],
        username,
        credential,
    })
}

/// A TURN server's URL, whose credentials follow from a secret.
pub fn turn_url(text: &str) -> Result<String, String> {
    if is_turn(text)? {
        Ok(text.to_owned())
    } else {
        Err("it begins with turn: or turns:".to_owned())
    }
}

/// Checks a URL of RFC 7064 (`stun:`, `stuns:`) or RFC 7065 (`turn:`, `turns:`) and tells which it is.
fn is_turn(url: &str) -> Result<bool, String> {
    let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
    let relays = match scheme {
        "stun" | "stuns" => false,
        "turn" | "turns" => true,
        _ => return Err("it begins with stun:, stuns:, turn: or turns:".to_owned()),
    };
    let (authority, query) = rest
        .split_once('?')
        .map_or((rest, None), |(authority, query)| (authority, Some(query)));
    match query {
        None => {}
        Some("transport=udp" | "transport=tcp") if relays => {}
        Some(_) => return Err("only a TURN URL may end, and with ?transport=udp or tcp".to_owned()),
    }
    // An IPv6 address is in brackets, and its colons begin no port.
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        Some(_) | None => (authority, None),
    };
    let bracketed = host.starts_with('[') && host.ends_with(']');
    let plain = !host.is_empty()
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if !bracketed && !plain {
        return Err("after the scheme comes a host, such as turn.example.org".to_owned());
    }
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return Err("the port is not a number up to 65535".to_owned());
    }
    Ok(relays)
}
