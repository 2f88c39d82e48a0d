//! The binary `moim` as a process of its own.

use std::net::SocketAddr;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use super::soon;

pub struct Moim {
    pub address: SocketAddr,
    child: Child,
    log: Lines<BufReader<ChildStdout>>,
    said: String,
}

/// The binary, not started yet. It has no relay unless told to, since many run side by side.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_moim"));
    command
        .args(arguments)
        .env("MOIM_TURN", "off")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// The binary, which may open `soft` files, and `hard` if it asks for them.
pub fn command_with_open_files(soft: usize, hard: usize, arguments: &[&str]) -> Command {
    let script = format!("ulimit -Sn {soft} && ulimit -Hn {hard} && exec \"$0\" \"$@\"");
    let moim = command(arguments);
    let moim = moim.as_std();
    let mut command = Command::new("sh");
    command
        .args(["-c", &script])
        .arg(moim.get_program())
        .args(moim.get_args())
        .env("MOIM_TURN", "off")
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    command
}

impl Moim {
    /// Starts it on a free port and waits until it says where it is.
    pub async fn start(arguments: &[&str]) -> Self {
        Self::start_as(command(arguments)).await
    }

    /// Starts it by that command.
    pub async fn start_as(command: Command) -> Self {
        Self::start_at(0, command).await
    }

    /// Starts it by that command on that port.
    pub async fn start_at(port: u16, mut command: Command) -> Self {
        let port = port.to_string();
        let mut child = command.env("PORT", port).spawn().unwrap();
        let mut log = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut said = String::new();
        let port = loop {
            let line = soon("a line of the log", log.next_line()).await.unwrap();
            let line = line.expect("the server is still there");
            said += &line;
            said.push('\n');
            if let Some((_, port)) = line.split_once("http://localhost:") {
                break port.trim().parse().unwrap();
            }
        };
        Self {
            address: ([127, 0, 0, 1], port).into(),
            child,
            log,
            said,
        }
    }

    /// The next line of its log with these words.
    pub async fn line_with(&mut self, words: &str) -> String {
        loop {
            let line = soon(words, self.log.next_line()).await.unwrap();
            let line = line.expect("the server is still there");
            self.said += &line;
            self.said.push('\n');
            if line.contains(words) {
                return line;
            }
        }
    }

    /// Kills it, so that it has no time for anything; returns the port that it had.
    pub async fn kill(mut self) -> u16 {
        soon("the end", self.child.kill()).await.unwrap();
        self.address.port()
    }

    /// Stops it as a service manager does; returns its whole log.
    pub async fn stop(self) -> String {
        self.end("-TERM").await
    }

    /// Stops it by that signal, which it must take for a reason to end well.
    pub async fn end(mut self, signal: &str) -> String {
        let pid = self.child.id().unwrap().to_string();
        let kill = Command::new("kill").args([signal, &pid]).status();
        assert!(kill.await.unwrap().success());
        let rest = self.log.get_mut().read_to_string(&mut self.said);
        soon("the end of the log", rest).await.unwrap();
        assert!(soon("the end", self.child.wait()).await.unwrap().success());
        self.said
    }
}
