//! `cargo xtask test`: every check there is, by group. Counting is left to `report`, the tests to their crates.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use anyhow::{Context, Result};

use crate::{
    admin_page,
    browser::Browser,
    bundle, debian,
    dialects::Client,
    firefox::Firefox,
    fuzz,
    laboratory::Laboratory,
    process::{cargo, find, line, run},
    project, relay,
    report::{Report, Tally, Verdict},
    tools::{self, Tools},
};

/// Checks that are run together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Formatting, clippy, licences.
    Lint,
    /// Unit and property tests.
    Unit,
    /// The real server and real Socket.IO clients.
    Server,
    /// The tutorials, by their official client.
    Dialects,
    /// What runs only in a browser, one module at a time.
    Wasm,
    /// The whole app in Chromium.
    Browser,
    /// The whole app in Chromiums on a network that breaks.
    Network,
    /// The whole app in Chromium and Firefox, in one call.
    Firefox,
}

impl Group {
    /// Quick ones first.
    pub const ALL: [Self; 8] = [
        Self::Lint,
        Self::Unit,
        Self::Server,
        Self::Dialects,
        Self::Wasm,
        Self::Browser,
        Self::Network,
        Self::Firefox,
    ];

    /// As it is called on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lint => "lint",
            Self::Unit => "unit",
            Self::Server => "server",
            Self::Dialects => "dialects",
            Self::Wasm => "wasm",
            Self::Browser => "browser",
            Self::Network => "network",
            Self::Firefox => "firefox",
        }
    }
}

/// Runs these groups to the end, whatever fails. `filter` goes to `cargo test`. True when nothing failed.
pub fn test(groups: &[Group], filter: &[String]) -> bool {
    let mut report = Report::default();
    for group in groups {
        match group {
            Group::Lint => lint(&mut report),
            Group::Unit => report.check("unit and property tests", || {
                tests(
                    cargo("test --no-fail-fast -p shared -p call -p turn -p socketio -p xtask")
                        .args(filter),
                )
            }),
            Group::Server => report.check("server tests", || {
                debian::openssl_headers()?;
                // Its clients are what the built-in relay is tested with.
                relay::prepare()?;
                tests(cargo("test --no-fail-fast -p backend").args(filter))
            }),
            Group::Dialects => report.check("tutorial dialects (npm)", || dialects(filter)),
            Group::Wasm => report.check("wasm tests (Chromium)", || wasm(filter)),
            Group::Browser => browser(&mut report, filter),
            Group::Network => network(&mut report, filter),
            Group::Firefox => firefox(&mut report, filter),
        }
    }
    report.finish()
}

fn lint(report: &mut Report) {
    report.check("formatting", || {
        tools::rust_component("fmt", "rustfmt")?;
        plain(&mut cargo("fmt --all --check"))
    });
    report.check("clippy (native)", || {
        tools::rust_component("clippy", "clippy")?;
        debian::openssl_headers()?;
        clippy("-p shared -p call -p turn -p socketio -p backend -p e2e -p xtask --all-targets")
    });
    report.check("clippy (wasm)", || {
        tools::rust_component("clippy", "clippy")?;
        tools::wasm_target()?;
        // The tests of these two need what only a native target has.
        clippy("--target=wasm32-unknown-unknown -p shared -p call --lib")?;
        clippy("--target=wasm32-unknown-unknown -p socketio -p frontend --all-targets")
    });
    report.check("clippy (fuzz targets)", || {
        fuzz::lint()?;
        Ok(Verdict::Passed(Tally::default()))
    });
    let missing = "`cargo install --locked cargo-deny` would enable it";
    report.check("licences and sources", || match find("cargo-deny") {
        Some(_) => plain(&mut cargo("deny check bans licenses sources")),
        None => Ok(Verdict::Skipped(missing.to_owned())),
    });
    report.check("advisories", || {
        if find("cargo-deny").is_none() {
            return Ok(Verdict::Skipped(missing.to_owned()));
        }
        match run(&mut cargo("deny fetch db")) {
            Ok(()) => plain(&mut cargo("deny check advisories")),
            Err(_) => Ok(Verdict::Skipped(
                "the advisory database is out of reach".to_owned(),
            )),
        }
    });
}

fn clippy(arguments: &str) -> Result<Verdict> {
    plain(&mut cargo(&format!("clippy {arguments} -- -D warnings")))
}

fn dialects(filter: &[String]) -> Result<Verdict> {
    let client = Client::prepare()?;
    run(&mut cargo("build -p backend"))?;
    let server = project::server_binary("debug")?;
    tests(&mut client.conversations(&server, filter)?)
}

fn wasm(filter: &[String]) -> Result<Verdict> {
    let tools = Tools::prepare()?;
    let browser = Browser::prepare()?;
    let mut command = cargo("test --no-fail-fast --target=wasm32-unknown-unknown");
    command
        .args(["-p", "socketio", "-p", "frontend"])
        .args(filter);
    // In seconds: the runner's own 5 and 20 are short for a busy machine's first start of a browser.
    command.env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60");
    command.env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    tests(browser.announce_to(tools.announce_to(&mut command)?))
}

fn browser(report: &mut Report, filter: &[String]) {
    let mut ready = None;
    report.check("release bundle", || {
        bundle::build(&Tools::prepare()?)?;
        ready = Some((Browser::prepare()?, Client::prepare()?));
        Ok(Verdict::Passed(Tally::default()))
    });
    let mut admin_page = None;
    report.check("Socket.IO's admin page", || {
        admin_page = Some(admin_page::prepare()?);
        Ok(Verdict::Passed(Tally::default()))
    });
    let mut turn_server = None;
    report.check("coturn", || {
        turn_server = Some(relay::prepare()?);
        Ok(Verdict::Passed(Tally::default()))
    });
    // Without them, that the check above has failed says it all.
    let Some((browser, client)) = ready else {
        return;
    };
    report.check("browser tests", || {
        let mut command = cargo("test --no-fail-fast -p e2e --lib --test harness --test stories");
        command.args(filter);
        // The stories that need them say so when they are missing.
        if let Some(folder) = &admin_page {
            command.env("ADMIN_PAGE", folder);
        }
        if let Some(program) = &turn_server {
            command.env("TURNSERVER", program);
        }
        // Each test drives several Chromiums that encode video: side by side they would starve each other.
        if std::env::var_os("RUST_TEST_THREADS").is_none() {
            command.env("RUST_TEST_THREADS", "1");
        }
        tests(client.announce_to(browser.announce_to(&mut command)))
    });
}

fn network(report: &mut Report, filter: &[String]) {
    report.check("network tests", || {
        let laboratory = match Laboratory::prepare()? {
            Ok(laboratory) => laboratory,
            Err(why_not) => return Ok(Verdict::Skipped(why_not)),
        };
        bundle::build(&Tools::prepare()?)?;
        let browser = Browser::prepare()?;
        let mut command = cargo("test --no-fail-fast -p e2e --test network");
        command.args(filter).env("RUST_TEST_THREADS", "1");
        tests(laboratory.announce_to(browser.announce_to(&mut command)))
    });
}

fn firefox(report: &mut Report, filter: &[String]) {
    let mut no_laboratory = None;
    report.check("tests between Chromium and Firefox", || {
        bundle::build(&Tools::prepare()?)?;
        let (browser, firefox) = (Browser::prepare()?, Firefox::prepare()?);
        let mut command = cargo("test --no-fail-fast -p e2e --test browsers");
        command.args(filter).env("RUST_TEST_THREADS", "1");
        match Laboratory::prepare()? {
            Ok(laboratory) => {
                laboratory.announce_to(&mut command);
            }
            Err(why_not) => {
                command.args(["--", "--skip", "laboratory::"]);
                no_laboratory = Some(why_not);
            }
        }
        tests(firefox.announce_to(browser.announce_to(&mut command)))
    });
    if let Some(why_not) = no_laboratory {
        report.check("the same on a network that breaks", || {
            Ok(Verdict::Skipped(why_not))
        });
    }
}

/// A check without tests in it.
fn plain(command: &mut Command) -> Result<Verdict> {
    run(command)?;
    Ok(Verdict::Passed(Tally::default()))
}

/// Runs a test command, passing its output on and counting.
fn tests(command: &mut Command) -> Result<Verdict> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("`{}` could not be started", line(command)))?;
    let mut tally = Tally::default();
    if let Some(output) = child.stdout.take() {
        for bytes in BufReader::new(output).split(b'\n') {
            let bytes = bytes?;
            let text = String::from_utf8_lossy(&bytes);
            println!("{text}");
            tally.read(&text);
        }
    }
    let status = child.wait()?;
    if status.success() && tally.passed == 0 {
        // A group whose tests have gone missing must not pass for green.
        Ok(Verdict::Failed(tally, "no test was run".to_owned()))
    } else if status.success() && tally.failed == 0 {
        Ok(Verdict::Passed(tally))
    } else {
        Ok(Verdict::Failed(
            tally,
            format!("`{}` failed ({status})", line(command)),
        ))
    }
}
