//! `cargo xtask serve`: from a fresh clone to a running server. Everything the server itself can be told is left to it.

use std::{env, os::unix::process::CommandExt};

use anyhow::{Context, Result};

use crate::{
    bundle,
    process::{cargo, command, line, run, step},
    project,
    tools::Tools,
};

/// Builds what is not built yet, then becomes the server: signals reach it directly.
pub fn serve(arguments: &[String]) -> Result<()> {
    release_build()?;
    let port = port(arguments, env::var("PORT").ok());
    let mut server = command(project::server_binary("release")?);
    server.args(arguments);
    println!("==> Starting {}", line(&server));
    println!("    Moim is at http://localhost:{port} (Ctrl-C ends it)");
    Err(server.exec()).context("the server could not be started")
}

/// The bundle and the server that goes with it, ready in dist/ and cargo's target folder.
pub fn release_build() -> Result<()> {
    let tools = step("Looking for the tools", Tools::prepare)?;
    bundle::build(&tools)?;
    step("Building the server (release)", || {
        run(&mut cargo("build --release -p backend"))
    })
}

/// The port that the server will listen on: its option, else the environment's, else 3000.
fn port(arguments: &[String], environment: Option<String>) -> String {
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.strip_prefix("--port") {
            Some("") => return arguments.next().cloned().unwrap_or_default(),
            Some(value) => return value.trim_start_matches('=').to_owned(),
            None => {}
        }
    }
    environment.unwrap_or_else(|| "3000".to_owned())
}

#[cfg(test)]
mod tests {
    use super::port;

    #[test]
    fn the_printed_port_is_the_one_that_the_server_will_take() {
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let environment = || Some("4000".to_owned());
        assert_eq!(port(&[], None), "3000");
        assert_eq!(port(&words("--room-capacity 4"), environment()), "4000");
        assert_eq!(
            port(&words("--bind ::1 --port 5000"), environment()),
            "5000"
        );
        assert_eq!(port(&words("--port=5000"), environment()), "5000");
    }
}
