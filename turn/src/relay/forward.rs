//! Data on its way. Every packet of every call comes through here: some look-ups in hash tables, no memory is taken.

use core::net::SocketAddr;

use crate::{
    AllocationId, Client, Envelope, Family, Forward, Now, Relay,
    allocation::Allocation,
    counters::Dropped,
    wire::{Message, TransactionId, attribute, channel_data},
};

/// What a datagram costs beside its data: the headers of IPv4 and UDP, in bytes.
const HEADERS: u64 = 28;

impl Relay {
    /// Data over a channel (RFC 8656 §12.6). The channel is leave enough: it lasts longer than the permission made with it.
    pub(super) fn channel_data<'a>(
        &mut self,
        client: Client,
        message: &'a [u8],
        now: Now,
    ) -> Option<Forward<'a>> {
        let Some((number, data)) = channel_data::read(message) else {
            self.counters.malformed += 1;
            return None;
        };
        let found = self.live(client, now).and_then(|allocation| {
            let peer = allocation.channels.peer(number, now.instant);
            peer.map(|peer| (allocation.id, peer))
        });
        let sent = match found {
            Some((id, peer)) => self.send(id, peer, data, now),
            None => Err(Dropped::Unknown),
        };
        self.noting(sent)
    }

    /// Data in an indication (RFC 8656 §11.2).
    pub(super) fn send_indication<'a>(
        &mut self,
        client: Client,
        message: &Message<'a>,
        now: Now,
    ) -> Option<Forward<'a>> {
        let peer = message.address(attribute::XOR_PEER_ADDRESS);
        let data = message.find(attribute::DATA);
        let is_understood = message.unknown_attributes().next().is_none();
        let (Some(peer), Some(data), true) = (peer, data, is_understood) else {
            self.counters.malformed += 1;
            return None;
        };
        let sent = match self.live(client, now) {
            None => Err(Dropped::Unknown),
            Some(allocation) if !allocation.permissions.allows(peer.ip(), now.instant) => {
                Err(Dropped::WithoutPermission)
            }
            Some(allocation) => {
                let id = allocation.id;
                self.send(id, peer, data, now)
            }
        };
        self.noting(sent)
    }

    /// A datagram from outside (RFC 8656 §11.3 and §12.7).
    pub(super) fn deliver(
        &mut self,
        allocation: AllocationId,
        peer: SocketAddr,
        data: &[u8],
        now: Now,
    ) -> Option<(Client, Envelope)> {
        let delivered = self.receive(allocation, peer, data.len(), now);
        let delivered = delivered.and_then(|delivered| {
            self.spend(data.len(), now)?;
            self.counters.sent_to_client(data.len());
            Ok(delivered)
        });
        self.noting(delivered)
    }

    /// From an allocation to a peer, which may be another allocation.
    fn send<'a>(
        &mut self,
        id: AllocationId,
        peer: SocketAddr,
        data: &'a [u8],
        now: Now,
    ) -> Result<Forward<'a>, Dropped> {
        let rate = self.rate_of_one;
        let allocation = self.allocations.get_mut(id).ok_or(Dropped::Unknown)?;
        if !allocation
            .to_peers
            .take(HEADERS + data.len() as u64, rate, now.instant)
        {
            return Err(Dropped::OverRate);
        }
        if self.config.is_advertised(peer.ip()) {
            return self.hand_over(id, peer, data, now);
        }
        self.spend(data.len(), now)?;
        self.counters.sent_to_peer(data.len());
        Ok(Forward::ToPeer {
            allocation: id,
            peer,
            data,
        })
    }

    /// From one allocation to another. Nothing is ever sent to our own address by a socket: what listens there beside us is nobody's
    /// peer.
    fn hand_over<'a>(
        &mut self,
        from: AllocationId,
        peer: SocketAddr,
        data: &'a [u8],
        now: Now,
    ) -> Result<Forward<'a>, Dropped> {
        let sender = self.allocations.get(from).ok_or(Dropped::Unknown)?;
        let ip = self.config.advertised(sender.family);
        let relayed = ip
            .zip(sender.port())
            .map(|(ip, port)| SocketAddr::new(ip, port))
            .ok_or(Dropped::Unknown)?;
        let to = self
            .allocations
            .at_port(Family::of(peer.ip()), peer.port())
            .ok_or(Dropped::ToNobody)?;
        let (client, envelope) = self.receive(to, relayed, data.len(), now)?;
        self.spend(data.len(), now)?;
        self.counters.packets_handed_over += 1;
        self.counters.sent_to_client(data.len());
        Ok(Forward::ToClient {
            client,
            envelope,
            data,
        })
    }

    /// To the client of an allocation, from a peer.
    fn receive(
        &mut self,
        id: AllocationId,
        peer: SocketAddr,
        size: usize,
        now: Now,
    ) -> Result<(Client, Envelope), Dropped> {
        let rate = self.rate_of_one;
        let allocation = self
            .allocations
            .get_mut(id)
            .filter(|allocation| allocation.is_live(now.instant))
            .ok_or(Dropped::Unknown)?;
        if !allocation.permissions.allows(peer.ip(), now.instant) {
            return Err(Dropped::WithoutPermission);
        }
        let client = allocation.client;
        let envelope = match allocation.channels.number(peer, now.instant) {
            Some(number) => Envelope::channel(number, client.transport, size),
            None => {
                self.indications += 1;
                Envelope::indication(peer, size, transaction(self.indications, id))
            }
        };
        let envelope = envelope.ok_or(Dropped::TooLarge)?;
        if !allocation
            .to_client
            .take(HEADERS + size as u64, rate, now.instant)
        {
            return Err(Dropped::OverRate);
        }
        Ok((client, envelope))
    }

    /// Takes it from what all together may send.
    fn spend(&mut self, size: usize, now: Now) -> Result<(), Dropped> {
        if self
            .all
            .take(HEADERS + size as u64, self.rate_of_all, now.instant)
        {
            Ok(())
        } else {
            Err(Dropped::OverRateOfAll)
        }
    }

    pub(super) fn live(&self, client: Client, now: Now) -> Option<&Allocation> {
        self.allocations
            .of(client)
            .filter(|allocation| allocation.is_live(now.instant))
    }

    fn noting<T>(&mut self, outcome: Result<T, Dropped>) -> Option<T> {
        match outcome {
            Ok(sent) => Some(sent),
            Err(why) => {
                self.counters.dropped(why);
                None
            }
        }
    }
}

/// Nobody answers an indication, so its id need not be a secret: it only is another each time.
fn transaction(count: u64, allocation: AllocationId) -> TransactionId {
    let mut id = [0; 12];
    id[..8].copy_from_slice(&count.to_be_bytes());
    id[8..].copy_from_slice(&allocation.0.to_be_bytes()[4..]);
    TransactionId(id)
}
