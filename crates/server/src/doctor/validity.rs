//! The end of a certificate's validity, out of its DER: as much of X.509 as that needs.
//!
//! <https://www.rfc-editor.org/rfc/rfc5280#section-4.1>

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// When a certificate ends; nothing where it cannot be read.
pub(super) fn not_after(certificate: &[u8]) -> Option<Timestamp> {
    let (_, certificate, _) = element(certificate)?;
    let (_, mut rest, _) = element(certificate)?;
    // The version may be left out; serial number, algorithm and issuer come before the validity.
    let (tag, _, after) = element(rest)?;
    if tag == VERSION {
        rest = after;
    }
    for _ in 0..3 {
        rest = element(rest)?.2;
    }
    let (tag, validity, _) = element(rest)?;
    if tag != SEQUENCE {
        return None;
    }
    let (_, _, after) = element(validity)?;
    let (tag, text, _) = element(after)?;
    moment(tag, std::str::from_utf8(text).ok()?)
}

/// The tag of the first element, what is in it, and what comes behind it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match *first {
        short @ 0..0x80 => (usize::from(short), rest),
        long => {
            let (digits, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            if digits.len() > size_of::<u32>() {
                return None;
            }
            let length = digits.iter().fold(0usize, |sum, own| (sum << 8) | usize::from(*own));
            (length, rest)
        }
    };
    let (inside, behind) = rest.split_at_checked(length)?;
    Some((*tag, inside, behind))
}

/// `YYMMDDhhmmssZ`, the years 1950 to 2049, or `YYYYMMDDhhmmssZ`.
fn moment(tag: u8, text: &str) -> Option<Timestamp> {
    let full = match tag {
        UTC_TIME => {
            let century = if text.get(..2)? < "50" { "20" } else { "19" };
            format!("{century}{text}")
        }
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let moment = DateTime::strptime("%Y%m%d%H%M%SZ", &full).ok()?;
    Some(moment.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As long as it says: the outline of a certificate with these times.
    fn certificate(version: &[u8], tag: u8, end: &str) -> Vec<u8> {
        let element = |tag: u8, inside: &[u8]| {
            let long = [0x82, (inside.len() >> 8) as u8, inside.len() as u8];
            [&[tag], &long[..], inside].concat()
        };
        let start = element(UTC_TIME, b"200101000000Z");
        let validity = element(SEQUENCE, &[start, element(tag, end.as_bytes())].concat());
        let parts = [version, &[2, 1, 5], &[SEQUENCE, 0], &[SEQUENCE, 0], &validity].concat();
        element(SEQUENCE, &element(SEQUENCE, &parts))
    }

    #[test]
    fn reads_both_forms_of_time() {
        let version = [VERSION, 3, 2, 1, 2];
        for (bytes, end) in [
            (certificate(&version, UTC_TIME, "491231235959Z"), "2049-12-31T23:59:59Z"),
            (certificate(&[], UTC_TIME, "500101000000Z"), "1950-01-01T00:00:00Z"),
            (certificate(&version, GENERALIZED_TIME, "20510203040506Z"), "2051-02-03T04:05:06Z"),
        ] {
            assert_eq!(not_after(&bytes), Some(end.parse().unwrap()));
            for length in 0..bytes.len() {
                assert_eq!(not_after(&bytes[..length]), None);
            }
        }
    }
}
