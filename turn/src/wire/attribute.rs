//! The types of the attributes that are understood (RFC 8489 §18.3, RFC 8656 §18). Those below 0x8000 must be
//! understood by whoever is sent them; the others may be passed over.

/// The name that a request is made under, in UTF-8.
pub const USERNAME: u16 = 0x0006;
/// HMAC-SHA1 over all that stands before it; 20 bytes.
pub const MESSAGE_INTEGRITY: u16 = 0x0008;
/// Why a request was refused: class, number, and words.
pub const ERROR_CODE: u16 = 0x0009;
/// Which attributes of the request were not understood; two bytes for each.
pub const UNKNOWN_ATTRIBUTES: u16 = 0x000A;
/// A channel's number, and two bytes of nothing.
pub const CHANNEL_NUMBER: u16 = 0x000C;
/// For how many seconds an allocation lasts; four bytes.
pub const LIFETIME: u16 = 0x000D;
/// The address of a peer.
pub const XOR_PEER_ADDRESS: u16 = 0x0012;
/// What is relayed.
pub const DATA: u16 = 0x0013;
/// Where the credentials are valid.
pub const REALM: u16 = 0x0014;
/// What the server gave to whom it asked for credentials.
pub const NONCE: u16 = 0x0015;
/// The address of an allocation, as peers see it.
pub const XOR_RELAYED_ADDRESS: u16 = 0x0016;
/// 1 for IPv4, 2 for IPv6, and three bytes of nothing.
pub const REQUESTED_ADDRESS_FAMILY: u16 = 0x0017;
/// Wishes for an even port, and with its first bit for the port above it as well; one byte.
pub const EVEN_PORT: u16 = 0x0018;
/// The transport between server and peers, an IP protocol number, and three bytes of nothing.
pub const REQUESTED_TRANSPORT: u16 = 0x0019;
/// Wishes that datagrams be not fragmented; empty.
pub const DONT_FRAGMENT: u16 = 0x001A;
/// A client's address, as the server sees it.
pub const XOR_MAPPED_ADDRESS: u16 = 0x0020;
/// Asks for a port that was set aside before; eight bytes.
pub const RESERVATION_TOKEN: u16 = 0x0022;
/// CRC-32 over all that stands before it, to tell STUN from other things; the last attribute, four bytes.
pub const FINGERPRINT: u16 = 0x8028;

/// Whether a message with this attribute must be refused (420) by those who, like us, do not understand it.
pub fn is_unknown(kind: u16) -> bool {
    kind < 0x8000
        && !matches!(
            kind,
            USERNAME
                | MESSAGE_INTEGRITY
                | ERROR_CODE
                | UNKNOWN_ATTRIBUTES
                | CHANNEL_NUMBER
                | LIFETIME
                | XOR_PEER_ADDRESS
                | DATA
                | REALM
                | NONCE
                | XOR_RELAYED_ADDRESS
                | REQUESTED_ADDRESS_FAMILY
                | EVEN_PORT
                | REQUESTED_TRANSPORT
                | DONT_FRAGMENT
                | XOR_MAPPED_ADDRESS
                | RESERVATION_TOKEN
        )
}
