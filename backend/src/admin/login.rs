//! Who may look: the password, or the session that it has opened, checked so that guessing is slow and
//! costs the rooms nothing.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::sessions::Sessions;
use super::throttle::Throttle;
use crate::config::AdminAccess;
use crate::password::PasswordHash;

/// How many wait for their password to be checked, the one whose turn it is included.
const LOBBY: usize = 8;

/// What the admin page sends with CONNECT.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Credentials {
    username: Option<String>,
    password: Option<String>,
    session_id: Option<String>,
}

/// Someone who may look.
#[derive(Debug)]
pub enum Welcome {
    /// By the password. The session with which they may come back.
    New(String),
    /// By a session.
    Back,
}

/// Someone who may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The name or the password is wrong: which, is not told.
    InvalidCredentials,
    /// They have tried too often, and must wait.
    Throttled(Duration),
    /// Too many try at this moment.
    Busy,
}

/// The means to tell one from the other.
#[derive(Debug)]
pub struct Logins {
    user: [u8; 32],
    password: PasswordHash,
    throttle: Mutex<Throttle>,
    sessions: Mutex<Sessions>,
    lobby: Semaphore,
    /// bcrypt takes a whole core for as long as it runs.
    turn: Semaphore,
}

impl Logins {
    /// For those to whom the host has given access.
    #[must_use]
    pub fn new(access: &AdminAccess) -> Self {
        Self {
            user: hash(&access.user),
            password: access.password_hash.clone(),
            throttle: Mutex::default(),
            sessions: Mutex::default(),
            lobby: Semaphore::new(LOBBY),
            turn: Semaphore::new(1),
        }
    }

    /// Lets someone in who comes from that network.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn admit(
        &self,
        credentials: Credentials,
        network: IpAddr,
    ) -> Result<Welcome, Refusal> {
        let Credentials {
            username,
            password,
            session_id,
        } = credentials;
        if let Some(id) = session_id
            && locked(&self.sessions).has(&id, Instant::now())
        {
            return Ok(Welcome::Back);
        }
        let (Some(username), Some(password)) = (username, password) else {
            return Err(Refusal::InvalidCredentials);
        };
        let _place = self.lobby.try_acquire().map_err(|_| Refusal::Busy)?;
        locked(&self.throttle)
            .begin(network, Instant::now())
            .map_err(Refusal::Throttled)?;
        // The password is checked whatever the name is, so that time does not tell which was wrong.
        let is_password = self.check(password).await;
        if hash(&username) != self.user || !is_password {
            return Err(Refusal::InvalidCredentials);
        }
        locked(&self.throttle).succeeded(network);
        let session = locked(&self.sessions).open(rand::random(), Instant::now());
        Ok(Welcome::New(session))
    }

    /// One at a time, beside the rooms' thread.
    async fn check(&self, password: String) -> bool {
        let Ok(_turn) = self.turn.acquire().await else {
            return false;
        };
        let hash = self.password.clone();
        spawn_blocking(move || hash.is_of(&password))
            .await
            .unwrap_or(false)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The page has words of its own for exactly these.
            Self::InvalidCredentials => f.write_str("invalid credentials"),
            Self::Throttled(wait) => {
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                write!(f, "too many tries: wait {seconds} s")
            }
            Self::Busy => f.write_str("too many log in at this moment: try again"),
        }
    }
}

fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// Nothing in these can panic half-way.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
