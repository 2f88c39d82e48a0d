//! STUN and TURN messages as bytes: RFC 8489 §5 and §14, RFC 8656 §12 and §18. What they mean, and whether they
//! may be believed, is left to the [`Relay`](crate::Relay).
//!
//! Reading copies nothing and takes no memory; writing fills one vector.

mod address;
pub mod attribute;
pub mod channel_data;
mod encoder;
mod header;
mod integrity;
mod message;

pub use address::{XorAddress, read_xor_address};
pub use encoder::Encoder;
pub use header::{Class, Header, Method, TransactionId};
pub use integrity::{Key, long_term_key};
pub use message::{Malformed, Message};

pub(crate) use header::{HEADER, padding};
