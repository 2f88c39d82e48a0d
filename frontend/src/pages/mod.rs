//! The pages, one for each path; `/ROOM` is three of them in turn: preview, call, end. Which path
//! leads where is [`app`](crate::app)'s.

mod ended;
mod in_call;
mod lost;
mod preview;
mod room;
mod welcome;

pub use lost::{InvalidRoom, NotFound};
pub use room::Room;
pub use welcome::Welcome;
