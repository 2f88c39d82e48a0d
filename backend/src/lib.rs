//! Moim's server as a library: [`run`] is all of it, for the binary and for tests alike. It serves the
//! page, keeps the rooms and relays the signalling; sound, picture and chat never pass it.

mod accept;
mod admin;
mod admission;
pub mod config;
mod connection;
mod cors;
mod ice;
pub mod identity;
mod lobby;
mod log;
mod meetings;
pub mod names;
mod open_files;
mod origin;
mod pairing;
pub mod password;
mod polling;
mod rate;
mod relay;
pub mod room;
mod room_store;
mod server;
mod signalling;
mod stream;
mod trace;
mod tutorials;
mod unsent;
mod upgrade;
mod web;

pub use config::Config;
pub use log::log_filter;
pub use open_files::ask_for_more as ask_for_more_open_files;
pub use origin::Origin;
pub use server::{RunError, run};
