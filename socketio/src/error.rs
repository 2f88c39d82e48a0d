//! Why an emit, or its ack, failed. Leaves the ends of connections to [`Reason`](crate::Reason).

/// An event that was not sent.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// There is no connection, and nothing is kept for the next one.
    #[error("not connected")]
    Disconnected,
    /// The frame would be larger than the server's handshake allows.
    #[error("{size} bytes are more than the {limit} that the server takes")]
    TooLarge {
        /// Bytes of the whole frame.
        size: usize,
        /// The server's `maxPayload`.
        limit: u64,
    },
    /// The payload has no JSON form.
    #[error("the payload has no JSON form")]
    Unserializable(#[source] serde_json::Error),
}

/// An ack that did not arrive.
#[derive(Debug, thiserror::Error)]
pub enum AckError {
    /// The server did not answer in time. It may have handled the event.
    #[error("the server did not answer in time")]
    TimedOut,
    /// There was no connection, or it was lost before the answer. The server may have handled
    /// the event.
    #[error("not connected")]
    Disconnected,
    /// The event was not sent, for another reason than a missing connection.
    #[error("the event was not sent")]
    NotSent(#[source] EmitError),
    /// The answer has another shape than the one asked for.
    #[error("the answer has another shape")]
    Malformed(#[source] serde_json::Error),
}

impl From<EmitError> for AckError {
    fn from(error: EmitError) -> Self {
        match error {
            EmitError::Disconnected => Self::Disconnected,
            EmitError::TooLarge { .. } | EmitError::Unserializable(_) => Self::NotSent(error),
        }
    }
}
