//! Whose nonce is valid, and for how long.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use super::*;

fn client(address: &str) -> Client {
    Client {
        transport: Transport::Udp,
        address: address.parse().unwrap(),
        local: "192.0.2.1:3478".parse().unwrap(),
    }
}

fn at(unix_seconds: u64) -> Now {
    Now {
        instant: std::time::Instant::now(),
        unix_seconds,
    }
}

#[test]
fn a_nonce_is_valid_for_an_hour_and_for_the_address_it_was_given_to() {
    let nonces = Nonces::new([7; 32]);
    let alice = client("198.51.100.7:4000");
    let nonce = nonces.issue(alice, at(1_000));
    let nonce = nonce.as_bytes();
    assert_eq!(nonce.len(), 32);
    assert!(nonces.is_valid(nonce, alice, at(1_000)));
    assert!(nonces.is_valid(nonce, alice, at(4_599)));
    assert!(!nonces.is_valid(nonce, alice, at(4_600)), "stale");
    for other in ["198.51.100.8:4000", "198.51.100.7:4001"] {
        assert!(!nonces.is_valid(nonce, client(other), at(1_000)), "{other}");
    }
    let by_tcp = Client {
        transport: Transport::Tcp,
        ..alice
    };
    assert!(!nonces.is_valid(nonce, by_tcp, at(1_000)));
    assert!(!Nonces::new([8; 32]).is_valid(nonce, alice, at(1_000)));
}

#[test]
fn a_nonce_that_was_changed_is_invalid() {
    let nonces = Nonces::new([7; 32]);
    let alice = client("198.51.100.7:4000");
    let nonce = nonces.issue(alice, at(1_000)).into_bytes();
    for place in 0..nonce.len() {
        let mut changed = nonce.clone();
        changed[place] = if changed[place] == b'B' { b'C' } else { b'B' };
        assert!(!nonces.is_valid(&changed, alice, at(1_000)), "{place}");
    }
    assert!(!nonces.is_valid(b"", alice, at(1_000)));
    assert!(!nonces.is_valid(&nonce[..31], alice, at(1_000)));
    assert!(!nonces.is_valid(&[b'A'; 400], alice, at(1_000)));
}
