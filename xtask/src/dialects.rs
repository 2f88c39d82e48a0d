//! The tutorials' conversations, held by the official Socket.IO client, which comes from npm when they are to be
//! tested. What is said is left to `e2e/dialects`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    debian,
    process::{command, find, run, step},
    project,
};

/// The conversations, the client's version among them.
const FOLDER: &str = "e2e/dialects";

/// Node.js, and the client ready for it.
pub struct Client {
    node: PathBuf,
    modules: PathBuf,
}

impl Client {
    /// Looks for Node.js and npm, installs Debian's packages where they are missing and that is allowed, and fetches
    /// the client unless it is there.
    pub fn prepare() -> Result<Self> {
        let programs = || Some((find("node")?, find("npm")?));
        if programs().is_none() {
            debian::install(
                "Node.js and npm, which the tutorials' official client needs, are",
                &["nodejs", "npm"],
            )?;
        }
        let Some((node, npm)) = programs() else {
            bail!("nodejs and npm are installed, but node or npm is not on the PATH");
        };
        let folder = project::root().join("target/dialects");
        let modules = folder.join("node_modules");
        let wanted = fs::read(project::root().join(FOLDER).join("package-lock.json"))?;
        // Noted only once the client is there as a whole.
        let note = folder.join("installed.json");
        if fs::read(&note).is_ok_and(|installed| installed == wanted) {
            return Ok(Self { node, modules });
        }
        fs::create_dir_all(&folder)?;
        for name in ["package.json", "package-lock.json"] {
            fs::copy(project::root().join(FOLDER).join(name), folder.join(name))
                .with_context(|| format!("{name} cannot be copied"))?;
        }
        step("Fetching the official Socket.IO client (npm)", || {
            let mut install = command(npm);
            install
                .args(["ci", "--no-audit", "--no-fund"])
                .current_dir(&folder);
            run(&mut install)
        })?;
        fs::write(&note, wanted)?;
        Ok(Self { node, modules })
    }

    /// The conversations with that server. `filter` picks those whose titles have these words.
    pub fn conversations(&self, server: &Path, filter: &[String]) -> Result<Command> {
        let mut command = command(&self.node);
        command.args(["--test", "--test-reporter=tap"]);
        for words in filter {
            command.arg(format!("--test-name-pattern={words}"));
        }
        for entry in fs::read_dir(project::root().join(FOLDER))? {
            let file = entry?.path();
            // One by one: what a folder means here depends on the version of Node.js.
            if file.to_string_lossy().ends_with(".test.js") {
                command.arg(file);
            }
        }
        // Many of them run side by side, and none relays.
        command
            .env("NODE_PATH", &self.modules)
            .env("MOIM", server)
            .env("MOIM_TURN", "off");
        Ok(command)
    }

    /// Tells a command where the script is that pages load: `SOCKET_IO_CLIENT`.
    pub fn announce_to<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let script = self.modules.join("socket.io-client/dist/socket.io.min.js");
        command.env("SOCKET_IO_CLIENT", script)
    }
}
