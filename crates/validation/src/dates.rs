//! Dates as the values of date operators.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date>

use ringfence_policy::Comparison;

use crate::document::Condition;

/// Whether the operator compares dates.
pub(crate) fn is_date(condition: &Condition<'_>) -> bool {
    matches!(
        condition.comparison(),
        Some(
            Comparison::DateEquals
                | Comparison::DateNotEquals
                | Comparison::DateLessThan
                | Comparison::DateLessThanEquals
                | Comparison::DateGreaterThan
                | Comparison::DateGreaterThanEquals
        )
    )
}

/// Whether the text is a number of seconds since 1970. Four digits alone are a year.
pub(crate) fn is_epoch(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    whole.len() != 4 && is_digits(whole) && is_digits(fraction)
}

/// Whether the text is a date of the W3C's profile of ISO 8601, <https://www.w3.org/TR/NOTE-datetime>: a year, month,
/// day, or a moment with a time zone.
pub(crate) fn is_iso_8601(text: &str) -> bool {
    match text.split_once(['T', 't']) {
        Some((date, time)) => is_date_part(date) && date.len() == 10 && is_time_part(time),
        None => is_date_part(text),
    }
}

/// `2026`, `2026-01` or `2026-01-31`.
fn is_date_part(text: &str) -> bool {
    let mut fields = text.split('-');
    let year = fields.next().is_some_and(|year| year.len() == 4 && is_digits(year));
    let month = fields.next();
    let day = fields.next();
    let month_number = month.map_or(Some(1), |month| two_digits(month, 1, 12));
    let fits = |month| day.is_none_or(|day| two_digits(day, 1, days(month)).is_some());
    year && month_number.is_some_and(fits) && fields.next().is_none()
}

/// The most days that the month can have.
fn days(month: u32) -> u32 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// `12:30Z`, `12:30:59.5+01:00`.
fn is_time_part(text: &str) -> bool {
    let Some((time, zone)) =
        text.find(['Z', 'z', '+', '-']).and_then(|at| text.split_at_checked(at))
    else {
        return false;
    };
    is_clock(time, true) && (matches!(zone, "Z" | "z") || zone.get(1..).is_some_and(is_offset))
}

/// `01:00` or `0100`.
fn is_offset(text: &str) -> bool {
    match text.split_at_checked(2) {
        Some((hours, minutes)) if minutes.len() == 2 => {
            two_digits(hours, 0, 23).is_some() && two_digits(minutes, 0, 59).is_some()
        }
        _ => text.len() == 5 && is_clock(text, false),
    }
}

fn is_clock(text: &str, with_seconds: bool) -> bool {
    let mut fields = text.split(':');
    let hours = fields.next().is_some_and(|hours| two_digits(hours, 0, 24).is_some());
    let minutes = fields.next().is_some_and(|minutes| two_digits(minutes, 0, 59).is_some());
    let seconds = match fields.next() {
        Some(seconds) if with_seconds => {
            let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
            two_digits(whole, 0, 60).is_some() && is_digits(fraction)
        }
        Some(_) => false,
        None => true,
    };
    hours && minutes && seconds && fields.next().is_none()
}

fn two_digits(text: &str, least: u32, greatest: u32) -> Option<u32> {
    let number = (text.len() == 2 && is_digits(text)).then(|| text.parse().ok())??;
    (least..=greatest).contains(&number).then_some(number)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_dates_from_seconds_and_other_text() {
        for date in [
            "2026",
            "2026-01",
            "2026-01-31",
            "2026-01-31T12:30Z",
            "2026-01-31T12:30:59.5+01:00",
            "2026-01-31T12:30:59-0800",
        ] {
            assert!(is_iso_8601(date) && !is_epoch(date), "{date}");
        }
        for wrong in [
            "",
            "tomorrow",
            "2026-13",
            "2026-02-30",
            "2026-01-31T12:30",
            "31.01.2026",
            "2026-01-31 12:30Z",
        ] {
            assert!(!is_iso_8601(wrong) && !is_epoch(wrong), "{wrong}");
        }
        assert!(is_epoch("1672531200") && is_epoch("1672531200.5"));
    }
}
