//! What a peer may be told from whom this machine's address is hidden: the candidates of relays, without the addresses
//! that they relay for. A browser told `iceTransportPolicy: "relay"` writes no others; this is for one that does.

use shared::signal::IceCandidate;

use crate::signals::Signal;

/// The signal without any address of this machine's, or none when nothing is left to say.
pub(crate) fn relayed(signal: Signal) -> Option<Signal> {
    match signal {
        Signal::Offer { id, sdp } => Some(Signal::Offer {
            id,
            sdp: description(&sdp),
        }),
        Signal::Answer { id, sdp } => Some(Signal::Answer {
            id,
            sdp: description(&sdp),
        }),
        Signal::Candidates { id, of, candidates } => {
            let candidates: Vec<IceCandidate> = candidates
                .into_iter()
                .filter_map(|own| {
                    let candidate = candidate(&own.candidate)?;
                    Some(IceCandidate { candidate, ..own })
                })
                .collect();
            (!candidates.is_empty()).then_some(Signal::Candidates { id, of, candidates })
        }
    }
}

/// A relay's, its related address blanked (RFC 8839 §5.1), or the end of all.
fn candidate(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some(String::new());
    }
    let mut words: Vec<&str> = text.split(' ').collect();
    if words.get(6..8)? != ["typ", "relay"] {
        return None;
    }
    for pair in words[8..].chunks_exact_mut(2) {
        match pair[0] {
            "raddr" => pair[1] = unspecified(pair[1]),
            "rport" => pair[1] = "9",
            _ => {}
        }
    }
    Some(words.join(" "))
}

/// With no candidate but those of relays, and no address in its other lines (RFC 8866 §5.2, §5.7; RFC 3605): who
/// uses ICE looks at none of them.
fn description(sdp: &str) -> String {
    sdp.split_inclusive('\n').filter_map(line).collect()
}

fn line(line: &str) -> Option<String> {
    let text = line.trim_end();
    let end = &line[text.len()..];
    if let Some(own) = text.strip_prefix("a=candidate:") {
        let relays = candidate(&format!("candidate:{own}"))?;
        return Some(format!("a={relays}{end}"));
    }
    let tells_an_address = ["o=", "c=", "a=rtcp:"];
    if !tells_an_address.iter().any(|name| text.starts_with(name)) {
        return Some(line.to_owned());
    }
    let mut words: Vec<&str> = text.split(' ').collect();
    for at in 1..words.len() {
        match words[at - 1] {
            "IP4" => words[at] = "0.0.0.0",
            "IP6" => words[at] = "::",
            _ => {}
        }
    }
    Some(format!("{}{end}", words.join(" ")))
}

fn unspecified(address: &str) -> &'static str {
    if address.contains(':') {
        "::"
    } else {
        "0.0.0.0"
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use shared::signal::{DescriptionId, SdpType};

    use super::*;

    const ID: DescriptionId = DescriptionId {
        generation: 0,
        seq: 0,
    };

    #[test]
    fn only_a_relays_candidate_is_told_and_not_for_whom_it_relays() {
        for (own, told) in [
            (
                "candidate:3 1 udp 41885439 203.0.113.5 50123 typ relay raddr 198.51.100.7 rport 61002 generation 0 ufrag Ab1",
                Some(
                    "candidate:3 1 udp 41885439 203.0.113.5 50123 typ relay raddr 0.0.0.0 rport 9 generation 0 ufrag Ab1",
                ),
            ),
            (
                "candidate:3 1 udp 1 2001:db8::5 50123 typ relay raddr 2001:db8::7 rport 61002",
                Some("candidate:3 1 udp 1 2001:db8::5 50123 typ relay raddr :: rport 9"),
            ),
            (
                "candidate:3 1 udp 1 203.0.113.5 50123 typ relay",
                Some("candidate:3 1 udp 1 203.0.113.5 50123 typ relay"),
            ),
            ("", Some("")),
            ("candidate:1 1 udp 1 192.168.1.7 54321 typ host", None),
            ("candidate:1 1 udp 1 1b9a2f0e.local 54321 typ host", None),
            (
                "candidate:2 1 udp 1 198.51.100.7 61002 typ srflx raddr 192.168.1.7 rport 54321",
                None,
            ),
            ("candidate:2 1 udp 1 198.51.100.7 61002 typ prflx", None),
            ("candidate:2 1 udp 1 198.51.100.7 61002", None),
            ("nonsense typ relay", None),
        ] {
            assert_eq!(candidate(own).as_deref(), told, "{own}");
        }
    }

    #[test]
    fn a_list_is_told_without_the_others_and_an_empty_one_not_at_all() {
        let of = |text: &str| IceCandidate {
            candidate: text.to_owned(),
            sdp_mid: Some("0".to_owned()),
            sdp_m_line_index: Some(0),
            username_fragment: None,
        };
        let host = of("candidate:1 1 udp 1 192.168.1.7 54321 typ host");
        let relay = of("candidate:3 1 udp 1 203.0.113.5 50123 typ relay");
        let signal = |candidates| Signal::Candidates {
            id: ID,
            of: SdpType::Offer,
            candidates,
        };
        assert_eq!(
            relayed(signal(vec![host.clone(), relay.clone()])),
            Some(signal(vec![relay]))
        );
        assert_eq!(relayed(signal(vec![host])), None);
    }

    #[test]
    fn a_description_is_told_without_an_address_and_otherwise_as_it_is() {
        let own = "v=0\r\no=- 46117 2 IN IP4 192.168.1.7\r\ns=-\r\nm=audio 54321 UDP/TLS/RTP/SAVPF 111\r\n\
            c=IN IP4 198.51.100.7\r\na=rtcp:9 IN IP6 2001:db8::7\r\n\
            a=candidate:1 1 udp 1 192.168.1.7 54321 typ host\r\n\
            a=candidate:3 1 udp 1 203.0.113.5 50123 typ relay raddr 198.51.100.7 rport 61002\r\n\
            a=ice-ufrag:Ab1\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n";
        let told = "v=0\r\no=- 46117 2 IN IP4 0.0.0.0\r\ns=-\r\nm=audio 54321 UDP/TLS/RTP/SAVPF 111\r\n\
            c=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP6 ::\r\n\
            a=candidate:3 1 udp 1 203.0.113.5 50123 typ relay raddr 0.0.0.0 rport 9\r\n\
            a=ice-ufrag:Ab1\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n";
        let sdp = own.to_owned();
        let Signal::Answer { sdp, .. } = relayed(Signal::Answer { id: ID, sdp }).unwrap() else {
            panic!("an answer stays one");
        };
        assert_eq!(sdp, told);
    }
}
