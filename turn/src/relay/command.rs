//! What the driver is to do.

use core::net::SocketAddr;

use crate::{AllocationId, Client, Envelope, Family};

/// What the driver is to do beside forwarding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Send this message to the client.
    Reply {
        /// To whom, and from which address.
        client: Client,
        /// A STUN message.
        message: Vec<u8>,
    },
    /// Bind a UDP socket for it on a free port of the host's range, then call [`bound`](crate::Relay::bound).
    Bind {
        /// Whose socket it is.
        allocation: AllocationId,
        /// Of which family.
        family: Family,
    },
    /// Close its socket. It may have none any more, or not yet: then [`bound`](crate::Relay::bound) says so again.
    Unbind {
        /// Whose socket it is.
        allocation: AllocationId,
    },
    /// Close that client's TCP connection: what it sends is no STUN.
    HangUp {
        /// Whose.
        client: Client,
    },
}

/// Data on its way, without copying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forward<'a> {
    /// From the socket of an allocation to a peer.
    ToPeer {
        /// Whose socket it is.
        allocation: AllocationId,
        /// To whom.
        peer: SocketAddr,
        /// A datagram.
        data: &'a [u8],
    },
    /// To a client: both ends are relayed here, and no packet leaves the machine.
    ToClient {
        /// To whom.
        client: Client,
        /// What goes around the data.
        envelope: Envelope,
        /// A datagram.
        data: &'a [u8],
    },
}
