//! A folder of files as a site of its own: for pages that are not Moim's. It may load what is its own and connect
//! anywhere; what it would get from third parties is kept from it.

use std::path::{Path, PathBuf};

use axum::{
    Router,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use tokio::runtime::Runtime;

use crate::runtime;

const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; connect-src *";

/// A site on a free port of loopback; dropping it ends it.
pub struct Site {
    port: u16,
    runtime: Option<Runtime>,
}

impl Site {
    /// Serves that folder.
    #[track_caller]
    pub fn of(folder: PathBuf) -> Self {
        let runtime = runtime::small();
        let (address, listener) = runtime::listen(&runtime, runtime::ANY_PORT);
        let app = Router::new().fallback(async move |uri: Uri| file(&folder, uri.path()));
        runtime.spawn(async move { axum::serve(listener, app).await });
        Self {
            port: address.port(),
            runtime: Some(runtime),
        }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn file(folder: &Path, path: &str) -> Response {
    let path = match path.trim_start_matches('/') {
        "" => Path::new("index.html"),
        path => Path::new(path),
    };
    let kind = match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some(_) | None => "application/octet-stream",
    };
    match std::fs::read(folder.join(path)) {
        Ok(content) => {
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CONTENT_SECURITY_POLICY, POLICY),
            ];
            (headers, content).into_response()
        }
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
