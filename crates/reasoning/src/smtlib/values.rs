//! Values of policies that are no text: addresses, numbers, instants, bytes, truth values.

use std::net::IpAddr;

use ringfence_policy::Comparison;

/// An address block as whole numbers, ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) is_v4: bool,
    pub(super) first: u128,
    pub(super) last: u128,
}

/// Reads `10.0.0.0/8` or an address alone; nothing for other text.
pub(super) fn block(text: &str) -> Option<Block> {
    let (network, length) = match text.split_once('/') {
        Some((network, length)) => (network, Some(length.parse::<u32>().ok()?)),
        None => (text, None),
    };
    let (is_v4, bits, address): (_, u32, _) = match network.parse().ok()? {
        IpAddr::V4(address) => (true, 32, u128::from(address.to_bits())),
        IpAddr::V6(address) => (false, 128, address.to_bits()),
    };
    let free = bits.checked_sub(length.unwrap_or(bits))?;
    let mask = u128::MAX.checked_shl(free).unwrap_or(0);
    let first = address & mask;
    Some(Block { is_v4, first, last: first | (!mask & (u128::MAX >> (128 - bits))) })
}

/// A finite number as a constant of sort Real; nothing for other text.
pub(super) fn number(text: &str) -> Option<String> {
    let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
    // Digits as short as they can be without naming another number: the order stays the same.
    let digits = format!("{:?}", Plain(value.abs()));
    Some(if value < 0.0 { format!("(- {digits})") } else { digits })
}

/// A number without an exponent, with a point.
struct Plain(f64);

impl std::fmt::Debug for Plain {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits = self.0.to_string();
        let point = if digits.contains('.') { "" } else { ".0" };
        write!(formatter, "{digits}{point}")
    }
}

/// `true` or `false` in any case.
pub(super) fn truth(text: &str) -> Option<bool> {
    [true, false].into_iter().find(|value| text.eq_ignore_ascii_case(&value.to_string()))
}

/// The decoded bytes, each as the character of its number.
pub(super) fn bytes(text: &str) -> Option<String> {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).ok()?;
    Some(bytes.into_iter().map(char::from).collect())
}

/// Nanoseconds since 1970 of an instant in one of the W3C's forms of ISO 8601, or in seconds since 1970.
/// What a form leaves out is the least it can be; four digits are a year.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date>,
/// <https://www.w3.org/TR/NOTE-datetime>
pub(super) fn instant(text: &str) -> Option<i128> {
    iso_instant(text).or_else(|| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let seconds =
            text.parse::<i64>().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()))?;
        Some(i128::from(seconds) * NANOSECONDS)
    })
}

const NANOSECONDS: i128 = 1_000_000_000;

fn iso_instant(text: &str) -> Option<i128> {
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let year = digits(parts.next()?, 4)?;
    let month = parts.next().map_or(Some(1), |part| digits(part, 2))?;
    let day = parts.next().map_or(Some(1), |part| digits(part, 2))?;
    let is_whole = date.len() == "2024-01-01".len() || time.is_none();
    if parts.next().is_some() || !is_whole {
        return None;
    }
    let seconds = days(year, month, day)? * 86_400 * NANOSECONDS;
    Some(seconds + time.map_or(Some(0), time_of_day)?)
}

fn digits(text: &str, count: usize) -> Option<i128> {
    let plain = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// Days since 1970, counted year by year and month by month.
fn days(year: i128, month: i128, day: i128) -> Option<i128> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, if is_leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let index = usize::try_from(month - 1).ok()?;
    if day < 1 || day > *lengths.get(index)? {
        return None;
    }
    let earlier: i128 = lengths.iter().take(index).sum();
    let leaps = |year: i128| year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let until = |year: i128| (year - 1) * 365 + leaps(year - 1);
    Some(until(year) - until(1970) + earlier + day - 1)
}

/// `hh:mm[:ss[.s…]]` with `Z` or `±hh:mm`, in nanoseconds since the day began in UTC.
fn time_of_day(text: &str) -> Option<i128> {
    let at = text.find(['Z', '+', '-'])?;
    let (clock, zone) = text.split_at(at);
    let offset = match zone.split_at(1) {
        ("Z", "") => 0,
        (sign, own) => {
            let (hours, minutes) = own.split_once(':')?;
            let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
            let size = (hours * 60 + minutes) * 60;
            match sign {
                "+" if hours < 24 && minutes < 60 => size,
                "-" if hours < 24 && minutes < 60 => -size,
                _ => return None,
            }
        }
    };
    let mut parts = clock.split(':');
    let hours = digits(parts.next()?, 2).filter(|hours| *hours < 24)?;
    let minutes = digits(parts.next()?, 2).filter(|minutes| *minutes < 60)?;
    let (seconds, fraction) = match parts.next() {
        None => (0, 0),
        Some(part) => {
            let (whole, fraction) =
                part.split_once('.').map_or((part, None), |(w, f)| (w, Some(f)));
            let fraction = match fraction {
                None => 0,
                Some("") => return None,
                Some(own) if own.bytes().all(|byte| byte.is_ascii_digit()) => {
                    format!("{own:0<9}").get(..9)?.parse().ok()?
                }
                Some(_) => return None,
            };
            (digits(whole, 2).filter(|seconds| *seconds < 60)?, fraction)
        }
    };
    if parts.next().is_some() {
        return None;
    }
    Some(((hours * 60 + minutes) * 60 + seconds - offset) * NANOSECONDS + fraction)
}

/// What a comparison compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    Text,
    FoldedText,
    Truth,
    Address,
    Number,
    Instant,
    Bytes,
}

/// What `comparison` compares; nothing for `Null`, which asks for the key alone.
pub(super) fn family(comparison: Comparison) -> Option<Family> {
    Some(match comparison {
        Comparison::StringEquals
        | Comparison::StringNotEquals
        | Comparison::StringLike
        | Comparison::StringNotLike
        | Comparison::ArnEquals
        | Comparison::ArnLike
        | Comparison::ArnNotEquals
        | Comparison::ArnNotLike => Family::Text,
        Comparison::StringEqualsIgnoreCase | Comparison::StringNotEqualsIgnoreCase => {
            Family::FoldedText
        }
        Comparison::NumericEquals
        | Comparison::NumericNotEquals
        | Comparison::NumericLessThan
        | Comparison::NumericLessThanEquals
        | Comparison::NumericGreaterThan
        | Comparison::NumericGreaterThanEquals => Family::Number,
        Comparison::DateEquals
        | Comparison::DateNotEquals
        | Comparison::DateLessThan
        | Comparison::DateLessThanEquals
        | Comparison::DateGreaterThan
        | Comparison::DateGreaterThanEquals => Family::Instant,
        Comparison::Bool => Family::Truth,
        Comparison::BinaryEquals => Family::Bytes,
        Comparison::IpAddress | Comparison::NotIpAddress => Family::Address,
        Comparison::Null => return None,
    })
}

/// The sign between a value and a bound.
pub(super) fn order(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::NumericLessThan | Comparison::DateLessThan => "<",
        Comparison::NumericLessThanEquals | Comparison::DateLessThanEquals => "<=",
        Comparison::NumericGreaterThan | Comparison::DateGreaterThan => ">",
        Comparison::NumericGreaterThanEquals | Comparison::DateGreaterThanEquals => ">=",
        // Negated comparisons are the others with the sign turned.
        _ => "=",
    }
}
