//! Accepts TCP connections and speaks HTTP on them: what `axum::serve` does, with a limit to how long
//! a request's head may take, another to how many connections there are, an end to those that take
//! nothing of their answer, and without Nagle's algorithm (small signals would wait for each other).
//! What is answered is left to the router; what becomes of an upgraded connection, to Socket.IO.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;
use tokio_util::task::TaskTracker;
use tower_service::Service;
use tracing::{debug, warn};

use crate::admission::HasRoom;
use crate::server::Server;
use crate::stream::ClientStream;
use crate::trace::Trace;
use crate::unsent::Unsent;

/// How long the head of a request may take, waiting for it included: then an idle connection is closed.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// How long to wait when the system has no more sockets to give.
const PAUSE: Duration = Duration::from_millis(500);

/// Serves `router` on every connection until the server closes; returns once the requests that are under
/// way then are answered.
///
/// # Errors
/// That of a listener that does not listen.
pub async fn serve(listener: TcpListener, router: Router, server: Arc<Server>) -> io::Result<()> {
    let connections = TaskTracker::new();
    let closed = server.closed();
    tokio::pin!(closed);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut closed => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let trace = Trace::new(peer.ip(), Arc::clone(&server.log));
                let admitted = server.plain.admit(peer.ip());
                let Some(place) = admitted.filter(|place| place.room() == HasRoom::Yes) else {
                    trace.refused("too many connections");
                    continue;
                };
                let connection = speak(stream, peer, trace, router.clone(), Arc::clone(&server));
                connections.spawn(async move {
                    connection.await;
                    // From here on a WebSocket has a place among its own kind.
                    drop(place);
                });
            }
            Err(error) if is_of_one_connection(&error) => debug!(%error, "gone before accepted"),
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => return Err(error),
            Err(error) => {
                warn!(%error, "cannot accept a connection");
                sleep(PAUSE).await;
            }
        }
    }
    // Whoever comes now is to find nobody, instead of waiting in vain.
    drop(listener);
    connections.close();
    connections.wait().await;
    Ok(())
}

async fn speak(
    stream: TcpStream,
    peer: SocketAddr,
    trace: Arc<Trace>,
    router: Router,
    server: Arc<Server>,
) {
    if let Err(error) = stream.set_nodelay(true) {
        debug!(%error, "cannot turn Nagle's algorithm off");
    }
    let unsent = Unsent::default();
    let patience = server.config.send_timeout();
    let stream = ClientStream::new(stream, patience, unsent.clone(), Arc::clone(&trace));
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(unsent.clone());
        request.extensions_mut().insert(Arc::clone(&trace));
        router.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = server.closed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        debug!(%error, "an HTTP connection ended");
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
    )
}
