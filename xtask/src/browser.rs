//! Chromium and its driver, for the tests that run in a browser. Driving them is left to the tests.

use std::{env, path::PathBuf, process::Command};

use anyhow::{Result, bail};

use crate::process::{command, find, output, run, step};

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
        let type_this = "type `sudo apt-get install chromium chromium-driver` and run this again";
        if find("apt-get").is_none() {
            bail!(
                "the browser tests need Chromium and chromedriver on the PATH: please install them (on Debian, {type_this})"
            );
        }
        let Some(root) = Root::find() else {
            bail!("the browser tests need Chromium and its driver: {type_this}");
        };
        step("Installing Chromium and its driver (apt-get)", || {
            run(root.command("apt-get").arg("update").arg("-q"))?;
            run(root.command("apt-get").args([
                "install",
                "-y",
                "-q",
                "--no-install-recommends",
                "chromium",
                "chromium-driver",
            ]))
        })?;
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
        let mut start = match self {
            Self::Already => command("env"),
            Self::Sudo => command("sudo"),
        };
        match self {
            Self::Already => {}
            Self::Sudo => {
                start.args(["-n", "env"]);
            }
        }
        start.args(["DEBIAN_FRONTEND=noninteractive", program]);
        start
    }
}
