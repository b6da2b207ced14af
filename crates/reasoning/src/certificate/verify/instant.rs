//! Points in time, as date operators read them.
//!
//! The [W3C forms of ISO 8601](https://www.w3.org/TR/NOTE-datetime) and seconds since 1970:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date>.
//! Four digits alone are a year.

use jiff::Timestamp;

/// Nanoseconds from 1970 to the beginning of what `text` names.
pub(crate) fn parse(text: &str) -> Option<i128> {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let whole = match shape.as_str() {
        "0000" => format!("{text}-01-01T00:00:00Z"),
        "0000-00" => format!("{text}-01T00:00:00Z"),
        "0000-00-00" => format!("{text}T00:00:00Z"),
        _ if shape.starts_with("0000-00-00T") => date_and_time(text, &shape)?,
        _ => {
            let number = shape.strip_prefix('-').unwrap_or(&shape);
            let digits = !number.is_empty() && number.bytes().all(|byte| byte == b'0');
            let seconds: i64 = digits.then(|| text.parse().ok())??;
            return Some(i128::from(seconds) * 1_000_000_000);
        }
    };
    Some(whole.parse::<Timestamp>().ok()?.as_nanosecond())
}

/// `YYYY-MM-DDThh:mm[:ss[.s…]](Z|±hh:mm)` with seconds, of whose decimals nine count.
fn date_and_time(text: &str, shape: &str) -> Option<String> {
    let (moment, zone) = match shape.strip_suffix('Z') {
        Some(moment) => text.split_at_checked(moment.len())?,
        None => text.split_at_checked(text.len().checked_sub(6)?)?,
    };
    let zone_shape = shape.get(moment.len()..)?;
    let known_zone = matches!(zone_shape, "Z" | "+00:00" | "-00:00");
    let (minutes, seconds) = moment.split_at_checked(16)?;
    let (seconds, decimals) = match seconds.split_at_checked(3) {
        None if seconds.is_empty() => (":00", ""),
        None => return None,
        Some(parts) => parts,
    };
    let fraction = match decimals.strip_prefix('.') {
        None if decimals.is_empty() => "0",
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.get(..9).unwrap_or(digits)
        }
        None | Some(_) => return None,
    };
    let known = shape.get(..16)? == "0000-00-00T00:00"
        && seconds.starts_with(':')
        && seconds != ":60"
        && !fraction.is_empty();
    (known && known_zone).then(|| format!("{minutes}{seconds}.{fraction}{zone}"))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn reads_the_forms_that_aws_names_and_no_others() {
        let day = 86_400_000_000_000;
        for (text, expected) in [
            ("1970-01-02", Some(day)),
            ("1970", Some(0)),
            ("1970-02", Some(31 * day)),
            ("1970-01-01T00:00Z", Some(0)),
            ("1970-01-01T01:00:01+01:00", Some(1_000_000_000)),
            ("1970-01-01T00:00:00.1234567891Z", Some(123_456_789)),
            ("-5", Some(-5_000_000_000)),
            ("86400", Some(day)),
            ("1970-01-01T00:00:60Z", None),
            ("1970-01-01T00:00:00", None),
            ("1970-01-01 00:00:00Z", None),
            ("1970-01-01T00:00:00.Z", None),
            ("1970-13-01", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
