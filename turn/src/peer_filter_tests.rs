//! Whom the relay lends its place to, address by address.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use super::*;

const PUBLIC: &[&str] = &[
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",
    "2606:4700::1111",
    "2a00:1450:4001::200e",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
    "2001:0:808:808:0:0:f7f7:f7f7",
];

const PRIVATE: &[&str] = &[
    "10.0.0.0",
    "10.255.255.255",
    "172.16.0.0",
    "172.31.255.255",
    "192.168.0.0",
    "192.168.255.255",
    "169.254.0.1",
    "169.254.255.255",
    "100.64.0.0",
    "100.127.255.255",
    "fe80::1",
    "febf::1",
    "fc00::1",
    "fdff:ffff::1",
    "64:ff9b::10.0.0.1",
    "2002:c0a8:101::1",
    // Teredo, by its server.
    "2001:0:a00:1:0:0:f7f7:f7f7",
    "2a00:1450::5efe:10.0.0.1",
    "2a00:1450::200:5efe:192.168.1.1",
];

const LOOPBACK: &[&str] = &[
    "127.0.0.1",
    "127.255.255.255",
    "::1",
    "64:ff9b::127.0.0.1",
    "2002:7f00:1::1",
    // Teredo, by its client.
    "2001:0:808:808:0:0:80ff:fffe",
];

const NEVER: &[&str] = &[
    "0.0.0.0",
    "0.1.2.3",
    "169.254.169.254",
    // Their resolver of names.
    "169.254.169.253",
    "168.63.129.16",
    "169.254.170.2",
    "169.254.170.23",
    "100.100.100.200",
    "192.0.0.192",
    "192.0.0.1",
    "192.0.2.1",
    "198.51.100.1",
    "203.0.113.1",
    "192.88.99.1",
    "198.18.0.0",
    "198.19.255.255",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::8.8.8.8",
    "::10.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:0:10.0.0.1",
    "64:ff9b::169.254.169.254",
    "64:ff9b::0.0.0.0",
    "64:ff9b:1::10.0.0.1",
    "2002:a9fe:a9fe::1",
    "2002:e000:1::1",
    "2001:0:808:808:0:0:5601:5601",
    "2001:2::1",
    "2001:20::1",
    "2001:db8::1",
    "3fff::1",
    "100::1",
    "fec0::1",
    "feff::1",
    "ff02::1",
    "ff0e::1",
    "fd00:ec2::254",
    "fd00:ec2::23",
    "fd00:ec2::253",
    "fe80::a9fe:a9fe",
    "fd20:ce::254",
    "4000::1",
    "5f00::1",
];

#[test]
fn public_peers_are_relayed_to() {
    for peer in addresses(PUBLIC) {
        assert!(allows(peer, false, true), "{peer}");
        assert!(allows(peer, true, false), "{peer}");
        assert!(is_public(peer), "{peer}");
    }
}

#[test]
fn private_peers_are_relayed_to_where_that_is_allowed() {
    for peer in addresses(PRIVATE) {
        assert!(!allows(peer, false, true), "{peer}");
        assert!(allows(peer, true, false), "{peer}");
        assert!(!is_public(peer), "{peer}");
    }
}

#[test]
fn this_machine_is_relayed_to_where_clients_find_the_relay_there() {
    for peer in addresses(LOOPBACK) {
        assert!(!allows(peer, false, true), "{peer}");
        assert!(!allows(peer, true, false), "{peer}");
        assert!(allows(peer, true, true), "{peer}");
        assert!(!is_public(peer), "{peer}");
    }
}

#[test]
fn some_peers_are_never_relayed_to() {
    for peer in addresses(NEVER) {
        assert!(!allows(peer, false, true), "{peer}");
        assert!(!allows(peer, true, false), "{peer}");
        assert!(!is_public(peer), "{peer}");
    }
}

fn addresses(table: &'static [&str]) -> impl Iterator<Item = IpAddr> {
    table.iter().map(|address| address.parse().unwrap())
}
