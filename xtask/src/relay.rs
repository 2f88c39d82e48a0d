//! coturn, the TURN server against which a browser test checks the connection, and whose clients the built-in relay is tested
//! with. Starting it is left to the tests.

use std::{env, path::PathBuf};

use anyhow::{Result, bail};

use crate::{debian, process::find};

const PROGRAM: &str = "turnserver";

/// Where it is: named in `TURNSERVER` or on the PATH; else Debian's package is installed where that is allowed.
pub fn prepare() -> Result<PathBuf> {
    let named = env::var_os("TURNSERVER").map(PathBuf::from);
    if let Some(program) = named
        .filter(|path| path.is_file())
        .or_else(|| find(PROGRAM))
    {
        return Ok(program);
    }
    debian::install(
        "coturn, the TURN server and client that tests compare ours with, is",
        &["coturn"],
    )?;
    match find(PROGRAM) {
        Some(program) => Ok(program),
        None => bail!("coturn is installed, but {PROGRAM} is not on the PATH"),
    }
}
