//! IP addresses and ranges as the values of IP operators.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address with the number of its bits that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cidr {
    pub(crate) address: IpAddr,
    pub(crate) length: u8,
}

/// The ranges that never reach AWS over the internet: private use, shared address space, loopback, link local, and
/// their like in version 6.
///
/// <https://www.rfc-editor.org/rfc/rfc6890>
const PRIVATE: &[Cidr] = &[
    v4([10, 0, 0, 0], 8),
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    v4([169, 254, 0, 0], 16),
    v4([172, 16, 0, 0], 12),
    v4([192, 168, 0, 0], 16),
    v6([0, 0, 0, 0, 0, 0, 0, 1], 128),
    v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7),
    v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10),
];

const fn v4(bytes: [u8; 4], length: u8) -> Cidr {
    let [a, b, c, d] = bytes;
    Cidr { address: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), length }
}

const fn v6(groups: [u16; 8], length: u8) -> Cidr {
    let [a, b, c, d, e, f, g, h] = groups;
    Cidr { address: IpAddr::V6(Ipv6Addr::new(a, b, c, d, e, f, g, h)), length }
}

impl Cidr {
    /// Reads `203.0.113.0/24`, or an address alone.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let bits = width(address);
        let length = match length {
            Some(length) if length.bytes().all(|byte| byte.is_ascii_digit()) => {
                length.parse().ok()?
            }
            Some(_) => return None,
            None => bits,
        };
        (length <= bits).then_some(Self { address, length })
    }

    /// The range with every bit behind the length zero.
    pub(crate) fn network(self) -> Self {
        let address = match self.address {
            IpAddr::V4(address) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.length)).unwrap_or(0);
                IpAddr::V4(Ipv4Addr::from(u32::from(address) & mask))
            }
            IpAddr::V6(address) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.length)).unwrap_or(0);
                IpAddr::V6(Ipv6Addr::from(u128::from(address) & mask))
            }
        };
        Self { address, length: self.length }
    }

    /// Whether no address of the range is public.
    pub(crate) fn is_private(self) -> bool {
        PRIVATE.iter().any(|range| range.contains(self))
    }

    fn contains(self, other: Self) -> bool {
        let same_version = self.address.is_ipv4() == other.address.is_ipv4();
        let outer = Self { address: other.address, length: self.length }.network();
        same_version && self.length <= other.length && outer.address == self.address
    }
}

fn width(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

impl std::fmt::Display for Cidr {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/{}", self.address, self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ranges_and_sees_private_ones() {
        let private = |text: &str| Cidr::parse(text).unwrap().is_private();
        assert!(private("10.1.2.3") && private("192.168.0.0/16") && private("fd00::/8"));
        assert!(!private("203.0.113.0/24") && !private("10.0.0.0/7") && !private("::/0"));
        assert_eq!(Cidr::parse("203.0.113.9/24").unwrap().network().to_string(), "203.0.113.0/24");
        assert_eq!(Cidr::parse("1.2.3.4/0").unwrap().network().to_string(), "0.0.0.0/0");
        for wrong in ["203.0.113", "203.0.113.0/33", "203.0.113.0/+8", "::/129", "x", "1.2.3.4/"] {
            assert_eq!(Cidr::parse(wrong), None, "{wrong}");
        }
    }
}
