//! How many files the process may open, sockets included. Systems grant few at first, and more to whoever
//! asks.

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tracing::{info, warn};

use crate::Config;

/// Asks for as many as the system grants, and says so if that is not enough for the configuration.
pub fn ask_for_more(config: &Config) {
    let granted = match raise() {
        Ok(granted) => granted,
        Err(error) => {
            warn!(%error, "cannot tell how many files may be open");
            return;
        }
    };
    info!(open_files = granted, "granted by the system");
    let max_connections = config.max_connections;
    if u64::try_from(max_connections).is_ok_and(|wanted| wanted >= granted) {
        warn!(
            max_connections,
            open_files = granted,
            "there can be no more connections than open files: raise the system's limit \
             (`ulimit -Hn`, systemd's `LimitNOFILE`)"
        );
    }
}

/// The limit, which is as high as it can be.
fn raise() -> nix::Result<u64> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    if soft == hard || setrlimit(Resource::RLIMIT_NOFILE, hard, hard).is_err() {
        // Some systems say "unlimited" and mean less.
        return Ok(soft);
    }
    Ok(hard)
}
