//! Where a page comes from (RFC 6454): what its `Origin` header says, and what a host allows.

use axum::http::Uri;
use axum::http::uri::Authority;

/// The origin of a page from the web: scheme, host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    scheme: Scheme,
    host: String,
    port: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

impl Origin {
    /// Reads an origin; `None` for what is none of `http:` or `https:`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let uri: Uri = text.parse().ok()?;
        let (scheme, default_port) = match uri.scheme_str()? {
            "http" => (Scheme::Http, 80),
            "https" => (Scheme::Https, 443),
            _ => return None,
        };
        let authority = uri.authority()?;
        // The parser takes a missing path for the root.
        let is_bare = text.ends_with(authority.as_str()) && !authority.as_str().contains('@');
        is_bare.then(|| Self {
            scheme,
            host: authority.host().to_ascii_lowercase(),
            port: authority.port_u16().unwrap_or(default_port),
        })
    }

    /// Whether a page from here asks the very server that gave it out, as far as the `Host` header tells,
    /// which names no scheme.
    #[must_use]
    pub fn is_of(&self, host: &Authority) -> bool {
        let default_port = match self.scheme {
            Scheme::Http => 80,
            Scheme::Https => 443,
        };
        host.host().eq_ignore_ascii_case(&self.host)
            && host.port_u16().unwrap_or(default_port) == self.port
    }

    /// Its host, in lower case.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }
}

/// Whether that host is the machine that asks.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || literal
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let same = |one, other| Origin::parse(one) == Origin::parse(other);
        assert!(same("https://a.example", "https://A.example:443"));
        assert!(!same("https://a.example", "http://a.example"));
        assert!(!same("https://a.example", "https://a.example:8443"));
        for none in [
            "null",
            "*",
            "",
            "a.example",
            "file:///",
            "chrome-extension://abc",
            "https://a.example/page",
            "https://a.example/",
            "https://ann@a.example",
        ] {
            assert_eq!(Origin::parse(none), None, "{none}");
        }
    }
}
