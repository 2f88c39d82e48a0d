//! How long it takes from pressing `Join now` as second person, camera open in the preview, to the first picture of the
//! other one: Moim beside a plain JavaScript page, in the same browsers, turn by turn, on loopback. Prints figures and
//! judges nothing.

use std::process::ExitCode;

use e2e::{Figures, Person, Picture, Role, Setup, Yardstick, stage, until};

const ROUNDS: usize = 20;

fn main() -> ExitCode {
    let (mut rounds, mut tracing) = (ROUNDS, false);
    for argument in std::env::args().skip(1) {
        if argument == "--trace" {
            tracing = true;
        } else if let Ok(number) = argument.parse() {
            rounds = number;
        } else {
            eprintln!("usage: bench-join [ROUNDS] [--trace]");
            return ExitCode::FAILURE;
        }
    }
    let stage = stage!();
    let yardstick = Yardstick::start();
    let first = stage.person_with("First", Setup::default().picture(Picture::Full));
    let second = stage.person_with("Second", Setup::default().picture(Picture::Full));
    let (mut moim, mut plain) = (Figures::default(), Figures::default());

    // The first round warms caches up and is not counted.
    for round in 0..=rounds {
        let room = format!("round-{round}");
        let mut measure = |ours: bool| {
            let (time, figures) = if ours {
                (join_moim(&first, &second, &room), &mut moim)
            } else {
                (
                    join_plain(&first, &second, &yardstick.url(&room)),
                    &mut plain,
                )
            };
            if tracing {
                trace(&second);
            }
            for person in [&first, &second] {
                person.goes_to("about:blank");
            }
            if round > 0 {
                figures.add(time);
                let name = if ours { "Moim" } else { "plain page" };
                println!("round {round:>2}: {name:<10} {time:>5.0} ms");
            }
        };
        let ours_first = round % 2 == 0;
        measure(ours_first);
        measure(!ours_first);
    }
    println!("\nfrom `Join now` to the first remote picture:");
    println!("  Moim       {moim}");
    println!("  plain page {plain}");
    println!(
        "  ratio of the medians {:.2}",
        moim.median() / plain.median()
    );
    ExitCode::SUCCESS
}

fn join_moim(first: &Person, second: &Person, room: &str) -> f64 {
    first.enters(room);
    first.own_tile().frames_advance();
    second.opens_room(room);
    second.find(Role::Video, "Camera preview").frames_advance();
    second.textbox("Your name").fill("Second");
    join(second)
}

fn join_plain(first: &Person, second: &Person, url: &str) -> f64 {
    for person in [first, second] {
        person.goes_to(url);
        person.until_true("document.querySelector('#preview').readyState > 2");
        person.until_true("tap.countFrames(document.querySelector('#preview'), 4, 1000).then((frames) => frames === 4)");
        if person.name() == first.name() {
            person.button("Join now").click();
            person.reads("joined");
        }
    }
    join(second)
}

fn join(second: &Person) -> f64 {
    second.button("Join now").click();
    until("the first remote picture", || {
        let time: Option<f64> =
            second.evaluate("(tap.times.firstRemoteFrame - tap.times['Join now']) || null")?;
        time.ok_or_else(|| "none came".to_owned())
    })
}

/// Prints the steps between the click and the picture, in milliseconds after the click.
fn trace(second: &Person) {
    const STEPS: &str = "tap.moments
        .filter(([at]) => at >= tap.times['Join now'] && at <= tap.times.firstRemoteFrame + 100)
        .map(([at, what]) => [at - tap.times['Join now'], what])";
    match second.evaluate::<Vec<(f64, String)>>(STEPS) {
        Ok(steps) => {
            for (at, what) in steps {
                println!("  {at:>6.0} {what}");
            }
        }
        Err(error) => println!("  (no trace: {error})"),
    }
}
