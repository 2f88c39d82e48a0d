//! How a file is sent: its type, its encoding, and how long it may be kept.

use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::bundle::File;

/// To be asked for again each time; the answer is mostly that it has not changed.
const ASK_AGAIN: &str = "no-cache";

/// Another content would have another name.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The page.
pub fn page(page: File, policy: Option<HeaderValue>, request: &HeaderMap) -> Response {
    let mut response = file(page, request);
    if let Some(policy) = policy {
        response
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// A file, in the best form that the request accepts.
pub fn file(file: File, request: &HeaderMap) -> Response {
    let brotli = file.brotli.filter(|_| accepts_brotli(request));
    let encoding = brotli.as_ref().map(|_| "br");
    let tag = match encoding {
        Some(encoding) => format!("\"{}-{encoding}\"", file.hash),
        None => format!("\"{}\"", file.hash),
    };
    let cache = if is_hashed(&file.name) {
        FOR_EVER
    } else {
        ASK_AGAIN
    };
    let known = request
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|tags| tags.to_str().ok())
        .flat_map(|tags| tags.split(','))
        .any(|known| known.trim().trim_start_matches("W/") == tag);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Body::from(brotli.unwrap_or(file.content)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static(content_type(&file.name)),
        );
        if let Some(encoding) = encoding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(ETAG, tag);
    }
    response
}

/// RFC 9110 §12.5.3, as far as Brotli is concerned: `br`, unless with a weight of zero.
fn accepts_brotli(request: &HeaderMap) -> bool {
    request
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
            let weight = weight.trim().trim_start_matches("q=").parse::<f32>();
            name.trim().eq_ignore_ascii_case("br") && weight.is_ok_and(|weight| weight > 0.0)
        })
}

/// Whether trunk has put a hash into the name: `NAME-HASH.EXTENSION` or `NAME-HASH_bg.wasm`.
fn is_hashed(name: &str) -> bool {
    let file_name = name.rsplit('/').next().unwrap_or(name);
    let Some((_, rest)) = file_name.rsplit_once('-') else {
        return false;
    };
    let digits = rest
        .find(|c: char| !c.is_ascii_hexdigit())
        .unwrap_or(rest.len());
    digits >= 8 && rest[digits..].starts_with(['.', '_'])
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" | "htm" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "ico" => "image/x-icon",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_sent_to_those_who_accept_it() {
        let accepts = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, value.parse().unwrap());
            accepts_brotli(&headers)
        };
        assert!(accepts("gzip, deflate, br, zstd"));
        assert!(accepts("gzip;q=0.8,br;q=0.5"));
        assert!(!accepts("gzip, br;q=0"));
        assert!(!accepts("gzip, brr"));
        assert!(!accepts_brotli(&HeaderMap::new()));
    }

    #[test]
    fn only_a_name_that_changes_with_the_content_is_kept_for_ever() {
        for name in [
            "-/frontend-9a1b2c3d4e5f6071.js",
            "-/frontend-9a1b2c3d4e5f6071_bg.wasm",
        ] {
            assert!(is_hashed(name), "{name}");
        }
        for name in [
            "index.html",
            "-/icon.svg",
            "-/my-face.js",
            "-/snippets/x-1a2b3c4d5e6f/inline0.js",
        ] {
            assert!(!is_hashed(name), "{name}");
        }
    }
}
