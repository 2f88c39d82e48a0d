//! What has happened since the start, in numbers.

use crate::error_code::ErrorCode;

/// Counts, all from the start on but for `allocations_now`. They have no names or addresses in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Allocations that came to have a port.
    pub allocations_made: u64,
    /// Allocations that there are now, those among them that wait for a port.
    pub allocations_now: u64,

    /// Requests that were well-formed, whatever was answered.
    pub requests: u64,
    /// Answers to requests without valid credentials: Binding, challenges, and refusals of credentials.
    pub unauthenticated: u64,
    /// Requests without valid credentials that were not answered, for there were too many.
    pub unauthenticated_over_rate: u64,
    /// Messages that were no STUN or no message for a server, and not answered.
    pub malformed: u64,

    /// Requests with broken or missing attributes (400).
    pub refused_bad_request: u64,
    /// Requests without credentials or with wrong ones (401). Each client's first is among them.
    pub refused_unauthorized: u64,
    /// Peers that nothing is relayed to (403).
    pub refused_forbidden: u64,
    /// Requests with attributes that are not known (420).
    pub refused_unknown_attribute: u64,
    /// Requests that do not fit to the client's having an allocation or none (437).
    pub refused_allocation_mismatch: u64,
    /// Nonces that had run out or were somebody else's (438).
    pub refused_stale_nonce: u64,
    /// Relayed addresses of a family that there is not (440).
    pub refused_address_family: u64,
    /// Requests about another user's allocation (441).
    pub refused_wrong_credentials: u64,
    /// Transports other than UDP (442).
    pub refused_transport: u64,
    /// Peers of another family than the allocation (443).
    pub refused_peer_address_family: u64,
    /// Allocations beyond those of a user or of an address (486).
    pub refused_quota: u64,
    /// Allocations, permissions and channels beyond the limits, and those without a port (508).
    pub refused_capacity: u64,

    /// Datagrams for peers, by their allocations' sockets.
    pub packets_to_peers: u64,
    /// The data in them, without headers.
    pub bytes_to_peers: u64,
    /// Datagrams for clients, those among them that never left the machine.
    pub packets_to_clients: u64,
    /// The data in them, without headers.
    pub bytes_to_clients: u64,
    /// Datagrams from one allocation to another, without a socket between them.
    pub packets_handed_over: u64,

    /// Datagrams from clients without allocation, over no channel, to no peer, or of an allocation that has ended.
    pub dropped_unknown: u64,
    /// Datagrams to or from peers without permission.
    pub dropped_without_permission: u64,
    /// Datagrams to the relayed IP address and a port that no allocation has.
    pub dropped_to_nobody: u64,
    /// Datagrams that are too large for the way to the client.
    pub dropped_too_large: u64,
    /// Datagrams over an allocation's rate.
    pub dropped_over_rate: u64,
    /// Datagrams over the rate of all allocations together.
    pub dropped_over_rate_of_all: u64,
}

/// Why a datagram goes nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dropped {
    Unknown,
    WithoutPermission,
    ToNobody,
    TooLarge,
    OverRate,
    OverRateOfAll,
}

impl Counters {
    pub(crate) fn refused(&mut self, code: ErrorCode) {
        let counter = match code {
            ErrorCode::BadRequest => &mut self.refused_bad_request,
            ErrorCode::Unauthorized => &mut self.refused_unauthorized,
            ErrorCode::Forbidden => &mut self.refused_forbidden,
            ErrorCode::UnknownAttribute => &mut self.refused_unknown_attribute,
            ErrorCode::AllocationMismatch => &mut self.refused_allocation_mismatch,
            ErrorCode::StaleNonce => &mut self.refused_stale_nonce,
            ErrorCode::AddressFamilyNotSupported => &mut self.refused_address_family,
            ErrorCode::WrongCredentials => &mut self.refused_wrong_credentials,
            ErrorCode::UnsupportedTransport => &mut self.refused_transport,
            ErrorCode::PeerAddressFamilyMismatch => &mut self.refused_peer_address_family,
            ErrorCode::AllocationQuotaReached => &mut self.refused_quota,
            ErrorCode::InsufficientCapacity => &mut self.refused_capacity,
        };
        *counter += 1;
    }

    pub(crate) fn dropped(&mut self, why: Dropped) {
        let counter = match why {
            Dropped::Unknown => &mut self.dropped_unknown,
            Dropped::WithoutPermission => &mut self.dropped_without_permission,
            Dropped::ToNobody => &mut self.dropped_to_nobody,
            Dropped::TooLarge => &mut self.dropped_too_large,
            Dropped::OverRate => &mut self.dropped_over_rate,
            Dropped::OverRateOfAll => &mut self.dropped_over_rate_of_all,
        };
        *counter += 1;
    }

    pub(crate) fn sent_to_peer(&mut self, size: usize) {
        self.packets_to_peers += 1;
        self.bytes_to_peers += size as u64;
    }

    pub(crate) fn sent_to_client(&mut self, size: usize) {
        self.packets_to_clients += 1;
        self.bytes_to_clients += size as u64;
    }
}
