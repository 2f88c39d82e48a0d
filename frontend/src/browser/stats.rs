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
/// [`Slot`](call::output::Slot). Nothing, where a browser does not say to which of them a stream belongs:
/// it would look as if none came.
pub(super) fn read(report: &JsValue, mids: &[Option<String>; 4]) -> Option<Measurement> {
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
                let mid = Some(entry.text("mid")?);
                if let Some(place) = mids.iter().position(|one| *one == mid) {
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
        measurement.sent = pair.count("bytesSent");
        let available = pair.number("availableOutgoingBitrate");
        measurement.available = available.map(|available| available as u32);
    }
    Some(measurement)
}

fn add(received: &mut Received, entry: &Entry) {
    let add = |sum: &mut u64, name| *sum = sum.saturating_add(entry.count(name));
    add(&mut received.packets, "packetsReceived");
    // Below zero when packets came twice.
    add(&mut received.lost, "packetsLost");
    add(&mut received.bytes, "bytesReceived");
    add(&mut received.frames, "framesDecoded");
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

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::browser::object;

    fn report(entries: &[&JsValue]) -> JsValue {
        let report = js_sys::Map::new();
        for (place, entry) in entries.iter().enumerate() {
            report.set(&JsValue::from(place as u32), entry);
        }
        report.into()
    }

    fn mids() -> [Option<String>; 4] {
        ["0", "1", "2", "3"].map(|mid| Some(mid.to_owned()))
    }

    fn end(id: &str, kind: &str, relay: &str) -> JsValue {
        object([
            ("id", id.into()),
            ("candidateType", kind.into()),
            ("protocol", "udp".into()),
            ("relayProtocol", relay.into()),
        ])
    }

    fn pair(local: &str, remote: &str) -> JsValue {
        object([
            ("id", "pair".into()),
            ("type", "candidate-pair".into()),
            ("state", "succeeded".into()),
            ("nominated", true.into()),
            ("localCandidateId", local.into()),
            ("remoteCandidateId", remote.into()),
            ("currentRoundTripTime", 0.048.into()),
            ("bytesSent", 125_000.into()),
            ("availableOutgoingBitrate", 600e3.into()),
        ])
    }

    #[wasm_bindgen_test]
    fn a_relay_of_either_side_makes_a_route_relayed() {
        let ends = [
            end("host", "host", ""),
            end("relay", "relay", "tls"),
            end("far relay", "relay", "tcp"),
        ];
        for (local, remote, kind, transport) in [
            ("host", "host", RouteKind::Direct, Transport::Udp),
            ("host", "far relay", RouteKind::Relayed, Transport::Udp),
            ("relay", "host", RouteKind::Relayed, Transport::Tls),
            ("relay", "far relay", RouteKind::Relayed, Transport::Tls),
        ] {
            let pair = pair(local, remote);
            let report = report(&[&ends[0], &ends[1], &ends[2], &pair]);
            let measurement = read(&report, &mids()).unwrap();
            assert_eq!(measurement.route, Some(Route { kind, transport }));
            assert_eq!(measurement.round_trip, Some(Duration::from_millis(48)));
            let sending = (measurement.sent, measurement.available);
            assert_eq!(sending, (125_000, Some(600_000)));
        }
    }

    #[wasm_bindgen_test]
    fn what_is_missing_or_of_another_type_is_not_known() {
        let odd = object([
            ("type", "inbound-rtp".into()),
            ("mid", "1".into()),
            ("packetsReceived", "many".into()),
            ("packetsLost", (-3).into()),
            ("bytesReceived", f64::NAN.into()),
            ("frameWidth", 1e9.into()),
            ("timestamp", (-1).into()),
        ]);
        let null = JsValue::NULL;
        let measurement = read(&report(&[&odd, &null]), &mids()).unwrap();
        let width = u16::MAX;
        let expected = Received {
            width,
            ..Received::default()
        };
        assert_eq!(measurement.received[1], expected);
        assert_eq!(measurement.at, Duration::ZERO);
        assert_eq!((measurement.route, measurement.available), (None, None));
        let nameless = object([("type", "inbound-rtp".into())]);
        assert_eq!(read(&report(&[&nameless]), &mids()), None);
    }
}
