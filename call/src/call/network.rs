//! Whether this machine is in another network than before, by its own addresses. What that means for the
//! paths is left to [`Repair`](crate::repair::Repair).

use std::collections::BTreeSet;

use shared::signal::IceCandidate;

use crate::input::NetworkEvent;

/// What is known of the network, by the machine's addresses, as far as the browser tells them: it may hide
/// them behind random names.
#[derive(Debug, Default)]
pub(super) struct Network {
    /// All since the last change, those included that have gone: an interface may flap, and a look be cut
    /// short.
    known: BTreeSet<String>,
    /// Those at the last look that saw any; until there is a look, those of the links.
    seen: BTreeSet<String>,
    /// Whether there was a look since the last change. From then on `seen` is left alone by links: one that
    /// finds the other network first shall not hide it.
    is_looked_at: bool,
}

impl Network {
    /// Most addresses remembered; a computer with many has some dozens.
    const MOST: usize = 256;

    /// A link's candidates, of which there may be more to come: these addresses there are.
    pub fn gathered(&mut self, candidates: &[IceCandidate]) {
        for address in host_addresses(candidates) {
            if self.known.len() < Self::MOST || self.known.contains(&address) {
                if !self.is_looked_at {
                    self.seen.insert(address.clone());
                }
                self.known.insert(address);
            }
        }
    }

    /// Takes it in, and says whether paths have to be looked for again: where an address is new (which the
    /// best way may lead over, though the old ones stay), or none of the old is left.
    pub fn has_changed(&mut self, event: NetworkEvent) -> bool {
        match event {
            NetworkEvent::Changed => {
                // The links gather anew, and what they find is no second change.
                *self = Self::default();
                true
            }
            NetworkEvent::Gathered(candidates) => {
                self.is_looked_at = true;
                let now: BTreeSet<String> = host_addresses(&candidates).take(Self::MOST).collect();
                // Hidden, or there is no network at all, over which nothing can be looked for.
                if now.is_empty() {
                    return false;
                }
                let before = std::mem::replace(&mut self.seen, now.clone());
                let is_first = before.is_empty();
                let is_other = !now.is_subset(&self.known) || now.is_disjoint(&before);
                if is_first || is_other {
                    self.known = now;
                }
                is_other && !is_first
            }
        }
    }
}

/// The machine's own addresses among candidates (RFC 8839 §5.1), without names that stand for one.
fn host_addresses(candidates: &[IceCandidate]) -> impl Iterator<Item = String> {
    candidates.iter().filter_map(|candidate| {
        let mut words = candidate.candidate.split(' ').skip(4);
        let address = words.next()?;
        let kind = words.nth(2)?;
        (kind == "host" && !address.ends_with(".local")).then(|| address.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(list: &[(&str, &str)]) -> Vec<IceCandidate> {
        let candidate = |(address, kind): &(&str, &str)| IceCandidate {
            candidate: format!(
                "candidate:7 1 udp 2122260223 {address} 54321 typ {kind} generation 0"
            ),
            sdp_mid: Some("0".to_owned()),
            sdp_m_line_index: Some(0),
            username_fragment: None,
        };
        list.iter().map(candidate).collect()
    }

    fn looked(list: &[(&str, &str)]) -> NetworkEvent {
        NetworkEvent::Gathered(candidates(list))
    }

    #[test]
    fn other_addresses_of_the_machine_are_a_change() {
        let mut network = Network::default();
        network.gathered(&candidates(&[("192.168.1.7", "host")]));
        network.gathered(&candidates(&[("203.0.113.9", "srflx")]));
        assert!(!network.has_changed(looked(&[("192.168.1.7", "host")])));
        assert!(!network.has_changed(looked(&[])), "no network at all");
        assert!(network.has_changed(looked(&[("10.0.0.3", "host")])));
        let both = [("10.0.0.3", "host"), ("2001:db8::1", "host")];
        assert!(network.has_changed(looked(&both)));
        assert!(!network.has_changed(looked(&both)));
        assert!(network.has_changed(NetworkEvent::Changed));
    }

    #[test]
    fn one_change_is_told_once() {
        let mut network = Network::default();
        network.gathered(&candidates(&[("192.168.1.7", "host")]));
        // The browser is online again, and the links gather anew for it.
        assert!(network.has_changed(NetworkEvent::Changed));
        network.gathered(&candidates(&[("10.0.0.3", "host")]));
        assert!(!network.has_changed(looked(&[("10.0.0.3", "host")])));
    }

    #[test]
    fn a_look_cut_short_and_an_interface_that_flaps_are_no_other_network() {
        let mut network = Network::default();
        let both = [("10.0.0.3", "host"), ("2001:db8::1", "host")];
        network.gathered(&candidates(&both));
        for _ in 0..2 {
            assert!(!network.has_changed(looked(&both[..1])));
            assert!(!network.has_changed(looked(&both)));
        }
    }

    #[test]
    fn an_address_that_comes_while_the_old_one_stays_is_told_once() {
        let mut network = Network::default();
        let [wifi, tunnel] = [("10.0.0.3", "host"), ("10.8.0.2", "host")];
        network.gathered(&candidates(&[wifi]));
        assert!(network.has_changed(looked(&[wifi, tunnel])));
        network.gathered(&candidates(&[tunnel, wifi]));
        assert!(!network.has_changed(looked(&[wifi, tunnel])));
        assert!(!network.has_changed(looked(&[wifi])), "the old one stays");
    }

    #[test]
    fn from_one_network_to_another_known_one_is_a_change() {
        let mut network = Network::default();
        let [wifi, cable] = [("10.0.0.3", "host"), ("192.168.1.7", "host")];
        network.gathered(&candidates(&[wifi, cable]));
        assert!(!network.has_changed(looked(&[wifi])));
        assert!(network.has_changed(looked(&[cable])), "nothing is left");
        assert!(network.has_changed(looked(&[wifi])), "and back");
    }

    #[test]
    fn a_link_that_finds_the_other_network_first_does_not_hide_it() {
        let mut network = Network::default();
        let [wifi, cable] = [("10.0.0.3", "host"), ("192.168.1.7", "host")];
        network.gathered(&candidates(&[wifi]));
        assert!(!network.has_changed(looked(&[])), "nothing in between");
        network.gathered(&candidates(&[cable]));
        assert!(network.has_changed(looked(&[cable])));
        network.gathered(&candidates(&[cable]));
        assert!(!network.has_changed(looked(&[cable])));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut network = Network::default();
        for number in 0..2 * Network::MOST {
            let address = format!("2001:db8::{number:x}");
            network.gathered(&candidates(&[(&address, "host")]));
        }
        assert!(network.known.len() <= Network::MOST);
        assert!(network.seen.len() <= Network::MOST);
    }

    #[test]
    fn names_that_stand_for_an_address_and_nonsense_tell_nothing() {
        let mut network = Network::default();
        network.gathered(&candidates(&[("1b9a2f0e.local", "host")]));
        assert!(!network.has_changed(looked(&[("77aa01c2.local", "host")])));
        let nonsense = ["", "candidate:", "candidate:7 1 udp 1 10.0.0.3 9 typ"];
        let nonsense = nonsense.map(|text| IceCandidate {
            candidate: text.to_owned(),
            ..candidates(&[("x", "host")])[0].clone()
        });
        network.gathered(&nonsense);
        assert!(!network.has_changed(looked(&[("10.0.0.3", "host")])));
    }
}
