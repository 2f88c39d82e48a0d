//! Addresses, XORed with the magic cookie and the transaction id so that no middlebox rewrites them (RFC 8489 §14.2).

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::header::{TransactionId, magic_cookie};

const V4: u8 = 1;
const V6: u8 = 2;

/// The value of an attribute such as XOR-MAPPED-ADDRESS: 8 bytes for IPv4, 20 for IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct XorAddress {
    bytes: [u8; 20],
    length: usize,
}

impl XorAddress {
    /// This address, in a message with this id.
    pub fn new(address: SocketAddr, transaction: TransactionId) -> Self {
        let mask = mask(transaction);
        let mut bytes = [0; 20];
        bytes[2..4].copy_from_slice(&address.port().to_be_bytes());
        let length = match address.ip() {
            IpAddr::V4(ip) => {
                bytes[1] = V4;
                bytes[4..8].copy_from_slice(&ip.octets());
                8
            }
            IpAddr::V6(ip) => {
                bytes[1] = V6;
                bytes[4..].copy_from_slice(&ip.octets());
                20
            }
        };
        bytes[2] ^= mask[0];
        bytes[3] ^= mask[1];
        for (byte, mask) in bytes[4..length].iter_mut().zip(mask) {
            *byte ^= mask;
        }
        Self { bytes, length }
    }

    /// The attribute's value.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// The address in an attribute such as XOR-PEER-ADDRESS. None if it is none.
pub fn read_xor_address(value: &[u8], transaction: TransactionId) -> Option<SocketAddr> {
    let mask = mask(transaction);
    let ([_, family, p0, p1], ip) = value.split_first_chunk::<4>()?;
    let port = u16::from_be_bytes([p0 ^ mask[0], p1 ^ mask[1]]);
    let ip = match *family {
        V4 => IpAddr::V4(Ipv4Addr::from(unmask::<4>(ip, &mask)?)),
        V6 => IpAddr::V6(Ipv6Addr::from(unmask::<16>(ip, &mask)?)),
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

fn unmask<const LENGTH: usize>(bytes: &[u8], mask: &[u8; 16]) -> Option<[u8; LENGTH]> {
    let mut bytes: [u8; LENGTH] = bytes.try_into().ok()?;
    for (byte, mask) in bytes.iter_mut().zip(mask) {
        *byte ^= mask;
    }
    Some(bytes)
}

fn mask(transaction: TransactionId) -> [u8; 16] {
    let mut mask = [0; 16];
    mask[..4].copy_from_slice(&magic_cookie());
    mask[4..].copy_from_slice(&transaction.0);
    mask
}
