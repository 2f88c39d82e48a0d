//! The twenty bytes that each STUN message begins with (RFC 8489 §5).

/// The length of the header, in bytes.
pub(crate) const HEADER: usize = 20;

const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xA4, 0x42];

/// What a message is to the one who gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// It is to be answered.
    Request,
    /// It is never answered.
    Indication,
    /// A request was granted.
    Success,
    /// A request was refused.
    Error,
}

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// By which address is the client seen?
    Binding,
    /// A relayed address is wished for.
    Allocate,
    /// It is wished for longer, or no more.
    Refresh,
    /// Data from the client to a peer.
    Send,
    /// Data from a peer to the client.
    Data,
    /// Peers at some addresses may send.
    CreatePermission,
    /// A number shall stand for a peer.
    ChannelBind,
    /// One that is not known here; twelve bits.
    Other(u16),
}

/// Tells the answers to a client's requests apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransactionId(pub [u8; 12]);

/// What the header says, except for the length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// What the message is to the one who gets it.
    pub class: Class,
    /// What it is about.
    pub method: Method,
    /// Which answer belongs to which request.
    pub transaction: TransactionId,
}

impl Header {
    /// Reads the header of a message that is exactly this long. None for what is no STUN: another length, no magic cookie.
    pub fn read(message: &[u8]) -> Option<Self> {
        let (header, body) = message.split_first_chunk::<HEADER>()?;
        let [k0, k1, l0, l1, c0, c1, c2, c3, transaction @ ..] = *header;
        let kind = u16::from_be_bytes([k0, k1]);
        let length = usize::from(u16::from_be_bytes([l0, l1]));
        let is_stun = kind < 0x4000
            && [c0, c1, c2, c3] == MAGIC_COOKIE
            && length == body.len()
            && length.is_multiple_of(4);
        is_stun.then(|| Self {
            class: Class::of(kind),
            method: Method::of(kind),
            transaction: TransactionId(transaction),
        })
    }

    /// The header before so many bytes of attributes.
    pub fn write(&self, length: u16) -> [u8; HEADER] {
        let mut header = [0; HEADER];
        let kind = self.class.bits() | self.method.bits();
        header[..2].copy_from_slice(&kind.to_be_bytes());
        header[2..4].copy_from_slice(&length.to_be_bytes());
        header[4..8].copy_from_slice(&MAGIC_COOKIE);
        header[8..].copy_from_slice(&self.transaction.0);
        header
    }
}

impl Class {
    /// Its two bits stand at the places 8 and 4.
    fn of(kind: u16) -> Self {
        match (kind & 0x0100 != 0, kind & 0x0010 != 0) {
            (false, false) => Self::Request,
            (false, true) => Self::Indication,
            (true, false) => Self::Success,
            (true, true) => Self::Error,
        }
    }

    fn bits(self) -> u16 {
        match self {
            Self::Request => 0x0000,
            Self::Indication => 0x0010,
            Self::Success => 0x0100,
            Self::Error => 0x0110,
        }
    }
}

impl Method {
    /// Its twelve bits stand around those of the class.
    fn of(kind: u16) -> Self {
        match kind & 0x000F | (kind >> 1) & 0x0070 | (kind >> 2) & 0x0F80 {
            0x001 => Self::Binding,
            0x003 => Self::Allocate,
            0x004 => Self::Refresh,
            0x006 => Self::Send,
            0x007 => Self::Data,
            0x008 => Self::CreatePermission,
            0x009 => Self::ChannelBind,
            other => Self::Other(other),
        }
    }

    fn bits(self) -> u16 {
        let number = match self {
            Self::Binding => 0x001,
            Self::Allocate => 0x003,
            Self::Refresh => 0x004,
            Self::Send => 0x006,
            Self::Data => 0x007,
            Self::CreatePermission => 0x008,
            Self::ChannelBind => 0x009,
            Self::Other(other) => other,
        };
        number & 0x000F | (number & 0x0070) << 1 | (number & 0x0F80) << 2
    }
}

pub(super) fn magic_cookie() -> [u8; 4] {
    MAGIC_COOKIE
}

/// How many bytes fill up so many to a multiple of four.
pub(crate) fn padding(length: usize) -> usize {
    length.wrapping_neg() & 3
}
