//! A person at a browser: what they open, press and type. How the room is entered is in `visit`; what comes through their
//! peer connections in `media`.

use std::{cell::RefCell, sync::Arc, time::Duration};

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    browser::Browser,
    evidence,
    keyboard::Key,
    lab::{Line, Outage},
    locator::Locator,
    processes,
    role::{Name, Role},
    waiting::until,
};

/// One browser session. When a story fails, dropping it leaves the evidence in `e2e/failures`.
pub struct Person {
    name: String,
    story: Arc<str>,
    origin: String,
    browser: Browser,
    /// Console lines read so far: the browser hands out each once.
    console: RefCell<Vec<String>>,
    other_tab: RefCell<Option<String>>,
    line: Option<Line>,
}

impl Person {
    pub(crate) fn new(
        name: &str,
        story: Arc<str>,
        origin: String,
        browser: Browser,
        line: Option<Line>,
    ) -> Self {
        Self {
            name: name.to_owned(),
            story,
            origin,
            browser,
            console: RefCell::default(),
            other_tab: RefCell::default(),
            line,
        }
    }

    /// What they are called, in the story and on the page.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the browser has taken of the processors so far, all its processes together.
    #[track_caller]
    pub fn processor_time(&self) -> Duration {
        processes::cpu_time(self.browser.process())
    }

    /// The server's address, as `http://HOST:PORT`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Their line to the network of the laboratory.
    ///
    /// # Panics
    /// When they are not there.
    #[track_caller]
    pub fn line(&self) -> &Line {
        self.line.as_ref().expect("they are in the laboratory")
    }

    /// Opens a path of the server, as given.
    #[track_caller]
    pub fn opens(&self, path: &str) {
        self.goes_to(&format!("{}{path}", self.origin));
    }

    /// Opens any address.
    #[track_caller]
    pub fn goes_to(&self, url: &str) {
        self.browser.goto(url);
    }

    /// Empties the browser's cache.
    #[track_caller]
    pub fn forgets_the_cache(&self) {
        self.browser
            .must("Network.clearBrowserCache", serde_json::json!({}));
    }

    /// Loads the page afresh.
    #[track_caller]
    pub fn reloads(&self) {
        self.browser.reload();
    }

    /// Goes back to the page that this tab showed before.
    #[track_caller]
    pub fn goes_back(&self) {
        self.browser.back();
    }

    /// Closes the tab; the browser stays.
    #[track_caller]
    pub fn closes_the_tab(&self) {
        self.browser.close_tab();
    }

    /// The phone has only so much left for the page, in CSS pixels.
    #[track_caller]
    pub fn is_resized_to(&self, width: u32, height: u32) {
        self.browser.be_a_phone((width, height));
    }

    /// Opens a copy of the tab, as browsers offer it, and goes there.
    #[track_caller]
    pub fn duplicates_the_tab(&self) {
        self.browser.duplicate_tab();
    }

    /// Goes to the tab that is a copy of this one, or from there back.
    #[track_caller]
    pub fn goes_to_the_other_tab(&self) {
        self.browser.switch_tab();
    }

    /// Opens another tab beside this one, which stays the one that everything else here is about.
    #[track_caller]
    pub fn opens_another_tab(&self, url: &str) {
        let tab = self.browser.must(
            "Target.createTarget",
            serde_json::json!({ "url": url, "background": true }),
        );
        *self.other_tab.borrow_mut() = tab["targetId"].as_str().map(str::to_owned);
    }

    /// Goes to another tab, and the browser puts this one to sleep: nothing in it runs. The outage ends with coming back to it.
    #[track_caller]
    pub fn is_frozen(&self) -> Outage<'_> {
        let set = |state| {
            let parameters = serde_json::json!({ "state": state });
            self.browser.must("Page.setWebLifecycleState", parameters);
        };
        let other = serde_json::json!({ "url": "about:blank" });
        let other = self.browser.must("Target.createTarget", other);
        set("frozen");
        Outage::begins(move || {
            set("active");
            self.comes_back_to_the_page();
            self.browser.must("Target.closeTarget", other);
        })
    }

    /// Goes to another tab for a while.
    #[track_caller]
    pub fn is_in_another_tab(&self) -> Outage<'_> {
        let other = serde_json::json!({ "url": "about:blank" });
        let other = self.browser.must("Target.createTarget", other);
        self.until_true("document.visibilityState === 'hidden'");
        Outage::begins(move || {
            self.comes_back_to_the_page();
            self.browser.must("Target.closeTarget", other);
        })
    }

    /// Comes back to the page from another tab.
    #[track_caller]
    pub fn comes_back_to_the_page(&self) {
        self.browser
            .must("Page.bringToFront", serde_json::json!({}));
    }

    /// Closes the tab that [`opens_another_tab`](Self::opens_another_tab) opened.
    #[track_caller]
    pub fn closes_the_other_tab(&self) {
        let tab = self.other_tab.take().expect("there is another tab");
        self.browser
            .must("Target.closeTarget", serde_json::json!({ "targetId": tab }));
    }

    /// Lets pages read and write the clipboard.
    #[track_caller]
    pub fn may_use_the_clipboard(&self) {
        self.browser.must(
            "Browser.grantPermissions",
            serde_json::json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] }),
        );
    }

    /// Presses a key, wherever the focus is.
    #[track_caller]
    pub fn press(&self, key: Key) {
        self.browser.press(key);
    }

    /// Types into whatever has the focus.
    #[track_caller]
    pub fn type_text(&self, text: &str) {
        self.browser.type_text(text);
    }

    /// Presses Tab until that has the focus.
    #[track_caller]
    pub fn tabs_to(&self, target: &Locator) {
        const MOST: usize = 40;
        let is_focused = "function () { return this === document.activeElement; }";
        target.appears();
        for _ in 0..MOST {
            if target.call(is_focused, &[]) == Ok(true) {
                return;
            }
            self.press(Key::Tab);
        }
        panic!("{target} is not reached by {MOST} presses of Tab");
    }

    /// The thing of that role and accessible name.
    pub fn find(&self, role: Role, name: &str) -> Locator<'_> {
        Locator::new(self, role, Name::Is(name.to_owned()))
    }

    /// The only thing of that role.
    pub fn the(&self, role: Role) -> Locator<'_> {
        Locator::new(self, role, Name::Any)
    }

    /// A button.
    pub fn button(&self, name: &str) -> Locator<'_> {
        self.find(Role::Button, name)
    }

    /// A field for text.
    pub fn textbox(&self, name: &str) -> Locator<'_> {
        self.find(Role::Textbox, name)
    }

    /// A heading.
    pub fn heading(&self, name: &str) -> Locator<'_> {
        self.find(Role::Heading, name)
    }

    /// Somebody's tile.
    pub fn tile(&self, name: &str) -> Locator<'_> {
        self.find(Role::Group, name)
    }

    /// One's own tile.
    pub fn own_tile(&self) -> Locator<'_> {
        self.tile(&format!("{} (you)", self.name))
    }

    /// All text that is to be read on the page.
    pub fn text(&self) -> Result<String, String> {
        self.evaluate("document.body?.innerText ?? ''")
    }

    /// Waits until the text is to be read on the page.
    #[track_caller]
    pub fn reads(&self, text: &str) {
        until(&format!("{} to read {text:?}", self.name), || {
            let all = self.text()?;
            if all.contains(text) {
                Ok(())
            } else {
                Err(format!("the page says {all:?}"))
            }
        });
    }

    /// Waits until the text is not to be read on the page.
    #[track_caller]
    pub fn reads_no_more(&self, text: &str) {
        until(&format!("{} to read {text:?} no more", self.name), || {
            let all = self.text()?;
            if all.contains(text) {
                Err(format!("the page says {all:?}"))
            } else {
                Ok(())
            }
        });
    }

    /// The value of a JavaScript expression in the page, awaited if it is a promise.
    ///
    /// # Errors
    /// What it threw, or why the browser did not answer.
    pub fn evaluate<T: DeserializeOwned>(&self, expression: &str) -> Result<T, String> {
        self.browser.evaluate(expression)
    }

    /// Waits until a JavaScript expression is true in the page.
    #[track_caller]
    pub fn until_true(&self, expression: &str) {
        until(
            &format!("{}'s page to say yes to {expression}", self.name),
            || {
                let answer: Value = self.evaluate(expression)?;
                if answer == true {
                    Ok(())
                } else {
                    Err(format!("it says {answer}"))
                }
            },
        );
    }

    /// Everything that the console has shown so far.
    pub fn console(&self) -> Vec<String> {
        let lines = self.browser.console();
        let lines = lines.unwrap_or_else(|error| vec![format!("(no console: {error})")]);
        self.console.borrow_mut().extend(lines);
        self.console.borrow().clone()
    }

    /// The URL of every request and WebSocket since this was last asked; needs
    /// [`Setup::log_network`](crate::Setup::log_network).
    #[track_caller]
    pub fn requests(&self) -> Vec<String> {
        let entries = self.browser.events();
        entries
            .iter()
            .filter_map(|entry| serde_json::from_str::<Value>(&entry.message).ok())
            .filter_map(|entry| {
                let event = &entry["message"];
                let url = match event["method"].as_str()? {
                    "Network.requestWillBeSent" => &event["params"]["request"]["url"],
                    "Network.webSocketCreated" => &event["params"]["url"],
                    _ => return None,
                };
                url.as_str().map(str::to_owned)
            })
            .collect()
    }

    pub(crate) fn browser(&self) -> &Browser {
        &self.browser
    }

    pub(crate) fn story(&self) -> &str {
        &self.story
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        if std::thread::panicking() {
            evidence::leave(self);
        }
    }
}
