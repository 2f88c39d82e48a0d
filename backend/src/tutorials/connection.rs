//! One connection on the default namespace, from its greeting to its end: as on Moim's own, a handler counts each
//! event and pushes it into a bounded queue, and one task takes them out in order.

use std::future::ready;
use std::sync::Arc;

use serde_json::json;
use shared::Rejection;
use shared::event::ConnectRefusal;
use socketioxide::SocketIo;
use socketioxide::extract::{Extension, HttpExtension, SocketRef};
use socketioxide::handler::ConnectHandler;
use tokio::sync::mpsc;
use tracing::debug;

use super::arguments::{Arguments, Heard, MaybeHeard};
use super::hub::{Hub, knows};
use super::say::Me;
use crate::admin::payload;
use crate::admin::shown::UNKNOWN;
use crate::admin::sight::Sight;
use crate::connection::gate::{Gate, known_site};
use crate::connection::line::{End, Ending, Line};
use crate::connection::prepared::Prepared;
use crate::connection::request::ReplyTo;
use crate::connection::task::hang_up;
use crate::rate::Verdict;
use crate::server::Server;

/// Longest event name that goes into the log.
const LOGGED_NAME_CHARS: usize = 32;

/// An event that waits to be heard, and where its acknowledgement goes.
struct Waiting {
    heard: Heard,
    reply: Reply,
}

/// The means to acknowledge an event, if its sender asked for that.
struct Reply {
    to: ReplyTo,
    event: String,
    gate: Arc<Gate>,
    end: End,
}

type Queue = mpsc::Receiver<Waiting>;

/// What the greeting prepares for the connection's task.
type Beginning = (Queue, End, Sight);

/// Opens the default namespace.
pub fn open_namespace(io: &SocketIo, server: &Arc<Server>, hub: &Arc<Hub>) {
    let queue_size = server.config.event_burst_or_default() as usize;
    let registry = server.registry();
    let greet = async move |socket: SocketRef, HttpExtension(gate): HttpExtension<Arc<Gate>>| {
        gate.trace().greeted();
        if gate.has_room() {
            let sight = Sight::of(registry.as_ref(), "/", &socket);
            prepare(&socket, gate, queue_size, sight);
            Ok(())
        } else {
            let refusal = ConnectRefusal::TooManyConnections;
            gate.trace().refused(&refusal.to_string());
            Err(refusal)
        }
    };
    let (server, hub) = (Arc::clone(server), Arc::clone(hub));
    let start = async move |socket: SocketRef,
                            Extension(prepared): Extension<Prepared<Beginning>>,
                            HttpExtension(gate): HttpExtension<Arc<Gate>>| {
        if let Some((queue, end, sight)) = prepared.take() {
            sight.appears(gate.admitted().address(), &socket, &end);
            let line = Line::new(socket, end, gate.unsent().clone(), sight);
            run(&server, &hub, line, &gate, queue).await;
        }
    };
    io.ns("/", start.with(greet).with(known_site));
}

fn prepare(socket: &SocketRef, gate: Arc<Gate>, queue_size: usize, sight: Sight) {
    let (sender, queue) = mpsc::channel(queue_size);
    let end = End::of(socket);
    let (ending, seen) = (end.clone(), sight.clone());
    socket.on_fallback(move |MaybeHeard(heard): MaybeHeard, to: ReplyTo| {
        receive(heard, to, &gate, &ending, &seen, &sender);
        ready(())
    });
    Prepared::leave(socket, (queue, end, sight));
}

/// Counts an event and puts it into the queue.
fn receive(
    heard: Option<Heard>,
    to: ReplyTo,
    gate: &Arc<Gate>,
    end: &End,
    sight: &Sight,
    queue: &mpsc::Sender<Waiting>,
) {
    let event = heard.as_ref().map_or("", |heard| heard.event.as_str());
    let reply = Reply {
        to,
        event: event.escape_debug().take(LOGGED_NAME_CHARS).collect(),
        gate: Arc::clone(gate),
        end: end.clone(),
    };
    if let Some(Heard { event, arguments }) = &heard {
        sight.received(if knows(event) { event } else { UNKNOWN }, arguments);
    }
    match gate.count() {
        Verdict::Within => {}
        Verdict::Over => return reply.answer(Err(Rejection::RateLimited)),
        Verdict::FarOver => return end.declare(Ending::Abusive(Rejection::RateLimited)),
    }
    let Some(heard) = heard else {
        let detail = "not an event".to_owned();
        return reply.answer(Err(Rejection::Malformed { detail }));
    };
    let refused = match queue.try_send(Waiting { heard, reply }) {
        Ok(()) => return,
        Err(mpsc::error::TrySendError::Full(waiting)) => (waiting, Rejection::QueueFull),
        Err(mpsc::error::TrySendError::Closed(waiting)) => (waiting, Rejection::NotInRoom),
    };
    let (Waiting { reply, .. }, rejection) = refused;
    reply.answer(Err(rejection));
}

async fn run(server: &Server, hub: &Hub, line: Line, gate: &Gate, mut queue: Queue) {
    let me = Me {
        id: line.id(),
        socket: line.socket().id.to_string(),
    };
    let end = line.end().clone();
    hub.enter(line.clone());
    let ending = loop {
        tokio::select! {
            biased;
            ending = end.declared() => break ending,
            Some(waiting) = queue.recv() => {
                if server.is_closing() {
                    waiting.reply.answer(Err(Rejection::Closing));
                } else {
                    hear(hub, &me, gate, waiting);
                }
            }
        }
    };
    gate.log_end(&ending);
    if let Ending::Closed(_) = ending {
        // What was sent before the close still counts.
        while let Ok(waiting) = queue.try_recv() {
            hear(hub, &me, gate, waiting);
        }
    }
    hub.leave(me.id);
    let sight = line.sight().clone();
    hang_up(line, None).await;
    sight.vanishes(payload::reason(ending.reason()));
}

fn hear(hub: &Hub, me: &Me, gate: &Gate, waiting: Waiting) {
    let Waiting { heard, reply } = waiting;
    debug!(socket = me.socket, event = reply.event, "heard");
    hub.hear(me, gate, &heard, |done| reply.answer(done));
}

impl Reply {
    /// Acknowledges with nothing, or with what went wrong, which is logged in any case.
    fn answer(self, done: Result<(), Rejection>) {
        let mut acknowledgement = Arguments::default();
        if let Err(rejection) = done {
            self.gate.log_refusal(&self.event, &rejection);
            let error = json!({ "error": rejection.to_string() });
            acknowledgement = acknowledgement.with(&error);
        }
        self.to.send(&acknowledgement, &self.gate, &self.end);
    }
}
