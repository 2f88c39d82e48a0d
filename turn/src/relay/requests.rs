//! From a request to its answer: who may ask, what is refused, and what strangers are told.

use core::net::SocketAddr;

use super::{Answer, authentication::Proof};
use crate::{
    Client, Command, Now, Relay,
    allocation::Allocation,
    error_code::ErrorCode,
    wire::{Encoder, Message, Method, attribute},
};

/// How many attributes that are not known an answer lists.
const LISTED: usize = 32;

/// What was asked for is given.
pub(super) enum Granted {
    /// With this answer.
    Now(Encoder),
    /// It is answered once a port is known, or has been.
    Later,
}

impl Relay {
    /// Binding (RFC 8489 §12). It needs no credentials; the answer is 32 bytes for IPv4 and 44 for IPv6 to at least 20, so
    /// with the headers of IP and UDP at most 1.5 times what was asked.
    pub(super) fn binding(
        &mut self,
        client: Client,
        message: &Message,
        now: Now,
        commands: &mut Vec<Command>,
    ) {
        self.counters.requests += 1;
        if !self.lets_stranger_pass(client, now) {
            return;
        }
        let answer = Answer::to(client, message);
        if message.unknown_attributes().next().is_some() {
            self.refuse(&answer, message, ErrorCode::UnknownAttribute, commands);
        } else {
            let mapped = mapped(client);
            let success = answer
                .success()
                .address(attribute::XOR_MAPPED_ADDRESS, mapped);
            answer.send(success, commands);
        }
    }

    /// A request that needs credentials.
    pub(super) fn request(
        &mut self,
        client: Client,
        message: &Message,
        now: Now,
        commands: &mut Vec<Command>,
    ) {
        self.counters.requests += 1;
        let answer = Answer::to(client, message);
        let proof = match self.authenticate(client, message, now) {
            Ok(proof) => proof,
            Err(code) => return self.challenge(&answer, code, now, commands),
        };
        let answer = answer.signed(proof.key);
        match self.grant(&answer, proof, message, now, commands) {
            Ok(Granted::Now(success)) => answer.send(success, commands),
            Ok(Granted::Later) => {}
            Err(code) => self.refuse(&answer, message, code, commands),
        }
        self.count_allocations();
    }

    /// A request whose attributes cannot be read.
    pub(super) fn broken(&mut self, answer: Answer, now: Now, commands: &mut Vec<Command>) {
        self.challenge(&answer, ErrorCode::BadRequest, now, commands);
    }

    /// The client's allocation, if it has one and it is this user's.
    pub(super) fn own(
        &mut self,
        client: Client,
        proof: Proof,
        now: Now,
    ) -> Result<&mut Allocation, ErrorCode> {
        let allocation = self
            .allocations
            .of_mut(client)
            .filter(|allocation| allocation.is_live(now.instant))
            .ok_or(ErrorCode::AllocationMismatch)?;
        if *allocation.username == *proof.username {
            Ok(allocation)
        } else {
            Err(ErrorCode::WrongCredentials)
        }
    }

    fn grant(
        &mut self,
        answer: &Answer,
        proof: Proof,
        message: &Message,
        now: Now,
        commands: &mut Vec<Command>,
    ) -> Result<Granted, ErrorCode> {
        if message.unknown_attributes().next().is_some() {
            return Err(ErrorCode::UnknownAttribute);
        }
        match message.header().method {
            Method::Allocate => self.allocate(answer, proof, message, now, commands),
            Method::Refresh => self.refresh(answer, proof, message, now, commands),
            Method::CreatePermission => self.create_permission(answer, proof, message, now),
            Method::ChannelBind => self.channel_bind(answer, proof, message, now),
            Method::Binding | Method::Send | Method::Data | Method::Other(_) => {
                Err(ErrorCode::BadRequest)
            }
        }
    }

    /// Tells a stranger how to ask, or that it was wrong. It is not signed, for there is nothing that both are known to know.
    ///
    /// The answer with realm and nonce is 80 bytes and the realm, to at least 20: with the headers of IPv4 and UDP, and a realm of
    /// four bytes, at most 2.4 times what was asked. Who sends under another's address so gains little, and is
    /// limited in what is answered.
    fn challenge(
        &mut self,
        answer: &Answer,
        code: ErrorCode,
        now: Now,
        commands: &mut Vec<Command>,
    ) {
        if !self.lets_stranger_pass(answer.client(), now) {
            return;
        }
        self.counters.refused(code);
        let mut message = answer.error(code);
        if matches!(code, ErrorCode::Unauthorized | ErrorCode::StaleNonce) {
            let nonce = self.nonces.issue(answer.client(), now);
            message = message
                .attribute(attribute::REALM, self.config.realm.as_bytes())
                .attribute(attribute::NONCE, nonce.as_bytes());
        }
        answer.send(message, commands);
    }

    fn refuse(
        &mut self,
        answer: &Answer,
        message: &Message,
        code: ErrorCode,
        commands: &mut Vec<Command>,
    ) {
        self.counters.refused(code);
        let mut error = answer.error(code);
        if code == ErrorCode::UnknownAttribute {
            let unknown: Vec<u8> = message
                .unknown_attributes()
                .take(LISTED)
                .flat_map(u16::to_be_bytes)
                .collect();
            error = error.attribute(attribute::UNKNOWN_ATTRIBUTES, &unknown);
        }
        answer.send(error, commands);
    }

    fn lets_stranger_pass(&mut self, client: Client, now: Now) -> bool {
        let passes = self.floods.lets_pass(client, now.instant);
        if passes {
            self.counters.unauthenticated += 1;
        } else {
            self.counters.unauthenticated_over_rate += 1;
        }
        passes
    }
}

/// The client's address, as it is to be told: a socket for both families shows IPv4 as a kind of IPv6.
pub(super) fn mapped(client: Client) -> SocketAddr {
    SocketAddr::new(client.address.ip().to_canonical(), client.address.port())
}
