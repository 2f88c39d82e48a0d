//! The real server as a process of its own, the binary `moim`, at the end of a line: it can be killed as the kernel does
//! when memory runs out.

use std::{
    cell::RefCell,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Stdio},
    thread,
};

use super::{Line, Outage, PORTS};
use crate::host;

/// A server; dropping it ends it.
pub struct Server {
    line: Line,
    options: Vec<String>,
    process: RefCell<Option<Child>>,
}

impl Server {
    /// Starts the one at `MOIM` on that line, with these options, serving the release bundle.
    #[track_caller]
    pub(super) fn start(line: Line, options: &[&str]) -> Self {
        let server = Self {
            line,
            options: options.iter().map(|&option| option.to_owned()).collect(),
            process: RefCell::default(),
        };
        server.run();
        server
    }

    /// Kills it: its memory is gone, and nobody is told. It is started again when the outage ends.
    #[track_caller]
    pub fn is_killed(&self) -> Outage<'_> {
        self.kill();
        Outage::begins(|| self.run())
    }

    /// Its line.
    pub fn line(&self) -> &Line {
        &self.line
    }

    #[track_caller]
    fn run(&self) {
        let binary = std::env::var_os("MOIM").map(PathBuf::from);
        let binary = binary
            .expect("MOIM names no server: run `cargo xtask test network`, which builds it first");
        let mut process = self
            .line
            .command(&binary)
            .args(["--port", &PORTS[0].to_string()])
            .arg("--page")
            .arg(host::page_folder())
            .args(&self.options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{} cannot be started: {error}", binary.display()));
        let mut lines = BufReader::new(process.stdout.take().expect("its output is piped")).lines();
        *self.process.borrow_mut() = Some(process);
        let ready = lines
            .by_ref()
            .map_while(Result::ok)
            .any(|line| line.contains("Moim is at"));
        assert!(ready, "{} ended at once", binary.display());
        // What it says later is of no interest, but its pipe must not fill up.
        thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    }

    fn kill(&self) {
        if let Some(mut process) = self.process.take() {
            // `ip netns exec` has become the server itself. An error means that it has ended already.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
