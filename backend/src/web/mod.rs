//! Everything that is plain HTTP: the page, its files, and the paths that machines ask for. Socket.IO
//! is left to [`connection`](crate::connection).

mod bundle;
mod headers;
mod own_folder;
mod response;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tracing::{error, info};

use crate::server::Server;
use bundle::{Bundle, Found};

/// The page of a path is the page of a room, so that nothing is to be found here by robots.
const ROBOTS: &str = "User-agent: *\nAllow: /$\nDisallow: /\n";

const NOT_BUILT: &str = "Moim's page is not built yet: run `cargo xtask serve`, which builds the page \
    and the server and starts it (or `trunk build`, which builds the page alone).\n";

/// The routes. Whatever has no route of its own is a room, and gets the page.
pub fn routes(server: &Arc<Server>) -> Router {
    if let Some(folder) = &server.config.static_dir {
        info!("in place of the page: {}", folder.display());
        return probes(server)
            .merge(own_folder::routes(folder))
            .layer(map_response(headers::add));
    }
    let bundle = Bundle::open(server.config.page.as_deref());
    info!("the page is {bundle}");
    Router::new()
        .route("/robots.txt", get(ROBOTS))
        .route("/favicon.ico", get(icon))
        .route("/-/meet", get(page))
        .route("/-/check", get(page))
        .route("/-/{*file}", get(file))
        .route("/", get(page))
        .route("/{room}", get(page))
        .fallback(nowhere)
        .with_state(Arc::new(bundle))
        .merge(probes(server))
        .layer(map_response(headers::add))
}

/// For whatever watches over the server.
fn probes(server: &Arc<Server>) -> Router {
    Router::new()
        .route("/healthz", get("healthy\n"))
        .route("/readyz", get(ready))
        .with_state(Arc::clone(server))
}

async fn ready(State(server): State<Arc<Server>>) -> (StatusCode, &'static str) {
    if server.is_closing() {
        (StatusCode::SERVICE_UNAVAILABLE, "closing\n")
    } else {
        (StatusCode::OK, "ready\n")
    }
}

async fn page(State(bundle): State<Arc<Bundle>>, headers: HeaderMap) -> Response {
    match bundle.page().await {
        Ok(Some((page, policy))) => response::page(page, policy, &headers),
        Ok(None) => (
            StatusCode::SERVICE_UNAVAILABLE,
            [(CONTENT_TYPE, "text/plain; charset=utf-8")],
            NOT_BUILT,
        )
            .into_response(),
        Err(error) => failed(&error),
    }
}

/// A path that can be no room: the page says so, and leads back.
async fn nowhere(bundle: State<Arc<Bundle>>, headers: HeaderMap) -> Response {
    let mut response = page(bundle, headers).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

/// The path is taken as it stands in the request: what would need decoding is no file of ours.
async fn file(State(bundle): State<Arc<Bundle>>, uri: Uri, headers: HeaderMap) -> Response {
    found(
        bundle.file(uri.path().trim_start_matches('/')).await,
        &headers,
    )
}

async fn icon(State(bundle): State<Arc<Bundle>>, headers: HeaderMap) -> Response {
    found(bundle.icon().await, &headers)
}

fn found(found: Found, headers: &HeaderMap) -> Response {
    match found {
        Ok(Some(file)) => response::file(file, headers),
        Ok(None) => (StatusCode::NOT_FOUND, "There is no such file.\n").into_response(),
        Err(error) => failed(&error),
    }
}

fn failed(error: &std::io::Error) -> Response {
    error!(%error, "cannot read the bundle");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
