//! How soon two people see each other again after the network, the server or a browser had a hiccup, and how long they did not
//! at all: Moim, and in the first round a plain JavaScript mesh page too, in the same browsers. Prints figures and judges
//! nothing.

use std::{
    net::{Ipv4Addr, SocketAddr},
    process::ExitCode,
    time::{Duration, Instant},
};

use e2e::{
    Figures, Person, Timeline, Yardstick,
    lab::{self, Line, Moment, Server, Subnet, Traffic},
};

const ROUNDS: usize = 3;

/// Who is not back by then, never is: in seconds.
const PATIENCE: u64 = 30;

/// With that argument this program is the plain page's server.
const SERVE: &str = "--serve-the-plain-page";

/// What happens to Bob, or to the server.
#[derive(Clone, Copy)]
enum Hiccup {
    ServerKilled(u64),
    SignallingBlocked(u64),
    PathCut(u64),
    CablePulled(u64),
    AddressChanged(Subnet),
    TabFrozen(u64),
    LidClosed(u64),
}

/// For longer than a connection may be silent, and a place is kept after it.
const LONG: u64 = 35;

const HICCUPS: [Hiccup; 10] = [
    Hiccup::ServerKilled(10),
    Hiccup::SignallingBlocked(LONG),
    Hiccup::PathCut(2),
    Hiccup::PathCut(8),
    Hiccup::PathCut(30),
    Hiccup::CablePulled(8),
    Hiccup::AddressChanged(Subnet::Home),
    Hiccup::AddressChanged(Subnet::Away),
    Hiccup::TabFrozen(20),
    Hiccup::LidClosed(LONG),
];

/// What was measured of one hiccup.
#[derive(Default)]
struct Outcome {
    back: Figures,
    gap: Figures,
    never: usize,
}

fn main() -> ExitCode {
    let mut rounds = ROUNDS;
    for argument in std::env::args().skip(1) {
        if argument == SERVE {
            serve();
        } else if let Ok(number) = argument.parse() {
            rounds = number;
        } else {
            eprintln!("usage: bench-recovery [ROUNDS]");
            return ExitCode::FAILURE;
        }
    }
    let mut moim: [Outcome; HICCUPS.len()] = Default::default();
    let mut plain: [Outcome; HICCUPS.len()] = Default::default();
    for round in 1..=rounds {
        let lab = e2e::lab!();
        let program = std::env::current_exe().expect("this program has a path");
        let yardstick = lab.serve(program, vec![SERVE.to_owned()]);
        let (ann, bob) = (lab.person("Ann"), lab.person("Bob"));
        for (index, hiccup) in HICCUPS.into_iter().enumerate() {
            let room = format!("hiccup-{index}");
            enter_moim(&ann, &bob, &room);
            measure(hiccup, lab.server(), &ann, &bob, TILES, &mut moim[index]);
            println!("round {round}, {hiccup}: Moim {}", moim[index]);
            if round == 1 {
                enter_plain(&ann, &bob, &room);
                measure(hiccup, &yardstick, &ann, &bob, PLAIN, &mut plain[index]);
                println!("round {round}, {hiccup}: plain page {}", plain[index]);
            }
        }
    }
    println!("\nuntil both see each other again, and the longest that one did not see the other:");
    for (index, hiccup) in HICCUPS.into_iter().enumerate() {
        println!("  {hiccup}");
        println!("    Moim       {}", moim[index]);
        println!("    plain page {}", plain[index]);
    }
    ExitCode::SUCCESS
}

/// The other one's picture, on either page.
const TILES: &str = "[role=group]:not([aria-label$='(you)']) video";
const PLAIN: &str = "main video";

fn enter_moim(ann: &Person, bob: &Person, room: &str) {
    for person in [ann, bob] {
        person.goes_to("about:blank");
        person.enters(room);
    }
    ann.tile("Bob").frames_advance();
    bob.tile("Ann").frames_advance();
}

fn enter_plain(ann: &Person, bob: &Person, room: &str) {
    let [_, port] = lab::PORTS;
    for person in [ann, bob] {
        person.goes_to(&format!("http://{}:{port}/?room={room}", Line::SERVER));
        person.until_true("document.querySelector('#preview').readyState > 2");
        person.button("Join now").click();
        person.reads("joined");
    }
    for person in [ann, bob] {
        let shown = "tap.countFrames(document.querySelector('main video'), 4, 1000)";
        person.until_true(&format!("{shown}.then((frames) => frames === 4)"));
    }
}

fn measure(
    hiccup: Hiccup,
    server: &Server,
    ann: &Person,
    bob: &Person,
    videos: &str,
    outcome: &mut Outcome,
) {
    let both = [ann, bob];
    for person in both {
        person.follows_videos(videos);
    }
    let ended = hiccup.happens(server, bob);
    let timelines = until_back(both, videos, ended);
    let back = timelines.each_ref().map(|line| line.flows_after(ended));
    match back {
        [Some(one), Some(other)] if timelines.iter().all(Timeline::flows) => {
            outcome.back.add(one.max(other));
            let gaps = timelines.map(|line| line.longest_gap());
            outcome.gap.add(gaps[0].max(gaps[1]));
        }
        [_, _] => outcome.never += 1,
    }
}

/// What both have seen once pictures flow on either side, or patience is at its end.
fn until_back(both: [&Person; 2], videos: &str, ended: Moment) -> [Timeline; 2] {
    /// So long nothing may stand still, for pictures to flow.
    const STEADY: Duration = Duration::from_secs(2);
    let end = Instant::now() + Duration::from_secs(PATIENCE);
    loop {
        std::thread::sleep(STEADY);
        let timelines = both.map(|person| {
            let timeline = person.timeline_of_videos(videos);
            timeline.unwrap_or_else(|error| panic!("{}'s page: {error}", person.name()))
        });
        let back = |line: &Timeline| line.flows() && line.next_frame_after(ended).is_some();
        if timelines.iter().all(back) || Instant::now() > end {
            return timelines;
        }
    }
}

fn serve() -> ! {
    let [_, port] = lab::PORTS;
    let address = SocketAddr::from((Ipv4Addr::UNSPECIFIED, port));
    let _yardstick = Yardstick::start_at(address);
    println!("the plain page is at {address}");
    loop {
        std::thread::park();
    }
}

impl Hiccup {
    /// When it was over.
    fn happens(self, server: &Server, bob: &Person) -> Moment {
        let (line, seconds) = (bob.line(), Duration::from_secs);
        match self {
            Self::ServerKilled(span) => server.is_killed().ends_after(seconds(span)),
            Self::SignallingBlocked(span) => {
                line.loses(Traffic::Signalling).ends_after(seconds(span))
            }
            Self::PathCut(span) => line.loses(Traffic::Media).ends_after(seconds(span)),
            Self::CablePulled(span) => line.is_unplugged().ends_after(seconds(span)),
            Self::AddressChanged(subnet) => line.moves_to(subnet),
            Self::TabFrozen(span) => bob.is_frozen().ends_after(seconds(span)),
            Self::LidClosed(span) => line.sleeps().ends_after(seconds(span)),
        }
    }
}

impl std::fmt::Display for Hiccup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::ServerKilled(span) => write!(f, "the server is killed, for {span} s"),
            Self::SignallingBlocked(span) => {
                write!(f, "one cannot reach the server for {span} s")
            }
            Self::PathCut(span) => write!(f, "the way between them is cut for {span} s"),
            Self::CablePulled(span) => write!(f, "the cable is pulled for {span} s"),
            Self::AddressChanged(Subnet::Home) => write!(f, "another address"),
            Self::AddressChanged(Subnet::Away) => write!(f, "another network"),
            Self::TabFrozen(span) => write!(f, "the tab is put to sleep for {span} s"),
            Self::LidClosed(span) => write!(f, "the laptop is closed for {span} s"),
        }
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.back.is_empty() {
            return write!(f, "never within {PATIENCE} s");
        }
        write!(f, "back: {}; longest gap: {}", self.back, self.gap)?;
        match self.never {
            0 => Ok(()),
            never => write!(f, "; and {never} times never within {PATIENCE} s"),
        }
    }
}
