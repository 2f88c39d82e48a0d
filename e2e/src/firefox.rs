//! Firefox, spoken to over WebDriver alone (W3C webdriver2): it has no DevTools protocol. It shows itself on a display of its
//! own, since without one it has no screen to share. What is meant by it is left to `person` and `locator`.

use std::{fs, path::Path, process::Command, sync::Arc};

use axum::http::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{Capabilities, RequestData, SessionId, common::command::FormatRequestData};
use tokio::runtime::Runtime;

use crate::{
    browser::Node,
    display::Display,
    driver::Driver,
    keyboard::Key,
    lab::Line,
    program::FIREFOX,
    role::{Name, Role},
    session::Session,
    setup::{Autoplay, Permission, Setup},
    tap,
    tunnel::{Entrance, Tunnel},
};

/// A Firefox with a profile of its own. What is below its session must outlive that.
pub struct Firefox {
    pub session: Session,
    _tap: TempDir,
    _tunnel: Option<Tunnel>,
    _geckodriver: Driver,
    _display: Display,
}

/// A command of the session, by its place below that.
#[derive(Debug)]
struct Request {
    method: Method,
    place: String,
    body: Option<Value>,
}

impl Firefox {
    /// Starts it, at the end of that line if there is one.
    ///
    /// # Panics
    /// When the setup asks for what it cannot be given, too.
    #[track_caller]
    pub fn open(runtime: Arc<Runtime>, setup: &Setup, line: Option<&Line>) -> Self {
        let display = Display::start(setup.window);
        let (geckodriver, tunnel) = match line {
            None => (
                Driver::geckodriver(0, |path| on(&display, Command::new(path))),
                None,
            ),
            // It speaks to its Firefox over TCP, and so has to be where that is.
            Some(line) => {
                let entrance = Entrance::new();
                let command = |path: &Path| on(&display, line.command(path));
                let driver = Driver::geckodriver(entrance.port(), command);
                let tunnel = entrance.leads_to(driver.process());
                (driver, Some(tunnel))
            }
        };
        let session = Session::start(runtime, geckodriver.port(), capabilities(setup));
        let firefox = Self {
            session,
            _tap: tap_folder(setup),
            _tunnel: tunnel,
            _geckodriver: geckodriver,
            _display: display,
        };
        let tap = json!({ "path": firefox._tap.path(), "temporary": true });
        if let Err(error) = firefox.post("moz/addon/install", tap) {
            panic!("nobody can listen in: {error}");
        }
        firefox
    }

    /// The value of a JavaScript expression in the page, awaited if it is a promise.
    pub fn evaluate(&self, expression: &str) -> Result<Value, String> {
        self.execute(&format!("return ({expression}\n);"), json!([]))
    }

    /// Calls a JavaScript function with `this` being that node.
    pub fn call_on(
        &self,
        node: &Node,
        function: &str,
        arguments: &[Value],
    ) -> Result<Value, String> {
        let script = format!("return ({function}).apply(...arguments);");
        self.execute(&script, json!([node.0, arguments]))
    }

    /// The node that all others are in.
    pub fn document(&self) -> Result<Node, String> {
        self.execute("return document.documentElement;", json!([]))
            .map(Node)
    }

    /// The nodes inside that one with this role and name, both as the browser computes them.
    pub fn find(&self, root: &Node, role: Role, name: &Name) -> Result<Vec<Node>, String> {
        const VISIBLE: &str = "const [root, elements] = arguments;
            return [...root.querySelectorAll(elements)].filter((element) =>
                element.checkVisibility({ visibilityProperty: true }) && !element.closest('[aria-hidden=true], [inert]'));";
        let candidates = self.execute(VISIBLE, json!([root.0, role.elements()]))?;
        let Value::Array(candidates) = candidates else {
            return Err(format!("unknown answer {candidates}"));
        };
        let mut found = Vec::new();
        for candidate in candidates {
            let id = reference(&candidate)?;
            let computed = |what: &str| {
                let answer = self.get(&format!("element/{id}/{what}"))?;
                (answer.as_str().map(str::to_owned))
                    .ok_or_else(|| format!("unknown answer {answer}"))
            };
            if name.fits(&computed("computedlabel")?)
                && role
                    .in_webdriver()
                    .contains(&computed("computedrole")?.as_str())
            {
                found.push(Node(candidate));
            }
        }
        Ok(found)
    }

    /// What the console of this page has shown since this was last asked, of what the page itself has written there.
    pub fn console(&self) -> Result<Value, String> {
        self.evaluate("tap.log.splice(0)")
    }

    /// Presses the mouse's button there, in CSS pixels of the window.
    #[track_caller]
    pub fn click(&self, x: f64, y: f64) {
        self.acts(json!({
            "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" },
            "actions": [
                { "type": "pointerMove", "duration": 0, "x": x, "y": y },
                { "type": "pointerDown", "button": 0 },
                { "type": "pointerUp", "button": 0 },
            ],
        }));
    }

    /// Presses a key.
    #[track_caller]
    pub fn press(&self, key: Key) {
        let keys = key.in_webdriver();
        let down = keys.iter().map(|key| ("keyDown", *key));
        let up = keys.iter().rev().map(|key| ("keyUp", *key));
        self.keys(down.chain(up));
    }

    /// Types.
    #[track_caller]
    pub fn type_text(&self, text: &str) {
        self.keys((text.chars()).flat_map(|key| [("keyDown", key), ("keyUp", key)]));
    }

    #[track_caller]
    fn keys(&self, strokes: impl Iterator<Item = (&'static str, char)>) {
        let strokes: Vec<Value> = strokes
            .map(|(kind, key)| json!({ "type": kind, "value": key }))
            .collect();
        self.acts(json!({ "type": "key", "id": "keyboard", "actions": strokes }));
    }

    #[track_caller]
    fn acts(&self, source: Value) {
        if let Err(error) = self.post("actions", json!({ "actions": [source] })) {
            panic!("{error}");
        }
    }

    fn execute(&self, script: &str, arguments: Value) -> Result<Value, String> {
        self.post(
            "execute/sync",
            json!({ "script": script, "args": arguments }),
        )
    }

    fn get(&self, place: &str) -> Result<Value, String> {
        self.send(Method::GET, place, None)
    }

    fn post(&self, place: &str, body: Value) -> Result<Value, String> {
        self.send(Method::POST, place, Some(body))
    }

    fn send(&self, method: Method, place: &str, body: Option<Value>) -> Result<Value, String> {
        let request = Request {
            method,
            place: place.to_owned(),
            body,
        };
        self.session
            .wait(async |driver| driver.cmd(request).await?.value_json())
    }
}

impl FormatRequestData for Request {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let place = format!("session/{session}/{}", self.place);
        let request = RequestData::new(self.method.clone(), place);
        match &self.body {
            Some(body) => request.add_body(body.clone()),
            None => request,
        }
    }
}

fn on(display: &Display, mut command: Command) -> Command {
    command.env("DISPLAY", display.name());
    // Another kind of display would be preferred to it, and it would be done without one.
    command
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("MOZ_HEADLESS");
    command
}

/// Drivers get no log of Firefox: its pages keep one themselves.
const LOG: &str = "tap.log = [];
for (const level of ['error', 'warn', 'info', 'log']) {
    const write = console[level];
    console[level] = (...what) => {
        tap.log.push(`${level} ${what.join(' ')}`);
        write.apply(console, what);
    };
}
addEventListener('error', ({ message }) => tap.log.push(`uncaught ${message}`));
addEventListener('unhandledrejection', ({ reason }) => tap.log.push(`unhandled ${reason}`));
";

/// The id in a reference to an element (W3C webdriver2, "web element identifier").
fn reference(element: &Value) -> Result<&str, String> {
    element["element-6066-11e4-a52e-4f735466cecf"]
        .as_str()
        .ok_or_else(|| format!("no element: {element}"))
}

/// An add-on that listens in on all pages, from before their first line, as one of their own scripts would.
#[track_caller]
fn tap_folder(setup: &Setup) -> TempDir {
    let manifest = json!({
        "manifest_version": 2,
        "name": "tap",
        "version": "1",
        "browser_specific_settings": { "gecko": { "id": "tap@moim.test" } },
        "content_scripts": [{
            "matches": ["<all_urls>"], "js": ["tap.js"], "run_at": "document_start", "world": "MAIN",
        }],
    });
    let folder = TempDir::new().and_then(|folder| {
        fs::write(folder.path().join("manifest.json"), manifest.to_string())?;
        fs::write(folder.path().join("tap.js"), tap::script(setup) + LOG)?;
        Ok(folder)
    });
    folder.unwrap_or_else(|error| panic!("the tap cannot be written: {error}"))
}

#[track_caller]
fn capabilities(setup: &Setup) -> Capabilities {
    assert_eq!(setup.cameras, 1, "Firefox has one fake camera");
    assert_eq!(
        setup.permission,
        Permission::Granted,
        "Firefox cannot be made to deny devices here"
    );
    assert_eq!(
        setup.autoplay,
        Autoplay::Allowed,
        "Firefox cannot be made to hold sound back here"
    );
    assert!(!setup.phone, "Firefox cannot be a phone here");
    assert!(
        !setup.insecure,
        "Firefox cannot be on an insecure page here"
    );
    assert!(!setup.log_network, "Firefox cannot log requests here");
    assert_eq!(setup.shared_tab, None, "Firefox cannot share a tab here");
    let (width, height) = setup.window;
    let capabilities = json!({
        "browserName": "firefox",
        "moz:firefoxOptions": {
            "binary": FIREFOX.path(),
            "args": ["-width", width.to_string(), "-height", height.to_string()],
            "prefs": preferences(),
        },
    });
    let Value::Object(capabilities) = capabilities else {
        unreachable!("it is an object");
    };
    Capabilities::from(capabilities)
}

fn preferences() -> Value {
    json!({
        // Fake devices, for which nobody is asked.
        "media.navigator.streams.fake": true,
        "media.navigator.permission.disabled": true,
        // On the laboratory's network, which has no https://, too.
        "dom.securecontext.allowlist": Line::SERVER.to_string(),
        "media.autoplay.default": 0,
        "media.autoplay.blocking_policy": 0,
        // mDNS names resolve in a local network, not within one machine without a resolver for them.
        "media.peerconnection.ice.obfuscate_host_addresses": false,
        "intl.locale.requested": "en-US",
        // The machine may have no other.
        "media.peerconnection.ice.loopback": true,
        // It fetches nothing by itself.
        "app.normandy.enabled": false,
        "app.update.disabledForTesting": true,
        "browser.safebrowsing.downloads.remote.enabled": false,
        "browser.safebrowsing.malware.enabled": false,
        "browser.safebrowsing.phishing.enabled": false,
        "browser.search.update": false,
        "datareporting.healthreport.uploadEnabled": false,
        "datareporting.policy.dataSubmissionEnabled": false,
        "extensions.getAddons.cache.enabled": false,
        "extensions.systemAddon.update.enabled": false,
        "extensions.update.enabled": false,
        "media.gmp-manager.updateEnabled": false,
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
        "network.dns.disablePrefetch": true,
        "network.http.speculative-parallel-limit": 0,
        "network.trr.mode": 5,
        "services.settings.server": "data:,#remote-settings-dummy/v1",
        "toolkit.telemetry.enabled": false,
        "toolkit.telemetry.server": "",
    })
}
