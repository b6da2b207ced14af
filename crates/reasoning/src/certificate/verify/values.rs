//! Values of context keys that are compared as something else than text: a few samples show every way
//! in which the policies' values can stand to a value.

use std::collections::BTreeSet;
use std::net::IpAddr;

use base64::Engine as _;
use ringfence_policy::Comparison;

use super::pattern::{Case, Pattern};

/// How a value stands to a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Order {
    Same,
    Below,
    UpTo,
    Above,
    From,
}

impl Order {
    fn holds<T: PartialOrd>(self, value: &T, bound: &T) -> bool {
        match self {
            Self::Same => value == bound,
            Self::Below => value < bound,
            Self::UpTo => value <= bound,
            Self::Above => value > bound,
            Self::From => value >= bound,
        }
    }
}

/// A finite number, ordered. INVARIANT: zero is positive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number(f64);

impl Number {
    fn new(number: f64) -> Option<Self> {
        number.is_finite().then_some(Self(number + 0.0))
    }
}

impl Eq for Number {}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// The addresses from the first to the last.
type Range = (IpAddr, IpAddr);

/// A set of values, as a condition lists them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Listed {
    Texts(BTreeSet<Pattern>),
    /// Texts of a key that is `true` or `false`.
    Truths(BTreeSet<Pattern>),
    Addresses(BTreeSet<Range>),
    Numbers(Order, BTreeSet<Number>),
    /// Nanoseconds since 1970.
    Instants(Order, BTreeSet<i128>),
    Bytes(BTreeSet<Vec<u8>>),
}

/// What a key's values are, going by how the question compares them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Text,
    Truth,
    Address,
    Number,
    Instant,
    Bytes,
}

/// A value that is no text.
#[derive(Clone, Debug)]
pub(crate) enum Sample {
    Truth(&'static str),
    Address(IpAddr),
    Number(Number),
    Instant(i128),
    Bytes(Vec<u8>),
}

impl Listed {
    /// What `comparison` lists, leaving aside whether it is negated. What is no value of its type is
    /// left out: nothing compares with it. Null lists nothing.
    pub(crate) fn new<'v>(
        comparison: Comparison,
        values: impl Iterator<Item = &'v ringfence_policy::Pattern>,
    ) -> Self {
        use Comparison as C;
        let strings = |values: &mut dyn Iterator<Item = &'v ringfence_policy::Pattern>, case| {
            Self::Texts(values.map(|value| Pattern::string(value, case)).collect())
        };
        let mut values = values;
        match comparison {
            C::StringEquals | C::StringNotEquals | C::StringLike | C::StringNotLike => {
                strings(&mut values, Case::Exact)
            }
            C::StringEqualsIgnoreCase | C::StringNotEqualsIgnoreCase => {
                strings(&mut values, Case::Folded)
            }
            C::ArnEquals | C::ArnLike | C::ArnNotEquals | C::ArnNotLike => {
                Self::Texts(values.filter_map(Pattern::arn).collect())
            }
            C::Bool => {
                let truths = values.map(|value| Pattern::text(value.text(), Case::Folded));
                Self::Truths(truths.filter(|p| p.matches("true") || p.matches("false")).collect())
            }
            C::IpAddress | C::NotIpAddress => {
                Self::Addresses(values.filter_map(|value| range(value.text())).collect())
            }
            C::BinaryEquals => {
                Self::Bytes(values.filter_map(|value| bytes(value.text())).collect())
            }
            C::NumericEquals | C::NumericNotEquals => Self::numbers(Order::Same, values),
            C::NumericLessThan => Self::numbers(Order::Below, values),
            C::NumericLessThanEquals => Self::numbers(Order::UpTo, values),
            C::NumericGreaterThan => Self::numbers(Order::Above, values),
            C::NumericGreaterThanEquals => Self::numbers(Order::From, values),
            C::DateEquals | C::DateNotEquals => Self::instants(Order::Same, values),
            C::DateLessThan => Self::instants(Order::Below, values),
            C::DateLessThanEquals => Self::instants(Order::UpTo, values),
            C::DateGreaterThan => Self::instants(Order::Above, values),
            C::DateGreaterThanEquals => Self::instants(Order::From, values),
            C::Null => Self::Texts(BTreeSet::new()),
        }
    }

    fn numbers<'v>(
        order: Order,
        values: impl Iterator<Item = &'v ringfence_policy::Pattern>,
    ) -> Self {
        let number = |value: &ringfence_policy::Pattern| Number::new(value.text().parse().ok()?);
        Self::Numbers(order, values.filter_map(number).collect())
    }

    fn instants<'v>(
        order: Order,
        values: impl Iterator<Item = &'v ringfence_policy::Pattern>,
    ) -> Self {
        Self::Instants(
            order,
            values.filter_map(|value| super::instant::parse(value.text())).collect(),
        )
    }

    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Texts(_) => Kind::Text,
            Self::Truths(_) => Kind::Truth,
            Self::Addresses(_) => Kind::Address,
            Self::Numbers(..) => Kind::Number,
            Self::Instants(..) => Kind::Instant,
            Self::Bytes(_) => Kind::Bytes,
        }
    }

    /// The patterns of texts.
    pub(crate) fn patterns(&self) -> Option<&BTreeSet<Pattern>> {
        match self {
            Self::Texts(patterns) | Self::Truths(patterns) => Some(patterns),
            Self::Addresses(_) | Self::Numbers(..) | Self::Instants(..) | Self::Bytes(_) => None,
        }
    }

    /// Whether the value is listed; a value of another type never is.
    pub(crate) fn has(&self, sample: &Sample) -> bool {
        match (self, sample) {
            (Self::Truths(texts), Sample::Truth(text)) => texts.iter().any(|own| own.matches(text)),
            (Self::Addresses(ranges), Sample::Address(address)) => {
                ranges.iter().any(|(first, last)| {
                    first.is_ipv4() == address.is_ipv4() && first <= address && address <= last
                })
            }
            (Self::Numbers(order, bounds), Sample::Number(number)) => {
                bounds.iter().any(|bound| order.holds(number, bound))
            }
            (Self::Instants(order, bounds), Sample::Instant(instant)) => {
                bounds.iter().any(|bound| order.holds(instant, bound))
            }
            (Self::Bytes(all), Sample::Bytes(bytes)) => all.contains(bytes),
            _ => false,
        }
    }
}

/// A value of every class into which `lists`, all of them of `kind`, cut the values; none for texts.
pub(crate) fn samples(kind: Kind, lists: &[&Listed]) -> Vec<Sample> {
    match kind {
        Kind::Text => Vec::new(),
        Kind::Truth => vec![Sample::Truth("true"), Sample::Truth("false")],
        Kind::Address => addresses(lists),
        Kind::Number => {
            let bounds = lists.iter().flat_map(|list| match list {
                Listed::Numbers(_, bounds) => bounds.iter().copied().collect(),
                _ => Vec::new(),
            });
            // A bound, the nearest numbers below and above it: the rest is like one of these.
            let around = |Number(own): Number| [own.next_down(), own, own.next_up()];
            let all = bounds.flat_map(around).chain([0.0]);
            all.filter_map(Number::new).map(Sample::Number).collect()
        }
        Kind::Instant => {
            let bounds = lists.iter().flat_map(|list| match list {
                Listed::Instants(_, bounds) => bounds.iter().copied().collect(),
                _ => Vec::new(),
            });
            bounds.flat_map(|own| [own - 1, own, own + 1]).chain([0]).map(Sample::Instant).collect()
        }
        Kind::Bytes => {
            let listed = lists.iter().flat_map(|list| match list {
                Listed::Bytes(all) => all.iter().cloned().collect(),
                _ => Vec::new(),
            });
            let listed: Vec<Vec<u8>> = listed.collect();
            // Longer than all others, so none of them.
            let longest = listed.iter().map(Vec::len).max().unwrap_or(0);
            listed.into_iter().chain([vec![0; longest + 1]]).map(Sample::Bytes).collect()
        }
    }
}

/// Every range's first address, the one behind its last, and each family's first.
fn addresses(lists: &[&Listed]) -> Vec<Sample> {
    let mut all = BTreeSet::from([IpAddr::from([0u8; 4]), IpAddr::from([0u8; 16])]);
    for list in lists {
        let Listed::Addresses(ranges) = list else { continue };
        for (first, last) in ranges {
            all.insert(*first);
            let behind = match last {
                IpAddr::V4(last) => {
                    last.to_bits().checked_add(1).map(|bits| IpAddr::V4(bits.into()))
                }
                IpAddr::V6(last) => {
                    last.to_bits().checked_add(1).map(|bits| IpAddr::V6(bits.into()))
                }
            };
            all.extend(behind);
        }
    }
    all.into_iter().map(Sample::Address).collect()
}

/// The addresses of `203.0.113.0/24` or of a lone address; bits behind the prefix do not count.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress>
fn range(text: &str) -> Option<Range> {
    let (network, length) = text.split_once('/').map_or((text, None), |(n, l)| (n, Some(l)));
    let length = |widest: u32| match length {
        None => Some(widest),
        Some(text) => {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|length| digits && *length <= widest)
        }
    };
    Some(match network.parse().ok()? {
        IpAddr::V4(network) => {
            let host = u32::MAX.checked_shr(length(32)?).unwrap_or(0);
            let bits = network.to_bits();
            (IpAddr::V4((bits & !host).into()), IpAddr::V4((bits | host).into()))
        }
        IpAddr::V6(network) => {
            let host = u128::MAX.checked_shr(length(128)?).unwrap_or(0);
            let bits = network.to_bits();
            (IpAddr::V6((bits & !host).into()), IpAddr::V6((bits | host).into()))
        }
    })
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    base64::engine::general_purpose::STANDARD.decode(text).ok()
}
