//! Names and passwords that are valid for a time (draft-uberti-behave-turn-rest-00, coturn's `use-auth-secret`). Whoever
//! has the secret can make them and check them, so nobody need be remembered.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use sha1::Sha1;

use crate::wire::{Key, long_term_key};

/// What the credentials are made of. Its content is never shown.
pub struct Secret(Vec<u8>);

/// What a client shows to be relayed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// `EXPIRY:NAME`, where the expiry is in seconds since 1970.
    pub username: String,
    /// HMAC-SHA1 of the name, in Base64.
    pub password: String,
}

impl Secret {
    /// A secret: any bytes, and for safety 32 random ones.
    pub fn new(secret: impl Into<Vec<u8>>) -> Self {
        Self(secret.into())
    }

    /// Credentials for somebody, with which allocations can be made until then. Who has one then may keep it.
    pub fn credentials(&self, name: &str, expires_unix_seconds: u64) -> Credentials {
        let username = format!("{expires_unix_seconds}:{name}");
        let password = self.password(&username);
        Credentials { username, password }
    }

    /// What requests under this name are signed with.
    pub(crate) fn key(&self, username: &str, realm: &str) -> Key {
        long_term_key(username, realm, &self.password(username))
    }

    fn password(&self, username: &str) -> String {
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(&self.0) else {
            unreachable!("HMAC takes keys of any length")
        };
        mac.update(username.as_bytes());
        STANDARD.encode(mac.finalize().into_bytes())
    }
}

impl core::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// What a name of [`Secret::credentials`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Username<'a> {
    /// In seconds since 1970: from then on nothing can be allocated under it.
    pub expires: u64,
    /// Who it is.
    pub name: &'a str,
}

impl<'a> Username<'a> {
    /// None for a name that no [`Secret`] makes.
    pub fn read(username: &'a str) -> Option<Self> {
        let (expires, name) = username.split_once(':')?;
        // `parse` would take a sign, too.
        let is_number = expires.bytes().all(|byte| byte.is_ascii_digit());
        let expires = expires.parse().ok().filter(|_| is_number)?;
        Some(Self { expires, name })
    }
}
