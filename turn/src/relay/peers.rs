//! Which peers an allocation speaks with: permissions (RFC 8656 §10) and channels (§12).

use core::net::{IpAddr, SocketAddr};

use super::{Answer, authentication::Proof, requests::Granted};
use crate::{
    Family, Now, Relay,
    channels::Unbindable,
    error_code::ErrorCode,
    peer_filter,
    permissions::Full,
    wire::{Message, attribute, channel_data::CHANNELS, read_xor_address},
};

impl Relay {
    /// Peers at all these addresses may send, or, if one of them may not, none.
    pub(super) fn create_permission(
        &mut self,
        answer: &Answer,
        proof: Proof,
        message: &Message,
        now: Now,
    ) -> Result<Granted, ErrorCode> {
        let limit = self.config.limits.permissions_per_allocation;
        let family = self.own(answer.client(), proof, now)?.family;
        let peers: Vec<IpAddr> = message
            .attributes()
            .filter(|(kind, _)| *kind == attribute::XOR_PEER_ADDRESS)
            .map(|(_, value)| {
                let peer = read_xor_address(value, answer.transaction());
                self.checked(peer, family).map(|peer| peer.ip())
            })
            .collect::<Result<_, _>>()?;
        if peers.is_empty() {
            return Err(ErrorCode::BadRequest);
        }
        self.own(answer.client(), proof, now)?
            .permissions
            .make(&peers, limit, now.instant)?;
        Ok(Granted::Now(answer.success()))
    }

    /// A number stands for a peer, which also may send.
    pub(super) fn channel_bind(
        &mut self,
        answer: &Answer,
        proof: Proof,
        message: &Message,
        now: Now,
    ) -> Result<Granted, ErrorCode> {
        let limits = self.config.limits.clone();
        let family = self.own(answer.client(), proof, now)?.family;
        let number = match message.find(attribute::CHANNEL_NUMBER) {
            Some([n0, n1, _, _]) => u16::from_be_bytes([*n0, *n1]),
            Some(_) | None => return Err(ErrorCode::BadRequest),
        };
        if !CHANNELS.contains(&number) {
            return Err(ErrorCode::BadRequest);
        }
        let peer = self.checked(message.address(attribute::XOR_PEER_ADDRESS), family)?;
        let allocation = self.own(answer.client(), proof, now)?;
        let limit = limits.channels_per_allocation;
        allocation
            .channels
            .bindable(number, peer, limit, now.instant)?;
        let limit = limits.permissions_per_allocation;
        allocation
            .permissions
            .make(&[peer.ip()], limit, now.instant)?;
        allocation.channels.bind(number, peer, now.instant);
        Ok(Granted::Now(answer.success()))
    }

    /// A peer that an allocation of this family may speak with. Our own relayed address is one whatever the filter says, for what
    /// is sent there only ever goes to an allocation.
    fn checked(&self, peer: Option<SocketAddr>, family: Family) -> Result<SocketAddr, ErrorCode> {
        let peer = peer.ok_or(ErrorCode::BadRequest)?;
        if Family::of(peer.ip()) != family {
            return Err(ErrorCode::PeerAddressFamilyMismatch);
        }
        let allow_private = self.config.allow_private;
        let is_near = || {
            let mut networks = self.networks.iter();
            networks.any(|network| network.contains(peer.ip()))
        };
        let is_loopback = self.config.is_on_loopback();
        let is_lent = peer_filter::allows(peer.ip(), allow_private, is_loopback)
            && (allow_private || !is_near());
        let is_allowed = self.config.is_advertised(peer.ip()) || is_lent;
        is_allowed.then_some(peer).ok_or(ErrorCode::Forbidden)
    }
}

impl From<Full> for ErrorCode {
    fn from(_: Full) -> Self {
        Self::InsufficientCapacity
    }
}

impl From<Unbindable> for ErrorCode {
    fn from(unbindable: Unbindable) -> Self {
        match unbindable {
            Unbindable::Taken => Self::BadRequest,
            Unbindable::Full => Self::InsufficientCapacity,
        }
    }
}
