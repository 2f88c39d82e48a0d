//! A screen that nobody sees, for a browser that cannot share one without: Xvfb, a display server of X.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::program::Program;

const XVFB: Program = Program {
    variable: "XVFB",
    otherwise: "/usr/bin/Xvfb",
    packages: "xvfb",
};

/// A running display; dropping it ends it.
pub struct Display {
    process: Child,
    name: String,
}

impl Display {
    /// Starts the Xvfb at `XVFB`, else Debian's, with a screen of that size.
    #[track_caller]
    pub fn start((width, height): (u32, u32)) -> Self {
        let path = XVFB.path();
        let mut command = Command::new(&path);
        command.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0"]);
        command.arg(format!("{width}x{height}x24"));
        let (process, output) = XVFB.start(&mut command, &path);
        let mut number = String::new();
        // It says its number once it is ready, and nothing after that.
        BufReader::new(output)
            .read_line(&mut number)
            .expect("it can be read");
        assert!(!number.is_empty(), "{} ended at once", path.display());
        Self {
            process,
            name: format!(":{}", number.trim()),
        }
    }

    /// What `DISPLAY` is to be.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // Asked to, it takes its lock and its socket away. An error means that it has ended already.
        let _ = kill_process(Pid::from_child(&self.process), Signal::TERM);
        let _ = self.process.wait();
    }
}
