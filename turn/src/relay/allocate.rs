//! Getting a relayed address, keeping it, and giving it up (RFC 8656 §7 and §8).

use core::net::SocketAddr;
use std::time::Duration;

use super::{
    Answer,
    authentication::Proof,
    requests::{Granted, mapped},
};
use crate::{
    AllocationId, Command, Family, Now, Relay,
    allocation::{Allocation, Stage},
    allocations::NoRoom,
    error_code::ErrorCode,
    wire::{Encoder, Message, attribute},
};

/// How long an allocation lasts if nothing longer is wished for (RFC 8656 §3.2).
const DEFAULT_LIFETIME: Duration = Duration::from_secs(600);

/// The number of UDP among IP's protocols.
const UDP: u8 = 17;

impl Relay {
    /// Checks the request, and has a socket bound. The answer comes after that.
    pub(super) fn allocate(
        &mut self,
        answer: &Answer,
        proof: Proof,
        message: &Message,
        now: Now,
        commands: &mut Vec<Command>,
    ) -> Result<Granted, ErrorCode> {
        let client = answer.client();
        // One that has run out may stand in the way until the next tick.
        self.tick(now, commands);
        if let Some(allocation) = self.allocations.of(client) {
            return self.again(allocation, answer, proof);
        }
        only_udp(message)?;
        no_reservation(message)?;
        let family = requested_family(message)?.unwrap_or(Family::V4);
        if self.config.advertised(family).is_none() {
            return Err(ErrorCode::AddressFamilyNotSupported);
        }
        let lifetime = self.lifetime(requested_lifetime(message)?);
        self.allocations
            .room(client, proof.username, &self.config.limits)
            .map_err(|no_room| match no_room {
                NoRoom::ForThem => ErrorCode::AllocationQuotaReached,
                NoRoom::InAll => ErrorCode::InsufficientCapacity,
            })?;
        let id = self.allocations.next_id();
        self.allocations.insert(Allocation::new(
            id,
            answer.clone(),
            family,
            proof.username,
            lifetime,
            now.instant,
            self.hashing,
        ));
        commands.push(Command::Bind {
            allocation: id,
            family,
        });
        Ok(Granted::Later)
    }

    /// The socket of an allocation is bound, or cannot be.
    pub(super) fn socket_is_bound(
        &mut self,
        id: AllocationId,
        port: Option<u16>,
        commands: &mut Vec<Command>,
    ) {
        let answer = match self.allocations.get(id).map(|allocation| &allocation.stage) {
            Some(Stage::Binding(answer)) => answer.clone(),
            Some(Stage::Live { .. }) => return,
            None => {
                if port.is_some() {
                    commands.push(Command::Unbind { allocation: id });
                }
                return;
            }
        };
        let is_live = port.is_some_and(|port| self.allocations.go_live(id, port));
        let success = self
            .allocations
            .get(id)
            .filter(|_| is_live)
            .and_then(|allocation| self.allocated(allocation, &answer));
        if let Some(success) = success {
            self.counters.allocations_made += 1;
            answer.send(success, commands);
        } else {
            self.counters.refused(ErrorCode::InsufficientCapacity);
            answer.send(answer.error(ErrorCode::InsufficientCapacity), commands);
            self.allocations.remove(id);
            if port.is_some() {
                commands.push(Command::Unbind { allocation: id });
            }
        }
    }

    /// Keeps an allocation for longer, or ends it where no time is wished for.
    pub(super) fn refresh(
        &mut self,
        answer: &Answer,
        proof: Proof,
        message: &Message,
        now: Now,
        commands: &mut Vec<Command>,
    ) -> Result<Granted, ErrorCode> {
        let allocation = self.own(answer.client(), proof, now)?;
        let (id, family) = (allocation.id, allocation.family);
        if requested_family(message)?.is_some_and(|requested| requested != family) {
            return Err(ErrorCode::PeerAddressFamilyMismatch);
        }
        let requested = requested_lifetime(message)?;
        let lifetime = if requested == Some(Duration::ZERO) {
            self.end(id, commands);
            Duration::ZERO
        } else {
            let lifetime = self.lifetime(requested);
            self.allocations.postpone(id, now.instant + lifetime);
            lifetime
        };
        Ok(Granted::Now(with_lifetime(answer.success(), lifetime)))
    }

    /// A client asks though it has an allocation: the answer was lost (RFC 8656 §7.2), or it has forgotten.
    fn again(
        &self,
        allocation: &Allocation,
        answer: &Answer,
        proof: Proof,
    ) -> Result<Granted, ErrorCode> {
        let is_same = allocation.transaction == answer.transaction()
            && *allocation.username == *proof.username;
        match (is_same, &allocation.stage) {
            (false, _) => Err(ErrorCode::AllocationMismatch),
            (true, Stage::Binding(_)) => Ok(Granted::Later),
            (true, Stage::Live { .. }) => self
                .allocated(allocation, answer)
                .map(Granted::Now)
                .ok_or(ErrorCode::InsufficientCapacity),
        }
    }

    /// What the client is told of its new allocation.
    fn allocated(&self, allocation: &Allocation, answer: &Answer) -> Option<Encoder> {
        let ip = self.config.advertised(allocation.family)?;
        let relayed = SocketAddr::new(ip, allocation.port()?);
        let success = answer
            .success()
            .address(attribute::XOR_RELAYED_ADDRESS, relayed)
            .address(attribute::XOR_MAPPED_ADDRESS, mapped(answer.client()));
        Some(with_lifetime(success, allocation.lifetime))
    }

    /// How long an allocation is to last from now (RFC 8656 §7.2): what is wished for, but neither less than usual nor more than
    /// is allowed.
    fn lifetime(&self, requested: Option<Duration>) -> Duration {
        requested
            .unwrap_or(DEFAULT_LIFETIME)
            .max(DEFAULT_LIFETIME)
            .min(self.config.limits.max_lifetime)
    }
}

fn with_lifetime(message: Encoder, lifetime: Duration) -> Encoder {
    let seconds = u32::try_from(lifetime.as_secs()).unwrap_or(u32::MAX);
    message.attribute(attribute::LIFETIME, &seconds.to_be_bytes())
}

fn only_udp(message: &Message) -> Result<(), ErrorCode> {
    match message.find(attribute::REQUESTED_TRANSPORT) {
        Some([UDP, _, _, _]) => Ok(()),
        Some([_, _, _, _]) => Err(ErrorCode::UnsupportedTransport),
        Some(_) | None => Err(ErrorCode::BadRequest),
    }
}

/// Ports are not set aside. A wish for an even one alone is passed over: it was for RTP beside RTCP, which no browser
/// has any more.
fn no_reservation(message: &Message) -> Result<(), ErrorCode> {
    if message.find(attribute::RESERVATION_TOKEN).is_some() {
        return Err(ErrorCode::InsufficientCapacity);
    }
    match message.find(attribute::EVEN_PORT) {
        None | Some([0x00..=0x7F]) => Ok(()),
        Some([_]) => Err(ErrorCode::InsufficientCapacity),
        Some(_) => Err(ErrorCode::BadRequest),
    }
}

fn requested_family(message: &Message) -> Result<Option<Family>, ErrorCode> {
    match message.find(attribute::REQUESTED_ADDRESS_FAMILY) {
        None => Ok(None),
        Some([1, _, _, _]) => Ok(Some(Family::V4)),
        Some([2, _, _, _]) => Ok(Some(Family::V6)),
        Some([_, _, _, _]) => Err(ErrorCode::AddressFamilyNotSupported),
        Some(_) => Err(ErrorCode::BadRequest),
    }
}

fn requested_lifetime(message: &Message) -> Result<Option<Duration>, ErrorCode> {
    match message.find(attribute::LIFETIME) {
        None => Ok(None),
        Some(value) => match value.try_into() {
            Ok(seconds) => {
                let seconds = u32::from_be_bytes(seconds);
                Ok(Some(Duration::from_secs(seconds.into())))
            }
            Err(_) => Err(ErrorCode::BadRequest),
        },
    }
}
