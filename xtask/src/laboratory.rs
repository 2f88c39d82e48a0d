//! What the stories of a breaking network need beyond a browser: the right to make network namespaces, `ip` and `iptables`,
//! and the server as a program. Breaking the network is left to the e2e crate.

use std::{path::PathBuf, process::Command};

use anyhow::Result;

use crate::{
    debian,
    process::{cargo, command, find, output, run},
    project,
};

/// All of it.
pub struct Laboratory {
    server: PathBuf,
}

impl Laboratory {
    /// Builds the server, and installs Debian's packages where they are missing and that is allowed; or says, in `Ok(Err(_))`, why
    /// this machine cannot have one.
    pub fn prepare() -> Result<Result<Self, String>> {
        if output(command("id").arg("-u"))? != "0" {
            return Ok(Err("network namespaces take root".to_owned()));
        }
        let missing = |program| find(program).is_none();
        if missing("ip") || missing("iptables") || missing("sysctl") {
            debian::install(
                "ip, iptables and sysctl, which the network tests need, are",
                &["iproute2", "iptables", "procps"],
            )?;
        }
        if let Err(why_not) = try_out() {
            return Ok(Err(format!("no network can be made here: {why_not:#}")));
        }
        run(&mut cargo("build -p backend"))?;
        let server = project::server_binary("debug")?;
        Ok(Ok(Self { server }))
    }

    /// Tells a command where the server is: `MOIM`.
    pub fn announce_to<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("MOIM", &self.server)
    }
}

/// Makes a namespace and a rule in it, and removes them.
fn try_out() -> Result<()> {
    let name = format!("moim-{}-trial", std::process::id());
    let ip = |words: &str| output(command("ip").args(words.replace("NAME", &name).split(' ')));
    ip("netns add NAME")?;
    let tried = ip("-n NAME link add name bridge type bridge")
        .and_then(|_| ip("-n NAME link add cable type veth peer name eth0"))
        .and_then(|_| ip("-n NAME tuntap add name slow mode tap"))
        .and_then(|_| ip("netns exec NAME iptables -w -A INPUT -p udp -j DROP"))
        .and_then(|_| ip("netns exec NAME sysctl -q -w net.ipv4.ip_forward=1"));
    ip("netns del NAME")?;
    tried.map(|_| ())
}
