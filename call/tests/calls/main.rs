//! Whole calls, seen from the outside: what a driver puts in and gets out.

#![allow(clippy::unwrap_used)]

mod adapting;
mod connect;
mod devices;
mod healing;
mod hiding;
mod hostile;
mod losses;
mod measuring;
mod meeting;
mod relay;
mod restarts;
mod stories;
mod support;
