//! The driver processes that browsers are spoken to through: a chromedriver serves a story, a geckodriver one Firefox. What
//! is said to them is left to `browser`.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command},
    thread,
};

use tempfile::TempDir;

use crate::program::Program;

const CHROMEDRIVER: Program = Program {
    variable: "CHROMEDRIVER",
    otherwise: "/usr/bin/chromedriver",
    packages: "chromium and chromium-driver",
};

const GECKODRIVER: Program = Program {
    variable: "GECKODRIVER",
    otherwise: "geckodriver",
    packages: "firefox-esr and geckodriver",
};

/// A running driver; dropping it ends it.
pub struct Driver {
    process: Child,
    port: u16,
    /// What browsers leave lying when they are ended.
    _leavings: TempDir,
}

impl Driver {
    /// Starts the chromedriver at `CHROMEDRIVER`, else Debian's, on a free port.
    #[track_caller]
    pub fn chromedriver() -> Self {
        let path = CHROMEDRIVER.path();
        let mut command = Command::new(&path);
        command.args(["--port=0", "--allowed-origins=*"]);
        Self::start(&CHROMEDRIVER, command, &path)
    }

    /// Starts the geckodriver at `GECKODRIVER`, or on the PATH, on that port, or on a free one if it is 0. The command is made by
    /// whoever knows where its Firefox shall be.
    #[track_caller]
    pub fn geckodriver(port: u16, command: impl FnOnce(&Path) -> Command) -> Self {
        let path = GECKODRIVER.path();
        let mut command = command(&path);
        command.arg(format!("--port={port}"));
        Self::start(&GECKODRIVER, command, &path)
    }

    #[track_caller]
    fn start(program: &Program, mut command: Command, path: &Path) -> Self {
        let leavings = TempDir::new().expect("a folder for what is temporary can be made");
        command.env("TMPDIR", leavings.path());
        let (process, output) = program.start(&mut command, path);
        let mut lines = BufReader::new(output).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| port_in(&line))
            .unwrap_or_else(|| panic!("{} ended without naming its port", path.display()));
        // What it says later is of no interest, but its pipe must not fill up.
        thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self {
            process,
            port,
            _leavings: leavings,
        }
    }

    /// The port of loopback on which it listens, where it is.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// "ChromeDriver was started successfully on port 33445.", "1700000000000 geckodriver INFO Listening on 127.0.0.1:33445"
fn port_in(line: &str) -> Option<u16> {
    let (_, port) = line
        .split_once("started successfully on port ")
        .or_else(|| line.split_once("Listening on 127.0.0.1:"))?;
    port.trim_end_matches('.').parse().ok()
}
