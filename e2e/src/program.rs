//! The programs beside the server that stories need: where they are, and starting them.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

/// A program that a variable of the environment may name, and the Debian packages that bring it.
pub struct Program {
    pub variable: &'static str,
    pub otherwise: &'static str,
    pub packages: &'static str,
}

/// The browser that most stories are played by.
pub const CHROMIUM: Program = Program {
    variable: "CHROME",
    otherwise: "/usr/bin/chromium",
    packages: "chromium",
};

/// The other one.
pub const FIREFOX: Program = Program {
    variable: "FIREFOX",
    otherwise: "/usr/bin/firefox-esr",
    packages: "firefox-esr",
};

impl Program {
    /// Where it is.
    pub fn path(&self) -> PathBuf {
        env::var_os(self.variable).map_or_else(|| self.otherwise.into(), PathBuf::from)
    }

    /// Starts it by this command, with its output in a pipe.
    #[track_caller]
    pub fn start(&self, command: &mut Command, path: &Path) -> (Child, ChildStdout) {
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!(
                    "{} cannot be started: {error}. Install {}, or name it in {}",
                    path.display(),
                    self.packages,
                    self.variable
                )
            });
        let output = process.stdout.take().expect("its output is piped");
        (process, output)
    }
}
