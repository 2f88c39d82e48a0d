//! Acks that are awaited. Leaves time-outs to whoever awaits.

use futures::channel::oneshot;
use serde_json::value::RawValue;

/// Resolves to the ack's first argument, or is cancelled when the connection is lost.
pub(crate) type Answer = oneshot::Receiver<Box<RawValue>>;

/// The ids in flight. An id is used once in the life of a client, so an answer that comes late
/// can never be taken for another one's.
#[derive(Debug, Default)]
pub(crate) struct Acks {
    last_id: u64,
    // A handful at most: a list is smaller than a map, in bytes and in code.
    pending: Vec<(u64, oneshot::Sender<Box<RawValue>>)>,
}

impl Acks {
    /// The id that the next [`expect`](Self::expect) will take.
    pub(crate) fn next_id(&self) -> u64 {
        self.last_id + 1
    }

    /// Starts to wait for the answer to the next id.
    pub(crate) fn expect(&mut self) -> Answer {
        self.last_id += 1;
        let (sender, receiver) = oneshot::channel();
        self.pending.push((self.last_id, sender));
        receiver
    }

    /// Hands an answer over. One that nobody waits for any longer came after its time-out, and
    /// is of no interest.
    pub(crate) fn resolve(&mut self, id: u64, payload: Box<RawValue>) {
        if let Some(sender) = self.remove(id) {
            // Fails only if the one who waited has just gone.
            let _ = sender.send(payload);
        }
    }

    /// Waits no longer for this one.
    pub(crate) fn forget(&mut self, id: u64) {
        self.remove(id);
    }

    /// Cancels all: their answers can no longer come.
    pub(crate) fn cancel_all(&mut self) {
        self.pending.clear();
    }

    fn remove(&mut self, id: u64) -> Option<oneshot::Sender<Box<RawValue>>> {
        let index = self.pending.iter().position(|(other, _)| *other == id)?;
        Some(self.pending.swap_remove(index).1)
    }
}
