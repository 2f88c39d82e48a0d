//! The relay's thread: waits until something comes, gives everyone to whom something has come a turn, and sees to what runs out.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use mio::{Events, Poll};
use tracing::error;
use turn::Now;

use super::counters::{Reporter, Shared};
use super::datagrams::{Inbox, Sender};
use super::hub::{Hub, Tools, Turn};
use super::source::{Ready, Source};
use super::streams::SCRATCH;
use crate::ice::unix_seconds;

/// Readiness that is told at once.
const EVENTS: usize = 256;

/// How often idle connections are looked for and the counters shown, while there is anything to look for.
const LOOK: Duration = Duration::from_secs(1);

/// How often this machine's networks are asked for meanwhile.
const NETWORKS: Duration = Duration::from_secs(60);

/// Runs until `stop` is set and the poll is woken.
pub fn run(mut poll: Poll, mut hub: Hub, stop: &AtomicBool, counters: Shared) {
    let mut tools = Tools {
        inbox: Inbox::new(),
        sender: Sender::new(),
        scratch: vec![0; SCRATCH].into(),
    };
    let mut events = Events::with_capacity(EVENTS);
    let mut ready = Ready::default();
    // Those that wait until the next look.
    let mut later = Vec::new();
    let mut reporter = Reporter::new(counters, Instant::now());
    let mut next_look = None;
    hub.learn_networks();
    let mut next_networks = Instant::now() + NETWORKS;
    loop {
        let patience = if ready.is_empty() {
            let next = [hub.deadline(), next_look].into_iter().flatten().min();
            next.map(|next| next.saturating_duration_since(Instant::now()))
        } else {
            Some(Duration::ZERO)
        };
        match poll.poll(&mut events, patience) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                error!(%error, "the relay has ended");
                return;
            }
        }
        if stop.load(Ordering::Acquire) {
            reporter.end(hub.counters());
            return;
        }
        let now = now();
        for event in &events {
            let source = Source::of(event.token());
            if let Source::Stream(key) = source
                && event.is_writable()
            {
                hub.flush(key, now);
            }
            if event.is_readable() || event.is_read_closed() || event.is_error() {
                ready.add(source);
            }
            next_look.get_or_insert(now.instant + LOOK);
        }
        for source in ready.take() {
            match hub.serve(source, &mut tools, now) {
                Turn::Done => {}
                Turn::More => ready.add(source),
                Turn::Later => later.push(source),
            }
        }
        if hub
            .deadline()
            .is_some_and(|deadline| deadline <= now.instant)
        {
            hub.tick(now);
        }
        if next_look.is_some_and(|next| next <= now.instant) {
            let is_used = hub.close_idle(now);
            if next_networks <= now.instant {
                hub.learn_networks();
                next_networks = now.instant + NETWORKS;
            }
            reporter.note(hub.counters(), now.instant);
            let waits = is_used || !later.is_empty() || hub.deadline().is_some();
            next_look = waits.then(|| now.instant + LOOK);
            later.drain(..).for_each(|source| ready.add(source));
        }
    }
}

fn now() -> Now {
    Now {
        instant: Instant::now(),
        unix_seconds: unix_seconds(),
    }
}
