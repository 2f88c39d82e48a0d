//! How long it takes from pressing `Join now` as second person to the first picture of the other one, across networks that let
//! little through, with the server's own relay; and how long from a change of address in the middle of a call until both see each
//! other again. Prints figures and judges nothing.

use std::{process::ExitCode, time::Duration};

use e2e::{
    Figures, Person, Role,
    lab::{Lab, Nat, Subnet},
    until, within,
};

const ROUNDS: usize = 5;

/// Who is not connected by then, never is.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the two are.
#[derive(Clone, Copy)]
enum Place {
    OneNetwork,
    LosingPackets(u8),
    /// So many of a hundred are lost, and each takes so much longer, either way.
    FarAndLosingPackets(u8, Duration),
    Behind([Nat; 2]),
}

const PLACES: [(&str, Place); 6] = [
    ("one network", Place::OneNetwork),
    ("one network, 5 % of packets lost", Place::LosingPackets(5)),
    (
        "5 % of packets lost, 100 ms from everyone each way",
        Place::FarAndLosingPackets(5, Duration::from_millis(100)),
    ),
    (
        "both behind full-cone routers: direct",
        Place::Behind([Nat::FullCone, Nat::FullCone]),
    ),
    (
        "both behind symmetric routers: relayed",
        Place::Behind([Nat::Symmetric, Nat::Symmetric]),
    ),
    (
        "one without UDP: relayed over TCP",
        Place::Behind([Nat::NoUdp, Nat::Symmetric]),
    ),
];

/// Where the address of one of the two changes.
const CHANGES: [(&str, Place); 3] = [
    (
        "one's own, from one network into another",
        Place::OneNetwork,
    ),
    (
        "their full-cone router's",
        Place::Behind([Nat::FullCone, Nat::FullCone]),
    ),
    (
        "their symmetric router's, the way being relayed",
        Place::Behind([Nat::Symmetric, Nat::Symmetric]),
    ),
];

fn main() -> ExitCode {
    let mut rounds = ROUNDS;
    for argument in std::env::args().skip(1) {
        match argument.parse() {
            Ok(number) => rounds = number,
            Err(_) => {
                eprintln!("usage: bench-networks [ROUNDS]");
                return ExitCode::FAILURE;
            }
        }
    }
    println!("from `Join now` to the first remote picture:");
    for (name, place) in PLACES {
        let lab = e2e::lab!("--turn", "on");
        let (first, second) = place.people(&lab);
        let line = second.line();
        let _outages = match place {
            Place::LosingPackets(per_cent) => vec![line.loses_some(per_cent)],
            Place::FarAndLosingPackets(per_cent, delay) => {
                vec![line.loses_some(per_cent), line.is_slowed_by(delay)]
            }
            Place::OneNetwork | Place::Behind(_) => Vec::new(),
        };
        let mut figures = Figures::default();
        // The first round warms caches up and is not counted.
        for round in 0..=rounds {
            let time = join(&first, &second, &format!("round-{round}"));
            if round > 0 {
                figures.add(time);
            }
            for person in [&first, &second] {
                person.goes_to("about:blank");
            }
        }
        println!("  {name}: {figures}");
    }
    println!("from a change of address until both see each other again:");
    for (name, place) in CHANGES {
        let lab = e2e::lab!("--turn", "on");
        let (first, second) = place.people(&lab);
        let mut figures = Figures::default();
        for round in 0..rounds {
            join(&first, &second, &format!("round-{round}"));
            figures.add(change_of_address(&first, &second, round));
            for person in [&first, &second] {
                person.goes_to("about:blank");
            }
        }
        println!("  {name}: {figures}");
    }
    ExitCode::SUCCESS
}

impl Place {
    fn people(self, lab: &Lab) -> (Person, Person) {
        match self {
            Self::OneNetwork | Self::LosingPackets(_) | Self::FarAndLosingPackets(..) => {
                (lab.person("First"), lab.person("Second"))
            }
            Self::Behind([first, second]) => (
                lab.person_behind(first, "First"),
                lab.person_behind(second, "Second"),
            ),
        }
    }
}

fn join(first: &Person, second: &Person, room: &str) -> f64 {
    first.enters(room);
    first.own_tile().frames_advance();
    second.opens_room(room);
    second.find(Role::Video, "Camera preview").frames_advance();
    second.textbox("Your name").fill("Second");
    second.button("Join now").click();
    within(PATIENCE, || {
        until("the first remote picture", || {
            let time: Option<f64> =
                second.evaluate("(tap.times.firstRemoteFrame - tap.times['Join now']) || null")?;
            time.ok_or_else(|| "none came".to_owned())
        })
    })
}

/// The second one's changes, into the other of the two subnets each time.
fn change_of_address(first: &Person, second: &Person, round: usize) -> f64 {
    let both = [(first, second), (second, first)];
    within(PATIENCE, || {
        for (who, whom) in both {
            who.tile(whom.name()).frames_advance();
            who.follows(whom.name());
        }
        let moved = second.line().moves_to(if round.is_multiple_of(2) {
            Subnet::Away
        } else {
            Subnet::Home
        });
        let times = both.map(|(who, whom)| {
            until("pictures to flow again", || {
                let timeline = who.timeline(whom.name());
                let back = timeline.flows_after(moved).filter(|_| timeline.flows());
                back.ok_or_else(|| "they do not".to_owned())
            })
        });
        times[0].max(times[1])
    })
}
