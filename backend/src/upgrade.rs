//! What a WebSocket request must pass before Socket.IO gets it: it comes from our own page (or from no
//! page at all), and there is room for it. What goes on is stripped to what Socket.IO needs, because
//! each socket keeps its request for life, and with it the buffer that hyper read it into.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, Extension, Request, State};
use axum::http::header::{
    CONNECTION, HOST, ORIGIN, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper::upgrade::OnUpgrade;

use crate::connection::gate::Gate;
use crate::server::Server;
use crate::trace::Trace;
use crate::unsent::Unsent;

/// The middleware before Socket.IO.
pub async fn check(
    State(server): State<Arc<Server>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(unsent): Extension<Unsent>,
    Extension(trace): Extension<Arc<Trace>>,
    request: Request,
    next: Next,
) -> Response {
    let address = peer.ip().to_canonical();
    if !is_same_origin(request.headers(), address.is_loopback()) {
        trace.refused("the request comes from another site's page");
        return (StatusCode::FORBIDDEN, "This is not that site's server.\n").into_response();
    }
    let Some(admitted) = server.sockets.admit(address) else {
        trace.refused("too many WebSockets");
        return (StatusCode::TOO_MANY_REQUESTS, "Too many connections.\n").into_response();
    };
    trace.upgraded();
    let gate = Gate::new(&server.config, admitted, unsent, trace);
    match stripped(request, gate) {
        Some(request) => next.run(request).await,
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Whether the `Origin`, if any, is the host that was asked. Someone at the machine itself, asking it by
/// a name of its own, may use another port of it: a development server, which serves the page and passes
/// sockets on. (What a reverse proxy passes on asks for the public name.)
fn is_same_origin(headers: &HeaderMap, from_loopback: bool) -> bool {
    let Some(origin) = headers.get(ORIGIN) else {
        return true;
    };
    let Some(origin) = origin
        .to_str()
        .ok()
        .and_then(|text| text.parse::<Uri>().ok())
    else {
        return false;
    };
    let (Some(scheme), Some(authority)) = (origin.scheme_str(), origin.authority()) else {
        return false;
    };
    let default_port = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return false,
    };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = host.and_then(|text| text.parse::<axum::http::uri::Authority>().ok());
    let Some(host) = host else {
        return false;
    };
    let same = host.host().eq_ignore_ascii_case(authority.host())
        && host.port_u16().unwrap_or(default_port) == authority.port_u16().unwrap_or(default_port);
    same || from_loopback && is_loopback(host.host()) && is_loopback(authority.host())
}

fn is_loopback(host: &str) -> bool {
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || literal
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// A copy that shares no memory with the original; `None` if it is beyond copying.
fn stripped(mut request: Request, gate: Gate) -> Option<Request> {
    let mut copy = Request::new(Body::empty());
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().to_string().parse().ok()?;
    for name in [
        CONNECTION,
        UPGRADE,
        SEC_WEBSOCKET_KEY,
        SEC_WEBSOCKET_VERSION,
    ] {
        if let Some(value) = request.headers().get(&name) {
            let value = HeaderValue::from_bytes(value.as_bytes()).ok()?;
            copy.headers_mut().insert(name, value);
        }
    }
    if let Some(upgrade) = request.extensions_mut().remove::<OnUpgrade>() {
        copy.extensions_mut().insert(upgrade);
    }
    copy.extensions_mut().insert(Arc::new(gate));
    Some(copy)
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn allowed(host: &str, origin: &str, from_loopback: bool) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        headers.insert(ORIGIN, origin.parse().unwrap());
        is_same_origin(&headers, from_loopback)
    }

    #[test]
    fn our_own_page_may_connect_and_another_sites_page_may_not() {
        assert!(allowed("moim.example", "https://moim.example", false));
        assert!(allowed("moim.example:443", "https://MOIM.example", false));
        assert!(allowed("[::1]:3000", "http://[::1]:3000", true));
        assert!(!allowed("moim.example", "https://evil.example", false));
        assert!(!allowed("moim.example", "https://moim.example:8443", false));
        assert!(!allowed("moim.example", "https://moim.example.evil", false));
        assert!(!allowed("moim.example", "null", false));
        assert!(!allowed("moim.example", "chrome-extension://abc", false));
    }

    #[test]
    fn a_client_that_is_no_page_may_connect() {
        assert!(is_same_origin(&HeaderMap::new(), false));
    }

    #[test]
    fn a_development_server_on_the_same_machine_may_pass_sockets_on() {
        assert!(allowed("127.0.0.1:3000", "http://localhost:8080", true));
        assert!(!allowed("moim.example", "http://localhost:8080", false));
        assert!(!allowed("127.0.0.1:3000", "https://evil.example", true));
        // From a reverse proxy on this machine.
        assert!(!allowed("moim.example", "http://localhost:8080", true));
    }
}
