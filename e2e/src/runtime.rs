//! What runs the harness's own servers and its talk with browsers: small tokio runtimes, since the browsers need the cores.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use tokio::{net::TcpListener, runtime::Runtime};

/// Loopback, on a port that is free.
pub const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// With one thread of its own.
#[track_caller]
pub fn small() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a tokio runtime starts")
}

/// A listener at that address, and where it is.
#[track_caller]
pub fn listen(runtime: &Runtime, address: SocketAddr) -> (SocketAddr, TcpListener) {
    let listener = runtime
        .block_on(TcpListener::bind(address))
        .unwrap_or_else(|error| panic!("cannot listen on {address}: {error}"));
    let address = listener.local_addr().expect("a listener has an address");
    (address, listener)
}
