//! A folder of the host's own, in place of Moim's page: for whoever follows a tutorial and writes a page of
//! their own. Its pages are fenced in by nothing but what their author writes.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use percent_encoding::percent_decode_str;

use super::bundle::Bundle;
use super::found;

const INDEX: &str = "index.html";

/// The pages may be shown in each other's frames, and do what else they like.
const POLICY: HeaderValue = HeaderValue::from_static("frame-ancestors 'self'");

/// Files change while one works on them, whatever their names.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// Serves every path from the folder.
pub fn routes(folder: &Path) -> Router {
    let folder = Arc::new(Bundle::Folder(folder.to_owned()));
    Router::new().fallback(get(serve)).with_state(folder)
}

async fn serve(State(folder): State<Arc<Bundle>>, uri: Uri, headers: HeaderMap) -> Response {
    let Some(path) = decoded(uri.path()) else {
        return found(Ok(None), &headers);
    };
    let mut file = folder.own_file(&path).await;
    if let Ok(None) = file
        && !path.ends_with(INDEX)
    {
        let index = folder.own_file(&format!("{path}/{INDEX}")).await;
        if let Ok(Some(_)) = index {
            // What the page links to is relative to its folder.
            return Redirect::permanent(&format!("{}/", uri.path())).into_response();
        }
        // A tutorial takes the room's name from the address: `/foo`.
        if !path.contains(['/', '.']) {
            file = folder.own_file(INDEX).await;
        }
    }
    let mut response = found(file, &headers);
    let fields = response.headers_mut();
    fields.insert(CONTENT_SECURITY_POLICY, POLICY);
    fields.insert(CACHE_CONTROL, ASK_AGAIN);
    response
}

/// The path in the folder, if it stays there and leads to nothing hidden.
fn decoded(path: &str) -> Option<String> {
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let path = path.strip_prefix('/')?;
    let path = if path.is_empty() || path.ends_with('/') {
        format!("{path}{INDEX}")
    } else {
        path.to_owned()
    };
    let is_plain = |segment: &str| {
        !segment.is_empty() && !segment.starts_with('.') && !segment.contains(['\\', '\0'])
    };
    path.split('/').all(is_plain).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_never_leads_out_of_the_folder() {
        let decoded = |path| decoded(path).unwrap_or_default();
        assert_eq!(decoded("/"), "index.html");
        assert_eq!(decoded("/js/"), "js/index.html");
        assert_eq!(decoded("/socket.io/socket.io.js"), "socket.io/socket.io.js");
        assert_eq!(decoded("/%ED%95%9C%EA%B8%80.png"), "한글.png");
        for path in [
            "/../x",
            "/%2e%2e/x",
            "/..%2fx",
            "/a/../x",
            "/.env",
            "/a/.git/config",
            "//evil.example",
            "/a//b",
            "/%00",
            "/a\\..\\x",
            "/%ff",
        ] {
            assert_eq!(decoded(path), "", "{path}");
        }
    }
}
