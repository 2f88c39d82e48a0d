//! The harness of the browser tests: a [`Stage`] for each story, the real server as its [`Host`], and real Chromiums
//! and Firefoxes with fake devices as its [`Person`]s. The stories are in `tests`; the figures in `src/bin`.
//!
//! Everything here blocks, so that a story reads from top to bottom and a failure names the story's own line. It is
//! test code throughout: what fails panics, with a sentence that says what was waited for.

mod browser;
mod chromium;
mod display;
mod driver;
mod evidence;
mod figures;
mod firefox;
mod host;
mod keyboard;
pub mod lab;
mod locator;
mod media;
mod person;
mod processes;
mod program;
mod relay;
mod role;
mod runtime;
mod session;
mod setup;
mod site;
mod stage;
mod tap;
mod timeline;
mod tunnel;
mod visit;
mod waiting;
mod yardstick;

pub use figures::Figures;
pub use host::{Host, page_folder};
pub use keyboard::Key;
pub use locator::Locator;
pub use media::{ConnectionStats, InboundStats, OutboundStats, Slot, Source};
pub use person::Person;
pub use relay::{Listens, Relay, silent_port, stun, turn_at};
pub use role::Role;
pub use setup::{Autoplay, Engine, Permission, Picture, Setup, Shim};
pub use site::Site;
pub use stage::Stage;
pub use timeline::Timeline;
pub use visit::percent_encoded;
pub use waiting::{DEADLINE, until, within};
pub use yardstick::Yardstick;
