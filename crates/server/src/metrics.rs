//! Counters in Prometheus' text format.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ringfence_store::outbox::Backlog;

/// Upper bounds of the histogram, in seconds.
const BOUNDS: [f64; 8] = [0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 30.0];

/// The counters.
#[derive(Default)]
pub(crate) struct Metrics {
    requests: Mutex<BTreeMap<(String, u16), Requests>>,
    told: Mutex<BTreeMap<(Told, String), u64>>,
}

/// What became of something that was to be told: an event to a sink, a notification to a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Told {
    /// The sink took it.
    Delivered,
    /// An attempt failed.
    Failed,
    /// It is tried no more.
    GivenUp,
}

/// How much waits, and how much was given up, by the name of sink or channel.
pub(crate) type Backlogs = [(String, Backlog)];

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

    /// Counts what became of events or notifications.
    pub(crate) fn tell(&self, name: &str, told: Told, number: usize) {
        let mut all = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let own = all.entry((told, name.to_owned())).or_default();
        *own = own.saturating_add(u64::try_from(number).unwrap_or(u64::MAX));
    }

    /// The text that Prometheus reads about what is told.
    pub(crate) fn told_text(&self, backlogs: &Backlogs) -> String {
        let mut text = String::new();
        let mut counters = String::new();
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        for (kind, name, help) in [
            (
                Told::Delivered,
                "ringfence_delivered_total",
                "Events and notifications that were taken",
            ),
            (Told::Failed, "ringfence_delivery_failures_total", "Attempts that failed"),
            (
                Told::GivenUp,
                "ringfence_given_up_total",
                "Events and notifications that were given up",
            ),
        ] {
            let _ = writeln!(counters, "# HELP {name} {help}.\n# TYPE {name} counter");
            for ((_, sink), number) in told.iter().filter(|((own, _), _)| *own == kind) {
                let _ = writeln!(counters, "{name}{{sink=\"{sink}\"}} {number}");
            }
        }
        for (name, help) in [
            ("ringfence_backlog", "Events and notifications that wait"),
            (
                "ringfence_dead_letters",
                "Events and notifications that were given up and not replayed",
            ),
        ] {
            let _ = writeln!(text, "# HELP {name} {help}.\n# TYPE {name} gauge");
            for (sink, own) in backlogs {
                let number = if name == "ringfence_backlog" { own.pending } else { own.dead };
                let _ = writeln!(text, "{name}{{sink=\"{sink}\"}} {number}");
            }
        }
        text + &counters
    }

    /// The text that Prometheus reads about requests.
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
