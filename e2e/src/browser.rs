//! One Chromium session, spoken to over WebDriver and the DevTools protocol. What is meant by it is left to `person`
//! and `locator`.

use std::{sync::Arc, time::Duration};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::{
    BrowserLogEntry, Capabilities, ChromiumLikeCapabilities, DesiredCapabilities, WebDriver,
};
use tokio::runtime::Runtime;

use crate::{chromedriver, chromedriver::Chromedriver, setup::Setup, tap};

/// No single command takes longer, unless the browser hangs.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(30);

/// Then its process is ended.
const QUIT_TIMEOUT: Duration = Duration::from_secs(10);

/// The error of a command that took longer.
pub const HANGS: &str = "the browser does not answer";

/// A session; dropping it closes the browser.
pub struct Browser {
    runtime: Arc<Runtime>,
    driver: Option<WebDriver>,
    tap: String,
    // Must outlive the session.
    _chromedriver: Arc<Chromedriver>,
}

impl Browser {
    /// Starts a Chromium with a profile of its own.
    #[track_caller]
    pub fn open(runtime: Arc<Runtime>, chromedriver: Arc<Chromedriver>, setup: &Setup) -> Self {
        let capabilities = capabilities(setup);
        let driver = runtime
            .block_on(WebDriver::new(chromedriver.url(), capabilities))
            .unwrap_or_else(|error| panic!("Chromium cannot be started: {error}"));
        let browser = Self {
            runtime,
            driver: Some(driver),
            tap: tap::script(setup),
            _chromedriver: chromedriver,
        };
        browser.tap();
        if setup.shared_tab.is_some() {
            browser.must(
                "Browser.grantPermissions",
                json!({ "permissions": ["audioCapture", "videoCapture"] }),
            );
        }
        if setup.phone {
            browser.be_a_phone(setup.window);
            browser.must(
                "Emulation.setTouchEmulationEnabled",
                json!({ "enabled": true, "maxTouchPoints": 5 }),
            );
        }
        browser
    }

    /// Has a phone's screen of this size, in CSS pixels.
    #[track_caller]
    pub fn be_a_phone(&self, (width, height): (u32, u32)) {
        self.must(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": width, "height": height, "deviceScaleFactor": 2, "mobile": true }),
        );
    }

    /// Listens in on the pages that this tab will show.
    #[track_caller]
    fn tap(&self) {
        self.must(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": self.tap }),
        );
    }

    /// Sends a DevTools command.
    pub fn command(&self, method: &str, parameters: Value) -> Result<Value, String> {
        self.wait(async |driver| driver.cdp().send_raw(method, parameters).await)
            .map_err(|error| format!("{method}: {error}"))
    }

    /// Sends a DevTools command that can only fail when something is badly wrong.
    #[track_caller]
    pub fn must(&self, method: &str, parameters: Value) -> Value {
        match self.command(method, parameters) {
            Ok(value) => value,
            Err(error) => panic!("{error}"),
        }
    }

    /// The value of a JavaScript expression in the page, awaited if it is a promise.
    pub fn evaluate<T: DeserializeOwned>(&self, expression: &str) -> Result<T, String> {
        let answer = self.command(
            "Runtime.evaluate",
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true }),
        )?;
        returned(answer)
    }

    /// Calls a JavaScript function with `this` being a node of the page.
    pub fn call_on<T: DeserializeOwned>(
        &self,
        node: u64,
        function: &str,
        arguments: &[Value],
    ) -> Result<T, String> {
        let resolved = self.command("DOM.resolveNode", json!({ "backendNodeId": node }))?;
        let arguments: Vec<Value> = arguments
            .iter()
            .map(|value| json!({ "value": value }))
            .collect();
        let answer = self.command(
            "Runtime.callFunctionOn",
            json!({
                "objectId": resolved["object"]["objectId"],
                "functionDeclaration": function,
                "arguments": arguments,
                "awaitPromise": true,
                "returnByValue": true,
            }),
        )?;
        returned(answer)
    }

    /// Its first process.
    #[track_caller]
    pub fn process(&self) -> u32 {
        self.driver
            .as_ref()
            .and_then(process_of)
            .expect("Chromium says which process it is")
    }

    /// Opens an address and waits until it is loaded.
    #[track_caller]
    pub fn goto(&self, url: &str) {
        if let Err(error) = self.wait(async |driver| driver.goto(url).await) {
            panic!("{url} cannot be opened: {error}");
        }
    }

    /// Loads the page afresh.
    #[track_caller]
    pub fn reload(&self) {
        if let Err(error) = self.wait(async |driver| driver.refresh().await) {
            panic!("the page cannot be loaded again: {error}");
        }
    }

    /// Goes back to what the tab showed before.
    #[track_caller]
    pub fn back(&self) {
        if let Err(error) = self.wait(async |driver| driver.back().await) {
            panic!("there is no way back: {error}");
        }
    }

    /// Closes the tab as a person would, leaving the browser open on an empty one.
    #[track_caller]
    pub fn close_tab(&self) {
        let closed = self.wait(async |driver| {
            let empty = driver.new_tab().await?;
            driver.close_window().await?;
            driver.switch_to_window(empty).await
        });
        if let Err(error) = closed {
            panic!("the tab cannot be closed: {error}");
        }
    }

    /// Opens a copy of the tab, its `sessionStorage` with it, and goes there.
    #[track_caller]
    pub fn duplicate_tab(&self) {
        // Empty at first: the tap has to be there before the page is.
        let opened: Result<bool, String> = self.evaluate("open('about:blank') !== null");
        assert_eq!(opened, Ok(true), "the tab cannot be duplicated");
        self.switch_tab();
        self.tap();
        let loading: Result<bool, String> =
            self.evaluate("location.replace(opener.location.href), true");
        assert_eq!(loading, Ok(true), "the copy cannot be loaded");
    }

    /// Goes to the other of two tabs.
    #[track_caller]
    pub fn switch_tab(&self) {
        let switched = self.wait(async |driver| {
            let here = driver.window().await?;
            let tabs = driver.windows().await?;
            match tabs.into_iter().find(|tab| *tab != here) {
                Some(other) => driver.switch_to_window(other).await,
                None => Ok(()),
            }
        });
        if let Err(error) = switched {
            panic!("the other tab cannot be gone to: {error}");
        }
        self.must("Page.bringToFront", json!({}));
    }

    /// What the browser has logged since this was last asked: `browser` for the console, `performance` for DevTools
    /// events.
    pub fn log(&self, kind: &str) -> Result<Vec<BrowserLogEntry>, String> {
        self.wait(async |driver| driver.get_log(kind).await)
    }

    /// A picture of the page.
    pub fn screenshot(&self) -> Result<Vec<u8>, String> {
        self.wait(async |driver| driver.screenshot_as_png().await)
    }

    fn wait<T>(
        &self,
        command: impl AsyncFnOnce(&WebDriver) -> thirtyfour::error::WebDriverResult<T>,
    ) -> Result<T, String> {
        let driver = self.driver.as_ref().ok_or("the browser is closed")?;
        self.runtime
            .block_on(async { tokio::time::timeout(COMMAND_TIMEOUT, command(driver)).await })
            .map_err(|_| HANGS.to_owned())?
            .map_err(|error| error.to_string())
    }
}

impl Drop for Browser {
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
    let id = driver.capabilities().get("goog:processID")?.as_u64()?;
    u32::try_from(id).ok()
}

fn capabilities(setup: &Setup) -> Capabilities {
    let mut chrome = DesiredCapabilities::chrome();
    let built = (|| {
        let starter = setup.starter.clone().unwrap_or_else(chromedriver::chromium);
        chrome.set_binary(&starter.to_string_lossy())?;
        for switch in setup.switches() {
            chrome.add_arg(&switch)?;
        }
        let mut logs = json!({ "browser": "ALL" });
        if setup.log_network {
            logs["performance"] = json!("ALL");
        }
        chrome.as_mut().set("goog:loggingPrefs", logs)?;
        Ok::<_, thirtyfour::error::WebDriverError>(())
    })();
    built.expect("the capabilities are plain JSON");
    chrome.into()
}

/// The value in DevTools' answer, or the exception's text.
fn returned<T: DeserializeOwned>(answer: Value) -> Result<T, String> {
    if let Some(exception) = answer.get("exceptionDetails") {
        let text = exception["exception"]["description"]
            .as_str()
            .or(exception["text"].as_str());
        return Err(text.unwrap_or("an exception").to_owned());
    }
    serde_json::from_value(answer["result"]["value"].clone()).map_err(|error| error.to_string())
}
