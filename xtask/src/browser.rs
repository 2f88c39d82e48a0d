//! Chromium and its driver, for the tests that run in a browser. Driving them is left to the tests.

use std::{env, path::PathBuf, process::Command};

use anyhow::{Result, bail};

use crate::{debian, process::find};

/// The browser that the tests drive.
pub struct Browser {
    chromium: PathBuf,
    driver: PathBuf,
}

impl Browser {
    /// Looks for both on the PATH and installs Debian's packages where they are missing and that is allowed.
    pub fn prepare() -> Result<Self> {
        if let Some(browser) = Self::find() {
            return Ok(browser);
        }
        debian::install(
            "Chromium and its driver, which the browser tests need, are",
            &["chromium", "chromium-driver"],
        )?;
        match Self::find() {
            Some(browser) => Ok(browser),
            None => bail!(
                "chromium and chromium-driver are installed, but chromium or chromedriver is not on the PATH"
            ),
        }
    }

    /// Tells a command where they are: `CHROME` and `CHROMEDRIVER`.
    pub fn announce_to<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("CHROME", &self.chromium)
            .env("CHROMEDRIVER", &self.driver)
    }

    fn find() -> Option<Self> {
        let named = |variable| {
            env::var_os(variable)
                .map(PathBuf::from)
                .filter(|path| path.is_file())
        };
        let chromium = ["chromium", "chromium-browser", "google-chrome"]
            .into_iter()
            .find_map(find);
        Some(Self {
            chromium: named("CHROME").or(chromium)?,
            driver: named("CHROMEDRIVER").or_else(|| find("chromedriver"))?,
        })
    }
}
