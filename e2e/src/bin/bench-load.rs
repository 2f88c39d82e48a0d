//! How long it takes from opening the start page to being able to type, with nothing in the browser's cache and with
//! everything, on loopback. Prints figures and judges nothing.

use e2e::{Figures, Setup, stage, until};

const ROUNDS: usize = 20;

fn main() {
    let stage = stage!();
    let person = stage.person_with("Someone", Setup::default());
    let (mut cold, mut warm) = (Figures::default(), Figures::default());
    // The first round warms the browser itself up and is not counted.
    for round in 0..=ROUNDS {
        person.goes_to("about:blank");
        person.forgets_the_cache();
        for figures in [&mut cold, &mut warm] {
            person.opens("/");
            person.textbox("Room name").appears();
            let time: f64 = until("the page to note the time", || {
                person.evaluate("tap.times.readyToType")
            });
            if round > 0 {
                figures.add(time);
            }
            person.goes_to("about:blank");
        }
    }
    println!("from opening the page to being ready to type:");
    println!("  nothing in the cache    {cold}");
    println!("  everything in the cache {warm}");
}
