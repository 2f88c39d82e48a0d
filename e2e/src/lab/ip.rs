//! Runs `ip` and its like. What is said to them is left to the others.

use std::process::Command;

/// What it printed; or what it complained of, with the command.
pub fn run(words: &str) -> Result<String, String> {
    let mut parts = words.split_whitespace();
    let program = parts.next().unwrap_or_default();
    let output = Command::new(program)
        .args(parts)
        .output()
        .map_err(|error| format!("`{words}` could not be started: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let complaint = String::from_utf8_lossy(&output.stderr);
        Err(format!("`{words}` failed: {}", complaint.trim()))
    }
}

/// The same for what can only fail when something is badly wrong.
#[track_caller]
pub fn must(words: &str) -> String {
    run(words).unwrap_or_else(|error| panic!("{error}"))
}

/// Sets a device up that has the addresses it is given and no others. One of IPv6 that the kernel chose would be there only
/// a second or two later, when nobody else turned out to have it, and a browser that is loading a page then gives up:
/// `ERR_NETWORK_CHANGED`.
#[track_caller]
pub fn set_up(namespace: &str, device: &str) {
    must(&format!(
        "ip -n {namespace} link set {device} addrgenmode none"
    ));
    must(&format!("ip -n {namespace} link set {device} up"));
}
