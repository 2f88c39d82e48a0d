//! `cargo xtask bench relay`: what a relayed packet and an allocation cost, the built-in relay's and coturn's, in the same run. Each
//! server has one core for itself, and all that makes load another. The servers are in `server`, the load is made by `crowd`, a client of our
//! own that sends as fast as it is told, and by coturn's, in `uclient`.

mod crowd;
mod server;
mod uclient;

use std::{path::Path, time::Duration};

use anyhow::{Context, Result};

use crate::{
    process::{cargo, command, output, run, step},
    project, relay,
};
use crowd::{Crowd, Pace};
use server::Server;

/// What the servers share with the clients.
const SECRET: &str = "benchmark";

/// Bytes of data in a packet.
const SIZE: usize = 1_000;

/// Clients, each of which has an allocation, that send at the same time: so many that none of them comes near what an allocation may relay.
const SENDERS: usize = 200;

/// Allocations that are weighed.
const WEIGHED: usize = 400;

/// Packets a second towards peers, and back: less than half of what a core can do.
const PER_SECOND: u64 = 25_000;

/// How long each load lasts.
const TIME: Duration = Duration::from_secs(5);

/// The cores.
const SERVERS_CORE: &str = "0";
const LOADS_CORE: &str = "1";

/// What is measured of one server, in order.
struct Measured {
    loads: Vec<(&'static str, Load)>,
    /// Kilobytes of memory for each allocation.
    allocation: f64,
}

/// What one load came to.
struct Load {
    told: Told,
    /// Time that it took of the server's core.
    cpu: f64,
}

/// What a load says of itself.
struct Told {
    /// Packets that came back to the clients.
    returned: u64,
    /// Packets that did not.
    lost: u64,
    /// By the clock, where nothing else was done.
    seconds: Option<f64>,
}

/// Measures and prints.
pub fn bench() -> Result<()> {
    let coturn = relay::prepare()?;
    step("Building the server (release)", || {
        run(&mut cargo("build --release -p backend"))
    })?;
    let moim = project::server_binary("release")?;
    pin_to_the_loads_core()?;
    let moim = measure(&|| Server::moim(&moim)).context("Moim")?;
    let coturn = measure(&|| Server::coturn(&coturn)).context("coturn")?;
    print(&moim, &coturn);
    Ok(())
}

fn measure(start: &dyn Fn() -> Result<Server>) -> Result<Measured> {
    let allocation = weigh(&start()?)?;
    let server = start()?;
    let mut loads = Vec::new();
    let mut crowd = Crowd::gather(server.address(), SECRET, SENDERS)?;
    for (name, pace) in [
        ("UDP, 25,000 packets a second", Pace::PerSecond(PER_SECOND)),
        ("UDP, as fast as it goes", Pace::AsFastAsItGoes),
    ] {
        loads.push((name, server.load(|| crowd.send(pace, TIME))?));
    }
    drop(crowd);
    for (name, way) in [
        ("UDP, turnutils_uclient", &[][..]),
        ("TCP, turnutils_uclient", &["-t"]),
    ] {
        loads.push((name, server.load(|| uclient::load(way, server.address()))?));
    }
    Ok(Measured { loads, allocation })
}

/// Kilobytes that an allocation with a channel takes, of a server that has had some before.
fn weigh(server: &Server) -> Result<f64> {
    let _first = Crowd::gather(server.address(), SECRET, 8)?;
    let before = server.kilobytes()?;
    let _crowd = Crowd::gather(server.address(), SECRET, WEIGHED)?;
    Ok((server.kilobytes()? - before) / WEIGHED as f64)
}

/// This thread, and the programs that it starts unless they are put elsewhere.
fn pin_to_the_loads_core() -> Result<()> {
    let own = std::process::id().to_string();
    output(command("taskset").args(["-c", "-p", LOADS_CORE, &own])).context(
        "the server has one core for itself, and this takes another: on this machine it cannot be had",
    )?;
    Ok(())
}

/// A program on the servers' core.
fn pinned(program: &Path) -> std::process::Command {
    let mut pinned = command("taskset");
    pinned.args(["-c", SERVERS_CORE]).arg(program);
    pinned
}

fn print(moim: &Measured, coturn: &Measured) {
    println!(
        "\nPackets of {SIZE} bytes, relayed there and back; each server on one core, the load on another."
    );
    println!("{:<44}{:>10}{:>10}{:>8}", "", "Moim", "coturn", "ratio");
    for ((name, moim), (_, coturn)) in moim.loads.iter().zip(&coturn.loads) {
        println!("{name}");
        let both = |figure: fn(&Load) -> f64| [figure(moim), figure(coturn)];
        let packets = both(Load::packets_per_cpu_second);
        row("packets in a second of the core", packets, 0);
        let megabytes = packets.map(|packets| packets * SIZE as f64 / 1e6);
        row("MB in a second of the core", megabytes, 0);
        if let Some(packets) = moim.packets_per_second().zip(coturn.packets_per_second()) {
            row("packets in a second", packets.into(), 0);
        }
        row("lost, %", both(Load::lost_percent), 3);
    }
    println!("{WEIGHED} allocations, each with a channel");
    row(
        "kB of memory for one",
        [moim.allocation, coturn.allocation],
        1,
    );
}

fn row(what: &str, [moim, coturn]: [f64; 2], digits: usize) {
    let ratio = if coturn > 0.0 {
        format!("{:.2}", moim / coturn)
    } else {
        "–".to_owned()
    };
    println!("  {what:<42}{moim:>10.digits$}{coturn:>10.digits$}{ratio:>8}");
}

impl Load {
    /// There and back.
    fn packets(&self) -> f64 {
        2.0 * self.told.returned as f64
    }

    fn packets_per_cpu_second(&self) -> f64 {
        self.packets() / self.cpu
    }

    fn packets_per_second(&self) -> Option<f64> {
        self.told.seconds.map(|seconds| self.packets() / seconds)
    }

    fn lost_percent(&self) -> f64 {
        let Told { returned, lost, .. } = self.told;
        100.0 * lost as f64 / (returned + lost).max(1) as f64
    }
}
