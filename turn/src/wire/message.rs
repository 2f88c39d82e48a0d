//! Reading a STUN message: its attributes are checked to be whole, and then read in place.

use core::net::SocketAddr;

use super::{
    attribute::{self, FINGERPRINT, MESSAGE_INTEGRITY},
    header::{HEADER, Header, padding},
    integrity, read_xor_address,
};

/// A whole STUN message.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    bytes: &'a [u8],
    header: Header,
    /// Where the attributes end that count: what stands behind MESSAGE-INTEGRITY, nobody has signed.
    end: usize,
    integrity: Option<&'a [u8]>,
    has_fingerprint: bool,
}

/// Why bytes are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Without header, length or FINGERPRINT of a STUN message: nothing to answer.
    #[error("not a STUN message")]
    NotStun,
    /// The header is one, the attributes are cut off or out of order: to be answered by 400.
    #[error("a STUN message with broken attributes")]
    Attributes(Header),
}

impl<'a> Message<'a> {
    /// Reads a message that is exactly as long as these bytes.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let header = Header::read(bytes).ok_or(Malformed::NotStun)?;
        let broken = Malformed::Attributes(header);
        let mut message = Self {
            bytes,
            header,
            end: bytes.len(),
            integrity: None,
            has_fingerprint: false,
        };
        let mut at = HEADER;
        while at < bytes.len() {
            let (kind, value, next) = attribute_at(bytes, at).ok_or(broken)?;
            match kind {
                MESSAGE_INTEGRITY if message.integrity.is_none() => {
                    if value.len() != 20 {
                        return Err(broken);
                    }
                    message.integrity = Some(value);
                    message.end = at;
                }
                FINGERPRINT => {
                    if next != bytes.len() {
                        return Err(broken);
                    }
                    if *value != integrity::fingerprint(&bytes[..at]) {
                        return Err(Malformed::NotStun);
                    }
                    message.end = message.end.min(at);
                    message.has_fingerprint = true;
                }
                _ => {}
            }
            at = next;
        }
        Ok(message)
    }

    /// What its header says.
    pub fn header(&self) -> Header {
        self.header
    }

    /// Whether it has a FINGERPRINT, and so wants one in the answer.
    pub fn has_fingerprint(&self) -> bool {
        self.has_fingerprint
    }

    /// Whether it has a MESSAGE-INTEGRITY, right or wrong.
    pub fn has_integrity(&self) -> bool {
        self.integrity.is_some()
    }

    /// Whether whoever wrote it had this key. Takes as long whatever is wrong.
    pub fn is_signed_with(&self, key: &[u8]) -> bool {
        self.integrity
            .is_some_and(|tag| integrity::verify(key, &self.bytes[..self.end], tag))
    }

    /// The attributes up to MESSAGE-INTEGRITY and FINGERPRINT, by type and value.
    pub fn attributes(&self) -> impl Iterator<Item = (u16, &'a [u8])> + use<'a> {
        let (bytes, end) = (self.bytes, self.end);
        let mut at = HEADER;
        std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let (kind, value, next) = attribute_at(bytes, at)?;
            at = next;
            Some((kind, value))
        })
    }

    /// The first attribute of this type: of several, the others are to be ignored (RFC 8489 §14).
    pub fn find(&self, kind: u16) -> Option<&'a [u8]> {
        self.attributes()
            .find(|(found, _)| *found == kind)
            .map(|(_, value)| value)
    }

    /// The text of an attribute. None if it is missing or no UTF-8.
    pub fn text(&self, kind: u16) -> Option<&'a str> {
        std::str::from_utf8(self.find(kind)?).ok()
    }

    /// The address in an attribute. None if it is missing or no address.
    pub fn address(&self, kind: u16) -> Option<SocketAddr> {
        read_xor_address(self.find(kind)?, self.header.transaction)
    }

    /// The types of those attributes that would have to be understood.
    pub fn unknown_attributes(&self) -> impl Iterator<Item = u16> + use<'a> {
        self.attributes()
            .map(|(kind, _)| kind)
            .filter(|kind| attribute::is_unknown(*kind))
    }
}

/// Type and value of the attribute at this place, and where the next one begins.
fn attribute_at(bytes: &[u8], at: usize) -> Option<(u16, &[u8], usize)> {
    let ([k0, k1, l0, l1], rest) = bytes.get(at..)?.split_first_chunk::<4>()?;
    let length = usize::from(u16::from_be_bytes([*l0, *l1]));
    let value = rest.get(..length)?;
    let next = at + 4 + length + padding(length);
    (next <= bytes.len()).then_some((u16::from_be_bytes([*k0, *k1]), value, next))
}
