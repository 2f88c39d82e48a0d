//! Someone's line to the network: a namespace with one cable to the switch. What runs there is started through it; what can
//! happen to it, happens to them alone.

use std::{
    cell::Cell,
    fs,
    net::Ipv4Addr,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use super::{Moment, Nat, Outage, ip, nat, network::script, slow_cable::SlowCable};

/// An address that has been given up is not given to anyone else.
const MOST_LINES: u8 = 20;

/// A line; it goes with its network.
pub struct Line {
    namespace: String,
    /// Where its address is: there, or in their router's namespace.
    edge: String,
    switch: String,
    number: u8,
    address: Cell<Ipv4Addr>,
}

/// Where a line can be. The switch routes between the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subnet {
    /// Where everyone is at first.
    Home,
    /// Somewhere else.
    Away,
}

/// What a line can be kept from carrying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Traffic {
    /// To the server and from there.
    Signalling,
    /// Sound, picture and chat, from anyone and to anyone: UDP.
    Media,
    /// Everything that goes to that address or comes from there.
    With(Ipv4Addr),
}

impl Subnet {
    /// The switch's address there.
    pub fn gateway(self) -> Ipv4Addr {
        self.address(1)
    }

    fn address(self, number: u8) -> Ipv4Addr {
        match self {
            Self::Home => Ipv4Addr::new(10, 77, 1, number),
            Self::Away => Ipv4Addr::new(10, 77, 2, number),
        }
    }
}

impl Line {
    /// The address of a network's first line.
    pub const SERVER: Ipv4Addr = Ipv4Addr::new(10, 77, 1, 2);

    #[track_caller]
    pub(super) fn lay(switch: &str, namespace: &str, number: u8) -> Self {
        ip::must(&format!("ip netns add {namespace}"));
        ip::must(&format!("ip -n {namespace} link set lo up"));
        let line = Self {
            namespace: namespace.to_owned(),
            edge: namespace.to_owned(),
            switch: switch.to_owned(),
            number,
            address: Cell::new(Subnet::Home.address(number)),
        };
        let cable = line.cable();
        ip::must(&format!(
            "ip -n {switch} link add {cable} type veth peer name eth0 netns {namespace}"
        ));
        ip::must(&format!("ip -n {switch} link set {cable} master bridge up"));
        ip::set_up(namespace, "eth0");
        line.set_address(Subnet::Home);
        line
    }

    /// The line of someone behind this one, which becomes their router's. What breaks, breaks for them alone.
    #[track_caller]
    pub(super) fn leads_to(self, namespace: &str, nat: Nat) -> Self {
        nat::lay(nat, &self.namespace, namespace, self.number);
        Self {
            namespace: namespace.to_owned(),
            ..self
        }
    }

    /// The address that it has now; behind a router, the router's.
    pub fn address(&self) -> Ipv4Addr {
        self.address.get()
    }

    /// A command that will run there.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("ip");
        command
            .args(["netns", "exec", &self.namespace])
            .arg(program);
        command
    }

    /// A program that starts that one there, with the arguments and the open files that it is given itself.
    #[track_caller]
    pub fn starter_of(&self, program: &Path) -> PathBuf {
        let script = script(&self.namespace);
        let lines = format!(
            "#!/bin/sh\nexec ip netns exec {} '{}' \"$@\"\n",
            self.namespace,
            program.display()
        );
        fs::write(&script, lines)
            .and_then(|()| fs::set_permissions(&script, fs::Permissions::from_mode(0o755)))
            .unwrap_or_else(|error| panic!("{} cannot be written: {error}", script.display()));
        script
    }

    /// Drops that, both ways, without a word to anyone.
    #[track_caller]
    pub fn loses(&self, traffic: Traffic) -> Outage<'_> {
        let (from, to) = match traffic {
            Traffic::Signalling => {
                let server = Self::SERVER;
                (format!("-p tcp -s {server}"), format!("-p tcp -d {server}"))
            }
            Traffic::Media => ("-p udp".to_owned(), "-p udp".to_owned()),
            Traffic::With(other) => (format!("-s {other}"), format!("-d {other}")),
        };
        self.iptables(&format!("-A INPUT {from} -j DROP"));
        self.iptables(&format!("-A OUTPUT {to} -j DROP"));
        Outage::begins(|| self.iptables("-F"))
    }

    /// Drops so many of a hundred packets of UDP, each way and by chance.
    #[track_caller]
    pub fn loses_some(&self, per_cent: u8) -> Outage<'_> {
        let chance = f64::from(per_cent) / 100.0;
        let some = format!("-p udp -m statistic --mode random --probability {chance} -j DROP");
        self.iptables(&format!("-A INPUT {some}"));
        self.iptables(&format!("-A OUTPUT {some}"));
        Outage::begins(|| self.iptables("-F"))
    }

    /// Everything takes so much longer from now on, each way: a round trip twice that.
    #[track_caller]
    pub fn is_slowed_by(&self, delay: Duration) -> Outage<'_> {
        let (switch, cable, number) = (&self.switch, self.cable(), self.number);
        let [near, far, bridge] = ["near", "far", "slow"].map(|name| format!("{name}{number}"));
        let slow_cable = SlowCable::lay(delay, switch, [&near, &far]);
        ip::must(&format!("ip -n {switch} link set {far} master bridge"));
        ip::must(&format!(
            "ip -n {switch} link add name {bridge} type bridge"
        ));
        ip::must(&format!("ip -n {switch} link set {bridge} up"));
        for end in [&near, &cable] {
            ip::must(&format!("ip -n {switch} link set {end} master {bridge}"));
        }
        Outage::begins(move || {
            ip::must(&format!("ip -n {switch} link set {cable} master bridge"));
            ip::must(&format!("ip -n {switch} link del {bridge}"));
            drop(slow_cable);
        })
    }

    /// Pulls the cable.
    #[track_caller]
    pub fn is_unplugged(&self) -> Outage<'_> {
        self.set_cable("down");
        Outage::begins(|| self.set_cable("up"))
    }

    /// Stops every process there, as closing a laptop's lid does.
    #[track_caller]
    pub fn sleeps(&self) -> Outage<'_> {
        self.signal_all("STOP");
        Outage::begins(|| self.signal_all("CONT"))
    }

    /// Has another address from now on, in that subnet, as when one walks from one network into the next. Behind a router it
    /// is the router that has, as when the provider gives it another one, and nobody behind it is told.
    #[track_caller]
    pub fn moves_to(&self, subnet: Subnet) -> Moment {
        ip::must(&format!("ip -n {} addr flush dev eth0", self.edge));
        let [.., host] = self.address.get().octets();
        self.address.set(subnet.address(host + MOST_LINES));
        self.set_address(subnet);
        Moment::now()
    }

    #[track_caller]
    fn set_address(&self, subnet: Subnet) {
        let (edge, address) = (&self.edge, self.address.get());
        let gateway = subnet.gateway();
        ip::must(&format!("ip -n {edge} addr add {address}/24 dev eth0"));
        ip::must(&format!("ip -n {edge} route add default via {gateway}"));
    }

    fn cable(&self) -> String {
        format!("cable{}", self.number)
    }

    #[track_caller]
    fn set_cable(&self, state: &str) {
        ip::must(&format!(
            "ip -n {} link set {} {state}",
            self.switch,
            self.cable()
        ));
    }

    #[track_caller]
    fn iptables(&self, rule: &str) {
        ip::must(&format!(
            "ip netns exec {} iptables -w {rule}",
            self.namespace
        ));
    }

    #[track_caller]
    fn signal_all(&self, signal: &str) {
        let processes = ip::must(&format!("ip netns pids {}", self.namespace));
        for process in processes.split_whitespace() {
            // One that has just ended needs no signal.
            let _ = ip::run(&format!("kill -{signal} {process}"));
        }
    }
}
