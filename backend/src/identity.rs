//! Who someone is in a room: the hash that makes a [`PeerId`] of a tab's secret. Whether that person
//! may enter is left to [`Room`](crate::room::Room). And who someone is to the server alone, in no room.

use std::fmt;

use sha2::{Digest, Sha256};
use shared::{PeerId, Secret};

use crate::names::RoomKey;

/// Keeps this hash apart from any other use of the same secret.
const DOMAIN: &[u8] = b"moim peer id 1\0";

/// Keeps that other use apart.
const TAB_DOMAIN: &[u8] = b"moim tab 1\0";

/// Which tab someone is at, in any room and in none. Nobody is told.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TabId([u8; 16]);

impl TabId {
    /// The tab with that secret.
    #[must_use]
    pub fn of(secret: &Secret) -> Self {
        Self(first_half(
            Sha256::new()
                .chain_update(TAB_DOMAIN)
                .chain_update(secret.as_bytes()),
        ))
    }
}

/// Enough of it for a log.
impl fmt::Debug for TabId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, ..] = self.0;
        write!(f, "TabId({a:02x}{b:02x}{c:02x}{d:02x})")
    }
}

/// The id of the tab with that secret in that room: the first 128 bits of SHA-256 over a domain tag,
/// the secret and the room's key. The same on every server, and unlinkable across rooms.
#[must_use]
pub fn peer_id(secret: &Secret, room: &RoomKey) -> PeerId {
    PeerId::from_bytes(first_half(
        Sha256::new()
            .chain_update(DOMAIN)
            .chain_update(secret.as_bytes())
            .chain_update(room.as_str().as_bytes()),
    ))
}

fn first_half(hash: Sha256) -> [u8; 16] {
    let digest: [u8; 32] = hash.finalize().into();
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    half
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::names::room_name;

    fn key(name: &str) -> RoomKey {
        RoomKey::of(&room_name(name).unwrap())
    }

    #[test]
    fn the_same_tab_is_the_same_person_in_one_room_and_another_in_the_next() {
        let secret = Secret::from_bytes([7; 32]);
        assert_eq!(
            peer_id(&secret, &key("Lobby")),
            peer_id(&secret, &key("lobby"))
        );
        assert_ne!(
            peer_id(&secret, &key("lobby")),
            peer_id(&secret, &key("cellar"))
        );
        assert_ne!(
            peer_id(&secret, &key("lobby")),
            peer_id(&Secret::from_bytes([8; 32]), &key("lobby"))
        );
    }

    /// Other servers must agree, and so must the next version of this one.
    #[test]
    fn the_hash_is_pinned() {
        let id = peer_id(&Secret::from_bytes([0; 32]), &key("moim"));
        assert_eq!(id.to_string(), "5a8a9066a9931548d079c331fb8dd135");
    }
}
