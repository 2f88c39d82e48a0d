//! Words about how well people are connected: at each tile, and in the panel that shows every pair. Its numbers are
//! spelled in [`figures`](super::figures).

use call::view::{FlowView, Missing, Quality, Route, RouteKind, Transport};

use super::figures;

pub const YOU: &str = "You";
pub const AND: &str = " and ";
pub const PAIRS: &str = "Every two people in the room";
pub const ALONE: &str =
    "Nobody else is here yet. Once somebody comes in, this shows how well you are connected.";
pub const UNMEASURED: &str = "not measured yet";
pub const NO_FIGURES: &str = "There are no figures yet; measuring takes a few seconds.";
pub const UNKNOWN: &str = "not known";
pub const STALE: &str = "These figures are from before the connection broke.";

pub const SOUND: &str = "Sound";
pub const PICTURE: &str = "Picture";
pub const BITRATE: &str = "Bitrate";
pub const LOSS: &str = "Lost";
pub const ROUND_TRIP: &str = "Round trip";

/// Below the pairs: what their figures mean.
pub const LEGEND: &str = "What the figures mean";
pub const LEGEND_ENTRIES: [(&str, &str); 4] = [
    (
        ROUND_TRIP,
        "How long it takes there and back. Above 400 ms it is hard to talk.",
    ),
    (
        BITRATE,
        "How much arrives each second, sound and pictures together. The more there is, the sharper is the picture.",
    ),
    (
        LOSS,
        "How many of the packets that sound and pictures travel in never arrive. From 3% on one hears it.",
    ),
    (
        PICTURE,
        "How many points wide and high it is, and how many pictures arrive each second.",
    ),
];

/// How well two are connected.
pub fn quality(quality: Quality) -> &'static str {
    match quality {
        Quality::Connecting => "connecting",
        Quality::Good => "good connection",
        Quality::Poor => "poor connection",
        Quality::Reconnecting => "reconnecting",
        Quality::Lost => "connection lost",
    }
}

/// The accessible name of the indicator at somebody's tile: `Kim: good connection`.
pub fn indicator(name: &str, of: Quality) -> String {
    format!("{name}: {}", quality(of))
}

/// What does not arrive although it is sent, if anything.
pub fn missing(missing: Missing) -> Option<&'static str> {
    match (missing.sound, missing.picture) {
        (false, false) => None,
        (true, false) => Some("no sound arrives"),
        (false, true) => Some("no picture arrives"),
        (true, true) => Some("neither sound nor picture arrives"),
    }
}

/// What somebody does not get although it is sent to them, if anything. To be read after their name.
pub fn missing_there(missing: Missing) -> Option<&'static str> {
    match (missing.sound, missing.picture) {
        (false, false) => None,
        (true, false) => Some("cannot hear you"),
        (false, true) => Some("cannot see you"),
        (true, true) => Some("can neither hear nor see you"),
    }
}

/// What is done about either.
pub const MISSING_WHY: &str =
    "It is sent, but nothing of it comes through. The connection is being repaired.";

/// A pair in one line, after the names and before its round trip: `good connection, direct`.
pub fn summary(of: Option<Quality>, way: Option<Route>) -> String {
    let quality = of.map_or(UNMEASURED, quality);
    match way.map(route) {
        Some(route) => format!("{quality}, {route}"),
        None => quality.to_owned(),
    }
}

/// Why a pair of these names (`None` is the person at this page) has no figures.
pub fn no_figures(of: Option<Quality>, names: &[Option<String>; 2]) -> String {
    let whom = || match names {
        [Some(one), Some(other)] => format!("between {one} and {other}"),
        [None, Some(name)] | [Some(name), None] => format!("to {name}"),
        [None, None] => "between them".to_owned(),
    };
    match of {
        Some(Quality::Reconnecting) => {
            format!(
                "The connection {} is interrupted; it is being repaired.",
                whom()
            )
        }
        Some(Quality::Lost) => {
            format!(
                "No way {} was found; it is tried again from time to time.",
                whom()
            )
        }
        Some(Quality::Connecting | Quality::Good | Quality::Poor) | None => NO_FIGURES.to_owned(),
    }
}

/// Which way packets go, in short: `direct`, `relayed over TCP`.
fn route(route: Route) -> String {
    let kind = match route.kind {
        RouteKind::Direct => "direct",
        RouteKind::Relayed => "relayed",
    };
    match carrier(route.transport) {
        Some(carrier) => format!("{kind} over {carrier}"),
        None => kind.to_owned(),
    }
}

/// Which way packets go, and why, for this person's own pair or for that of others.
pub fn route_why(route: Route, is_own: bool) -> String {
    let kind = match (route.kind, is_own) {
        (RouteKind::Direct, _) => "Direct: it goes straight from browser to browser.",
        (RouteKind::Relayed, true) => {
            "Relayed: your networks let no direct way through, or one of you hides their address. So it goes over the server’s relay, which cannot look into it."
        }
        (RouteKind::Relayed, false) => {
            "Relayed: their networks let no direct way through, or one of them hides their address. So it goes over the server’s relay, which cannot look into it."
        }
    };
    match carrier(route.transport) {
        Some(carrier) => format!(
            "{kind} Over {carrier}: a network on the way lets nothing quicker through, so sound may falter."
        ),
        None => kind.to_owned(),
    }
}

/// What is worth a word; the usual is not.
fn carrier(transport: Transport) -> Option<&'static str> {
    match transport {
        Transport::Udp => None,
        Transport::Tcp => Some("TCP"),
        Transport::Tls => Some("TLS"),
    }
}

/// The heading over what one of two sends: `From you`, `From Kim`.
pub fn from(name: Option<&str>) -> String {
    name.map_or_else(|| "From you".to_owned(), |name| format!("From {name}"))
}

/// Whether sound arrives; `None` where it is not known.
pub fn sound(flow: &FlowView) -> Option<String> {
    let word = if flow.sound? { "arrives" } else { NONE };
    Some(word.to_owned())
}

/// The picture that arrives; `None` where it is not known whether one does.
pub fn picture(flow: &FlowView) -> Option<String> {
    match flow.picture {
        Some(picture) => Some(figures::picture(picture)),
        // Who measures anything would have seen it.
        None => flow.bitrate.map(|_| NONE.to_owned()),
    }
}

/// For those who listen: someone can no longer be reached.
pub fn lost(name: &str) -> String {
    format!("The connection to {name} is lost. It is tried again from time to time.")
}

/// For those who listen: someone can be reached again.
pub fn found(name: &str) -> String {
    format!("Connected to {name} again")
}

const NONE: &str = "none";

#[cfg(test)]
mod tests {
    use super::*;
    use call::view::Picture;
    use wasm_bindgen_test::wasm_bindgen_test;

    const RELAYED: Route = Route {
        kind: RouteKind::Relayed,
        transport: Transport::Tcp,
    };
    const DIRECT: Route = Route {
        kind: RouteKind::Direct,
        transport: Transport::Udp,
    };

    #[wasm_bindgen_test]
    fn a_pair_is_told_in_one_line_as_far_as_it_is_known() {
        let good = Some(Quality::Good);
        assert_eq!(summary(good, Some(DIRECT)), "good connection, direct");
        assert_eq!(summary(good, None), "good connection");
        assert_eq!(
            summary(Some(Quality::Poor), Some(RELAYED)),
            "poor connection, relayed over TCP"
        );
        assert_eq!(summary(None, None), "not measured yet");
    }

    #[wasm_bindgen_test]
    fn a_broken_connection_is_not_said_to_be_measured_soon() {
        let own = [None, Some("Ann".to_owned())];
        let others = [Some("Ann".to_owned()), Some("Bob".to_owned())];
        let broken = Some(Quality::Reconnecting);
        let lost = Some(Quality::Lost);
        for (quality, names, said) in [
            (None, &own, NO_FIGURES),
            (Some(Quality::Connecting), &own, NO_FIGURES),
            (Some(Quality::Good), &others, NO_FIGURES),
            (
                broken,
                &own,
                "The connection to Ann is interrupted; it is being repaired.",
            ),
            (
                broken,
                &others,
                "The connection between Ann and Bob is interrupted; it is being repaired.",
            ),
            (
                lost,
                &own,
                "No way to Ann was found; it is tried again from time to time.",
            ),
            (
                lost,
                &others,
                "No way between Ann and Bob was found; it is tried again from time to time.",
            ),
        ] {
            assert_eq!(no_figures(quality, names), said);
        }
    }

    #[wasm_bindgen_test]
    fn every_way_is_explained_to_whom_it_concerns() {
        assert!(route_why(RELAYED, true).contains("your networks"));
        assert!(route_why(RELAYED, false).contains("their networks"));
        assert!(route_why(RELAYED, false).contains("Over TCP:"));
        assert!(!route_why(DIRECT, true).contains("Over"));
    }

    #[wasm_bindgen_test]
    fn what_is_missing_is_named() {
        let of = |sound, picture| missing(Missing { sound, picture });
        assert_eq!(of(false, false), None);
        assert_eq!(of(true, false), Some("no sound arrives"));
        assert_eq!(of(false, true), Some("no picture arrives"));
        assert_eq!(of(true, true), Some("neither sound nor picture arrives"));
        let there = |sound, picture| missing_there(Missing { sound, picture });
        assert_eq!(there(false, false), None);
        assert_eq!(there(true, false), Some("cannot hear you"));
        assert_eq!(there(false, true), Some("cannot see you"));
        assert_eq!(there(true, true), Some("can neither hear nor see you"));
    }

    #[wasm_bindgen_test]
    fn nothing_and_not_known_are_two_things() {
        let unknown = FlowView::default();
        assert_eq!((sound(&unknown), picture(&unknown)), (None, None));

        let quiet = FlowView {
            bitrate: Some(2_000),
            sound: Some(false),
            ..FlowView::default()
        };
        let none = Some("none".to_owned());
        assert_eq!((sound(&quiet), picture(&quiet)), (none.clone(), none));

        let full = FlowView {
            sound: Some(true),
            picture: Some(Picture {
                width: 320,
                height: 240,
                frames_per_second: 10,
            }),
            ..quiet
        };
        assert_eq!(sound(&full).as_deref(), Some("arrives"));
        assert_eq!(picture(&full).as_deref(), Some("320×240 at 10/s"));
    }
}
