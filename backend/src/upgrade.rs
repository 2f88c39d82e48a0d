//! What a request must pass before Socket.IO gets it: it comes from a page that may (or from no
//! page at all, or perhaps from the admin page, which has a site of its own), and there is room for it. What goes
//! on is stripped to what Socket.IO needs, because each socket keeps its request for life, and with it the buffer
//! that hyper read it into.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, Extension, Request, State};
use axum::http::header::{CONNECTION, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper::upgrade::OnUpgrade;

use crate::connection::gate::{Gate, Site};
use crate::cors::Sender;
use crate::polling::{self, Step};
use crate::server::Server;
use crate::trace::Trace;
use crate::unsent::Unsent;

/// The middleware before Socket.IO.
pub async fn check(
    State(server): State<Arc<Server>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(unsent): Extension<Unsent>,
    Extension(trace): Extension<Arc<Trace>>,
    mut request: Request,
    next: Next,
) -> Response {
    let address = peer.ip().to_canonical();
    let allowed = &server.config.allow_origins;
    let sender = Sender::of(request.headers(), address.is_loopback(), allowed);
    // A stranger's WebSocket may be the admin page's: which namespace it is for, it has not said yet.
    let may_be_admin = server.admin.is_some() && Step::of(request.uri()).is_none();
    if sender == Sender::Stranger {
        if !may_be_admin {
            return refuse_stranger(&trace);
        }
        request.extensions_mut().insert(Site::Strange);
    }
    let mut response = match sender.preflight(request.method(), request.headers()) {
        Some(response) => response,
        None => let_in(&server, address, unsent, trace, request, next).await,
    };
    sender.share(&mut response);
    response
}

async fn let_in(
    server: &Server,
    address: IpAddr,
    unsent: Unsent,
    trace: Arc<Trace>,
    request: Request,
    next: Next,
) -> Response {
    let step = Step::of(request.uri()).filter(|_| server.config.tutorials);
    match step {
        Some(Step::Open) => polling::open(server, address, trace, request, next).await,
        Some(Step::Poll(id)) => polling::poll(server, &id, request, next).await,
        Some(Step::Upgrade(id)) => polling::upgrade(server, &id, &unsent, request, next).await,
        None => websocket(server, address, unsent, trace, request, next).await,
    }
}

async fn websocket(
    server: &Server,
    address: IpAddr,
    unsent: Unsent,
    trace: Arc<Trace>,
    request: Request,
    next: Next,
) -> Response {
    let Some(admitted) = server.sockets.admit(address) else {
        return refuse_one_more(&trace);
    };
    trace.upgraded();
    let site = request.extensions().get().copied().unwrap_or(Site::Known);
    let gate = Gate::new(&server.config, admitted, unsent, trace).of(site);
    match stripped(request) {
        Some(mut request) => {
            request.extensions_mut().insert(Arc::new(gate));
            next.run(request).await
        }
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// The answer to a page of another site.
pub fn refuse_stranger(trace: &Trace) -> Response {
    trace.refused("the request comes from another site's page");
    (StatusCode::FORBIDDEN, "This is not that site's server.\n").into_response()
}

/// The answer to a socket for which there is no place.
pub fn refuse_one_more(trace: &Trace) -> Response {
    trace.refused("too many sockets");
    (StatusCode::TOO_MANY_REQUESTS, "Too many connections.\n").into_response()
}

/// A copy that shares no memory with the original; `None` if it is beyond copying.
pub fn stripped(mut request: Request) -> Option<Request> {
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
    Some(copy)
}
