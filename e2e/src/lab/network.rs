//! A switch that routes between two subnets, and namespaces on it. All is removed with the [`Network`]; what a run that was
//! killed has left behind is removed by the next.

use std::{cell::Cell, path::PathBuf};

use super::{
    ip,
    line::{Line, Subnet},
    nat::Nat,
};

/// Namespaces of ours are called `moim-PID-NAME`.
const PREFIX: &str = "moim-";

/// A switch; dropping it removes it and everything on it.
pub struct Network {
    switch: String,
    lines: Cell<u8>,
}

impl Network {
    /// Lays it.
    ///
    /// # Panics
    /// Where there is no right to.
    #[track_caller]
    pub fn lay() -> Self {
        remove_leftovers();
        let switch = format!("{PREFIX}{}-switch", std::process::id());
        if let Err(error) = ip::run(&format!("ip netns add {switch}")) {
            panic!("no network namespace can be made, which takes root and CAP_NET_ADMIN: {error}");
        }
        let network = Self {
            switch,
            lines: Cell::default(),
        };
        let switch = &network.switch;
        ip::must(&format!("ip -n {switch} link set lo up"));
        // With an address of its own: else it has that of one of its cables, and another one whenever these change.
        ip::must(&format!(
            "ip -n {switch} link add name bridge address 02:00:00:00:00:01 type bridge"
        ));
        ip::must(&format!("ip -n {switch} link set bridge up"));
        for subnet in [Subnet::Home, Subnet::Away] {
            let gateway = subnet.gateway();
            ip::must(&format!("ip -n {switch} addr add {gateway}/24 dev bridge"));
        }
        ip::must(&format!(
            "ip netns exec {switch} sysctl -q -w net.ipv4.ip_forward=1"
        ));
        network
    }

    /// A new line, in the subnet where everyone is at first. The first one has the address of [`Line::SERVER`].
    #[track_caller]
    pub fn line(&self, name: &str) -> Line {
        Line::lay(&self.switch, &namespace(name), self.next_number())
    }

    /// A new line behind a router of that kind, which has an address in the subnet where everyone is at first.
    #[track_caller]
    pub fn line_behind(&self, nat: Nat, name: &str) -> Line {
        let (number, router) = (self.next_number(), namespace(&format!("{name}-router")));
        Line::lay(&self.switch, &router, number).leads_to(&namespace(name), nat)
    }

    fn next_number(&self) -> u8 {
        let number = self.lines.get() + 2;
        self.lines.set(number - 1);
        number
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        let own = format!("{PREFIX}{}-", std::process::id());
        for namespace in namespaces().iter().filter(|name| name.starts_with(&own)) {
            remove(namespace);
        }
    }
}

/// The script that starts Chromium in that namespace.
pub fn script(namespace: &str) -> PathBuf {
    std::env::temp_dir().join(format!("{namespace}.sh"))
}

fn namespace(name: &str) -> String {
    format!("{PREFIX}{}-{name}", std::process::id())
}

fn namespaces() -> Vec<String> {
    // Where they cannot be listed, there are none of ours.
    let list = ip::run("ip netns list").unwrap_or_default();
    let names = list.lines().filter_map(|line| line.split(' ').next());
    names
        .filter(|name| name.starts_with(PREFIX))
        .map(str::to_owned)
        .collect()
}

fn remove_leftovers() {
    for namespace in namespaces() {
        let process = namespace[PREFIX.len()..].split('-').next();
        let lives = process.is_some_and(|id| PathBuf::from("/proc").join(id).exists());
        if !lives {
            eprintln!("an earlier run has left {namespace} behind: it is removed");
            remove(&namespace);
        }
    }
}

/// Ends what runs in it, and removes it. Its end of each cable goes with it, and so the other end.
fn remove(namespace: &str) {
    // What is gone already, is as it should be.
    let processes = ip::run(&format!("ip netns pids {namespace}")).unwrap_or_default();
    for process in processes.split_whitespace() {
        let _ = ip::run(&format!("kill -KILL {process}"));
    }
    if let Err(error) = ip::run(&format!("ip netns del {namespace}")) {
        eprintln!("a namespace stays behind: {error}");
    }
    let _ = std::fs::remove_file(script(namespace));
}
