//! A server made of script: takes the place of the page's `WebSocket`, and lets a test say what a
//! server would say. Leaves the protocol to the test.

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen(inline_js = r#"
const real = globalThis.WebSocket;
const now = Date.now;
let arrived = [];
let awaited = [];
let current = null;

class ScriptedSocket extends EventTarget {
    constructor() {
        super();
        this.readyState = 1;
        this.frames = [];
        const waiting = awaited.shift();
        waiting ? waiting(this) : arrived.push(this);
    }
    send(frame) {
        this.frames.push(frame);
    }
    close() {
        this.readyState = 3;
    }
}

export function install() {
    arrived = [];
    awaited = [];
    current = null;
    globalThis.WebSocket = ScriptedSocket;
}
export function restore() {
    globalThis.WebSocket = real;
    Date.now = now;
}
export function hours_pass() {
    const later = Date.now;
    Date.now = () => later() + 3 * 3600 * 1000;
}
export async function accept() {
    current = arrived.shift() ?? await new Promise((resolve) => awaited.push(resolve));
}
export function is_connected() {
    return current.readyState === 1;
}
export function says(frame) {
    current.dispatchEvent(new MessageEvent("message", { data: frame }));
}
export function cuts_the_line() {
    current.readyState = 3;
    current.dispatchEvent(new Event("error"));
    current.dispatchEvent(new CloseEvent("close", { code: 1006 }));
}
export function heard() {
    return current.frames.splice(0);
}
"#)]
extern "C" {
    fn install();
    fn restore();
    fn hours_pass();
    async fn accept();
    fn is_connected() -> bool;
    fn says(frame: &str);
    fn cuts_the_line();
    fn heard() -> Vec<String>;
}

/// The page's only server, as long as it lives. Its methods speak to the newest socket accepted.
pub struct Server(());

impl Server {
    pub fn install() -> Self {
        install();
        Self(())
    }

    /// Accepts a socket and lets it into the namespace. Frames may have 100 bytes.
    pub async fn let_in(&self) {
        self.let_in_with_pings_every(30_000).await;
    }

    pub async fn let_in_with_pings_every(&self, millis: u32) {
        super::soon(accept()).await;
        says(&format!(
            r#"0{{"sid":"e1","upgrades":[],"pingInterval":{millis},"pingTimeout":20,"maxPayload":100}}"#
        ));
        says(r#"40/chat,{"sid":"s1"}"#);
    }

    pub fn is_connected(&self) -> bool {
        is_connected()
    }

    pub fn says(&self, frame: &str) {
        says(frame);
    }

    /// The clock goes forward; no timer runs out.
    pub fn hours_pass(&self) {
        hours_pass();
    }

    pub fn cuts_the_line(&self) {
        cuts_the_line();
    }

    /// What came since the last look, but for the request to be let in.
    pub fn heard(&self) -> Vec<String> {
        let mut frames = heard();
        frames.retain(|frame| !frame.starts_with("40"));
        frames
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        restore();
    }
}
