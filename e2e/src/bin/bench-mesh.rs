//! What a room of four costs: bits sent, time spent encoding, and processor time of all four browsers, while everyone is
//! sent everything, and while everyone is sent what they look at. Cameras give 320×240 ten times a second, so that this
//! machine can encode all twelve copies. Prints figures and judges nothing.

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use e2e::{OutboundStats, Person, Role, Setup, Stage, within};

const NAMES: [&str; 4] = ["Ann", "Bob", "Kim", "Lee"];

/// How long is measured, in seconds, after what has changed has settled.
const SPAN: Duration = Duration::from_secs(20);
const SETTLING: Duration = Duration::from_secs(8);

/// Who cannot see everyone by then, never does.
const PATIENCE: Duration = Duration::from_secs(90);

/// What the four do.
#[derive(Clone, Copy)]
enum Situation {
    Grid,
    Shared,
    FullScreen,
    Away,
    SoundOnly,
}

const SITUATIONS: [(&str, Situation); 5] = [
    ("four in a grid", Situation::Grid),
    ("one shares a screen", Situation::Shared),
    ("… and three show it full screen", Situation::FullScreen),
    ("two are in another tab", Situation::Away),
    ("two do with sound alone", Situation::SoundOnly),
];

/// What all four together have taken so far.
#[derive(Clone, Copy, Default)]
struct Taken {
    /// In that time.
    time: Duration,
    bytes: u64,
    encoding: f64,
    processor: Duration,
}

fn main() -> ExitCode {
    println!("a room of four, per second of all four together, cameras of 320×240 at 10/s:");
    println!(
        "  {:<36} {:>32}    {:>32}",
        "", "everything is sent", "what is looked at is sent"
    );
    for (name, situation) in SITUATIONS {
        let [before, after] = [Setup::default().tells_no_looks(), Setup::default()]
            .map(|setup| measured(situation, &setup));
        println!("  {name:<36} {}    {}", told(before), told(after));
    }
    ExitCode::SUCCESS
}

fn told(taken: Taken) -> String {
    let seconds = taken.time.as_secs_f64();
    format!(
        "{:>6.0} kbit, {:>5.0} ms encoding, {:>4.0} % CPU",
        taken.bytes as f64 * 8.0 / 1_000.0 / seconds,
        taken.encoding * 1_000.0 / seconds,
        taken.processor.as_secs_f64() * 100.0 / seconds
    )
}

fn measured(situation: Situation, setup: &Setup) -> Taken {
    let stage: Stage = e2e::stage!();
    let people = NAMES.map(|name| stage.person_with(name, setup.clone()));
    for person in &people {
        person.enters("tea");
    }
    within(PATIENCE, || {
        for person in &people {
            for name in NAMES.into_iter().filter(|name| *name != person.name()) {
                person.tile(name).frames_advance();
            }
        }
    });
    let _elsewhere = situation.begins(&people);
    pass(SETTLING);
    let (began, before) = (Instant::now(), taken(&people));
    pass(SPAN);
    let (time, after) = (began.elapsed(), taken(&people));
    Taken {
        time,
        bytes: after.bytes - before.bytes,
        encoding: after.encoding - before.encoding,
        processor: after.processor.saturating_sub(before.processor),
    }
}

/// A span of time is what is measured.
fn pass(span: Duration) {
    std::thread::sleep(span);
}

impl Situation {
    fn begins(self, people: &[Person; 4]) -> Vec<e2e::lab::Outage<'_>> {
        let [ann, others @ ..] = people;
        match self {
            Self::Grid => {}
            Self::Shared | Self::FullScreen => {
                ann.controls().button("Share screen").click();
                for person in others {
                    person.tile("Ann’s screen").frames_advance();
                    if matches!(self, Self::FullScreen) {
                        person.button("Full screen").click();
                        person.until_true("document.fullscreenElement !== null");
                    }
                }
            }
            Self::Away => {
                return others[1..].iter().map(Person::is_in_another_tab).collect();
            }
            Self::SoundOnly => {
                for person in &others[1..] {
                    person.controls().button("Devices").click();
                    person.find(Role::Checkbox, "Sound only").click();
                    person.button("Close panel").click();
                }
            }
        }
        Vec::new()
    }
}

fn taken(people: &[Person]) -> Taken {
    let mut sum = Taken::default();
    for person in people {
        let connections = person.connections().expect("the page answers");
        let outbound = connections
            .iter()
            .flat_map(|connection| &connection.outbound);
        let add = |sum: &mut Taken, stream: &OutboundStats| {
            sum.bytes += stream.bytes;
            sum.encoding += stream.encode_time;
        };
        outbound.for_each(|stream| add(&mut sum, stream));
        sum.processor += person.processor_time();
    }
    sum
}
