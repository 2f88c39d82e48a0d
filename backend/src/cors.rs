//! Which pages may talk to Socket.IO: our own, and those of the origins that the host allows, whose
//! browsers are told so (Fetch standard §3.2, CORS).

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS, HOST, ORIGIN, VARY,
};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::origin::{Origin, is_loopback};

/// Whose page sends a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// Ours, or none at all.
    Ours,
    /// That of an origin which may, as its browser wrote it.
    Allowed(HeaderValue),
    /// Another site's.
    Stranger,
}

impl Sender {
    /// Who sends a request with these headers. Someone at the machine itself, asking it by a name of its own,
    /// may use another port of it: a development server, which serves the page and passes sockets on. (What a
    /// reverse proxy passes on asks for the public name.)
    #[must_use]
    pub fn of(headers: &HeaderMap, from_loopback: bool, allowed: &[Origin]) -> Self {
        let Some(written) = headers.get(ORIGIN) else {
            return Self::Ours;
        };
        let Some(origin) = written.to_str().ok().and_then(Origin::parse) else {
            return Self::Stranger;
        };
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        let host = host.and_then(|text| text.parse::<Authority>().ok());
        let is_ours = host.as_ref().is_some_and(|host| origin.is_of(host));
        let of_here = from_loopback
            && host.is_some_and(|host| is_loopback(host.host()))
            && is_loopback(origin.host());
        if is_ours {
            Self::Ours
        } else if of_here || allowed.contains(&origin) {
            Self::Allowed(written.clone())
        } else {
            Self::Stranger
        }
    }

    /// Answers a browser that asks beforehand whether its page may send a request.
    #[must_use]
    pub fn preflight(&self, method: &Method, headers: &HeaderMap) -> Option<Response> {
        match self {
            Self::Allowed(_) if method == Method::OPTIONS => {}
            Self::Allowed(_) | Self::Ours | Self::Stranger => return None,
        }
        let mut response = StatusCode::NO_CONTENT.into_response();
        let answer = response.headers_mut();
        answer.insert(
            ACCESS_CONTROL_ALLOW_METHODS,
            HeaderValue::from_static("GET, POST"),
        );
        if let Some(wanted) = headers.get(ACCESS_CONTROL_REQUEST_HEADERS) {
            answer.insert(ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
        }
        Some(response)
    }

    /// Lets the page read the response. It may ask with credentials: we have none that would mean anything.
    pub fn share(&self, response: &mut Response) {
        let headers = response.headers_mut();
        headers.append(VARY, HeaderValue::from_static("origin"));
        match self {
            Self::Allowed(origin) => {
                headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
                headers.insert(
                    ACCESS_CONTROL_ALLOW_CREDENTIALS,
                    HeaderValue::from_static("true"),
                );
            }
            Self::Ours | Self::Stranger => {}
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn may(host: &str, origin: &str, from_loopback: bool) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        headers.insert(ORIGIN, origin.parse().unwrap());
        let allowed = [Origin::parse("https://pages.example").unwrap()];
        Sender::of(&headers, from_loopback, &allowed) != Sender::Stranger
    }

    #[test]
    fn our_own_page_may_connect_and_another_sites_page_may_not() {
        assert!(may("moim.example", "https://moim.example", false));
        assert!(may("moim.example:443", "https://MOIM.example", false));
        assert!(may("[::1]:3000", "http://[::1]:3000", true));
        assert!(!may("moim.example", "https://evil.example", false));
        assert!(!may("moim.example", "https://moim.example:8443", false));
        assert!(!may("moim.example", "https://moim.example.evil", false));
        assert!(!may("moim.example", "null", false));
        assert!(!may("moim.example", "chrome-extension://abc", false));
    }

    #[test]
    fn a_page_of_an_origin_that_the_host_allows_may_connect() {
        assert!(may("moim.example", "https://pages.example", false));
        assert!(!may("moim.example", "http://pages.example", false));
        assert!(!may("moim.example", "https://pages.example:8443", false));
    }

    #[test]
    fn a_client_that_is_no_page_may_connect() {
        assert_eq!(Sender::of(&HeaderMap::new(), false, &[]), Sender::Ours);
    }

    #[test]
    fn a_development_server_on_the_same_machine_may_pass_sockets_on() {
        assert!(may("127.0.0.1:3000", "http://localhost:8080", true));
        assert!(!may("moim.example", "http://localhost:8080", false));
        assert!(!may("127.0.0.1:3000", "https://evil.example", true));
        // From a reverse proxy on this machine.
        assert!(!may("moim.example", "http://localhost:8080", true));
    }
}
