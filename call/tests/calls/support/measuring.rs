//! What the browsers count, and the drivers read every two seconds.

use std::time::Duration;

use call::Input;
use call::input::LinkEvent;
use call::output::Slot;
use call::view::{LocalDevice, LocalScreen, Route, RouteKind, Transport};

use super::browser::Ailment;
use super::world::World;

/// What lies between two measurements.
pub const TICK: Duration = Duration::from_secs(2);

/// Packets that a slot makes between two measurements.
const PACKETS: u64 = 100;

impl World {
    /// Lets that much time pass, with everything measured every two seconds.
    pub fn pass_measuring(&mut self, time: Duration) {
        let until = self.now + time;
        while self.now < until {
            self.measure();
            self.pass(TICK);
        }
    }

    /// From now on, nothing of that slot comes from one page to another, though it is sent.
    pub fn ail(&mut self, from: usize, to: usize, slot: Slot, ailment: Ailment) {
        let number = self.connection(from, to).number;
        if let Some(connection) = self.connections.get_mut(&number) {
            connection.ailments[slot as usize] = Some(ailment);
        }
    }

    /// From now on, the way from one page to another carries no more than that.
    pub fn carries(&mut self, from: usize, to: usize, bitrate: Option<u32>) {
        let number = self.connection(from, to).number;
        if let Some(connection) = self.connections.get_mut(&number) {
            connection.carries = bitrate;
        }
    }

    fn measure(&mut self) {
        let numbers: Vec<u64> = self.connections.keys().copied().collect();
        for number in numbers {
            let arrives = self.arrives(number);
            let kind = if self.is_relayed(number) {
                RouteKind::Relayed
            } else {
                RouteKind::Direct
            };
            let Some(connection) = self.connections.get_mut(&number) else {
                continue;
            };
            let measurement = &mut connection.measurement;
            measurement.at += TICK;
            measurement.round_trip = Some(Duration::from_millis(20));
            measurement.route = Some(Route {
                kind,
                transport: Transport::Udp,
            });
            measurement.available = connection.carries;
            let camera = connection.limits.and_then(|limits| limits.camera);
            let wanted = camera.map_or(0, |camera| camera.bitrate);
            let sent = wanted.min(connection.carries.unwrap_or(u32::MAX));
            measurement.sent += u64::from(sent) / 8 * TICK.as_secs();
            for (received, arrives) in measurement.received.iter_mut().zip(arrives) {
                if arrives {
                    received.packets += PACKETS;
                    received.bytes += PACKETS * 1_000;
                    received.frames += 60;
                    (received.width, received.height) = (640, 360);
                }
            }
            let event = LinkEvent::Measured(Box::new(measurement.clone()));
            let (page, link) = (connection.page, connection.link);
            self.handle(page, Input::Link { link, event });
        }
    }

    /// Which slots bring something to that connection.
    fn arrives(&self, number: u64) -> [bool; 4] {
        let partner = self
            .connections
            .get(&number)
            .and_then(|connection| self.connections.get(&connection.met?))
            .filter(|partner| partner.runs() && !self.is_cut((number, partner.number)));
        let Some(partner) = partner else {
            return [false; 4];
        };
        let local = self.view(partner.page).local;
        let limits = partner.limits;
        let is_wanted = |slot| match slot {
            Slot::Camera => limits.is_none_or(|limits| limits.camera.is_some()),
            Slot::Screen => limits.is_none_or(|limits| limits.screen.is_some()),
            Slot::Microphone | Slot::ScreenSound => true,
        };
        Slot::ALL.map(|slot| {
            let is_sent = match slot {
                Slot::Microphone => {
                    matches!(local.microphone, LocalDevice::On | LocalDevice::Off)
                }
                Slot::Camera => local.camera == LocalDevice::On,
                Slot::Screen => local.screen == LocalScreen::Shared,
                Slot::ScreenSound => false,
            };
            is_sent && is_wanted(slot) && partner.ailments[slot as usize].is_none()
        })
    }
}
