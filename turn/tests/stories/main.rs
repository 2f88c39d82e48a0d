//! The relay from outside, as its driver and its clients see it: given what came, expect what is to be sent. Time is passed in.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod allocating;
mod channels;
mod credentials;
mod floods;
mod keeping;
mod limits;
mod peers;
mod relaying;
mod world;
