//! Socket.IO's admin page as its makers ship it, for the story in which it logs in. It is not ours, and no part of Moim.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{
    debian,
    process::{command, find, run, step},
    project,
};

/// npm's package, which has the built page in it.
const PACKAGE: &str = "@socket.io/admin-ui";
const VERSION: &str = "0.5.1";

/// The folder that the page is in, which is got when it is missing.
pub fn prepare() -> Result<PathBuf> {
    let home = project::root().join(format!("target/admin-page-{VERSION}"));
    let page = home.join("node_modules").join(PACKAGE).join("ui/dist");
    if page.join("index.html").is_file() {
        return Ok(page);
    }
    if find("npm").is_none() {
        debian::install(
            "npm, which the admin page for a browser test comes by, is",
            &["npm"],
        )?;
    }
    step(&format!("Getting npm's {PACKAGE} {VERSION}"), || {
        fs::create_dir_all(&home).with_context(|| format!("{} cannot be made", home.display()))?;
        // Of the package only the page is used, not the server's part that depends on others.
        let quietly = "--no-audit --no-fund --no-save --ignore-scripts --legacy-peer-deps --loglevel=error --prefix .";
        run(command("npm")
            .arg("install")
            .args(quietly.split(' '))
            .arg(format!("{PACKAGE}@{VERSION}"))
            .current_dir(&home))
    })?;
    Ok(page)
}
