//! Any sequence of what clients, peers and the driver may say: nothing panics, and what is counted and what is given agree.
//! Some of the requests are signed, for otherwise only refusals would be tried.
#![no_main]

use core::net::{Ipv4Addr, SocketAddr};
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use libfuzzer_sys::fuzz_target;
use turn::{
    Client, Command, Config, Limits, Now, Relay, Secret, Transport,
    wire::{Class, Encoder, Message, Method, TransactionId, attribute, long_term_key},
};

const REALM: &str = "moim";

fuzz_target!(|bytes: &[u8]| {
    let mut now = Now {
        instant: Instant::now(),
        unix_seconds: 1_700_000_000,
    };
    let mut relay = Relay::new(config(), [5; 32]);
    let mut live = BTreeSet::new();
    let mut nonces: [Vec<u8>; 4] = Default::default();
    let mut commands = Vec::new();
    let mut rest = bytes;
    while let Some(([action, who, length], tail)) = rest.split_first_chunk::<3>() {
        let (said, tail) = tail.split_at(usize::from(*length).min(tail.len()));
        rest = tail;
        let client = client(*who);
        let nonce = nonces[usize::from(*who % 4)].clone();
        match action % 6 {
            0 => {
                let framed = relay.frame(client, said, now);
                if client.transport == Transport::Tcp && framed != Ok(Some(said.len())) {
                    continue;
                }
                relay.client_says(client, said, now, &mut commands);
            }
            1 | 2 => {
                let request = signed(said, &nonce);
                relay.client_says(client, &request, now, &mut commands);
            }
            3 => {
                for id in &live {
                    relay.peer_says(*id, peer(*who), said, now);
                }
            }
            4 => relay.client_gone(client, &mut commands),
            _ => {
                now.instant += Duration::from_secs(u64::from(*who));
                now.unix_seconds += u64::from(*who);
                relay.tick(now, &mut commands);
            }
        }
        while let Some(command) = commands.pop() {
            match command {
                Command::Reply { client, message } => {
                    let message = Message::read(&message).expect("what is said is STUN");
                    if let Some(nonce) = message.find(attribute::NONCE) {
                        nonces[usize::from(client.address.port() % 4)] = nonce.to_vec();
                    }
                }
                Command::Bind { allocation, .. } => {
                    assert!(live.insert(allocation), "given twice");
                    let port = (*who != 255).then_some(50_000 + live.len() as u16);
                    relay.bound(allocation, port, now, &mut commands);
                    if port.is_none() {
                        live.remove(&allocation);
                    }
                }
                Command::Unbind { allocation } => {
                    live.remove(&allocation);
                }
                Command::HangUp { client } => assert_eq!(client.transport, Transport::Tcp),
            }
        }
        assert_eq!(relay.counters().allocations_now, live.len() as u64);
        assert_eq!(relay.deadline().is_none(), live.is_empty());
    }
});

fn config() -> Config {
    Config {
        realm: REALM.to_owned(),
        secret: Secret::new("north star"),
        advertised_v4: Some(Ipv4Addr::new(203, 0, 113, 1)),
        advertised_v6: None,
        allow_private: true,
        limits: Limits {
            permissions_per_allocation: 3,
            channels_per_allocation: 3,
            allocations_per_address: 3,
            ..Limits::default()
        },
    }
}

fn client(who: u8) -> Client {
    Client {
        transport: if who & 4 == 0 {
            Transport::Udp
        } else {
            Transport::Tcp
        },
        address: SocketAddr::new(
            Ipv4Addr::new(198, 51, 100, 7).into(),
            4_000 + u16::from(who % 4),
        ),
        local: SocketAddr::new(Ipv4Addr::new(203, 0, 113, 1).into(), 3_478),
    }
}

fn peer(who: u8) -> SocketAddr {
    SocketAddr::new(Ipv4Addr::new(10, 0, 0, who).into(), 1)
}

/// Method, transaction, and then attributes, each as type, length and value in one byte each but for the value.
fn signed(said: &[u8], nonce: &[u8]) -> Vec<u8> {
    let (first, mut rest) = said.split_first().unwrap_or((&0, &[]));
    let method = match first % 4 {
        0 => Method::Allocate,
        1 => Method::Refresh,
        2 => Method::CreatePermission,
        _ => Method::ChannelBind,
    };
    let credentials = Secret::new("north star").credentials("somebody", 1_700_100_000);
    let mut request = Encoder::new(Class::Request, method, TransactionId([first / 4; 12]))
        .attribute(attribute::USERNAME, credentials.username.as_bytes())
        .attribute(attribute::REALM, REALM.as_bytes())
        .attribute(attribute::NONCE, nonce);
    while let Some(([kind, length], tail)) = rest.split_first_chunk::<2>() {
        let (value, tail) = tail.split_at(usize::from(*length).min(tail.len()));
        rest = tail;
        request = request.attribute(u16::from(*kind), value);
    }
    let key = long_term_key(&credentials.username, REALM, &credentials.password);
    request.finish(Some(&key), false)
}
