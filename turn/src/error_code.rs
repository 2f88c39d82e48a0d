//! Why a request is refused (RFC 8489 §14.8, RFC 8656 §19).

/// The number and its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorCode {
    /// Its attributes are broken, missing, or say what cannot be.
    BadRequest,
    /// It has no credentials, or wrong ones.
    Unauthorized,
    /// Nothing is relayed to this peer.
    Forbidden,
    /// It has attributes that are not known here.
    UnknownAttribute,
    /// The client has an allocation already, or none.
    AllocationMismatch,
    /// The nonce has run out, or was given to somebody else.
    StaleNonce,
    /// There are no relayed addresses of this family.
    AddressFamilyNotSupported,
    /// The allocation is another user's.
    WrongCredentials,
    /// Only UDP is relayed.
    UnsupportedTransport,
    /// The peer has an address of another family than the allocation.
    PeerAddressFamilyMismatch,
    /// The user, or the address, has as many allocations as it may have.
    AllocationQuotaReached,
    /// There is no room for more, or no port.
    InsufficientCapacity,
}

impl ErrorCode {
    /// The value of ERROR-CODE: class, number, words.
    pub fn value(self) -> Vec<u8> {
        let number = self.number();
        let (class, rest) = ((number / 100) as u8, (number % 100) as u8);
        let mut value = vec![0, 0, class, rest];
        value.extend_from_slice(self.words().as_bytes());
        value
    }

    pub fn number(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::UnknownAttribute => 420,
            Self::AllocationMismatch => 437,
            Self::StaleNonce => 438,
            Self::AddressFamilyNotSupported => 440,
            Self::WrongCredentials => 441,
            Self::UnsupportedTransport => 442,
            Self::PeerAddressFamilyMismatch => 443,
            Self::AllocationQuotaReached => 486,
            Self::InsufficientCapacity => 508,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::BadRequest => "Bad Request",
            Self::Unauthorized => "Unauthorized",
            Self::Forbidden => "Forbidden",
            Self::UnknownAttribute => "Unknown Attribute",
            Self::AllocationMismatch => "Allocation Mismatch",
            Self::StaleNonce => "Stale Nonce",
            Self::AddressFamilyNotSupported => "Address Family not Supported",
            Self::WrongCredentials => "Wrong Credentials",
            Self::UnsupportedTransport => "Unsupported Transport Protocol",
            Self::PeerAddressFamilyMismatch => "Peer Address Family Mismatch",
            Self::AllocationQuotaReached => "Allocation Quota Reached",
            Self::InsufficientCapacity => "Insufficient Capacity",
        }
    }
}
