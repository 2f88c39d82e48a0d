//! A server as a process of its own at the end of a line, the real one's binary `moim` above all: it can be killed as the
//! kernel does when memory runs out.

use std::{
    cell::RefCell,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Stdio},
    rc::Rc,
    thread,
};

use super::{Line, Outage, PORTS};
use crate::host;

/// A server; dropping it ends it.
pub struct Server {
    line: Rc<Line>,
    program: PathBuf,
    arguments: Vec<String>,
    process: RefCell<Option<Child>>,
}

impl Server {
    /// Starts the one at `MOIM` on that line, with these options, serving the release bundle.
    #[track_caller]
    pub(super) fn moim(line: Rc<Line>, options: &[&str]) -> Self {
        let program = std::env::var_os("MOIM")
            .map(PathBuf::from)
            .expect("MOIM names no server: run `cargo xtask test network`, which builds it first");
        let page = host::page_folder();
        let [port, _] = PORTS.map(|port| port.to_string());
        let own = ["--port", &port, "--page", &page.to_string_lossy()].map(str::to_owned);
        let options = options.iter().map(|&option| option.to_owned());
        Self::start(line, program, own.into_iter().chain(options).collect())
    }

    /// Starts a program that prints ` is at ` once it can be reached.
    #[track_caller]
    pub(super) fn start(line: Rc<Line>, program: PathBuf, arguments: Vec<String>) -> Self {
        let server = Self {
            line,
            program,
            arguments,
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

    #[track_caller]
    fn run(&self) {
        let program = self.program.display();
        let mut process = self
            .line
            .command(&self.program)
            .args(&self.arguments)
            // With a relay, people would see each other where the story has cut their way. `--turn on` overrides it.
            .env("MOIM_TURN", "off")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{program} cannot be started: {error}"));
        let output = process.stdout.take().expect("its output is piped");
        *self.process.borrow_mut() = Some(process);
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let ready = lines.any(|line| line.contains(" is at "));
        assert!(ready, "{program} ended at once");
        // What it says later is of no interest, but its pipe must not fill up.
        thread::spawn(move || lines.for_each(drop));
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
