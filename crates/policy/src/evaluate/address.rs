//! IP addresses and ranges in CIDR form.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress>

use std::net::IpAddr;

/// Whether `address` lies in `range`: `203.0.113.0/24`, `2001:db8::/32`, or one address alone. Bits behind
/// the prefix do not count. An IPv4 address is in no IPv6 range and the other way round; what is no
/// address is in no range, and what is no range has no address in it.
pub(super) fn is_in_range(address: &str, range: &str) -> bool {
    let (network, prefix) = match range.split_once('/') {
        Some((network, prefix)) => (network, Some(prefix)),
        None => (range, None),
    };
    let (Ok(address), Ok(network)) = (address.parse::<IpAddr>(), network.parse::<IpAddr>()) else {
        return false;
    };
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            prefix_length(prefix, 32).is_some_and(|length| {
                let host_bits = 32 - length;
                let shift = |bits: u32| bits.checked_shr(host_bits).unwrap_or(0);
                shift(address.to_bits()) == shift(network.to_bits())
            })
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            prefix_length(prefix, 128).is_some_and(|length| {
                let host_bits = 128 - length;
                let shift = |bits: u128| bits.checked_shr(host_bits).unwrap_or(0);
                shift(address.to_bits()) == shift(network.to_bits())
            })
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

/// The prefix's length; without a prefix all the address's bits.
fn prefix_length(prefix: Option<&str>, all: u32) -> Option<u32> {
    let Some(prefix) = prefix else { return Some(all) };
    let is_number = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
    prefix.parse().ok().filter(|length| is_number && *length <= all)
}
