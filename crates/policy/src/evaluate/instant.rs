//! Points in time, as date operators compare them.
//!
//! AWS takes the [W3C forms of ISO 8601](https://www.w3.org/TR/NOTE-datetime) and epoch time:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date>.
//! Epoch time counts seconds, as `aws:EpochTime` does. Four digits alone are a year, not seconds: AWS's
//! page leaves that open. A time of day needs its zone, as the W3C forms say.

use jiff::civil::Date;
use jiff::tz::Offset;

/// Seconds since 1970 and the nanoseconds behind them; later instants are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Instant {
    seconds: i64,
    nanoseconds: i32,
}

/// The instant that `text` names; a form that leaves out the day or the time means its beginning (UTC).
pub(super) fn parse(text: &str) -> Option<Instant> {
    let mut reader = Reader(text);
    if let Some(instant) = reader.date_and_time()
        && reader.0.is_empty()
    {
        return Some(instant);
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = is_number.then(|| text.parse().ok())??;
    Some(Instant { seconds, nanoseconds: 0 })
}

/// What is left to read.
struct Reader<'t>(&'t str);

impl Reader<'_> {
    /// `YYYY[-MM[-DD[Thh:mm[:ss[.s…]](Z|±hh:mm)]]]`
    fn date_and_time(&mut self) -> Option<Instant> {
        let year = self.digits(4)?;
        let month = if self.skip('-') { self.digits(2)? } else { return start_of_day(year, 1, 1) };
        let day =
            if self.skip('-') { self.digits(2)? } else { return start_of_day(year, month, 1) };
        if !self.skip('T') {
            return start_of_day(year, month, day);
        }
        let hour = self.digits(2)?;
        let minute = self.skip(':').then(|| self.digits(2))??;
        let second = if self.skip(':') { self.digits(2)? } else { 0 };
        let fraction = if self.skip('.') { self.fraction()? } else { 0 };
        let offset = self.zone()?;
        let date = Date::new(year, narrow(month)?, narrow(day)?).ok()?;
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let time = date.at(narrow(hour)?, narrow(minute)?, narrow(second)?, fraction);
        instant(offset.to_timestamp(time).ok()?)
    }

    fn skip(&mut self, expected: char) -> bool {
        match self.0.strip_prefix(expected) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// A number of exactly `count` digits.
    fn digits(&mut self, count: usize) -> Option<i16> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.0 = rest;
        digits.parse().ok()
    }

    /// Decimals of a second, in nanoseconds; digits behind the ninth are dropped.
    fn fraction(&mut self) -> Option<i32> {
        let length = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        if digits.is_empty() {
            return None;
        }
        format!("{:0<9}", digits.get(..9).unwrap_or(digits)).parse().ok()
    }

    fn zone(&mut self) -> Option<Offset> {
        if self.skip('Z') {
            return Some(Offset::UTC);
        }
        let sign = if self.skip('-') {
            -1
        } else if self.skip('+') {
            1
        } else {
            return None;
        };
        let hours = i32::from(self.digits(2)?);
        let minutes = i32::from(self.skip(':').then(|| self.digits(2))??);
        if hours > 23 || minutes > 59 {
            return None;
        }
        Offset::from_seconds(sign * (hours * 60 + minutes) * 60).ok()
    }
}

fn start_of_day(year: i16, month: i16, day: i16) -> Option<Instant> {
    let date = Date::new(year, narrow(month)?, narrow(day)?).ok()?;
    instant(Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?)
}

fn narrow(number: i16) -> Option<i8> {
    i8::try_from(number).ok()
}

fn instant(timestamp: jiff::Timestamp) -> Option<Instant> {
    // Before 1970 jiff's nanoseconds are negative; the order stays the same.
    Some(Instant { seconds: timestamp.as_second(), nanoseconds: timestamp.subsec_nanosecond() })
}
