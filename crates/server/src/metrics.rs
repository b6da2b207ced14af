//! Counters in Prometheus' text format.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the histogram, in seconds.
const BOUNDS: [f64; 8] = [0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 30.0];

/// The counters.
#[derive(Default)]
pub(crate) struct Metrics {
    requests: Mutex<BTreeMap<(String, u16), Requests>>,
}

#[derive(Default)]
struct Requests {
    within: [u64; BOUNDS.len()],
    count: u64,
    seconds: f64,
}

impl Metrics {
    /// Counts a request that was answered.
    pub(crate) fn count(&self, operation: &str, status: u16, took: Duration) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let own = requests.entry((operation.to_owned(), status)).or_default();
        own.count += 1;
        own.seconds += took.as_secs_f64();
        for (bound, within) in BOUNDS.iter().zip(&mut own.within) {
            *within += u64::from(took.as_secs_f64() <= *bound);
        }
    }

    /// The text that Prometheus reads.
    pub(crate) fn text(&self) -> String {
        const NAME: &str = "ringfence_request_duration_seconds";
        let mut text = format!(
            "# HELP {NAME} How long requests took, by operation and status.\n# TYPE {NAME} histogram\n"
        );
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        for ((operation, status), own) in requests.iter() {
            let labels = format!("operation=\"{operation}\",status=\"{status}\"");
            for (bound, within) in BOUNDS.iter().zip(own.within) {
                let _ = writeln!(text, "{NAME}_bucket{{{labels},le=\"{bound}\"}} {within}");
            }
            let _ = writeln!(text, "{NAME}_bucket{{{labels},le=\"+Inf\"}} {}", own.count);
            let _ = writeln!(text, "{NAME}_sum{{{labels}}} {}", own.seconds);
            let _ = writeln!(text, "{NAME}_count{{{labels}}} {}", own.count);
        }
        text
    }
}
