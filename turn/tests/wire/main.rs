//! The bytes of STUN: what the RFCs print, and whatever else may come.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod anything;
mod rfc5769;
