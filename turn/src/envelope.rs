//! What goes around data on its way to a client, so that the data itself need not be copied.

use core::net::SocketAddr;

use crate::{
    Transport,
    wire::{
        Class, HEADER, Header, Method, TransactionId, XorAddress, attribute, channel_data, padding,
    },
};

/// The longest head: that of a Data indication from an IPv6 peer.
const LONGEST: usize = HEADER + 4 + 20 + 4;

/// What goes before the data and behind it: a ChannelData header, or that of a Data indication, and padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope {
    head: [u8; LONGEST],
    length: usize,
    padding: usize,
}

impl Envelope {
    /// What is sent before the data: at most 48 bytes.
    pub fn head(&self) -> &[u8] {
        &self.head[..self.length]
    }

    /// What is sent behind it: up to three zeros.
    pub fn padding(&self) -> &'static [u8] {
        &[0; 3][..self.padding]
    }

    /// For so many bytes over a channel. Only in a stream is it padded (RFC 8656 §12.5). None for more than 65,535 bytes.
    pub(crate) fn channel(channel: u16, transport: Transport, size: usize) -> Option<Self> {
        let header = channel_data::header(channel, u16::try_from(size).ok()?);
        let mut head = [0; LONGEST];
        head[..header.len()].copy_from_slice(&header);
        Some(Self {
            head,
            length: header.len(),
            padding: match transport {
                Transport::Udp => 0,
                Transport::Tcp => padding(size),
            },
        })
    }

    /// For so many bytes from a peer without a channel (RFC 8656 §11.4). None for what is too long for a message.
    pub(crate) fn indication(
        peer: SocketAddr,
        size: usize,
        transaction: TransactionId,
    ) -> Option<Self> {
        let header = Header {
            class: Class::Indication,
            method: Method::Data,
            transaction,
        };
        let address = XorAddress::new(peer, transaction);
        let address = address.as_bytes();
        let data_at = HEADER + 4 + address.len();
        let length = data_at + 4;
        let whole = u16::try_from(length - HEADER + size + padding(size)).ok()?;
        let mut head = [0; LONGEST];
        head[..HEADER].copy_from_slice(&header.write(whole));
        let address_length = u16::try_from(address.len()).ok()?;
        head[HEADER..HEADER + 4].copy_from_slice(&attribute_header(
            attribute::XOR_PEER_ADDRESS,
            address_length,
        ));
        head[HEADER + 4..data_at].copy_from_slice(address);
        let data_length = u16::try_from(size).ok()?;
        head[data_at..length].copy_from_slice(&attribute_header(attribute::DATA, data_length));
        Some(Self {
            head,
            length,
            padding: padding(size),
        })
    }
}

fn attribute_header(kind: u16, length: u16) -> [u8; 4] {
    let ([k0, k1], [l0, l1]) = (kind.to_be_bytes(), length.to_be_bytes());
    [k0, k1, l0, l1]
}
