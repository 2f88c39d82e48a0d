//! Routers between a home and the network, by what they do to UDP (RFC 4787). What is asked across them is left to the
//! stories.

use super::ip;

/// What a router does with packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nat {
    /// "Full cone": one port for all, open to anyone (endpoint-independent mapping and filtering).
    FullCone,
    /// "Symmetric": another port for each one spoken to, open to them alone (address- and port-dependent).
    Symmetric,
    /// As `Symmetric`, and no UDP at all.
    NoUdp,
}

/// Puts a home behind that router's namespace, which is on the network by `eth0`.
#[track_caller]
pub(super) fn lay(nat: Nat, router: &str, home: &str, number: u8) {
    let (gateway, inside) = (format!("192.168.{number}.1"), format!("192.168.{number}.2"));
    ip::must(&format!("ip netns add {home}"));
    ip::must(&format!("ip -n {home} link set lo up"));
    ip::must(&format!(
        "ip -n {router} link add home type veth peer name eth0 netns {home}"
    ));
    ip::must(&format!("ip -n {router} addr add {gateway}/24 dev home"));
    ip::set_up(router, "home");
    ip::must(&format!("ip -n {home} addr add {inside}/24 dev eth0"));
    ip::set_up(home, "eth0");
    ip::must(&format!("ip -n {home} route add default via {gateway}"));
    ip::must(&format!(
        "ip netns exec {router} sysctl -q -w net.ipv4.ip_forward=1"
    ));
    for rule in rules(nat, &inside) {
        ip::must(&format!("ip netns exec {router} iptables -w {rule}"));
    }
}

fn rules(nat: Nat, inside: &str) -> Vec<String> {
    let masquerade = "-t nat -A POSTROUTING -o eth0 -j MASQUERADE";
    let closed = "-A FORWARD -i eth0 -m conntrack --ctstate NEW -j DROP";
    match nat {
        // Ports are kept where they are free, and with one home they are.
        Nat::FullCone => vec![
            masquerade.to_owned(),
            format!("-t nat -A PREROUTING -i eth0 -p udp -j DNAT --to-destination {inside}"),
        ],
        Nat::Symmetric => vec![format!("{masquerade} --random-fully"), closed.to_owned()],
        Nat::NoUdp => vec![
            format!("{masquerade} --random-fully"),
            closed.to_owned(),
            "-A FORWARD -p udp -j DROP".to_owned(),
        ],
    }
}
