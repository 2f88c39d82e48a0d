//! What waits for a client: the bytes that it was sent and has not taken yet. Socket.IO bounds it in
//! messages, which may be large; this bounds it in bytes. What becomes of a client that lets too much
//! wait is left to its connection.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Serialize;

/// Most bytes that may wait for one client. Room for the largest description from everyone in the
/// largest room; what really comes at once is a fraction of it.
const MOST: usize = 1024 * 1024;

/// The count of one TCP connection. Payloads count when they are handed over, bytes when they are taken;
/// frames and pings make these more than those, so that the count errs to the client's favour.
#[derive(Clone, Debug, Default)]
pub struct Unsent(Arc<AtomicUsize>);

/// More waits than may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too much waits for the client")]
pub struct TooMuch;

impl Unsent {
    /// Counts a payload in that is about to be sent.
    ///
    /// # Errors
    /// [`TooMuch`]: it is not counted, and must not be sent.
    pub fn add(&self, payload: &impl Serialize) -> Result<(), TooMuch> {
        let bytes = size(payload);
        let before = self.0.fetch_add(bytes, Ordering::Relaxed);
        if before + bytes <= MOST {
            return Ok(());
        }
        self.taken(bytes);
        Err(TooMuch)
    }

    /// Counts bytes out that the network has taken.
    pub fn taken(&self, bytes: usize) {
        let rest = |unsent: usize| Some(unsent.saturating_sub(bytes));
        // It always has a value.
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, rest);
    }
}

/// The length of the payload's JSON.
fn size(payload: &impl Serialize) -> usize {
    let mut length = Length(0);
    match serde_json::to_writer(&mut length, payload) {
        Ok(()) => length.0,
        // Whoever sends it will find out.
        Err(_) => 0,
    }
}

struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_makes_room_and_what_was_refused_takes_none() {
        let unsent = Unsent::default();
        let half = "x".repeat(MOST / 2 - 2);
        assert_eq!(unsent.add(&half), Ok(()));
        assert_eq!(unsent.add(&half), Ok(()));
        assert_eq!(unsent.add(&"x"), Err(TooMuch));
        unsent.taken(3);
        assert_eq!(unsent.add(&"x"), Ok(()));
        // The HTTP that came before, and what is around the payloads.
        unsent.taken(2 * MOST);
        assert_eq!(unsent.add(&half), Ok(()));
    }
}
