//! `cargo xtask serve` and `build`: from a fresh clone to a server, running or not. Everything the server itself can be
//! told is left to it.

use std::os::unix::process::CommandExt;

use anyhow::{Context, Result};

use crate::{
    bundle,
    process::{cargo, command, line, run, step},
    project,
    tools::Tools,
};

/// Builds what is not built yet, then becomes the server: signals reach it directly.
pub fn serve(arguments: &[String]) -> Result<()> {
    release_build(&[])?;
    let mut server = command(project::server_binary("release")?);
    server.args(arguments);
    println!(
        "==> Starting {}, which says where it is (Ctrl-C ends it)",
        line(&server)
    );
    Err(server.exec()).context("the server could not be started")
}

/// The bundle and the server that goes with it, ready in dist/ and cargo's target folder. `arguments` are for the
/// server's `cargo build`.
pub fn release_build(arguments: &[String]) -> Result<()> {
    let tools = step("Looking for the tools", Tools::prepare)?;
    bundle::build(&tools)?;
    let title = "Building the server (release; a few minutes the first time)";
    step(title, || {
        run(cargo("build --release -p backend").args(arguments))
    })
}
