//! One WebDriver session: whatever is said to a browser goes through it, with a deadline. What is said is left to `chromium`,
//! `firefox` and `browser`.

use std::{sync::Arc, time::Duration};

use thirtyfour::{Capabilities, WebDriver, error::WebDriverResult};
use tokio::runtime::Runtime;

/// No single command takes longer, unless the browser hangs.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(30);

/// Then its process is ended.
const QUIT_TIMEOUT: Duration = Duration::from_secs(10);

/// The error of a command that took longer.
pub const HANGS: &str = "the browser does not answer";

/// A session; dropping it closes the browser.
pub struct Session {
    runtime: Arc<Runtime>,
    driver: Option<WebDriver>,
}

impl Session {
    /// Has the driver at that port of loopback start a browser.
    #[track_caller]
    pub fn start(runtime: Arc<Runtime>, port: u16, capabilities: Capabilities) -> Self {
        let url = format!("http://127.0.0.1:{port}");
        let driver = runtime
            .block_on(WebDriver::new(url, capabilities))
            .unwrap_or_else(|error| panic!("the browser cannot be started: {error}"));
        Self {
            runtime,
            driver: Some(driver),
        }
    }

    /// The browser's first process.
    #[track_caller]
    pub fn process(&self) -> u32 {
        let process = self.driver.as_ref().and_then(process_of);
        process.expect("browsers say which process they are")
    }

    /// Waits for the end of a command.
    pub fn wait<T>(
        &self,
        command: impl AsyncFnOnce(&WebDriver) -> WebDriverResult<T>,
    ) -> Result<T, String> {
        let driver = self.driver.as_ref().ok_or("the browser is closed")?;
        self.runtime
            .block_on(async { tokio::time::timeout(COMMAND_TIMEOUT, command(driver)).await })
            .map_err(|_| HANGS.to_owned())?
            .map_err(|error| error.to_string())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some(driver) = self.driver.take() else {
            return;
        };
        let process = process_of(&driver);
        let quit = self
            .runtime
            .block_on(async { tokio::time::timeout(QUIT_TIMEOUT, driver.quit()).await });
        let failure = match quit {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(_) => HANGS.to_owned(),
        };
        eprintln!("a browser did not close well: {failure}");
        if let Some(process) = process {
            // An error means that it has ended after all.
            let _ = std::process::Command::new("kill")
                .arg("-KILL")
                .arg(process.to_string())
                .status();
        }
    }
}

fn process_of(driver: &WebDriver) -> Option<u32> {
    let names = ["goog:processID", "moz:processID"].into_iter();
    let mut values = names.filter_map(|name| driver.capabilities().get(name)?.as_u64());
    u32::try_from(values.next()?).ok()
}
