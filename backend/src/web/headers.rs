//! The headers that bound what the page and whoever embeds it may do.

use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

/// Of everything that browsers grant, what a call needs, to this origin alone.
const PERMISSIONS: &str = "autoplay=(self), camera=(self), display-capture=(self), \
    fullscreen=(self), microphone=(self), screen-wake-lock=(self), speaker-selection=(self), \
    geolocation=(), payment=(), usb=()";

/// Adds what every response has. One that has no policy of its own is not to be rendered at all.
pub async fn add(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(
            "default-src 'none'; frame-ancestors 'none'",
        ));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(PERMISSIONS),
    );
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    response
}

/// The policy of that page: our own files, and the inline scripts that stand in it (trunk's one, which
/// loads the wasm and is another one with each build) by their hashes.
pub fn content_security_policy(page: &[u8]) -> Option<HeaderValue> {
    let page = String::from_utf8_lossy(page);
    let hashes: String = inline_scripts(&page)
        .map(|script| {
            format!(
                " 'sha256-{}'",
                BASE64_STANDARD.encode(Sha256::digest(script))
            )
        })
        .collect();
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; \
         object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    );
    HeaderValue::try_from(policy).ok()
}

/// The texts of the `<script>` elements that have no `src`. The page is trunk's, so that no more of
/// HTML has to be understood.
fn inline_scripts(page: &str) -> impl Iterator<Item = &str> {
    page.split("<script").skip(1).filter_map(|element| {
        let (attributes, rest) = element.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        let has_source = attributes
            .split_whitespace()
            .any(|attribute| attribute.starts_with("src="));
        (!has_source).then_some(script)
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_allowed_by_their_hash_and_no_others_are() {
        let page = b"<head><script src=\"/-/a.js\"></script><script type=module>alert(1)</script>";
        let policy = content_security_policy(page).unwrap();
        // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
        let hash = "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='";
        let scripts = format!("script-src 'self' 'wasm-unsafe-eval' {hash};");
        assert!(policy.to_str().unwrap().contains(&scripts), "{policy:?}");
    }

    #[test]
    fn a_page_without_scripts_allows_only_files() {
        let policy = content_security_policy(b"<p>nothing</p>").unwrap();
        let scripts = "script-src 'self' 'wasm-unsafe-eval';";
        assert!(policy.to_str().unwrap().contains(scripts));
    }
}
