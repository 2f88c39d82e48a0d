//! The pages, one for each path; `/ROOM` is three of them in turn: preview, call, end; so is `/-/meet`.
//! Which path leads where is [`app`](crate::app)'s.

mod check;
mod choice;
mod ended;
mod in_call;
mod lost;
mod preview;
mod visit;
mod welcome;

pub use check::Check;
pub use lost::{InvalidRoom, NotFound};
pub use visit::Visit;
pub use welcome::Welcome;
