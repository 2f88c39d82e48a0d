//! The server as its clients meet it: each module a subject, each test a story, all against the real
//! server on a free port. One binary, because linking takes longer than running.

#![expect(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "what was not expected fails the test, whatever it is"
)]

mod admin;
mod admin_tutorials;
mod bad_input;
mod bounds;
mod config;
mod coturn;
mod ice_servers;
mod identity;
mod order;
mod pairing;
mod process;
mod recovery;
mod relay;
mod room_life;
mod room_list;
mod signalling;
mod support;
mod tutorials;
mod web;
