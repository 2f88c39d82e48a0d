//! Whether this machine is in another network than before, by its own addresses. What that means for the
//! paths is left to [`Repair`](crate::repair::Repair).

use shared::signal::IceCandidate;

use crate::input::NetworkEvent;

/// What is known of the network.
#[derive(Debug, Default)]
pub(super) struct Network {
    /// The machine's addresses, as far as the browser tells them: it may hide them behind random names.
    addresses: Vec<String>,
}

impl Network {
    /// Most addresses remembered of links; a computer with many has some dozens.
    const MOST: usize = 256;

    /// A link's candidates, of which there may be more to come: these addresses there are.
    pub fn gathered(&mut self, candidates: &[IceCandidate]) {
        for address in host_addresses(candidates) {
            if self.addresses.len() < Self::MOST && !self.addresses.contains(&address) {
                self.addresses.push(address);
            }
        }
    }

    /// Takes it in, and says whether paths have to be looked for again.
    pub fn has_changed(&mut self, event: NetworkEvent) -> bool {
        match event {
            NetworkEvent::Changed => true,
            NetworkEvent::Gathered(candidates) => {
                let now: Vec<String> = host_addresses(&candidates).collect();
                // Hidden, or there is no network at all, over which nothing can be looked for.
                if now.is_empty() {
                    return false;
                }
                let before = std::mem::replace(&mut self.addresses, now);
                let is_same =
                    is_within(&before, &self.addresses) && is_within(&self.addresses, &before);
                !before.is_empty() && !is_same
            }
        }
    }
}

fn is_within(some: &[String], all: &[String]) -> bool {
    some.iter().all(|address| all.contains(address))
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
