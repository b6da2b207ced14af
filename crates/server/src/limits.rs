//! How often a key may call: a bucket of tokens for each, refilled steadily.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// When so many keys have a bucket, full ones are dropped.
const MANY: usize = 10_000;

/// The buckets of all keys.
pub(crate) struct RateLimits {
    per_second: f64,
    buckets: Mutex<BTreeMap<String, Bucket>>,
}

struct Bucket {
    tokens: f64,
    filled_at: Timestamp,
}

impl RateLimits {
    /// Buckets that hold, and gain each second, this many calls.
    pub(crate) fn new(per_second: u32) -> Self {
        Self { per_second: f64::from(per_second.max(1)), buckets: Mutex::default() }
    }

    /// Takes a call from the bucket of `key`.
    ///
    /// # Errors
    /// The whole seconds after which there will be one, at least 1.
    pub(crate) fn take(&self, key: &str, now: Timestamp) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MANY {
            buckets.retain(|_, own| own.filled(now, self.per_second) < self.per_second);
        }
        let full = || Bucket { tokens: self.per_second, filled_at: now };
        let bucket = buckets.entry(key.to_owned()).or_insert_with(full);
        *bucket = Bucket { tokens: bucket.filled(now, self.per_second), filled_at: now };
        if bucket.tokens < 1.0 {
            return Err(1);
        }
        bucket.tokens -= 1.0;
        Ok(())
    }
}

impl Bucket {
    fn filled(&self, now: Timestamp, per_second: f64) -> f64 {
        let seconds = now.duration_since(self.filled_at).as_secs_f64().max(0.0);
        (self.tokens + seconds * per_second).min(per_second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_waits_and_others_do_not() {
        let limits = RateLimits::new(2);
        let at = |milliseconds| Timestamp::from_millisecond(milliseconds).unwrap();
        assert_eq!(limits.take("a", at(0)), Ok(()));
        assert_eq!(limits.take("a", at(0)), Ok(()));
        assert_eq!(limits.take("a", at(400)), Err(1));
        assert_eq!(limits.take("b", at(400)), Ok(()));
        assert_eq!(limits.take("a", at(600)), Ok(()));
        assert_eq!(limits.take("a", at(600)), Err(1));
    }
}
