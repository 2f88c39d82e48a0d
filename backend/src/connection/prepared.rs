//! What the greeting of a namespace prepares for the task of the connection that it lets in.

use std::sync::{Arc, Mutex, PoisonError};

use socketioxide::extract::SocketRef;

/// A socket's extension that is taken once. (Extensions are cloned out of their socket.)
pub struct Prepared<T>(Arc<Mutex<Option<T>>>);

impl<T: Send + 'static> Prepared<T> {
    /// Leaves it with the socket.
    pub fn leave(socket: &SocketRef, beginning: T) {
        let prepared = Self(Arc::new(Mutex::new(Some(beginning))));
        socket.extensions.insert(prepared);
    }

    /// Takes it; `None` when it has been taken.
    #[must_use]
    pub fn take(&self) -> Option<T> {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        left.take()
    }
}

impl<T> Clone for Prepared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
