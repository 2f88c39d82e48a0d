//! Nonces that nobody has to remember: each says until when it is valid, and is signed for the address that it was given to.
//! So strangers cost no memory, and a nonce that was overheard is of no use from elsewhere.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::{Client, Now, Transport};

/// For how many seconds a nonce is valid: an hour, as RFC 8656 §5 recommends.
const LIFETIME: u64 = 3_600;

/// Bytes of the signature that are sent. Short, for every refusal bears it, and guessing it is worth little: a
/// password is needed besides.
const TAG: usize = 16;

/// Bytes before Base64, which has no padding at this length.
const LENGTH: usize = 8 + TAG;

/// Makes nonces and knows them again.
pub(crate) struct Nonces {
    key: [u8; 32],
}

impl Nonces {
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// A nonce for this client: 32 characters.
    pub fn issue(&self, client: Client, now: Now) -> String {
        let expires = now.unix_seconds.saturating_add(LIFETIME).to_be_bytes();
        let mut nonce = [0; LENGTH];
        nonce[..8].copy_from_slice(&expires);
        let tag = self.mac(client, expires).finalize().into_bytes();
        nonce[8..].copy_from_slice(&tag[..TAG]);
        URL_SAFE_NO_PAD.encode(nonce)
    }

    /// Whether this client was given that nonce, within the last hour.
    pub fn is_valid(&self, nonce: &[u8], client: Client, now: Now) -> bool {
        let mut bytes = [0; LENGTH];
        if URL_SAFE_NO_PAD.decode_slice(nonce, &mut bytes) != Ok(LENGTH) {
            return false;
        }
        let Some((expires, tag)) = bytes.split_first_chunk::<8>() else {
            return false;
        };
        self.mac(client, *expires)
            .verify_truncated_left(tag)
            .is_ok()
            && u64::from_be_bytes(*expires) > now.unix_seconds
    }

    fn mac(&self, client: Client, expires: [u8; 8]) -> Hmac<Sha256> {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else {
            unreachable!("HMAC takes keys of any length")
        };
        mac.update(b"nonce");
        mac.update(&expires);
        mac.update(match client.transport {
            Transport::Udp => b"udp",
            Transport::Tcp => b"tcp",
        });
        mac.update(&client.address.port().to_be_bytes());
        match client.address.ip() {
            core::net::IpAddr::V4(ip) => mac.update(&ip.octets()),
            core::net::IpAddr::V6(ip) => mac.update(&ip.octets()),
        }
        mac
    }
}

#[cfg(test)]
#[path = "nonce_tests.rs"]
mod tests;
