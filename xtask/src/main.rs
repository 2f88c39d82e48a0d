//! `cargo xtask`: what one does with this checkout, each by one command. This file reads the command line; each command
//! has a module of its own.

mod admin_page;
mod bench;
mod bench_relay;
mod browser;
mod bundle;
mod checks;
mod debian;
mod dev;
mod dialects;
mod fingerprint;
mod firefox;
mod fuzz;
mod laboratory;
mod process;
mod project;
mod relay;
mod report;
mod serve;
mod size;
mod styles;
mod tools;

use std::{env, process::ExitCode, time::Duration};

use anyhow::Result;

use checks::Group;

const USAGE: &str = "\
cargo xtask COMMAND

  serve [-- OPTIONS]     get what is missing, build page and server, start it at http://localhost:3000
                         (the environment's PORT overrides; OPTIONS go to the server, `-- --help` lists them)
  build [-- OPTIONS]     the same without starting it: the server, its page built in, is target/release/moim
                         (OPTIONS go to cargo, such as `-- --target x86_64-unknown-linux-musl`)
  dev [-- OPTIONS]       the server, and the page at http://localhost:8080 with live reload
  test [GROUP [NAME]]    every check, or one group: lint, unit, server, dialects, wasm, browser,
                         network, firefox; NAME picks tests
  size                   the bytes of everything that the page loads
  bench NAME             a benchmark: join, load, mesh, recovery, networks or relay
  fuzz [SECONDS]         the fuzz targets of the STUN and TURN server, each for a minute or so many seconds
  styles                 join the style sheets (trunk does this before each build)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let rest = |from: usize| arguments.get(from..).unwrap_or_default();
    match words.as_slice() {
        ["serve"] => end(serve::serve(&[])),
        ["serve", "--", ..] => end(serve::serve(rest(2))),
        ["build"] => end(serve::release_build(&[])),
        ["build", "--", ..] => end(serve::release_build(rest(2))),
        ["dev"] => end(dev::dev(&[])),
        ["dev", "--", ..] => end(dev::dev(rest(2))),
        ["test"] => end_of_test(checks::test(&Group::ALL, &[])),
        ["test", group, ..] => match Group::ALL.into_iter().find(|known| known.name() == *group) {
            Some(group) => end_of_test(checks::test(&[group], rest(2))),
            None => usage(),
        },
        ["size"] => end(size::size()),
        ["bench", "relay"] => end(bench_relay::bench()),
        ["bench", name, ..] => end(bench::bench(name, rest(2))),
        ["fuzz"] => end(fuzz::fuzz(Duration::from_secs(60))),
        ["fuzz", seconds] => match seconds.parse() {
            Ok(seconds) => end(fuzz::fuzz(Duration::from_secs(seconds))),
            Err(_) => usage(),
        },
        ["styles"] => end(styles::join()),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        _ => usage(),
    }
}

fn usage() -> ExitCode {
    eprint!("{USAGE}");
    ExitCode::from(2)
}

fn end(result: Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The report has said everything, and its totals are to be the last line.
fn end_of_test(passed: bool) -> ExitCode {
    if passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
