//! What a caller chooses about a connection. Leaves the parsing of the address to the browser.

use std::time::Duration;

use serde_json::value::RawValue;

use crate::Backoff;

/// Where to connect, as whom, and how patiently.
#[derive(Debug, Clone)]
pub struct Options {
    /// Address of the Socket.IO endpoint, `ws://host/socket.io/` or `wss://…`. The Engine.IO
    /// query is added; a query that is there already is kept.
    pub url: String,
    /// The namespace, with its leading slash; `/` is the default one.
    pub namespace: String,
    /// JSON handed to the server with CONNECT, anew at each reconnection.
    pub auth: Option<Box<RawValue>>,
    /// The pauses between attempts.
    pub backoff: Backoff,
    /// How long one attempt may take, from opening the socket until the namespace has answered.
    pub connect_timeout: Duration,
}

impl Options {
    /// Options without auth payload, with the default back-off and a time-out of ten seconds.
    pub fn new(url: impl Into<String>, namespace: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            namespace: namespace.into(),
            auth: None,
            backoff: Backoff::default(),
            connect_timeout: Duration::from_secs(10),
        }
    }

    /// The address that is really opened.
    pub(crate) fn transport_url(&self) -> String {
        let separator = if self.url.contains('?') { '&' } else { '?' };
        format!("{}{separator}EIO=4&transport=websocket", self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_query_is_added_to_the_address() {
        let plain = Options::new("ws://host/socket.io/", "/");
        assert_eq!(
            plain.transport_url(),
            "ws://host/socket.io/?EIO=4&transport=websocket"
        );

        let with_query = Options::new("ws://host/socket.io/?region=eu", "/");
        assert_eq!(
            with_query.transport_url(),
            "ws://host/socket.io/?region=eu&EIO=4&transport=websocket"
        );
    }
}
