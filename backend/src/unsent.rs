//! What waits for a client: the bytes that it was sent and has not taken yet. Socket.IO bounds it in
//! messages, which may be large; this bounds it in bytes. What becomes of a client that lets too much
//! wait is left to its connection.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use serde::Serialize;

/// Most bytes that may wait for one client. Room for the largest description from everyone in the
/// largest room; what really comes at once is a fraction of it.
const MOST: usize = 1024 * 1024;

/// Most that may wait when a peer has something to add. The other half is for what the server itself
/// has to say: peers must not be able to keep that from a client.
const MOST_WITH_SIGNALS: usize = MOST / 2;

/// Messages that may wait for one client. More than there can be of the smallest signals, so that bytes
/// are what counts.
pub const MESSAGES: usize = 4096;

/// The count of one TCP connection. Payloads count when they are handed over, bytes when they are taken;
/// frames and pings make these more than those, so that the count errs to the client's favour.
#[derive(Clone, Debug, Default)]
pub struct Unsent(Arc<Count>);

#[derive(Debug, Default)]
struct Count {
    bytes: AtomicUsize,
    session: OnceLock<Unsent>,
}

/// More waits than may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too much waits for the client")]
pub struct TooMuch;

impl Unsent {
    /// Counts a payload of the server's own in that is about to be sent.
    ///
    /// # Errors
    /// [`TooMuch`]: it is not counted, and must not be sent.
    pub fn add(&self, payload: &impl Serialize) -> Result<(), TooMuch> {
        self.add_bytes(size(payload), MOST)
    }

    /// Counts a peer's signal in, of that [`size`], which is about to be passed on.
    ///
    /// # Errors
    /// [`TooMuch`]: it is not counted, and must not be sent.
    pub fn add_signal(&self, bytes: usize) -> Result<(), TooMuch> {
        self.add_bytes(bytes, MOST_WITH_SIGNALS)
    }

    fn add_bytes(&self, bytes: usize, most: usize) -> Result<(), TooMuch> {
        let before = self.0.bytes.fetch_add(bytes, Ordering::Relaxed);
        if before + bytes <= most {
            return Ok(());
        }
        self.taken(bytes);
        Err(TooMuch)
    }

    /// From now on this connection carries that session, which began on others: what it takes counts
    /// out there too.
    pub fn carry(&self, session: &Self) {
        // A connection is upgraded once.
        let _ = self.0.session.set(session.clone());
    }

    /// Counts bytes out that the network has taken.
    pub fn taken(&self, bytes: usize) {
        if let Some(session) = self.0.session.get() {
            session.taken(bytes);
        }
        let rest = |unsent: usize| Some(unsent.saturating_sub(bytes));
        // It always has a value.
        let _ = self
            .0
            .bytes
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, rest);
    }
}

/// The length of the payload's JSON.
#[must_use]
pub fn size(payload: &impl Serialize) -> usize {
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
    use shared::signal::{DescriptionId, SdpType};
    use shared::to_browser::Ice;
    use shared::{Epoch, PeerId};

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

    #[test]
    fn signals_leave_room_for_what_the_server_says() {
        let unsent = Unsent::default();
        assert_eq!(unsent.add_signal(MOST_WITH_SIGNALS), Ok(()));
        assert_eq!(unsent.add_signal(1), Err(TooMuch));
        assert_eq!(unsent.add(&"x"), Ok(()));
    }

    #[test]
    fn the_smallest_signals_reach_the_bound_in_bytes_before_that_in_messages() {
        let smallest = Ice {
            from: PeerId::from_bytes([0; 16]),
            from_epoch: Epoch::from_bytes([0; 8]),
            id: DescriptionId {
                generation: 0,
                seq: 0,
            },
            of: SdpType::Offer,
            candidates: Vec::new(),
        };
        assert!(MOST_WITH_SIGNALS / size(&smallest) < MESSAGES);
    }

    #[test]
    fn what_a_connection_takes_counts_for_the_session_that_it_carries() {
        let (session, connection) = (Unsent::default(), Unsent::default());
        assert_eq!(session.add(&"x".repeat(MOST - 2)), Ok(()));
        connection.taken(MOST);
        assert_eq!(session.add(&"x"), Err(TooMuch));
        connection.carry(&session);
        connection.taken(MOST);
        assert_eq!(session.add(&"x"), Ok(()));
    }
}
