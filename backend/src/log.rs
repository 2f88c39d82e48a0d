//! What goes into the log. Where it goes is left to the binary.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{Directive, LevelFilter};

use crate::Config;

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
