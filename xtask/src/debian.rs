//! Debian's packages: what the tests need beyond Rust, installed where we may. On other systems, one is told what to
//! install. What they are used for is left to the callers.

use std::{fs, process::Command};

use anyhow::{Result, bail};

use crate::{
    process::{command, find, output, run, step},
    project,
};

/// Installs these packages as root or by a sudo that asks for no password; else says what to type.
pub fn install(purpose: &str, packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if find("apt-get").is_none() {
        bail!(
            "{purpose} missing: please install them (Debian's packages are {names}) and run this again"
        );
    }
    let Some(root) = Root::find() else {
        bail!("{purpose} missing: type `sudo apt-get install {names}` and run this again");
    };
    step(&format!("Installing {names} (apt-get)"), || {
        run(root.command("apt-get").args(["update", "-q"]))?;
        run(root
            .command("apt-get")
            .args(["install", "-y", "-q", "--no-install-recommends"])
            .args(packages))
    })
}

/// OpenSSL's headers, where Cargo.lock has a crate that compiles against them: the server tests' Socket.IO client does.
pub fn openssl_headers() -> Result<()> {
    let lock = fs::read_to_string(project::root().join("Cargo.lock"))?;
    let found = || output(command("pkg-config").args(["--exists", "openssl"])).is_ok();
    if !lock.contains("name = \"openssl-sys\"") || found() {
        return Ok(());
    }
    install(
        "the tests' Socket.IO client compiles against OpenSSL, whose headers are",
        &["libssl-dev", "pkg-config"],
    )
}

/// How we may act as root.
enum Root {
    /// We are.
    Already,
    /// By a sudo that asks for no password.
    Sudo,
}

impl Root {
    fn find() -> Option<Self> {
        if output(command("id").arg("-u")).is_ok_and(|id| id == "0") {
            return Some(Self::Already);
        }
        output(command("sudo").args(["-n", "true"]))
            .is_ok()
            .then_some(Self::Sudo)
    }

    fn command(&self, program: &str) -> Command {
        let words: &[&str] = match self {
            Self::Already => &["env"],
            Self::Sudo => &["sudo", "-n", "env"],
        };
        let mut start = command(words[0]);
        start
            .args(&words[1..])
            .args(["DEBIAN_FRONTEND=noninteractive", program]);
        start
    }
}
