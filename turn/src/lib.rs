//! A STUN and TURN server without its sockets: RFC 8489, and of RFC 8656 what browsers use: UDP allocations for
//! clients over UDP and TCP, with time-limited credentials. [`Relay`] is told what came, from where and when, and says
//! what is to be sent where. No sockets, no clock, no randomness of its own: a driver has those.
//!
//! Left out: TCP allocations (RFC 6062), mobility, reserved ports, and two address families in one allocation.
//!
//! Strangers cost next to nothing: a nonce is computed, not kept, what may be answered to requests without credentials
//! is limited for each address and in all, and every table has a size that the [`Limits`] give.

#![warn(missing_docs)]

pub mod wire;

mod allocation;
mod allocations;
mod channels;
mod client;
mod config;
mod counters;
mod credentials;
mod envelope;
mod error_code;
mod floods;
mod frame;
mod hashing;
mod network;
mod nonce;
mod peer_filter;
mod permissions;
mod rate;
mod relay;
mod time;

pub use client::{AllocationId, Client, Family, Transport};
pub use config::{Config, Limits};
pub use counters::Counters;
pub use credentials::{Credentials, Secret};
pub use envelope::Envelope;
pub use frame::{NotStun, frame};
pub use network::Network;
pub use peer_filter::is_public;
pub use relay::{Command, Forward, Relay};
pub use time::Now;
