//! Moim's namespace: how a connection begins. Its handlers are registered before it is accepted, so
//! that no event can come too early; its task starts once the socket can be written to.

pub mod gate;
pub mod inbox;
pub mod line;
pub mod prepared;
pub mod request;
pub mod seeking;
pub mod task;

use std::sync::Arc;

use shared::NAMESPACE;
use shared::event::{ConnectRefusal, Hello, PROTOCOL_VERSION};
use socketioxide::SocketIo;
use socketioxide::extract::{Extension, HttpExtension, MaybeHttpExtension, SocketRef, TryData};
use socketioxide::handler::ConnectHandler;
use tokio::sync::mpsc;

use crate::admin::sight::Sight;
use crate::polling::Session;
use crate::server::Server;
use gate::{Gate, known_site};
use inbox::{Inbox, Requests};
use line::{End, Line};
use prepared::Prepared;
use task::Connection;

/// What the greeting prepares for the connection's task.
struct Beginning {
    queue: Requests,
    end: End,
    sight: Sight,
}

/// Opens the namespace on `io`.
pub fn open_namespace(io: &SocketIo, server: &Arc<Server>) {
    let queue_size = server.config.event_burst_or_default() as usize;
    let registry = server.registry();
    let greet =
        async move |socket: SocketRef,
                    TryData(hello): TryData<Hello>,
                    HttpExtension(gate): HttpExtension<Arc<Gate>>,
                    MaybeHttpExtension(polled): MaybeHttpExtension<Arc<Session>>| {
            let greeted = match polled {
                Some(_) => Err(ConnectRefusal::WebSocketOnly),
                None => check(&gate, hello.ok()),
            };
            match &greeted {
                Ok(()) => {
                    let sight = Sight::of(registry.as_ref(), NAMESPACE, &socket);
                    prepare(&socket, gate, queue_size, sight);
                }
                Err(refusal) => {
                    gate.trace().greeted();
                    gate.trace().refused(&refusal.to_string());
                }
            }
            greeted
        };
    let server = Arc::clone(server);
    let start = async move |socket: SocketRef,
                            Extension(prepared): Extension<Prepared<Beginning>>,
                            HttpExtension(gate): HttpExtension<Arc<Gate>>| {
        if let Some(Beginning { queue, end, sight }) = prepared.take() {
            gate.trace().greeted();
            sight.appears(gate.admitted().address(), &socket, &end);
            let line = Line::new(socket, end, gate.unsent().clone(), sight);
            Connection::new(server, line, gate, queue).run().await;
        }
    };
    io.ns(NAMESPACE, start.with(greet).with(known_site));
}

fn check(gate: &Gate, hello: Option<Hello>) -> Result<(), ConnectRefusal> {
    if !gate.has_room() {
        return Err(ConnectRefusal::TooManyConnections);
    }
    let Some(Hello { protocol }) = hello else {
        return Err(ConnectRefusal::Malformed);
    };
    if protocol == PROTOCOL_VERSION {
        Ok(())
    } else {
        Err(ConnectRefusal::ProtocolVersion)
    }
}

fn prepare(socket: &SocketRef, gate: Arc<Gate>, queue_size: usize, sight: Sight) {
    let (sender, queue) = mpsc::channel(queue_size);
    let end = End::of(socket);
    let inbox = Arc::new(Inbox::new(sender, end.clone(), gate, sight.clone()));
    request::register(socket, &inbox);
    inbox.listen_for_unknown(socket);
    Prepared::leave(socket, Beginning { queue, end, sight });
}
