//! A person's browser, whichever it is. What is the same for all is said here; what each has its own words for, in
//! `chromium` and `firefox`. What is meant by it is left to `person` and `locator`.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::BrowserLogEntry;
use tokio::runtime::Runtime;

use crate::{
    chromium::Chromium,
    driver::Driver,
    firefox::Firefox,
    keyboard::Key,
    lab::Line,
    role::{Name, Role},
    session::Session,
    setup::{Engine, Setup},
};

/// A browser with a profile of its own; dropping it closes it.
pub enum Browser {
    /// Everything can be had of it.
    Chromium(Chromium),
    /// What the stories about both need.
    Firefox(Firefox),
}

/// An element of a page, as its browser names it.
#[derive(Clone, Debug, PartialEq)]
pub struct Node(pub Value);

impl Browser {
    /// Starts the one that is set, at the end of that line if there is one.
    #[track_caller]
    pub fn open(
        runtime: Arc<Runtime>,
        chromedriver: Arc<Driver>,
        setup: &Setup,
        line: Option<&Line>,
    ) -> Self {
        match setup.engine {
            Engine::Chromium => Self::Chromium(Chromium::open(runtime, chromedriver, setup)),
            Engine::Firefox => Self::Firefox(Firefox::open(runtime, setup, line)),
        }
    }

    /// Has a phone's screen of this size, in CSS pixels.
    #[track_caller]
    pub fn be_a_phone(&self, size: (u32, u32)) {
        self.chromium("be a phone").be_a_phone(size);
    }

    /// Sends a DevTools command that can only fail when something is badly wrong.
    #[track_caller]
    pub fn must(&self, method: &str, parameters: Value) -> Value {
        self.chromium(method).must(method, parameters)
    }

    /// The value of a JavaScript expression in the page, awaited if it is a promise.
    pub fn evaluate<T: DeserializeOwned>(&self, expression: &str) -> Result<T, String> {
        read(match self {
            Self::Chromium(chromium) => chromium.evaluate(expression),
            Self::Firefox(firefox) => firefox.evaluate(expression),
        }?)
    }

    /// Calls a JavaScript function with `this` being a node of the page.
    pub fn call_on<T: DeserializeOwned>(
        &self,
        node: &Node,
        function: &str,
        arguments: &[Value],
    ) -> Result<T, String> {
        read(match self {
            Self::Chromium(chromium) => chromium.call_on(node, function, arguments),
            Self::Firefox(firefox) => firefox.call_on(node, function, arguments),
        }?)
    }

    /// The node that all others are in.
    pub fn document(&self) -> Result<Node, String> {
        match self {
            Self::Chromium(chromium) => chromium.document(),
            Self::Firefox(firefox) => firefox.document(),
        }
    }

    /// The nodes inside that one which a person would tell by this role and name.
    pub fn find(&self, root: &Node, role: Role, name: &Name) -> Result<Vec<Node>, String> {
        match self {
            Self::Chromium(chromium) => chromium.find(root, role, name),
            Self::Firefox(firefox) => firefox.find(root, role, name),
        }
    }

    /// Presses the mouse's button there, in CSS pixels of the window.
    #[track_caller]
    pub fn click(&self, x: f64, y: f64) {
        match self {
            Self::Chromium(chromium) => chromium.click(x, y),
            Self::Firefox(firefox) => firefox.click(x, y),
        }
    }

    /// Presses a key, wherever the focus is.
    #[track_caller]
    pub fn press(&self, key: Key) {
        match self {
            Self::Chromium(chromium) => chromium.press(key),
            Self::Firefox(firefox) => firefox.press(key),
        }
    }

    /// Types into whatever has the focus.
    #[track_caller]
    pub fn type_text(&self, text: &str) {
        match self {
            Self::Chromium(chromium) => chromium.type_text(text),
            Self::Firefox(firefox) => firefox.type_text(text),
        }
    }

    /// Its first process.
    #[track_caller]
    pub fn process(&self) -> u32 {
        self.session().process()
    }

    /// Opens an address and waits until it is loaded.
    #[track_caller]
    pub fn goto(&self, url: &str) {
        if let Err(error) = self.session().wait(async |driver| driver.goto(url).await) {
            panic!("{url} cannot be opened: {error}");
        }
    }

    /// Loads the page afresh.
    #[track_caller]
    pub fn reload(&self) {
        if let Err(error) = self.session().wait(async |driver| driver.refresh().await) {
            panic!("the page cannot be loaded again: {error}");
        }
    }

    /// Goes back to what the tab showed before.
    #[track_caller]
    pub fn back(&self) {
        if let Err(error) = self.session().wait(async |driver| driver.back().await) {
            panic!("there is no way back: {error}");
        }
    }

    /// Closes the tab as a person would, leaving the browser open on an empty one.
    #[track_caller]
    pub fn close_tab(&self) {
        let closed = self.session().wait(async |driver| {
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
        self.chromium("listen in on a copy").tap();
        let loading: Result<bool, String> =
            self.evaluate("location.replace(opener.location.href), true");
        assert_eq!(loading, Ok(true), "the copy cannot be loaded");
    }

    /// Goes to the other of two tabs.
    #[track_caller]
    pub fn switch_tab(&self) {
        let switched = self.session().wait(async |driver| {
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

    /// What the console has shown since this was last asked.
    pub fn console(&self) -> Result<Vec<String>, String> {
        match self {
            Self::Chromium(chromium) => {
                let entries = chromium.log("browser")?;
                let line = |entry: BrowserLogEntry| format!("{} {}", entry.level, entry.message);
                Ok(entries.into_iter().map(line).collect())
            }
            Self::Firefox(firefox) => read(firefox.console()?),
        }
    }

    /// The DevTools events since this was last asked.
    #[track_caller]
    pub fn events(&self) -> Vec<BrowserLogEntry> {
        let log = self.chromium("tell of events").log("performance");
        log.unwrap_or_else(|error| panic!("{error}"))
    }

    /// A picture of the page.
    pub fn screenshot(&self) -> Result<Vec<u8>, String> {
        self.session()
            .wait(async |driver| driver.screenshot_as_png().await)
    }

    fn session(&self) -> &Session {
        match self {
            Self::Chromium(chromium) => &chromium.session,
            Self::Firefox(firefox) => &firefox.session,
        }
    }

    #[track_caller]
    fn chromium(&self, what: &str) -> &Chromium {
        match self {
            Self::Chromium(chromium) => chromium,
            Self::Firefox(_) => panic!("Firefox cannot be asked for this: {what}"),
        }
    }
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}
