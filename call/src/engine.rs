//! Which browsers the two ends of a link are, as far as restarting ICE together goes. All but Firefox share one WebRTC engine,
//! and Firefox has its own; each restarts with its like.
//!
//! Of the two together only Firefox may offer a restart. The other, as the offerer, goes on to check Firefox's old candidates
//! from its new ports until the answer is there, and may stay with such a pair: Firefox answers its checks and drops what
//! comes that way, so nothing arrives there any more while both sides say `connected`. And in its answer Firefox takes the
//! DTLS role `active`, whichever it had (against RFC 8842), at which the data channel closes.

use crate::politeness::Politeness;

/// What makes a browser's descriptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Engine {
    Firefox,
    Other,
}

/// The engines of both ends, once each has described itself.
#[derive(Debug, Default)]
pub(crate) struct Engines {
    own: Option<Engine>,
    peers: Option<Engine>,
}

impl Engines {
    /// This page's browser made that description.
    pub fn own(&mut self, sdp: &str) {
        self.own = Some(Engine::of(sdp));
    }

    /// The peer's browser made that description.
    pub fn peers(&mut self, sdp: &str) {
        self.peers = Some(Engine::of(sdp));
    }

    /// Who is to restart ICE, where that is not for the ids to decide: the impolite one. The polite one replaces the link.
    pub fn politeness(&self) -> Option<Politeness> {
        match (self.own?, self.peers?) {
            (Engine::Firefox, Engine::Other) => Some(Politeness::Impolite),
            (Engine::Other, Engine::Firefox) => Some(Politeness::Polite),
            (Engine::Firefox, Engine::Firefox) | (Engine::Other, Engine::Other) => None,
        }
    }
}

impl Engine {
    /// By the name in its origin (RFC 8866 §5.2).
    fn of(sdp: &str) -> Self {
        if sdp.lines().any(|line| line.starts_with("o=mozilla")) {
            Self::Firefox
        } else {
            Self::Other
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIREFOX: &str =
        "v=0\r\no=mozilla...THIS_IS_SDPARTA-99.0 6807 0 IN IP4 0.0.0.0\r\ns=-\r\n";
    const CHROMIUM: &str = "v=0\r\no=- 2883 2 IN IP4 127.0.0.1\r\ns=-\r\n";

    #[test]
    fn of_two_engines_firefox_restarts() {
        for (own, peers, politeness) in [
            (FIREFOX, CHROMIUM, Some(Politeness::Impolite)),
            (CHROMIUM, FIREFOX, Some(Politeness::Polite)),
            (FIREFOX, FIREFOX, None),
            (CHROMIUM, CHROMIUM, None),
        ] {
            let mut engines = Engines::default();
            assert_eq!(engines.politeness(), None);
            engines.own(own);
            assert_eq!(engines.politeness(), None);
            engines.peers(peers);
            assert_eq!(engines.politeness(), politeness);
        }
    }
}
