//! Firefox, its driver and a display for it, for the tests in which it calls Chromium. Driving them is left to the tests.

use std::{env, path::PathBuf, process::Command};

use anyhow::{Result, bail};

use crate::{debian, process::find, tools};

/// The browser, and what it takes to drive it.
pub struct Firefox {
    firefox: PathBuf,
    driver: PathBuf,
    display: PathBuf,
}

impl Firefox {
    /// Looks for them on the PATH; installs Debian's packages, and builds the driver, where they are missing and that is allowed.
    pub fn prepare() -> Result<Self> {
        let (firefox, display) = match found() {
            Some(found) => found,
            None => {
                debian::install(
                    "Firefox and Xvfb, which the tests of calls between browsers need, are",
                    &["firefox-esr", "xvfb"],
                )?;
                match found() {
                    Some(found) => found,
                    None => bail!(
                        "firefox-esr and xvfb are installed, but firefox-esr or Xvfb is not on the PATH"
                    ),
                }
            }
        };
        let driver = match named("GECKODRIVER") {
            Some(driver) => driver,
            None => tools::geckodriver()?,
        };
        Ok(Self {
            firefox,
            driver,
            display,
        })
    }

    /// Tells a command where they are: `FIREFOX`, `GECKODRIVER` and `XVFB`.
    pub fn announce_to<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("FIREFOX", &self.firefox)
            .env("GECKODRIVER", &self.driver)
            .env("XVFB", &self.display)
    }
}

/// The browser and the display server.
fn found() -> Option<(PathBuf, PathBuf)> {
    let firefox = ["firefox-esr", "firefox"].into_iter().find_map(find);
    Some((
        named("FIREFOX").or(firefox)?,
        named("XVFB").or_else(|| find("Xvfb"))?,
    ))
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_file())
}
