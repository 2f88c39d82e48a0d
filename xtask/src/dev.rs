//! `cargo xtask dev`: trunk's live reload and the server side by side, the server built and started anew when its
//! sources change. Building a bundle to ship is left to `serve`.

use std::{
    os::unix::process::CommandExt,
    process::{Child, Command},
    sync::mpsc::{self, RecvTimeoutError},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};

use crate::{
    fingerprint,
    process::{cargo, command, line, run, step},
    project,
    tools::Tools,
};

/// How often the server's sources are looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Runs both until one of them ends by itself, or we are told to (Ctrl-C).
pub fn dev(arguments: &[String]) -> Result<()> {
    let tools = step("Looking for the tools", Tools::prepare)?;
    let (stop, stopped) = mpsc::channel();
    ctrlc::set_handler(move || {
        // The receiver is gone once we are leaving anyway.
        let _ = stop.send(());
    })?;

    let mut built_from = sources()?;
    build_server()?;
    let mut server = start_server(arguments)?;
    let mut trunk = Group::start(&mut tools.trunk(&["serve"])?)?;
    println!("==> Building the page (trunk, debug; a minute or two the first time)");
    println!("    then it is at http://localhost:8080, and reloads when you save (Ctrl-C ends it)");

    loop {
        match stopped.recv_timeout(LOOK) {
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Some(end) = trunk.ended()? {
            bail!("trunk has ended ({end})");
        }
        let now = sources()?;
        if now != built_from {
            built_from = now;
            match build_server() {
                Ok(()) => {
                    drop(server);
                    server = start_server(arguments)?;
                }
                Err(error) => println!("    {error:#}; the old server goes on"),
            }
        } else if let Some(end) = server.ended()? {
            bail!("the server has ended ({end})");
        }
    }
}

fn sources() -> Result<u64> {
    let paths = ["backend", "shared", "turn", "Cargo.toml", "Cargo.lock"];
    Ok(fingerprint::of(
        paths.map(|path| project::root().join(path)),
    )?)
}

fn build_server() -> Result<()> {
    let title = "Building the server (debug; a minute or two the first time)";
    step(title, || run(&mut cargo("build -p backend")))
}

/// The server on port 3000, where Trunk.toml's proxy looks for it.
fn start_server(arguments: &[String]) -> Result<Group> {
    Group::start(
        command(project::server_binary("debug")?)
            .args(arguments)
            .env("PORT", "3000"),
    )
}

/// A child and all that it starts, which end with this value.
///
/// In a process group of its own: Ctrl-C comes to us alone, and we pass it on, to trunk's running cargo too.
struct Group {
    child: Child,
}

impl Group {
    fn start(command: &mut Command) -> Result<Self> {
        let child = command.process_group(0).spawn();
        Ok(Self {
            child: child.with_context(|| format!("`{}` could not be started", line(command)))?,
        })
    }

    fn ended(&mut self) -> Result<Option<std::process::ExitStatus>> {
        Ok(self.child.try_wait()?)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let ended = match i32::try_from(self.child.id()) {
            Ok(id) => killpg(Pid::from_raw(id), Signal::SIGTERM).map_err(std::io::Error::from),
            Err(_) => self.child.kill(),
        };
        // Fails when all have ended already, which is what we want.
        if ended.is_ok()
            && let Err(error) = self.child.wait()
        {
            println!("    a process could not be waited for: {error}");
        }
    }
}
