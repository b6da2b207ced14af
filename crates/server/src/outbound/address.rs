//! Which addresses a request may go to: those of the public Internet, and those that a setting allows.

use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A range of addresses, as `10.1.0.0/16`; an address alone stands for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network {
    address: IpAddr,
    // INVARIANT: at most 32, or 128.
    prefix: u8,
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        format!("{}/{}", network.address, network.prefix)
    }
}

/// IPv4 that is not the public Internet.
/// <https://www.iana.org/assignments/iana-ipv4-special-registry>
const NOT_PUBLIC: &[&str] = &[
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
];

/// What of IPv6 may be the public Internet. Loopback, mapped, translated (NAT64), unique local (the metadata service's
/// among them) and link-local addresses are outside of it.
const GLOBAL_UNICAST: &str = "2000::/3";

/// What of that is not: Teredo and other protocols, documentation, 6to4, which hold addresses of IPv4.
/// <https://www.iana.org/assignments/iana-ipv6-special-registry>
const NOT_PUBLIC_IN_IPV6: &[&str] =
    &["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"];

/// Whether a request may go to `address`, `allowed` being what a setting allows besides.
pub(super) fn is_permitted(address: IpAddr, allowed: &[Network]) -> bool {
    allowed.iter().any(|network| network.contains(address)) || is_public(address)
}

fn is_public(address: IpAddr) -> bool {
    let within = |text: &&str| text.parse::<Network>().is_ok_and(|own| own.contains(address));
    match address {
        IpAddr::V4(_) => !NOT_PUBLIC.iter().any(&within),
        IpAddr::V6(_) => within(&GLOBAL_UNICAST) && !NOT_PUBLIC_IN_IPV6.iter().any(within),
    }
}

impl Network {
    fn contains(&self, address: IpAddr) -> bool {
        // The highest bits that differ tell how long a prefix both have.
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= u32::from(self.prefix)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= u32::from(self.prefix)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is no range of addresses, as 10.1.0.0/16");
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(longest), str::parse).map_err(|_| wrong())?;
        if prefix > longest {
            return Err(wrong());
        }
        Ok(Self { address, prefix })
    }
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_the_public_internet_is_refused() {
        for text in [
            "0.0.0.0",
            "10.255.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "169.254.170.2",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001:0:1::1",
            "fe80::1",
            "fec0::1",
            "fd00:ec2::254",
            "fc00::1",
            "ff02::1",
            "2001:db8::1",
        ] {
            assert!(!is_permitted(text.parse().unwrap(), &[]), "{text}");
        }
        for text in [
            "8.8.8.8",
            "100.63.255.255",
            "172.32.0.1",
            "52.94.236.248",
            "2600:1f18::1",
            "2a00:1450::1",
        ] {
            assert!(is_permitted(text.parse().unwrap(), &[]), "{text}");
        }
    }

    #[test]
    fn a_setting_allows_exactly_what_it_names() {
        let allowed = ["10.1.0.0/16".parse().unwrap(), "127.0.0.1".parse().unwrap()];
        let is = |text: &str| is_permitted(text.parse().unwrap(), &allowed);
        assert!(is("10.1.255.255") && is("127.0.0.1"));
        assert!(!is("10.2.0.1") && !is("127.0.0.2") && !is("::ffff:127.0.0.1") && !is("::1"));
        for wrong in ["10.0.0.0/33", "::/129", "x", "10.0.0.0/", "10.0.0/8"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }
}
