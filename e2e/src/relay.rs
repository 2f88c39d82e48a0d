//! A real TURN and STUN server for one story: coturn, on ports of loopback. Relaying for strangers is not its business here:
//! it takes one user, and may relay to loopback, where the browsers are.

use std::{
    env,
    io::{BufRead, BufReader},
    net::{Ipv4Addr, TcpListener, UdpSocket},
    path::PathBuf,
    process::{Child, Command},
    sync::mpsc,
    thread,
};

use shared::room::IceServer;

use crate::{program::Program, waiting::DEADLINE};

const TURNSERVER: Program = Program {
    variable: "TURNSERVER",
    otherwise: "/usr/bin/turnserver",
    packages: "coturn",
};

const USER: &str = "moim";
const PASSWORD: &str = "open sesame";

/// A running coturn; dropping it ends it.
pub struct Relay {
    process: Child,
    port: u16,
    pid_file: PathBuf,
}

/// What it listens on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listens {
    /// UDP and TCP.
    UdpAndTcp,
    /// TCP alone, as behind a firewall that lets no UDP through.
    TcpOnly,
}

impl Relay {
    /// Starts the one at `TURNSERVER`, else Debian's.
    #[track_caller]
    pub fn start(listens: Listens) -> Self {
        let path = TURNSERVER.path();
        let port = free_port();
        let mut command = Command::new(&path);
        // `-n`: no configuration of the machine's. The relay's ports it chooses by itself.
        command.args(["-n", "--no-tls", "--no-dtls", "--no-cli", "--lt-cred-mech"]);
        command.args([
            "--realm=moim.test",
            "--allow-loopback-peers",
            "--log-file=stdout",
            "--simple-log",
        ]);
        command.args([
            "--listening-ip=127.0.0.1",
            "--relay-ip=127.0.0.1",
            "--verbose",
        ]);
        let pid_file = env::temp_dir().join(format!("moim-coturn-{port}.pid"));
        command.arg(format!("--pidfile={}", pid_file.display()));
        command.arg(format!("--listening-port={port}"));
        command.arg(format!("--user={USER}:{PASSWORD}"));
        if listens == Listens::TcpOnly {
            command.arg("--no-udp");
        }
        let (process, output) = TURNSERVER.start(&mut command, &path);
        wait_until_it_listens(output);
        Self {
            process,
            port,
            pid_file,
        }
    }

    /// As a browser gets to know it: by that way, or without one.
    pub fn turn(&self, transport: &str) -> IceServer {
        self.turn_with(transport, PASSWORD)
    }

    /// The same with that password.
    pub fn turn_with(&self, transport: &str, password: &str) -> IceServer {
        IceServer {
            credential: Some(password.to_owned()),
            ..turn_at(self.port, transport)
        }
    }

    /// As a STUN server.
    pub fn stun(&self) -> IceServer {
        stun(self.port)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_file(&self.pid_file);
    }
}

/// A STUN server at that port of loopback.
pub fn stun(port: u16) -> IceServer {
    IceServer {
        urls: vec![format!("stun:127.0.0.1:{port}")],
        username: None,
        credential: None,
    }
}

/// A TURN server at that port of loopback, by that way.
pub fn turn_at(port: u16, transport: &str) -> IceServer {
    IceServer {
        urls: vec![format!("turn:127.0.0.1:{port}{transport}")],
        username: Some(USER.to_owned()),
        credential: Some(PASSWORD.to_owned()),
    }
}

/// A port of loopback on which nothing answers, for as long as it is held.
pub fn silent_port() -> (UdpSocket, u16) {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let port = socket.local_addr().expect("it has an address").port();
    (socket, port)
}

/// One that is free for UDP and TCP, and its successor, which coturn takes too.
#[track_caller]
fn free_port() -> u16 {
    (0..100)
        .find_map(|_| {
            let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).ok()?;
            let port = udp.local_addr().ok()?.port();
            let next = port.checked_add(1)?;
            let _tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()?;
            let _next_udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, next)).ok()?;
            let _next_tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, next)).ok()?;
            Some(port)
        })
        .expect("two ports in a row are free")
}

/// It opens the listeners for TCP last.
#[track_caller]
fn wait_until_it_listens(output: impl std::io::Read + Send + 'static) {
    let (ready, is_ready) = mpsc::channel();
    thread::spawn(move || {
        // To its end: its pipe must not fill up.
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if line.contains("TCP listener opened") {
                // Whoever waited may have given up.
                let _ = ready.send(());
            }
        }
    });
    if is_ready.recv_timeout(DEADLINE).is_err() {
        panic!("coturn does not listen within {} s", DEADLINE.as_secs());
    }
}
