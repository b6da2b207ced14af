//! IP addresses, numbers and dates: sorted end points cut each of them into finitely many classes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::value::Value;

/// The addresses of one CIDR block, ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct IpRange {
    pub(crate) first: IpAddr,
    pub(crate) last: IpAddr,
}

impl IpRange {
    /// Reads `10.0.0.0/8`, `10.0.0.1`, `2001:db8::/32`; host bits are masked. Nothing for other text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().ok()?)),
            None => (text, None),
        };
        match address.parse().ok()? {
            IpAddr::V4(address) => {
                let length = length.unwrap_or(32);
                let free = u32::MAX.checked_shr(length).unwrap_or(0);
                let first = address.to_bits() & !free;
                (length <= 32).then(|| Self {
                    first: Ipv4Addr::from_bits(first).into(),
                    last: Ipv4Addr::from_bits(first | free).into(),
                })
            }
            IpAddr::V6(address) => {
                let length = length.unwrap_or(128);
                let free = u128::MAX.checked_shr(length).unwrap_or(0);
                let first = address.to_bits() & !free;
                (length <= 128).then(|| Self {
                    first: Ipv6Addr::from_bits(first).into(),
                    last: Ipv6Addr::from_bits(first | free).into(),
                })
            }
        }
    }

    pub(crate) fn contains(self, address: IpAddr) -> bool {
        self.first.is_ipv4() == address.is_ipv4() && self.first <= address && address <= self.last
    }
}

fn behind(address: IpAddr) -> Option<IpAddr> {
    match address {
        IpAddr::V4(own) => {
            own.to_bits().checked_add(1).map(|bits| Ipv4Addr::from_bits(bits).into())
        }
        IpAddr::V6(own) => {
            own.to_bits().checked_add(1).map(|bits| Ipv6Addr::from_bits(bits).into())
        }
    }
}

/// An address of each class that `ranges` cut the two families into.
pub(crate) fn ip_classes<'r>(ranges: impl Iterator<Item = &'r IpRange>) -> Vec<Value> {
    // A class that no range bounds below starts at the family's first address; a documentation address
    // (RFC 5737) is nicer to read and in the same class unless a range says otherwise.
    let documentation = [
        IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9)),
        IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 9)),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    ];
    let mut addresses: Vec<IpAddr> = documentation.to_vec();
    for range in ranges {
        addresses.push(range.first);
        addresses.extend(behind(range.last));
    }
    let mut seen = std::collections::BTreeSet::new();
    addresses.into_iter().filter(|a| seen.insert(*a)).map(Value::Ip).collect()
}

/// How a value compares with a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    pub(crate) fn holds<T: PartialOrd>(self, value: &T, bound: &T) -> bool {
        match self {
            Self::Equal => value == bound,
            Self::Less => value < bound,
            Self::LessOrEqual => value <= bound,
            Self::Greater => value > bound,
            Self::GreaterOrEqual => value >= bound,
        }
    }
}

/// A number of each class that `bounds` cut the numbers into.
pub(crate) fn number_classes(mut bounds: Vec<f64>) -> Vec<Value> {
    bounds.sort_by(f64::total_cmp);
    bounds.dedup();
    let mut numbers = Vec::new();
    if let (Some(first), Some(last)) = (bounds.first(), bounds.last()) {
        numbers.extend([last + last.abs().max(1.0), first - first.abs().max(1.0)]);
    } else {
        numbers.push(0.0);
    }
    for pair in bounds.windows(2) {
        if let [low, high] = pair {
            let middle = low + (high - low) / 2.0;
            if *low < middle && middle < *high {
                numbers.push(middle);
            }
        }
    }
    numbers.extend(bounds);
    numbers.retain(|number| number.is_finite());
    numbers.into_iter().map(Value::Number).collect()
}

/// An instant (nanoseconds since 1970) of each class that `bounds` cut the time line into.
pub(crate) fn date_classes(mut bounds: Vec<i128>) -> Vec<Value> {
    const SECOND: i128 = 1_000_000_000;
    bounds.sort_unstable();
    bounds.dedup();
    let mut instants = Vec::new();
    match (bounds.first(), bounds.last()) {
        (Some(first), Some(last)) => instants.extend([last + SECOND, first - SECOND]),
        _ => instants.push(0),
    }
    for pair in bounds.windows(2) {
        if let [low, high] = pair
            && high - low > 1
        {
            let middle = low + (high - low) / 2;
            // Whole seconds read better, where one lies between.
            let whole = middle - middle.rem_euclid(SECOND);
            instants.push(if *low < whole { whole } else { middle });
        }
    }
    instants.extend(bounds);
    instants.into_iter().map(Value::Date).collect()
}
