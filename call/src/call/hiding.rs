//! Hiding this machine's address: whether the person wants it, whether the server has the relay that it takes, and
//! not going in where it has none. What is kept from a peer is [`relayed`](crate::relayed)'s.

use shared::room::IceServer;
use shared::to_server::{GetIceServers, IceServers, Joined};

use super::{Call, Goal, Phase};
use crate::input::RequestError;
use crate::outbox::Outbox;
use crate::output::{IceTransportPolicy, Output, Request};
use crate::time::Time;
use crate::view::{HidingView, Refusal, Relay, ServerState};

impl Call {
    pub(super) fn hiding(&self) -> HidingView {
        HidingView {
            wanted: self.hides_address(),
            relay: self.relay,
        }
    }

    /// The person chooses. One who is going in has chosen.
    pub(super) fn hide_address(&mut self, hide: bool, out: &mut Outbox) {
        let Phase::Preview { refusal } = &mut self.phase else {
            return;
        };
        if *refusal == Some(Refusal::NoRelay) {
            *refusal = None;
        }
        let hides = &mut self.preferences.hides_address;
        match self.goal {
            Goal::Room { .. } => hides.in_rooms = hide,
            Goal::Meeting(_) => hides.in_meetings = hide,
        }
        out.outputs.push(Output::Remember(self.preferences.clone()));
        self.look_for_relay(out);
    }

    /// Whoever wants to hide shall see before going in whether they can.
    pub(super) fn look_for_relay(&self, out: &mut Outbox) {
        let is_preview = matches!(self.phase, Phase::Preview { .. });
        if is_preview && self.hides_address() && self.server == ServerState::Connected {
            out.request(Request::IceServers(GetIceServers {}));
        }
    }

    /// What the server said on an earlier connection may be another's word.
    pub(super) fn look_for_relay_again(&mut self) {
        if self.transport == IceTransportPolicy::Relay {
            self.relay = Relay::Unknown;
        }
    }

    /// Settles over which ways the links of the visit to come may lead. Where one meets someone, hiding is no more
    /// than the default: a page that has said that there is no relay may go on without.
    pub(super) fn choose_transport(&mut self) {
        let may_do_without = self.meeting().is_some() && self.relay == Relay::Missing;
        self.transport = if self.hides_address() && !may_do_without {
            IceTransportPolicy::Relay
        } else {
            IceTransportPolicy::All
        };
    }

    /// Whether one may ask to be let in now. Where it is not known yet whether there is a relay, that is asked
    /// first, so that nobody sees one come and go.
    pub(super) fn has_relay_if_needed(&mut self, out: &mut Outbox) -> bool {
        if self.transport == IceTransportPolicy::All || !matches!(self.phase, Phase::Joining) {
            return true;
        }
        match self.relay {
            Relay::Offered => return true,
            Relay::Unknown => out.request(Request::IceServers(GetIceServers {})),
            Relay::Missing => self.turn_back(Refusal::NoRelay, out),
        }
        false
    }

    pub(super) fn hear_of_relay(
        &mut self,
        reply: Result<IceServers, RequestError>,
        now: Time,
        out: &mut Outbox,
    ) {
        let is_awaited = matches!(self.phase, Phase::Joining)
            && self.transport == IceTransportPolicy::Relay
            && self.relay == Relay::Unknown;
        match reply {
            Ok(reply) => {
                self.relay = Relay::among(&reply.ice_servers);
                if is_awaited {
                    self.ask_to_join(out);
                }
            }
            // Told by itself.
            Err(RequestError::Disconnected) => {}
            Err(error) if !is_awaited => out.log(format!("STUN and TURN servers: {error}")),
            Err(RequestError::Rejected(rejection)) => {
                self.turn_back(Refusal::Rejected(rejection), out);
            }
            Err(RequestError::TimedOut) if self.meeting().is_some() => self.ask_later(now),
            Err(RequestError::TimedOut) => self.turn_back(Refusal::NoAnswer, out),
        }
    }

    /// Takes note of what the server says with a room, and whether it cannot be used without giving the address
    /// away.
    pub(super) fn lacks_relay(&mut self, joined: &Joined) -> bool {
        self.relay = Relay::among(&joined.ice_servers);
        self.transport == IceTransportPolicy::Relay && self.relay == Relay::Missing
    }

    /// Back to where the person can choose.
    pub(super) fn turn_back(&mut self, refusal: Refusal, out: &mut Outbox) {
        match self.goal {
            Goal::Room { .. } => self.refuse(refusal),
            Goal::Meeting(_) => self.give_up(Some(refusal), out),
        }
    }

    fn hides_address(&self) -> bool {
        let hides = self.preferences.hides_address;
        match self.goal {
            Goal::Room { .. } => hides.in_rooms,
            Goal::Meeting(_) => hides.in_meetings,
        }
    }
}

impl Relay {
    /// Whether one of these relays: has a `turn:` or `turns:` URL (RFC 7065).
    fn among(ice_servers: &[IceServer]) -> Self {
        let relays = |url: &String| {
            let (scheme, _) = url.split_once(':').unwrap_or_default();
            scheme.eq_ignore_ascii_case("turn") || scheme.eq_ignore_ascii_case("turns")
        };
        let mut urls = ice_servers.iter().flat_map(|server| &server.urls);
        if urls.any(relays) {
            Self::Offered
        } else {
            Self::Missing
        }
    }
}
