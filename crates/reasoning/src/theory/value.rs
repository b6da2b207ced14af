//! Values of attributes, and the tests that a policy makes on them.

use std::net::IpAddr;

use jiff::Timestamp;

use super::glob::Glob;
use super::identity::{Identity, IdentityTest};
use super::ranges::{IpRange, Order};

/// A value of one attribute.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Text(String),
    Ip(IpAddr),
    Number(f64),
    /// Nanoseconds since 1970.
    Date(i128),
    Bytes(Vec<u8>),
    Identity(Identity),
}

impl Value {
    /// The text that a request carries.
    pub(crate) fn to_text(&self) -> String {
        use base64::Engine as _;
        match self {
            Self::Text(text) => text.clone(),
            Self::Ip(address) => address.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Date(instant) => Timestamp::from_nanosecond(*instant)
                .map_or_else(|_| String::new(), |t| t.to_string()),
            Self::Bytes(bytes) => base64::engine::general_purpose::STANDARD.encode(bytes),
            Self::Identity(identity) => identity.caller_text(),
        }
    }
}

/// A test that a policy makes on a value: true when any of its alternatives is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Test {
    Text(Vec<Glob>),
    /// Text that is `true` or `false`.
    Bool(Vec<Glob>),
    Ip(Vec<IpRange>),
    /// Bounds as bits of `f64`.
    Number(Order, Vec<u64>),
    Date(Order, Vec<i128>),
    Bytes(Vec<Vec<u8>>),
    Identity(IdentityTest),
}

/// The kind of value that a test is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Family {
    Text,
    Bool,
    Ip,
    Number,
    Date,
    Bytes,
    Identity,
}

impl Test {
    pub(crate) fn family(&self) -> Family {
        match self {
            Self::Text(_) => Family::Text,
            Self::Bool(_) => Family::Bool,
            Self::Ip(_) => Family::Ip,
            Self::Number(..) => Family::Number,
            Self::Date(..) => Family::Date,
            Self::Bytes(_) => Family::Bytes,
            Self::Identity(_) => Family::Identity,
        }
    }

    /// The patterns of a test on text.
    pub(crate) fn globs(&self) -> &[Glob] {
        match self {
            Self::Text(globs) | Self::Bool(globs) => globs,
            Self::Ip(_)
            | Self::Number(..)
            | Self::Date(..)
            | Self::Bytes(_)
            | Self::Identity(_) => &[],
        }
    }

    /// Whether `value` passes. A value of another family is read from its text, as AWS reads it.
    pub(crate) fn passes(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Text(globs) | Self::Bool(globs), Value::Text(text)) => {
                globs.iter().any(|glob| glob.matches(text))
            }
            (Self::Text(globs) | Self::Bool(globs), other) => {
                let text = other.to_text();
                globs.iter().any(|glob| glob.matches(&text))
            }
            (Self::Ip(ranges), Value::Ip(address)) => ranges.iter().any(|r| r.contains(*address)),
            (Self::Ip(ranges), other) => match other.to_text().parse() {
                Ok(address) => ranges.iter().any(|range| range.contains(address)),
                Err(_) => false,
            },
            (Self::Number(order, bounds), Value::Number(number)) => {
                bounds.iter().any(|bound| order.holds(number, &f64::from_bits(*bound)))
            }
            (Self::Number(order, bounds), other) => match parse_number(&other.to_text()) {
                Some(number) => {
                    bounds.iter().any(|bound| order.holds(&number, &f64::from_bits(*bound)))
                }
                None => false,
            },
            (Self::Date(order, bounds), Value::Date(instant)) => {
                bounds.iter().any(|bound| order.holds(instant, bound))
            }
            (Self::Date(order, bounds), other) => match parse_date(&other.to_text()) {
                Some(instant) => bounds.iter().any(|bound| order.holds(&instant, bound)),
                None => false,
            },
            (Self::Bytes(all), Value::Bytes(bytes)) => all.contains(bytes),
            (Self::Bytes(all), other) => {
                parse_bytes(&other.to_text()).is_some_and(|bytes| all.contains(&bytes))
            }
            (Self::Identity(test), Value::Identity(identity)) => test.passes(identity),
            (Self::Identity(_), _) => false,
        }
    }
}

/// A finite decimal number.
pub(crate) fn parse_number(text: &str) -> Option<f64> {
    let plain =
        text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
    text.parse().ok().filter(|number: &f64| plain && number.is_finite())
}

/// A date in one of the W3C forms of ISO 8601 (a year, a month, a day, or a time with its zone), or
/// seconds since 1970; gives nanoseconds since 1970.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date>
pub(crate) fn parse_date(text: &str) -> Option<i128> {
    let full = match text.len() {
        4 => format!("{text}-01-01T00:00:00Z"),
        7 if text.as_bytes().get(4) == Some(&b'-') => format!("{text}-01T00:00:00Z"),
        10 if text.as_bytes().get(7) == Some(&b'-') => format!("{text}T00:00:00Z"),
        _ => with_seconds(text).unwrap_or_default(),
    };
    match full.parse::<Timestamp>() {
        Ok(instant) => Some(instant.as_nanosecond()),
        Err(_) => text.parse::<i64>().ok().map(|seconds| i128::from(seconds) * 1_000_000_000),
    }
}

/// `YYYY-MM-DDThh:mm…` with its seconds and a zone; nothing for other forms.
fn with_seconds(text: &str) -> Option<String> {
    let (date, rest) = text.split_once('T')?;
    let zone = rest.find(['Z', '+', '-'])?;
    let (time, zone) = rest.split_at_checked(zone)?;
    let seconds = if time.len() == 5 { ":00" } else { "" };
    (date.len() == 10).then(|| format!("{date}T{time}{seconds}{zone}"))
}

pub(crate) fn parse_bytes(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).ok()
}
