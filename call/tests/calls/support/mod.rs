//! A world in memory for tests of whole calls: pages, a server, peer connections, and a network
//! that keeps the order of each pair and nothing else.

pub mod browser;
pub mod look;
pub mod measuring;
pub mod page;
pub mod paths;
pub mod schedule;
pub mod server;
pub mod world;
