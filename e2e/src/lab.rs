//! The laboratory: people and a server on a network of their own, which can be broken. Each is in a network namespace, on a
//! [`Line`] to one switch; what is cut there is cut for one alone, as it is in life, and the browsers are spoken to over
//! pipes, which no outage reaches. What is broken is an [`Outage`], and mended when that ends.
//!
//! It takes root, and Linux.

mod ip;
mod line;
mod nat;
mod network;
mod outage;
mod server;
mod slow_cable;

use std::{path::PathBuf, rc::Rc};

use crate::{Person, Setup, Stage};

pub use line::{Line, Subnet, Traffic};
pub use nat::Nat;
pub use network::Network;
pub use outage::{Moment, Outage};
pub use server::Server;

/// Where servers may listen, on their line: Moim, and what it is compared with.
pub const PORTS: [u16; 2] = [3000, 3001];

/// The stage of a story whose network breaks. Dropping it ends everything that it started and takes the network down.
pub struct Lab {
    stage: Stage,
    server: Server,
    line: Rc<Line>,
    network: Network,
}

/// The laboratory for the test that this stands in. Arguments are the server's options: `lab!("--grace-period", "2s")`.
#[macro_export]
macro_rules! lab {
    ($($option:expr),*) => {{
        fn here() {}
        $crate::lab::Lab::open(std::any::type_name_of_val(&here), &[$($option),*])
    }};
}

impl Lab {
    /// With the real server; better called as [`lab!`].
    #[track_caller]
    pub fn open(story: &str, options: &[&str]) -> Self {
        let stage = Stage::at(story, PORTS[0]);
        let network = Network::lay();
        let line = Rc::new(network.line("server"));
        Self {
            stage,
            server: Server::moim(line.clone(), options),
            line,
            network,
        }
    }

    /// Another server, on the same line as Moim's: that program, which prints ` is at ` once it can be reached.
    #[track_caller]
    pub fn serve(&self, program: PathBuf, arguments: Vec<String>) -> Server {
        Server::start(self.line.clone(), program, arguments)
    }

    /// Someone with an ordinary browser and a line of their own.
    #[track_caller]
    pub fn person(&self, name: &str) -> Person {
        self.person_with(name, Setup::default())
    }

    /// Someone with a browser of that setup and a line of their own.
    #[track_caller]
    pub fn person_with(&self, name: &str, setup: Setup) -> Person {
        let line = self.network.line(&name.to_lowercase());
        self.stage.person_on(name, setup, line)
    }

    /// Someone with an ordinary browser, at home behind a router of that kind.
    #[track_caller]
    pub fn person_behind(&self, nat: Nat, name: &str) -> Person {
        let line = self.network.line_behind(nat, &name.to_lowercase());
        self.stage.person_on(name, Setup::default(), line)
    }

    /// The server.
    pub fn server(&self) -> &Server {
        &self.server
    }
}
