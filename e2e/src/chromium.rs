//! Chromium, spoken to over its DevTools protocol, to which its driver leads. What is meant by it is left to `person` and
//! `locator`.

use std::sync::Arc;

use serde_json::{Value, json};
use thirtyfour::{BrowserLogEntry, Capabilities, ChromiumLikeCapabilities, DesiredCapabilities};
use tokio::runtime::Runtime;

use crate::{
    browser::Node,
    driver::Driver,
    keyboard::Key,
    program::CHROMIUM,
    role::{Name, Role},
    session::Session,
    setup::Setup,
    tap,
};

/// A Chromium with a profile of its own.
pub struct Chromium {
    pub session: Session,
    tap: String,
    // Must outlive the session.
    _chromedriver: Arc<Driver>,
}

impl Chromium {
    /// Starts it.
    #[track_caller]
    pub fn open(runtime: Arc<Runtime>, chromedriver: Arc<Driver>, setup: &Setup) -> Self {
        let session = Session::start(runtime, chromedriver.port(), capabilities(setup));
        let chromium = Self {
            session,
            tap: tap::script(setup),
            _chromedriver: chromedriver,
        };
        chromium.tap();
        if setup.shared_tab.is_some() {
            chromium.must(
                "Browser.grantPermissions",
                json!({ "permissions": ["audioCapture", "videoCapture"] }),
            );
        }
        if setup.phone {
            chromium.be_a_phone(setup.window);
            chromium.must(
                "Emulation.setTouchEmulationEnabled",
                json!({ "enabled": true, "maxTouchPoints": 5 }),
            );
        }
        chromium
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
    pub fn tap(&self) {
        self.must(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": self.tap }),
        );
    }

    /// Sends a DevTools command.
    pub fn command(&self, method: &str, parameters: Value) -> Result<Value, String> {
        self.session
            .wait(async |driver| driver.cdp().send_raw(method, parameters).await)
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
    pub fn evaluate(&self, expression: &str) -> Result<Value, String> {
        let answer = self.command(
            "Runtime.evaluate",
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true }),
        )?;
        returned(answer)
    }

    /// Calls a JavaScript function with `this` being that node.
    pub fn call_on(
        &self,
        node: &Node,
        function: &str,
        arguments: &[Value],
    ) -> Result<Value, String> {
        let resolved = self.command("DOM.resolveNode", json!({ "backendNodeId": node.0 }))?;
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

    /// The node that all others are in.
    pub fn document(&self) -> Result<Node, String> {
        let document = self.command("DOM.getDocument", json!({ "depth": 0 }))?;
        Ok(Node(document["root"]["backendNodeId"].clone()))
    }

    /// The nodes inside that one with this role and name, in the accessibility tree.
    pub fn find(&self, root: &Node, role: Role, name: &Name) -> Result<Vec<Node>, String> {
        let roles = role.in_chromium();
        let queries: Vec<Value> = match name {
            Name::Is(name) => vec![json!({ "backendNodeId": root.0, "accessibleName": name })],
            Name::Any | Name::BeginsWith(_) => (roles.iter())
                .map(|role| json!({ "backendNodeId": root.0, "role": role }))
                .collect(),
        };
        let is_it = |node: &Value| {
            let text = |key: &str| node[key]["value"].as_str().unwrap_or_default();
            // Hidden ones are answered too, as ignored.
            name.fits(text("name")) && node["ignored"] != true && roles.contains(&text("role"))
        };
        let mut found = Vec::new();
        for query in queries {
            let mut answer = self.command("Accessibility.queryAXTree", query)?;
            let Value::Array(nodes) = answer["nodes"].take() else {
                return Err(format!("unknown answer {answer}"));
            };
            found.extend(
                (nodes.iter())
                    .filter(|node| is_it(node))
                    .map(|node| Node(node["backendDOMNodeId"].clone())),
            );
        }
        found.retain(|node| node.0.is_u64() && node != root);
        Ok(found)
    }

    /// What has been logged since this was last asked: `browser` for the console, `performance` for DevTools events.
    pub fn log(&self, kind: &str) -> Result<Vec<BrowserLogEntry>, String> {
        self.session.wait(async |driver| driver.get_log(kind).await)
    }

    /// Presses the mouse's button there, in CSS pixels of the window.
    #[track_caller]
    pub fn click(&self, x: f64, y: f64) {
        for (kind, buttons) in [("mouseMoved", 0), ("mousePressed", 1), ("mouseReleased", 0)] {
            self.must(
                "Input.dispatchMouseEvent",
                json!({
                    "type": kind, "x": x, "y": y, "buttons": buttons, "clickCount": 1,
                    "button": if kind == "mouseMoved" { "none" } else { "left" },
                }),
            );
        }
    }

    /// Presses a key.
    #[track_caller]
    pub fn press(&self, key: Key) {
        for event in key.events() {
            self.must("Input.dispatchKeyEvent", event);
        }
    }

    /// Types.
    #[track_caller]
    pub fn type_text(&self, text: &str) {
        self.must("Input.insertText", json!({ "text": text }));
    }
}

fn capabilities(setup: &Setup) -> Capabilities {
    let mut chrome = DesiredCapabilities::chrome();
    let built = (|| {
        let starter = setup.starter.clone().unwrap_or_else(|| CHROMIUM.path());
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
fn returned(mut answer: Value) -> Result<Value, String> {
    if let Some(exception) = answer.get("exceptionDetails") {
        let text = exception["exception"]["description"]
            .as_str()
            .or(exception["text"].as_str());
        return Err(text.unwrap_or("an exception").to_owned());
    }
    Ok(answer["result"]["value"].take())
}
