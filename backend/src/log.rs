//! What goes into the log, and how much of it clients can cause. Where it goes is left to the binary.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use tracing::warn;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{Directive, LevelFilter};

use crate::Config;
use crate::rate::{Bucket, Verdict};

/// Libraries that write whole messages into the log, from `debug` on: secrets, descriptions, names.
const TALKATIVE: [&str; 6] = [
    "socketioxide",
    "socketioxide_core",
    "socketioxide_parser_common",
    "engineioxide",
    "tungstenite",
    "tokio_tungstenite",
];

/// The filter that the configuration asks for, but for what no log may have in it.
#[must_use]
pub fn log_filter(config: &Config) -> EnvFilter {
    let filter = EnvFilter::builder().parse_lossy(&config.log);
    TALKATIVE
        .iter()
        .filter_map(|library| {
            format!("{library}={}", LevelFilter::INFO)
                .parse::<Directive>()
                .ok()
        })
        .fold(filter, EnvFilter::add_directive)
}

/// Bounds the lines that a client, or all of them together, can cause.
#[derive(Debug)]
pub struct Allowance(Mutex<State>);

#[derive(Debug)]
struct State {
    lines: Bucket,
    unlogged: u64,
}

impl Allowance {
    /// So many lines at once, and so many each second in the long run.
    #[must_use]
    pub fn new(rate: u32, burst: u32) -> Self {
        Self(Mutex::new(State {
            lines: Bucket::new(rate, burst, Instant::now()),
            unlogged: 0,
        }))
    }

    /// Logs a line, unless there have been too many; then only how many there were, later.
    pub fn log(&self, line: impl FnOnce()) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.lines.take(Instant::now()) != Verdict::Within {
            state.unlogged += 1;
            return;
        }
        let unlogged = std::mem::take(&mut state.unlogged);
        drop(state);
        if unlogged > 0 {
            warn!(unlogged, "more of what follows than is logged");
        }
        line();
    }
}
