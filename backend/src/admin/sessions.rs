//! Admin pages that have logged in come back without the password for a day, or until the server stops.
//! Pure; the clock and chance are the caller's.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

/// How long a page may come back.
const VALID_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// Sessions that are kept: the newest.
const MOST: usize = 32;

/// The sessions, the oldest first. Kept are hashes, so that comparing them tells nothing of what was
/// right in a guess.
#[derive(Debug, Default)]
pub struct Sessions(VecDeque<Session>);

#[derive(Debug)]
struct Session {
    hash: [u8; 32],
    opened: Instant,
}

impl Sessions {
    /// Opens a session with that random number; returns its id.
    pub fn open(&mut self, random: [u8; 16], now: Instant) -> String {
        let id = random.iter().fold(String::new(), |mut id, byte| {
            // Writing to a string cannot fail.
            let _ = write!(id, "{byte:02x}");
            id
        });
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back(Session {
            hash: hash(&id),
            opened: now,
        });
        id
    }

    /// Whether there is a session of that id.
    pub fn has(&mut self, id: &str, now: Instant) -> bool {
        self.0
            .retain(|session| now.saturating_duration_since(session.opened) < VALID_FOR);
        let hash = hash(id);
        self.0.iter().any(|session| session.hash == hash)
    }
}

fn hash(id: &str) -> [u8; 32] {
    Sha256::digest(id.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_lasts_a_day_and_the_newest_are_kept() {
        let mut sessions = Sessions::default();
        let start = Instant::now();
        let first = sessions.open([1; 16], start);
        assert_eq!(first, "01".repeat(16));
        assert!(sessions.has(&first, start));
        assert!(!sessions.has("", start));
        assert!(!sessions.has(&"02".repeat(16), start));
        assert!(!sessions.has(&first, start + VALID_FOR));

        let first = sessions.open([1; 16], start);
        for number in 0..MOST {
            let number = u8::try_from(number).unwrap_or(u8::MAX);
            sessions.open([100 + number; 16], start);
        }
        assert!(!sessions.has(&first, start));
        assert!(sessions.has(&"64".repeat(16), start));
    }
}
