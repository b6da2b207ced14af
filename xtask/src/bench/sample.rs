//! Times of many questions, and the line of a table that they make.

use std::time::Duration;

/// The times of one contestant; a question without an answer counts with the time it was given.
#[derive(Default)]
pub(super) struct Sample {
    times: Vec<Duration>,
    unknown: usize,
}

impl Sample {
    pub(super) fn add(&mut self, time: Duration) {
        self.times.push(time);
    }

    pub(super) fn add_unknown(&mut self) {
        self.unknown += 1;
    }

    /// The time that so many of a hundred questions did not exceed.
    fn percentile(&self, percent: usize) -> Duration {
        let mut sorted = self.times.clone();
        sorted.sort_unstable();
        let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
        sorted.get(at).copied().unwrap_or_default()
    }

    fn measures(&self) -> [Duration; 4] {
        let total = self.times.iter().sum();
        [self.percentile(50), self.percentile(99), self.percentile(100), total]
    }

    /// The line of the table: p50, p99, worst, total and how many times as long as `base` each is.
    pub(super) fn line(&self, name: &str, base: &Self) -> String {
        let mut line = format!("{name:<26}");
        for (own, base) in self.measures().into_iter().zip(base.measures()) {
            let ratio = own.as_secs_f64() / base.as_secs_f64().max(1e-9);
            line.push_str(&format!(" {:>10} {ratio:>7.0}x", shown(own)));
        }
        format!("{line} {:>8}", self.unknown)
    }
}

/// The head of the table.
pub(super) fn head() -> String {
    let mut line = format!("{:<26}", "");
    for name in ["p50", "p99", "worst", "total"] {
        line.push_str(&format!(" {name:>10} {:>8}", "ratio"));
    }
    format!("{line} {:>8}", "unknown")
}

/// A time with three digits or so.
pub(super) fn shown(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    match micros {
        _ if micros < 1_000.0 => format!("{micros:.1} us"),
        _ if micros < 1_000_000.0 => format!("{:.2} ms", micros / 1e3),
        _ => format!("{:.1} s", micros / 1e6),
    }
}
