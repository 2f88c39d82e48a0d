//! coturn's client, which knows nothing of us, as a load: over UDP and TCP. It sends each client's packets at intervals and loses none
//! of its own, but does not come near what a core can relay.

use std::{
    net::{SocketAddr, UdpSocket},
    thread,
};

use anyhow::{Context, Result, bail};
use nix::sys::socket::{setsockopt, sockopt::RcvBuf};

use super::{SECRET, SIZE, Told};
use crate::process::{command, output};

/// Each client sends so many packets at intervals of so many milliseconds, and all come back.
const CLIENTS: u64 = 40;
const PACKETS: u64 = 4_000;
const INTERVAL: u64 = 2;

/// Of loopback, but not the relays' own address: what goes there the built-in one hands over by itself.
const PEER: &str = "127.0.0.2:0";

const BUFFER: usize = 4 << 20;

/// Runs it to its end; returns what it says.
pub fn load(way: &[&str], server: SocketAddr) -> Result<Told> {
    let peer = echo()?;
    let mut client = command("turnutils_uclient");
    // `-c`: no second connection for RTCP.
    client.args(way).args(["-c", "-u", "bench", "-W", SECRET]);
    for (option, number) in [
        ("-m", CLIENTS),
        ("-n", PACKETS),
        ("-z", INTERVAL),
        ("-l", SIZE as u64),
        ("-r", peer.port().into()),
        ("-p", server.port().into()),
    ] {
        client.arg(option).arg(number.to_string());
    }
    client.arg("-e").arg(peer.ip().to_string());
    client.arg(server.ip().to_string());
    let said = output(&mut client)?;
    let returned =
        number_behind("tot_recv_msgs=", &said).context("what it says is not understood")?;
    let lost =
        number_behind("Total lost packets ", &said).context("what it says is not understood")?;
    if returned < CLIENTS * PACKETS / 2 {
        bail!("most packets were lost:\n{said}");
    }
    // It takes its time to begin and to end.
    let seconds = None;
    Ok(Told {
        returned,
        lost,
        seconds,
    })
}

/// The number behind the last of these words.
fn number_behind(words: &str, said: &str) -> Option<u64> {
    let (_, behind) = said.rsplit_once(words)?;
    let digits = behind.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// A peer that sends back what it is sent.
fn echo() -> Result<SocketAddr> {
    let socket = UdpSocket::bind(PEER)?;
    // All clients have this one peer: what comes at once is not to be lost here. The system may grant less.
    setsockopt(&socket, RcvBuf, &BUFFER)?;
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

#[cfg(test)]
mod tests {
    use super::number_behind;

    #[test]
    fn the_totals_are_found_in_what_it_says() {
        let said = "1: start_mclient: tot_send_msgs=9, tot_recv_msgs=3\n\
                    2: start_mclient: tot_send_msgs=800, tot_recv_msgs=799\n\
                    2: Total lost packets 1 (0.125000%), total send dropped 0 (0.000000%)\n";
        assert_eq!(number_behind("tot_recv_msgs=", said), Some(799));
        assert_eq!(number_behind("Total lost packets ", said), Some(1));
        assert_eq!(number_behind("Average jitter ", said), None);
    }
}
