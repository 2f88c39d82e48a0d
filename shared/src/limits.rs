//! The protocol's limits. Server and page enforce the same figures: the page so as not to send what
//! would be refused, the server because it believes no client.

/// Longest room name, in Unicode scalar values after trimming and NFC.
pub const ROOM_NAME_CHARS: usize = 64;

/// Longest nickname, in Unicode scalar values after trimming and NFC.
pub const NICKNAME_CHARS: usize = 40;

/// Fewest and most people that a host can let into one room.
pub const ROOM_CAPACITY: std::ops::RangeInclusive<usize> = 2..=16;

/// How many people a room holds unless the host says otherwise.
pub const DEFAULT_ROOM_CAPACITY: usize = 6;

/// Largest session description, in bytes. A real one with four m-lines takes about 12 kB.
pub const SDP_BYTES: usize = 48 * 1024;

/// Largest single ICE candidate, all its fields together, in bytes.
pub const CANDIDATE_BYTES: usize = 1024;

/// Most ICE candidates in one event.
pub const CANDIDATES_PER_EVENT: usize = 64;

/// Largest Socket.IO message to the server, in bytes: the largest valid event with room to spare
/// for JSON escapes.
pub const SOCKET_MESSAGE_BYTES: usize = 128 * 1024;

/// Largest peer message on the data channel, in bytes.
pub const PEER_MESSAGE_BYTES: usize = 64 * 1024;

/// Longest chat message, in Unicode scalar values.
pub const CHAT_CHARS: usize = 8_000;

/// Peer messages that one peer may send in a burst, and then each second.
pub const PEER_MESSAGES_BURST: u32 = 100;

/// Peer messages each second that a peer may keep up.
pub const PEER_MESSAGES_PER_SECOND: u32 = 20;
