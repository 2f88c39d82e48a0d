//! Writing a STUN message.

use core::net::SocketAddr;

use super::{
    address::XorAddress,
    attribute::{FINGERPRINT, MESSAGE_INTEGRITY},
    header::{Class, HEADER, Header, Method, TransactionId, padding},
    integrity::{self, INTEGRITY},
};

/// Puts a message together, attribute by attribute.
#[derive(Debug)]
pub struct Encoder {
    header: Header,
    bytes: Vec<u8>,
}

impl Encoder {
    /// Begins a message.
    pub fn new(class: Class, method: Method, transaction: TransactionId) -> Self {
        let header = Header {
            class,
            method,
            transaction,
        };
        let mut bytes = Vec::with_capacity(128);
        bytes.extend_from_slice(&header.write(0));
        Self { header, bytes }
    }

    /// Adds an attribute, if there is room for it: no message is longer than 65,535 bytes and its header.
    #[must_use]
    pub fn attribute(mut self, kind: u16, value: &[u8]) -> Self {
        // 32 bytes more, for signature and fingerprint.
        let room = usize::from(u16::MAX) - 32;
        let length = 4 + value.len() + padding(value.len());
        if self.bytes.len() - HEADER + length <= room {
            self.put(kind, value);
        }
        self
    }

    /// Adds an address.
    #[must_use]
    pub fn address(self, kind: u16, address: SocketAddr) -> Self {
        let value = XorAddress::new(address, self.header.transaction);
        self.attribute(kind, value.as_bytes())
    }

    /// The message, signed with a key if there is one, and with a FINGERPRINT if it is to have one.
    pub fn finish(mut self, key: Option<&[u8]>, fingerprint: bool) -> Vec<u8> {
        if let Some(tag) = key.and_then(|key| integrity::sign(key, &self.bytes)) {
            debug_assert_eq!(INTEGRITY, 4 + tag.len());
            self.put(MESSAGE_INTEGRITY, &tag);
        }
        if fingerprint {
            self.say_length(8);
            let check = integrity::fingerprint(&self.bytes);
            self.put(FINGERPRINT, &check);
        }
        self.say_length(0);
        self.bytes
    }

    fn put(&mut self, kind: u16, value: &[u8]) {
        let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
        self.bytes.extend_from_slice(&kind.to_be_bytes());
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(value);
        self.bytes
            .extend_from_slice(&[0; 3][..padding(value.len())]);
    }

    /// Writes the length of the attributes, and of so many bytes to come, into the header.
    fn say_length(&mut self, to_come: usize) {
        let length = self.bytes.len() - HEADER + to_come;
        let length = u16::try_from(length).unwrap_or(u16::MAX);
        self.bytes[2..4].copy_from_slice(&length.to_be_bytes());
    }
}
