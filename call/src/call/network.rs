//! Whether this machine is in another network than before. What that means for the paths is left to
//! [`Repair`](crate::repair::Repair).

use std::collections::BTreeSet;

use crate::input::NetworkEvent;

/// What is known of the network.
#[derive(Debug, Default)]
pub(super) struct Network {
    /// The machine's addresses when they were last told.
    addresses: Option<BTreeSet<String>>,
}

impl Network {
    /// Takes it in, and says whether paths have to be looked for again.
    pub fn has_changed(&mut self, event: NetworkEvent) -> bool {
        match event {
            NetworkEvent::Changed => true,
            // Hidden, or there is no network at all, over which nothing can be looked for.
            NetworkEvent::Addresses(addresses) if addresses.is_empty() => false,
            NetworkEvent::Addresses(addresses) => {
                let before = self.addresses.replace(addresses);
                before.is_some() && before != self.addresses
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(list: &[&str]) -> NetworkEvent {
        NetworkEvent::Addresses(list.iter().map(|address| (*address).to_owned()).collect())
    }

    #[test]
    fn other_addresses_are_a_change_and_none_are_not() {
        let mut network = Network::default();
        assert!(!network.has_changed(addresses(&["192.168.1.7"])));
        assert!(!network.has_changed(addresses(&["192.168.1.7"])));
        assert!(!network.has_changed(addresses(&[])));
        assert!(!network.has_changed(addresses(&["192.168.1.7"])));
        assert!(network.has_changed(addresses(&["10.0.0.3"])));
        assert!(network.has_changed(addresses(&["10.0.0.3", "2001:db8::1"])));
        assert!(network.has_changed(NetworkEvent::Changed));
    }
}
