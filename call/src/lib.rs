//! The client's brain: what happens in a call, as pure state machines. [`Call`] takes [`Input`]s and
//! the time and gives [`Output`]s; what it looks like is read from its [`CallView`]. No sockets, no
//! peer connections, no clock, no randomness of its own: a driver carries inputs in and outputs out.

#![warn(missing_docs)]

pub mod check;
pub mod input;
pub mod intent;
pub mod layout;
pub mod looks;
pub mod measure;
pub mod media;
pub mod output;
pub mod scale;
pub mod silence;
pub mod time;
pub mod view;

mod arrivals;
mod attention;
mod budget;
mod call;
mod capacity;
mod capture;
mod chat;
mod description;
mod engine;
mod flow;
mod guard;
mod links;
mod local;
mod muted_hint;
mod names;
mod negotiation;
mod notices;
mod outbox;
mod peer;
mod politeness;
mod random;
mod relayed;
mod repair;
mod reports;
mod room;
mod roster;
mod signals;
mod timers;

pub use call::{Call, Goal, Setup};
pub use input::Input;
pub use intent::Intent;
pub use output::Output;
pub use time::Time;
pub use view::CallView;
