//! How long it takes from pressing `Join now` as second person to the first picture of the other one, across networks that let
//! little through, with the server's own relay. Prints figures and judges nothing.

use std::{process::ExitCode, time::Duration};

use e2e::{
    Figures, Person, Role,
    lab::{Lab, Nat},
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
    Behind([Nat; 2]),
}

const PLACES: [(&str, Place); 5] = [
    ("one network", Place::OneNetwork),
    ("one network, 5 % of packets lost", Place::LosingPackets(5)),
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
        let _lossy = match place {
            Place::LosingPackets(per_cent) => Some(second.line().loses_some(per_cent)),
            Place::OneNetwork | Place::Behind(_) => None,
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
    ExitCode::SUCCESS
}

impl Place {
    fn people(self, lab: &Lab) -> (Person, Person) {
        match self {
            Self::OneNetwork | Self::LosingPackets(_) => {
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
