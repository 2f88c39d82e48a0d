//! Reads a browser's statistics of a peer connection (W3C webrtc-stats). What is missing or of another
//! type than the standard says counts as not known.

use std::time::Duration;

use call::measure::{Measurement, Received};
use call::view::{Route, RouteKind, Transport};
use wasm_bindgen::{JsCast, JsValue};

use super::bindings;

/// One object of a report.
struct Entry(JsValue);

/// What a report says, given what the media descriptions are called in the order of
/// [`Slot`](call::output::Slot).
pub(super) fn read(report: &JsValue, mids: &[Option<String>; 4]) -> Measurement {
    // An RTCStatsReport has what a Map has for reading.
    let entries = report.unchecked_ref::<js_sys::Map>().values();
    let entries: Vec<Entry> = entries
        .into_iter()
        .filter_map(Result::ok)
        .map(Entry)
        .collect();
    let mut measurement = Measurement::default();
    for entry in &entries {
        match entry.text("type").as_deref() {
            Some("inbound-rtp") => {
                let mid = entry.text("mid");
                let place = mids.iter().position(|one| mid.is_some() && *one == mid);
                if let Some(place) = place {
                    add(&mut measurement.received[place], entry);
                }
            }
            Some("remote-inbound-rtp") => {
                let lost = entry
                    .number("fractionLost")
                    .map(|share| (share * 1_000.0) as u16);
                measurement.lost_there_per_mille = measurement.lost_there_per_mille.max(lost);
            }
            Some(_) | None => {}
        }
        if let Some(at) = entry.number("timestamp") {
            measurement.at = measurement.at.max(millis(at));
        }
    }
    if let Some(pair) = selected_pair(&entries) {
        let round_trip = pair.number("currentRoundTripTime");
        measurement.round_trip = round_trip.map(|seconds| millis(seconds * 1_000.0));
        measurement.route = route(pair, &entries);
    }
    measurement
}

fn add(received: &mut Received, entry: &Entry) {
    received.packets += entry.count("packetsReceived");
    // Below zero when packets came twice.
    received.lost += entry.count("packetsLost");
    received.bytes += entry.count("bytesReceived");
    received.frames += entry.count("framesDecoded");
    let size = |name| entry.number(name).map_or(0, |size| size as u16);
    received.width = received.width.max(size("frameWidth"));
    received.height = received.height.max(size("frameHeight"));
}

/// The one that the transport names; where it names none, one that was agreed on and works.
fn selected_pair(entries: &[Entry]) -> Option<&Entry> {
    let named = entries
        .iter()
        .find_map(|entry| named(entries, entry.text("selectedCandidatePairId")?));
    named.or_else(|| {
        entries.iter().find(|entry| {
            entry.text("type").as_deref() == Some("candidate-pair")
                && entry.text("state").as_deref() == Some("succeeded")
                && entry.is("nominated")
        })
    })
}

fn named(entries: &[Entry], id: String) -> Option<&Entry> {
    entries
        .iter()
        .find(|entry| entry.text("id").as_ref() == Some(&id))
}

fn route(pair: &Entry, entries: &[Entry]) -> Option<Route> {
    let end = |name| named(entries, pair.text(name)?);
    let local = end("localCandidateId")?;
    let is_relay = |end: &Entry| end.text("candidateType").as_deref() == Some("relay");
    let is_relayed = is_relay(local) || end("remoteCandidateId").is_some_and(is_relay);
    let transport = local
        .text("relayProtocol")
        .filter(|_| is_relay(local))
        .or_else(|| local.text("protocol"))?;
    Some(Route {
        kind: if is_relayed {
            RouteKind::Relayed
        } else {
            RouteKind::Direct
        },
        transport: match transport.as_str() {
            "tcp" => Transport::Tcp,
            "tls" => Transport::Tls,
            _ => Transport::Udp,
        },
    })
}

impl Entry {
    fn text(&self, name: &str) -> Option<String> {
        bindings::property(&self.0, name)?.as_string()
    }

    fn number(&self, name: &str) -> Option<f64> {
        bindings::property(&self.0, name)?.as_f64()
    }

    /// A number that counts; `as` turns what cannot be into the nearest that can.
    fn count(&self, name: &str) -> u64 {
        self.number(name).map_or(0, |number| number as u64)
    }

    fn is(&self, name: &str) -> bool {
        bindings::property(&self.0, name).is_some_and(|value| value.is_truthy())
    }
}

/// Of what is no time, none.
fn millis(millis: f64) -> Duration {
    Duration::from_micros((millis * 1_000.0) as u64)
}
