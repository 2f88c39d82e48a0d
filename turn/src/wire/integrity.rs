//! MESSAGE-INTEGRITY and FINGERPRINT (RFC 8489 §9.2.2, §14.5, §14.7), over the bytes as they are sent.

use hmac::{Hmac, Mac};
use md5::{Digest, Md5};
use sha1::Sha1;

/// The length of MESSAGE-INTEGRITY with its header, which the message's length counts when it is made.
pub(super) const INTEGRITY: usize = 24;

const FINGERPRINT_MASK: u32 = 0x5354_554E;

/// What requests of a user are signed with.
pub type Key = [u8; 16];

/// The key of long-term credentials: MD5 of `username:realm:password`. SASLprep is left out, for the names and
/// passwords that a [`Secret`](crate::Secret) makes are ASCII.
pub fn long_term_key(username: &str, realm: &str, password: &str) -> Key {
    let mut hash = Md5::new();
    hash.update(username);
    hash.update(b":");
    hash.update(realm);
    hash.update(b":");
    hash.update(password);
    hash.finalize().into()
}

/// Whether this is the MESSAGE-INTEGRITY behind these bytes. Takes as long whatever is wrong with it.
pub(super) fn verify(key: &[u8], before: &[u8], tag: &[u8]) -> bool {
    mac(key, before).is_some_and(|mac| mac.verify_slice(tag).is_ok())
}

/// The MESSAGE-INTEGRITY to be put behind these bytes.
pub(super) fn sign(key: &[u8], before: &[u8]) -> Option<[u8; 20]> {
    mac(key, before).map(|mac| mac.finalize().into_bytes().into())
}

/// The FINGERPRINT to be put behind these bytes, whose length counts it already.
pub(super) fn fingerprint(before: &[u8]) -> [u8; 4] {
    (crc32fast::hash(before) ^ FINGERPRINT_MASK).to_be_bytes()
}

/// Over the bytes before it, with a length as if it were the last attribute. None for bytes that are no message.
fn mac(key: &[u8], before: &[u8]) -> Option<Hmac<Sha1>> {
    let ([k0, k1, _, _], rest) = before.split_first_chunk::<4>()?;
    let length = u16::try_from(rest.len() + INTEGRITY - 16).ok()?;
    let [l0, l1] = length.to_be_bytes();
    let mut mac = Hmac::<Sha1>::new_from_slice(key).ok()?;
    mac.update(&[*k0, *k1, l0, l1]);
    mac.update(rest);
    Some(mac)
}
