//! `cargo xtask bench NAME`: a benchmark of the e2e crate, with everything that it needs. Measuring is left to it.

use anyhow::{Result, bail};

use crate::{
    browser::Browser,
    bundle,
    laboratory::Laboratory,
    process::{cargo, run, step},
    tools::Tools,
};

/// Runs the binary `bench-NAME` against the release bundle; further arguments go to it.
pub fn bench(name: &str, arguments: &[String]) -> Result<()> {
    bundle::build(&step("Looking for the tools", Tools::prepare)?)?;
    let browser = Browser::prepare()?;
    let mut command = cargo("run --release -p e2e --bin");
    command
        .arg(format!("bench-{name}"))
        .arg("--")
        .args(arguments);
    if matches!(name, "recovery" | "networks") {
        match Laboratory::prepare()? {
            Ok(laboratory) => laboratory.announce_to(&mut command),
            Err(why_not) => bail!("it cannot be measured here: {why_not}"),
        };
    }
    run(browser.announce_to(&mut command))
}
