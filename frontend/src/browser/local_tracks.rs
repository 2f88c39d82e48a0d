//! What this page sends to every peer: one track, or none, for each slot.

use std::rc::Rc;

use call::output::Slot;

use super::track::Track;

/// The tracks, by [`Slot`]. Clones share them: a track ends when its last holder lets it go, so that
/// one that is replaced runs until its replacement is sent.
#[derive(Clone, Default)]
pub struct LocalTracks {
    tracks: [Option<Rc<Track>>; 4],
}

impl LocalTracks {
    /// The track in that slot.
    #[must_use]
    pub fn get(&self, slot: Slot) -> Option<&Rc<Track>> {
        self.tracks[slot as usize].as_ref()
    }

    /// Puts a track, or none, into that slot; gives what was there.
    pub fn put(&mut self, slot: Slot, track: Option<Rc<Track>>) -> Option<Rc<Track>> {
        std::mem::replace(&mut self.tracks[slot as usize], track)
    }
}
