//! `cargo xtask bench relay`: what a relayed packet costs, in processor time of the relay alone: the built-in one's and coturn's, under
//! the same load of coturn's own client.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::{SocketAddr, UdpSocket},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
};

use anyhow::{Context, Result, bail};

use crate::{
    process::{cargo, command, output, run, step},
    project, relay,
};

const PORT: &str = "3578";
const SECRET: &str = "benchmark";

/// Each client sends so many packets, all come back, and each of these ways is relayed.
const CLIENTS: u64 = 40;
const PACKETS: u64 = 4_000;

/// Of loopback, but not the relays' own address: what goes there the built-in one hands over by itself.
const PEER: &str = "127.0.0.2:0";

/// `USER_HZ`, in which Linux tells the time of processes, on every machine that this runs on.
const TICKS_PER_SECOND: f64 = 100.0;

/// A relay that runs; dropping it ends it.
struct Running(Child);

/// Measures and prints.
pub fn bench() -> Result<()> {
    let coturn = relay::prepare()?;
    step("Building the server (release)", || {
        run(&mut cargo("build --release -p backend"))
    })?;
    let moim = project::server_binary("release")?;
    let peer = echo()?;
    println!(
        "{CLIENTS} clients, {PACKETS} packets of 1,000 bytes each, there and back; packets relayed in a processor second:"
    );
    for (name, start) in [
        ("Moim", start_moim as fn(&Path) -> _),
        ("coturn", start_coturn),
    ] {
        let program = if name == "Moim" { &moim } else { &coturn };
        let relay = start(program).with_context(|| format!("{name} does not start"))?;
        for by in ["UDP", "TCP"] {
            let before = relay.seconds()?;
            let arrived = load(by, peer)?;
            let seconds = relay.seconds()? - before;
            // There and back.
            let packets = 2.0 * arrived as f64;
            println!(
                "  {name:6} {by}: {:8.0} ({seconds:.2} s)",
                packets / seconds
            );
        }
    }
    Ok(())
}

fn start_moim(program: &Path) -> Result<Running> {
    let mut moim = command(program);
    moim.env("PORT", "0");
    moim.args(["--bind=127.0.0.1", "--turn=on", "--turn-address=127.0.0.1"]);
    // All of them are one user to it.
    moim.args([
        "--room-capacity=16",
        "--turn-port",
        PORT,
        "--turn-secret",
        SECRET,
    ]);
    Running::once_it_says(moim, "the relay is at")
}

fn start_coturn(program: &Path) -> Result<Running> {
    let mut coturn = command(program);
    // `-n`: no configuration of the machine's.
    coturn.args([
        "-n",
        "--no-tls",
        "--no-dtls",
        "--no-cli",
        "--realm=moim.bench",
    ]);
    coturn.args(["--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1"]);
    coturn.args(["--allow-loopback-peers", "--use-auth-secret"]);
    coturn.args(["--log-file=stdout", "--simple-log", "--verbose"]);
    coturn.arg(format!("--static-auth-secret={SECRET}"));
    coturn.arg(format!("--listening-port={PORT}"));
    let pid_file = std::env::temp_dir().join("moim-bench-coturn.pid");
    coturn.arg(format!("--pidfile={}", pid_file.display()));
    // It opens these last.
    Running::once_it_says(coturn, "TCP listener opened")
}

/// Runs coturn's client to its end; returns how many packets came back. Of a busy machine's some are lost, and cost next to nothing.
fn load(by: &str, peer: SocketAddr) -> Result<u64> {
    let mut client = command("turnutils_uclient");
    if by == "TCP" {
        client.arg("-t");
    }
    let (ip, port) = (peer.ip().to_string(), peer.port().to_string());
    client.args(["-s", "-c", "-z", "2", "-l", "1000", "-u", "bench"]);
    client.args(["-m", &CLIENTS.to_string(), "-n", &PACKETS.to_string()]);
    client.args([
        "-W",
        SECRET,
        "-e",
        &ip,
        "-r",
        &port,
        "-p",
        PORT,
        "127.0.0.1",
    ]);
    let said = output(&mut client)?;
    let arrived = said.rsplit("tot_recv_msgs=").next().unwrap_or_default();
    let digits = arrived.split(|c: char| !c.is_ascii_digit()).next();
    match digits.unwrap_or_default().parse() {
        Ok(arrived) if arrived > CLIENTS * PACKETS / 2 => Ok(arrived),
        Ok(_) | Err(_) => bail!("most packets were lost:\n{said}"),
    }
}

/// A peer that sends back what it is sent.
fn echo() -> Result<SocketAddr> {
    let socket = UdpSocket::bind(PEER)?;
    let address = socket.local_addr()?;
    thread::spawn(move || {
        let mut data = [0; 2048];
        while let Ok((size, from)) = socket.recv_from(&mut data) {
            // What is lost is missed by who waits for it.
            let _ = socket.send_to(&data[..size], from);
        }
    });
    Ok(address)
}

impl Running {
    fn once_it_says(mut command: Command, words: &str) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let log = child.stdout.take().context("it has an output")?;
        let running = Self(child);
        let mut lines = BufReader::new(log).lines().map_while(Result::ok);
        if !lines.any(|line| line.contains(words)) {
            bail!("it has ended");
        }
        // Its pipe must not fill up.
        thread::spawn(move || lines.for_each(drop));
        Ok(running)
    }

    /// The processor time that it has taken so far.
    fn seconds(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id()))?;
        // Fields 14 and 15 of proc(5), counted behind the name, which is the second.
        let behind = stat.rsplit(") ").next().unwrap_or_default();
        let ticks = behind.split(' ').skip(11).take(2);
        let ticks: Result<Vec<u64>, _> = ticks.map(str::parse).collect();
        Ok(ticks?.iter().sum::<u64>() as f64 / TICKS_PER_SECOND)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
