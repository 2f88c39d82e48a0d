//! The networks that the relay's own machine is in. What is in them is within reach of this machine as of few others.

use core::net::IpAddr;

/// The shortest prefixes of networks that a host is in. A tunnel may claim the whole world, which is no reason to relay to nobody.
const SHORTEST_V4: u32 = 16;
const SHORTEST_V6: u32 = 48;

/// Addresses that begin alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(Bits);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bits {
    V4 { prefix: u32, mask: u32 },
    V6 { prefix: u128, mask: u128 },
}

impl Network {
    /// The network of an interface with this address and this mask; without a mask that makes sense, the address alone.
    pub fn of(address: IpAddr, mask: Option<IpAddr>) -> Self {
        Self(match address {
            IpAddr::V4(ip) => {
                let mask = match mask {
                    Some(IpAddr::V4(mask)) if mask.to_bits().leading_ones() >= SHORTEST_V4 => {
                        mask.to_bits()
                    }
                    Some(_) | None => u32::MAX,
                };
                let prefix = ip.to_bits() & mask;
                Bits::V4 { prefix, mask }
            }
            IpAddr::V6(ip) => {
                let mask = match mask {
                    Some(IpAddr::V6(mask)) if mask.to_bits().leading_ones() >= SHORTEST_V6 => {
                        mask.to_bits()
                    }
                    Some(_) | None => u128::MAX,
                };
                let prefix = ip.to_bits() & mask;
                Bits::V6 { prefix, mask }
            }
        })
    }

    /// Whether that address is in it.
    pub fn contains(self, address: IpAddr) -> bool {
        match (self.0, address) {
            (Bits::V4 { prefix, mask }, IpAddr::V4(ip)) => ip.to_bits() & mask == prefix,
            (Bits::V6 { prefix, mask }, IpAddr::V6(ip)) => ip.to_bits() & mask == prefix,
            (Bits::V4 { .. }, IpAddr::V6(_)) | (Bits::V6 { .. }, IpAddr::V4(_)) => false,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn contains(address: &str, mask: &str, peer: &str) -> bool {
        let mask = (!mask.is_empty()).then(|| mask.parse().unwrap());
        Network::of(address.parse().unwrap(), mask).contains(peer.parse().unwrap())
    }

    #[test]
    fn a_network_has_what_its_mask_says() {
        assert!(contains("9.9.9.9", "255.255.255.0", "9.9.9.200"));
        assert!(!contains("9.9.9.9", "255.255.255.0", "9.9.8.9"));
        let mask = "ffff:ffff:ffff:ffff::";
        assert!(contains("2a00:1:2:3::9", mask, "2a00:1:2:3:ffff::1"));
        assert!(!contains("2a00:1:2:3::9", mask, "2a00:1:2:4::9"));
        assert!(!contains("9.9.9.9", "255.255.255.0", "::909:909"));
    }

    #[test]
    fn without_a_mask_or_with_one_for_the_world_it_is_the_address_alone() {
        for mask in ["", "0.0.0.0", "255.0.0.0", "ffff::"] {
            assert!(contains("9.9.9.9", mask, "9.9.9.9"), "{mask}");
            assert!(!contains("9.9.9.9", mask, "9.9.9.8"), "{mask}");
            assert!(contains("2a00::9", mask, "2a00::9"), "{mask}");
            assert!(!contains("2a00::9", mask, "2a00::8"), "{mask}");
        }
    }
}
