//! Socket.IO over HTTP long-polling, which official clients begin with before they upgrade to a WebSocket.
//! Only the tutorials need it. A session spans many connections, so that what bounds a WebSocket by its
//! connection is kept here for each session: its place among the sockets, its gate, and what waits for it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;

use crate::connection::gate::Gate;
use crate::server::Server;
use crate::trace::Trace;
use crate::unsent::Unsent;
use crate::upgrade::{refuse_one_more, stripped};

/// Room for the answer to an opening, which is an Engine.IO OPEN packet.
const OPEN_PACKET_BYTES: usize = 1024;

/// What a request means to a session. One that is none of these opens a WebSocket by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It opens one.
    Open,
    /// It polls that one, or posts to it.
    Poll(String),
    /// It goes on with that one as a WebSocket.
    Upgrade(String),
}

/// The sessions that began as polling.
#[derive(Debug, Default)]
pub struct Sessions(Mutex<HashMap<String, Weak<Session>>>);

/// One of them. Engine.IO keeps it with the request that opened it, as long as the session lasts.
#[derive(Debug)]
pub struct Session {
    sessions: Arc<Sessions>,
    id: OnceLock<String>,
    unsent: Unsent,
    upgraded: AtomicBool,
}

impl Step {
    /// Reads the query as Engine.IO does.
    #[must_use]
    pub fn of(uri: &Uri) -> Option<Self> {
        let query = uri.query()?;
        let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name));
        match (value("transport="), value("sid=")) {
            (Some("polling"), None) => Some(Self::Open),
            (Some("polling"), Some(id)) => Some(Self::Poll(id.to_owned())),
            (Some(_) | None, Some(id)) => Some(Self::Upgrade(id.to_owned())),
            (Some(_) | None, None) => None,
        }
    }
}

/// Opens a session.
pub async fn open(
    server: &Server,
    address: IpAddr,
    trace: Arc<Trace>,
    request: Request,
    next: Next,
) -> Response {
    let Some(admitted) = server.sockets.admit(address) else {
        return refuse_one_more(&trace);
    };
    let session = Arc::new(Session {
        sessions: Arc::clone(&server.sessions),
        id: OnceLock::new(),
        unsent: Unsent::default(),
        upgraded: AtomicBool::new(false),
    });
    let gate = Gate::new(&server.config, admitted, session.unsent.clone(), trace);
    let Some(mut request) = stripped(request) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    request.extensions_mut().insert(Arc::new(gate));
    request.extensions_mut().insert(Arc::clone(&session));
    let (head, body) = next.run(request).await.into_parts();
    let Ok(body) = to_bytes(body, OPEN_PACKET_BYTES).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if let Some(id) = session_id(&body) {
        session.begin(id);
    }
    Response::from_parts(head, Body::from(body))
}

/// Passes a poll or a post on to its session.
pub async fn poll(server: &Server, id: &str, request: Request, next: Next) -> Response {
    let Some(session) = server.sessions.find(id) else {
        return unknown();
    };
    // A poll is answered by the next ping at the latest; a post that comes drop by drop never ends.
    let patience = server.config.send_timeout();
    let Ok(response) = timeout(patience, next.run(request)).await else {
        return StatusCode::REQUEST_TIMEOUT.into_response();
    };
    // From here on it waits in one connection's buffer, as the answer to any other request does.
    session.unsent.taken(length(response.headers()));
    response
}

/// Lets a session go on as the WebSocket that the request opens.
pub async fn upgrade(
    server: &Server,
    id: &str,
    unsent: &Unsent,
    request: Request,
    next: Next,
) -> Response {
    let Some(session) = server.sessions.find(id) else {
        return unknown();
    };
    // Others would be sockets that nobody counts.
    if session.upgraded.swap(true, Ordering::Relaxed) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    unsent.carry(&session.unsent);
    match stripped(request) {
        Some(request) => next.run(request).await,
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}

impl Sessions {
    fn find(&self, id: &str) -> Option<Arc<Session>> {
        self.open().get(id).and_then(Weak::upgrade)
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, Weak<Session>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    fn begin(self: &Arc<Self>, id: String) {
        let id = self.id.get_or_init(|| id);
        self.sessions
            .open()
            .insert(id.clone(), Arc::downgrade(self));
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(id) = self.id.get() {
            self.sessions.open().remove(id);
        }
    }
}

/// What Engine.IO itself says to a session that is no more.
fn unknown() -> Response {
    let body = r#"{"code":1,"message":"Session ID unknown"}"#;
    let json = [(CONTENT_TYPE, "application/json")];
    (StatusCode::BAD_REQUEST, json, body).into_response()
}

fn session_id(open: &[u8]) -> Option<String> {
    let packet: serde_json::Value = serde_json::from_slice(open.strip_prefix(b"0")?).ok()?;
    Some(packet.get("sid")?.as_str()?.to_owned())
}

fn length(headers: &HeaderMap) -> usize {
    headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_request_says_by_its_query_what_it_means() {
        let step = |query: &str| Step::of(&format!("/socket.io/?EIO=4&{query}").parse().unwrap());
        assert_eq!(step("transport=websocket"), None);
        assert_eq!(step("transport=polling&t=abc"), Some(Step::Open));
        let x = || "x".to_owned();
        assert_eq!(step("transport=polling&sid=x"), Some(Step::Poll(x())));
        assert_eq!(step("transport=websocket&sid=x"), Some(Step::Upgrade(x())));
        assert_eq!(step("sid=x"), Some(Step::Upgrade(x())));
    }

    #[test]
    fn the_session_is_named_in_the_open_packet() {
        let open = br#"0{"sid":"abc","upgrades":["websocket"]}"#;
        assert_eq!(session_id(open), Some("abc".to_owned()));
        assert_eq!(session_id(br#"{"code":"3"}"#), None);
    }
}
