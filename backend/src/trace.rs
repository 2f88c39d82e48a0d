//! What a TCP connection leaves in the log. One that has become a WebSocket and ends before its greeting
//! is answered belongs to nobody: nothing else would tell of it.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use socketioxide::socket::DisconnectReason;
use tracing::info;

use crate::log::Allowance;

/// The trace of one connection. Only what is not in order leaves one.
#[derive(Debug)]
pub struct Trace {
    address: IpAddr,
    log: Arc<Allowance>,
    stage: Mutex<Stage>,
}

#[derive(Debug)]
enum Stage {
    Plain,
    /// It is a WebSocket, and is to greet.
    Ungreeted,
    /// Its greeting is answered: what follows is told by its own task.
    Greeted,
}

impl Trace {
    /// The trace of a connection from that address, which begins as plain HTTP.
    #[must_use]
    pub fn new(address: IpAddr, log: Arc<Allowance>) -> Arc<Self> {
        Arc::new(Self {
            address: address.to_canonical(),
            log,
            stage: Mutex::new(Stage::Plain),
        })
    }

    /// It becomes a WebSocket.
    pub fn upgraded(&self) {
        self.set(Stage::Ungreeted);
    }

    /// Its greeting is answered.
    pub fn greeted(&self) {
        self.set(Stage::Greeted);
    }

    /// Its stream has ended.
    pub fn ended(&self) {
        let address = self.address;
        match self.set(Stage::Greeted) {
            Stage::Ungreeted => self.log.log(|| {
                info!(%address, "gone before it connected: it closed, or sent what is no greeting");
            }),
            Stage::Plain | Stage::Greeted => {}
        }
    }

    /// A connection in the namespace has ended by nobody's wish.
    pub fn lost(&self, reason: DisconnectReason) {
        let address = self.address;
        self.log.log(|| info!(%address, %reason, "connection lost"));
    }

    /// It is refused.
    pub fn refused(&self, why: &str) {
        let address = self.address;
        self.log.log(|| info!(%address, "refused: {why}"));
    }

    fn set(&self, stage: Stage) -> Stage {
        let mut now = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut now, stage)
    }
}
