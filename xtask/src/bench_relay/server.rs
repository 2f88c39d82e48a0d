//! The servers that are measured, as processes: how they are started on their core, and what they have taken of it and of the memory.
//! The load is left to others.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
};

use anyhow::{Context, Result, bail};

use super::{Load, SECRET, Told, pinned};

const PORT: u16 = 3578;

/// `USER_HZ`, in which Linux tells the time of processes, on every machine that this runs on.
const TICKS_PER_SECOND: f64 = 100.0;

/// A server that runs; dropping it ends it.
pub struct Server(Child);

impl Server {
    /// The built-in relay.
    pub fn moim(program: &Path) -> Result<Self> {
        let mut moim = pinned(program);
        moim.env("PORT", "0");
        moim.args(["--bind=127.0.0.1", "--turn=on", "--turn-address=127.0.0.1"]);
        // coturn's clients are one user to it, at one address, and what it may relay in all is not to be the measure.
        moim.args(["--room-capacity=16", "--turn-bandwidth=100000"]);
        moim.arg("--turn-relay-ports=49152-51151");
        moim.arg(format!("--turn-secret={SECRET}"));
        moim.arg(format!("--turn-port={PORT}"));
        Self::once_it_says(moim, "the relay is at")
    }

    /// coturn.
    pub fn coturn(program: &Path) -> Result<Self> {
        let mut coturn = pinned(program);
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
        // Only so does it say that it is there.
        coturn.args(["--log-file=stdout", "--simple-log", "--verbose"]);
        coturn.arg(format!("--static-auth-secret={SECRET}"));
        coturn.arg(format!("--listening-port={PORT}"));
        let pid_file = std::env::temp_dir().join("moim-bench-coturn.pid");
        coturn.arg(format!("--pidfile={}", pid_file.display()));
        // It opens these last.
        Self::once_it_says(coturn, "TCP listener opened")
    }

    /// Where clients find it.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, PORT).into()
    }

    /// What a load costs.
    pub fn load(&self, load: impl FnOnce() -> Result<Told>) -> Result<Load> {
        let before = self.cpu_seconds()?;
        let told = load()?;
        let cpu = self.cpu_seconds()? - before;
        Ok(Load { told, cpu })
    }

    /// The memory that it has.
    pub fn kilobytes(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let resident = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.trim().strip_suffix(" kB"))
            .context("the system does not tell what memory it has")?;
        Ok(resident.parse()?)
    }

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
    fn cpu_seconds(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id()))?;
        // Fields 14 and 15 of proc(5), counted behind the name, which is the second.
        let behind = stat.rsplit(") ").next().unwrap_or_default();
        let ticks = behind.split(' ').skip(11).take(2);
        let ticks: Result<Vec<u64>, _> = ticks.map(str::parse).collect();
        Ok(ticks?.iter().sum::<u64>() as f64 / TICKS_PER_SECOND)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
