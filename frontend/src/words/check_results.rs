//! What a test of the connection has found and what to do about it; and all of it as plain text, for
//! whoever hosts.

use std::time::Duration;

use call::check::{
    CheckView, Family, Finding, Measured, Problem, Row, Skip, Status, Target, Test, Transport,
};

use super::check::{host, name, state, summary, way};
use super::{MOIM, devices, preview};

/// The sentence below a test's name; empty while there is nothing to say.
pub fn sentence(row: &Row) -> String {
    match &row.status {
        Status::Waiting => String::new(),
        Status::Running => running(&row.test).to_owned(),
        Status::Passed(finding) => found(finding),
        Status::Failed(problem) => wrong(&row.test, *problem),
        Status::Skipped(skip) => skipped(*skip).to_owned(),
    }
}

/// The results as text. IP addresses are in it only where they are wanted; secrets never.
pub fn report(view: &CheckView, with_addresses: bool) -> String {
    let mut text = format!("{MOIM}: connection check\n");
    if let Some(outcome) = summary(view) {
        text += &format!("{outcome}\n");
    }
    for row in &view.rows {
        let name = match &row.test {
            Test::Ice(target) if !with_addresses => {
                format!(
                    "{}: {}",
                    way(target.transport),
                    host_without_address(target)
                )
            }
            Test::Camera
            | Test::Microphone
            | Test::Server
            | Test::IceServers
            | Test::Ice(_)
            | Test::Call
            | Test::Speaker => name(&row.test),
        };
        let address = match &row.status {
            Status::Passed(
                Finding::Reflexive {
                    address: Some(address),
                }
                | Finding::Relay {
                    address: Some(address),
                },
            ) if with_addresses => format!(" ({address})"),
            Status::Waiting
            | Status::Running
            | Status::Passed(_)
            | Status::Failed(_)
            | Status::Skipped(_) => String::new(),
        };
        text += &format!(
            "\n{name}: {}\n  {}{address}\n",
            state(&row.status),
            sentence(row)
        );
    }
    text
}

fn host_without_address(target: &Target) -> &str {
    let host = host(target);
    let is_address = host.starts_with('[')
        || host
            .split(':')
            .next()
            .is_some_and(|host| Family::of(host).is_some());
    if is_address { "(an address)" } else { host }
}

fn running(test: &Test) -> &'static str {
    match test {
        Test::Camera => "Allow the camera, if the browser asks.",
        Test::Microphone => "Say something: the bar shall move.",
        Test::Server | Test::IceServers => "Waiting for its answer…",
        Test::Ice(_) => "Waiting for its answer, 10 seconds at most…",
        Test::Call => "This page calls itself and measures for 5 seconds…",
        Test::Speaker => "A tone has been played.",
    }
}

fn found(finding: &Finding) -> String {
    match finding {
        Finding::Picture { width, height } => format!("It shows {width} × {height} pixels."),
        Finding::Sound => "It hears you.".to_owned(),
        Finding::Server { round_trip } => {
            format!("It answers, within {}.", time(*round_trip))
        }
        Finding::Reflexive { .. } => {
            "It answers: people on other networks can find a way to you.".to_owned()
        }
        Finding::OwnAddress => {
            "It answers, and sees this device by its own address: no router is in between."
                .to_owned()
        }
        Finding::Relay { .. } => {
            "It relays: a call gets through even where no direct way is open.".to_owned()
        }
        Finding::Call { relayed, measured } => {
            let way = if *relayed {
                "over the TURN server"
            } else {
                "without a TURN server"
            };
            let alone = if measured.picture {
                ""
            } else {
                " No picture was sent, only data."
            };
            format!("{}, {way}.{alone}", carried(*measured))
        }
        Finding::Heard => "You heard it.".to_owned(),
    }
}

fn carried(measured: Measured) -> String {
    let there_and_back = measured.round_trip.map_or_else(String::new, |round_trip| {
        format!(", {} there and back", time(round_trip))
    });
    format!(
        "{} up, {} down{there_and_back}",
        rate(measured.up),
        rate(measured.down)
    )
}

fn wrong(test: &Test, problem: Problem) -> String {
    let fixed = match problem {
        Problem::Device(error) => match test {
            Test::Microphone => devices::microphone_problem(error),
            Test::Camera
            | Test::Server
            | Test::IceServers
            | Test::Ice(_)
            | Test::Call
            | Test::Speaker => devices::camera_problem(error),
        },
        Problem::Unanswered => "The browser’s question was not answered. Try again, and allow it.",
        Problem::NoPicture => {
            "The camera is on but shows nothing. Close other programs that use it, or choose another one before a call."
        }
        Problem::Silence => {
            "The microphone is on but hears nothing. Look for a mute switch on it and for its level in the system’s settings, or choose another one before a call."
        }
        Problem::Offline => "This device is offline. Connect it to a network, then try again.",
        Problem::NoAnswer => {
            "The server did not answer. It may be down, or a firewall or proxy stops WebSockets: try another network, or ask whoever hosts this site."
        }
        Problem::Rejected => "The server would not answer just now. Wait a moment, then try again.",
        Problem::OutOfDate => preview::OUT_OF_DATE,
        Problem::ServerLost => {
            "It answered, but was lost while the check went on. If that happens again, the network or the server is unsteady."
        }
        Problem::BadAddress => {
            "The browser makes nothing of this address. Whoever hosts this site has to correct it."
        }
        Problem::Silent(transport) => silent(transport),
        Problem::Unreachable(Transport::Stun | Transport::TurnUdp) => {
            "It cannot be reached: its name is not known, or the network does not let UDP out."
        }
        Problem::Unreachable(Transport::TurnTcp) => {
            "It cannot be reached: its name is not known, or nothing answers on its TCP port."
        }
        Problem::Unreachable(Transport::TurnTls) => {
            "It cannot be reached: its name is not known, nothing answers on its TCP port, or browsers do not trust its certificate."
        }
        Problem::Credentials => {
            "It refuses the user name or the password (401). Whoever hosts this site has to set those that the TURN server knows."
        }
        Problem::Forbidden => {
            "It refuses to relay for this device (403). Whoever hosts the TURN server has to allow it."
        }
        Problem::StaleNonce => "It has forgotten its own question (438). Try again.",
        Problem::Quota => {
            "Too many relays are open for this user (486). Wait a while, or have the TURN server’s quota raised."
        }
        Problem::Capacity => {
            "It has no room for another relay (508). Wait a while, or have it made larger."
        }
        Problem::Code(code) => {
            return format!(
                "It refuses with error {code}. Whoever hosts it finds more in its log."
            );
        }
        Problem::RelayCarriesNothing => {
            "The TURN server gives out addresses but carries nothing between them. Whoever hosts it has to open its range of relay ports for UDP, and let it relay to its own address."
        }
        Problem::NoConnection => {
            "This browser cannot connect even to itself. A setting or an extension may forbid WebRTC: allow it, or try another browser."
        }
        Problem::Stalled => {
            "It connected, but nothing came through. Try another network; if that does not help, ask whoever hosts this site."
        }
        Problem::Thin(measured) => {
            return format!(
                "Too little for a picture: {}. Move closer to the Wi-Fi or use a cable, or turn your camera off in the call.",
                carried(measured)
            );
        }
        Problem::Slow(measured) => {
            return format!(
                "Too slow to talk: {}. Stop downloads, or try another network.",
                carried(measured)
            );
        }
        Problem::NotHeard => {
            "Turn the volume up, look whether this tab is muted, or choose another speaker before a call."
        }
    };
    fixed.to_owned()
}

fn silent(transport: Transport) -> &'static str {
    match transport {
        Transport::Stun | Transport::TurnUdp => {
            "It did not answer. Its UDP port may be closed by a firewall, here or there, or the address is wrong."
        }
        Transport::TurnTcp => {
            "It did not answer. Its TCP port may be closed by a firewall, here or there, or the address is wrong."
        }
        Transport::TurnTls => {
            "It did not answer. Its TCP port may be closed by a firewall, or browsers do not trust its certificate."
        }
    }
}

fn skipped(skip: Skip) -> &'static str {
    match skip {
        Skip::ByPerson => "You skipped it.",
        Skip::NoReply => "You did not say whether you heard it.",
        Skip::NoServers => {
            "This site names none: calls work on one network only. For calls across the internet, whoever hosts it leaves its own relay on, or sets --turn-external or --ice-server."
        }
        Skip::UnknownServers => "The server did not say which there are.",
    }
}

fn time(duration: Duration) -> String {
    format!("{} ms", (duration.as_millis() as u32).max(1))
}

/// With one decimal for millions, so that small differences do not look like any.
fn rate(bits: u32) -> String {
    if bits >= 1_000_000 {
        format!("{}.{} Mbit/s", bits / 1_000_000, bits % 1_000_000 / 100_000)
    } else {
        format!("{} kbit/s", bits / 1_000)
    }
}

#[cfg(test)]
mod tests {
    use call::check::{Stage, Target};
    use shared::room::IceServer;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn row(url: &str, status: Status) -> Row {
        let server = IceServer {
            urls: vec![url.to_owned()],
            username: Some("moim-user".to_owned()),
            credential: Some("hunter2".to_owned()),
        };
        Row {
            test: Test::Ice(Target {
                server,
                transport: Transport::TurnUdp,
            }),
            status,
        }
    }

    fn relay() -> Status {
        Status::Passed(Finding::Relay {
            address: Some("203.0.113.9".to_owned()),
        })
    }

    #[wasm_bindgen_test]
    fn the_report_has_no_secrets_and_addresses_only_where_they_are_wanted() {
        let view = CheckView {
            stage: Stage::Done,
            rows: vec![
                row("turn:192.0.2.2:3478?transport=udp", relay()),
                row(
                    "turn:[2001:db8::7]:3478",
                    Status::Failed(Problem::Credentials),
                ),
                row("turn:turn.example:3478?transport=udp", relay()),
            ],
        };
        let plain = report(&view, false);
        let full = report(&view, true);
        for secret in ["hunter2", "moim-user"] {
            assert!(!plain.contains(secret) && !full.contains(secret), "{full}");
        }
        for address in ["192.0.2.2", "2001:db8::7", "203.0.113.9"] {
            assert!(!plain.contains(address), "{plain}");
            assert!(full.contains(address), "{full}");
        }
        for text in [&plain, &full] {
            assert!(text.contains("1 thing needs attention"), "{text}");
            assert!(
                text.contains("TURN over UDP: turn.example:3478: works"),
                "{text}"
            );
            assert!(text.contains("refuses the user name"), "{text}");
        }
    }

    #[wasm_bindgen_test]
    fn rates_are_told_as_lines_are_sold() {
        assert_eq!(rate(2_149_000), "2.1 Mbit/s");
        assert_eq!(rate(999_999), "999 kbit/s");
        assert_eq!(rate(0), "0 kbit/s");
    }
}
