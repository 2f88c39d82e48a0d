//! Who a request is from: long-term credentials (RFC 8489 §9.2.4).

use crate::{
    Client, Now, Relay,
    credentials::Username,
    error_code::ErrorCode,
    wire::{Key, Message, Method, attribute},
};

/// The longest name, in bytes (RFC 8489 §14.3).
const LONGEST_NAME: usize = 508;

/// Somebody has shown that they have the password of this name.
#[derive(Clone, Copy)]
pub(super) struct Proof<'a> {
    pub username: &'a str,
    pub key: Key,
}

impl Relay {
    /// Whether a request can be believed. Credentials that have run out are enough to keep an allocation, not to make one.
    pub(super) fn authenticate<'a>(
        &self,
        client: Client,
        message: &Message<'a>,
        now: Now,
    ) -> Result<Proof<'a>, ErrorCode> {
        if !message.has_integrity() {
            return Err(ErrorCode::Unauthorized);
        }
        let (Some(username), Some(realm), Some(nonce)) = (
            message.text(attribute::USERNAME),
            message.text(attribute::REALM),
            message.find(attribute::NONCE),
        ) else {
            return Err(ErrorCode::BadRequest);
        };
        if username.len() > LONGEST_NAME {
            return Err(ErrorCode::BadRequest);
        }
        if !self.nonces.is_valid(nonce, client, now) {
            return Err(ErrorCode::StaleNonce);
        }
        let expires = match Username::read(username) {
            Some(username) if realm == self.config.realm => username.expires,
            Some(_) | None => return Err(ErrorCode::Unauthorized),
        };
        let key = self.config.secret.key(username, realm);
        let is_late = message.header().method == Method::Allocate && expires <= now.unix_seconds;
        if !message.is_signed_with(&key) || is_late {
            return Err(ErrorCode::Unauthorized);
        }
        Ok(Proof { username, key })
    }
}
