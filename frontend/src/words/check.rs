//! Words of the page that tests whether a call would work. What a test has found is said in
//! [`check_results`](super::check_results).

use call::check::{CheckView, Skip, Stage, Status, Summary, Target, Test, Transport};

use super::devices;

pub const LINK: &str = "Check your connection";
pub const TITLE: &str = "Check your connection";
pub const INTRO: &str = "Tests camera, microphone, the ways to others and your speaker, one after the other. \
     It takes about half a minute; nothing is recorded, and nobody else sees or hears you.";
pub const TESTS: &str = "Tests";
pub const PICTURE: &str = "Your camera";
pub const SKIP: &str = "Skip";
pub const HEARD: &str = "Did you hear it?";
pub const YES: &str = "Yes";
pub const NO: &str = "No";
pub const PLAY_AGAIN: &str = "Play again";
pub const COPY: &str = "Copy results";
pub const COPIED: &str = "Copied. Paste it into a message to whoever hosts this site.";
pub const COPY_FAILED: &str = "The browser does not let this page copy. Copy it by hand:";
pub const RESULTS: &str = "Results";
pub const WITH_ADDRESSES: &str = "With IP addresses";
pub const WITH_ADDRESSES_HINT: &str = "They help to find a fault, and tell where you are.";
pub const BACK_TO_START: &str = "Back to start";

/// What the button says that begins and ends it.
pub fn button(stage: Stage) -> &'static str {
    match stage {
        Stage::Ready => "Start the check",
        Stage::Running => "Stop",
        Stage::Done => devices::TRY_AGAIN,
    }
}

/// What a test is called.
pub fn name(test: &Test) -> String {
    match test {
        Test::Camera => "Camera".to_owned(),
        Test::Microphone => "Microphone".to_owned(),
        Test::Server => "This server".to_owned(),
        Test::IceServers => "STUN and TURN servers".to_owned(),
        Test::Ice(target) => format!("{}: {}", way(target.transport), host(target)),
        Test::Call => "A call with yourself".to_owned(),
        Test::Speaker => "Speaker".to_owned(),
    }
}

/// A STUN or TURN server by the way that is tried.
pub fn way(transport: Transport) -> &'static str {
    match transport {
        Transport::Stun => "STUN over UDP",
        Transport::TurnUdp => "TURN over UDP",
        Transport::TurnTcp => "TURN over TCP",
        Transport::TurnTls => "TURN over TLS",
    }
}

/// Host and port of a URL, without what stands before and behind.
pub fn host(target: &Target) -> &str {
    let url = target.url();
    let authority = url.split_once(':').map_or(url, |(_, rest)| rest);
    authority
        .split_once('?')
        .map_or(authority, |(host, _)| host)
}

/// How a test stands, in a word.
pub fn state(status: &Status) -> &'static str {
    match status {
        Status::Waiting => "waiting",
        Status::Running => "running",
        Status::Passed(_) => "works",
        Status::Failed(_) => "needs attention",
        Status::Skipped(_) => "skipped",
    }
}

/// How far it is.
pub fn progress(number: usize, of: usize, test: &Test) -> String {
    match test {
        Test::Speaker => "One question is left: did you hear the tone?".to_owned(),
        Test::Camera
        | Test::Microphone
        | Test::Server
        | Test::IceServers
        | Test::Ice(_)
        | Test::Call => format!("Test {number} of {of}: {}", name(test)),
    }
}

/// What it comes to, once it is done.
pub fn summary(view: &CheckView) -> Option<String> {
    let counted = counted(view.summary()?);
    let is_local = (view.rows.iter()).any(|row| row.status == Status::Skipped(Skip::NoServers));
    Some(if is_local {
        format!("{counted}. {ONE_NETWORK}")
    } else {
        counted
    })
}

const ONE_NETWORK: &str = "On this site, calls work on one network only.";

fn counted(summary: Summary) -> String {
    match summary {
        Summary::AllWell => "Everything works".to_owned(),
        Summary::Untested(1) => "What was tested works; 1 test was skipped".to_owned(),
        Summary::Untested(skipped) => {
            format!("What was tested works; {skipped} tests were skipped")
        }
        Summary::Attention(1) => "1 thing needs attention".to_owned(),
        Summary::Attention(things) => format!("{things} things need attention"),
    }
}

#[cfg(test)]
mod tests {
    use call::check::{Finding, Row};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn done(of_the_servers: Status) -> CheckView {
        CheckView {
            stage: Stage::Done,
            rows: vec![
                Row {
                    test: Test::IceServers,
                    status: of_the_servers,
                },
                Row {
                    test: Test::Speaker,
                    status: Status::Passed(Finding::Heard),
                },
            ],
        }
    }

    #[wasm_bindgen_test]
    fn a_site_without_stun_and_turn_servers_is_told_to_serve_one_network() {
        assert_eq!(
            summary(&done(Status::Skipped(Skip::NoServers))).as_deref(),
            Some(
                "What was tested works; 1 test was skipped. On this site, calls work on one network only."
            )
        );
        assert_eq!(
            summary(&done(Status::Skipped(Skip::UnknownServers))).as_deref(),
            Some("What was tested works; 1 test was skipped")
        );
    }
}
