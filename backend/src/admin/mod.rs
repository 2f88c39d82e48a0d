//! The Socket.IO admin page (`@socket.io/admin-ui`): who is connected, in which rooms, and the events as
//! they pass. The page is not ours and comes from wherever the host has it; here is the server's end of
//! its protocol, on a namespace of its own. Off unless the host gives someone access.

mod desk;
mod login;
pub mod payload;
pub mod registry;
mod sessions;
pub mod shown;
pub mod sight;
mod throttle;
mod timestamp;
mod visitor;

use std::sync::Arc;
use std::time::Instant;

use crate::config::AdminAccess;
use login::Logins;
use payload::{Feature, NAMESPACE, ServerStats};
use registry::{Count, Registry};

pub use visitor::open_namespace;

/// What all admin pages share.
#[derive(Debug)]
pub struct Admin {
    /// Who is there.
    pub registry: Arc<Registry>,
    logins: Logins,
    read_only: bool,
    since: Instant,
}

impl Admin {
    /// For those to whom the host has given access.
    #[must_use]
    pub fn new(access: &AdminAccess) -> Self {
        Self {
            registry: Arc::default(),
            logins: Logins::new(access),
            read_only: access.read_only,
            since: Instant::now(),
        }
    }

    fn features(&self) -> &'static [Feature] {
        if self.read_only {
            Feature::READ_ONLY
        } else {
            Feature::ALL
        }
    }

    fn stats(&self) -> ServerStats {
        let Count {
            clients,
            polling,
            namespaces,
        } = self.registry.count(&[shared::NAMESPACE, NAMESPACE]);
        let hostname = nix::unistd::gethostname().map_or_else(
            |_| String::new(),
            |name| name.to_string_lossy().into_owned(),
        );
        ServerStats {
            server_id: hostname.clone(),
            hostname,
            pid: std::process::id(),
            uptime: self.since.elapsed().as_secs_f64(),
            clients_count: clients,
            polling_clients_count: polling,
            namespaces,
        }
    }
}
