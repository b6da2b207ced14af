//! What watching did, for Prometheus.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use super::current::State;

/// Counters that only grow.
#[derive(Default)]
pub(crate) struct Counters {
    /// Messages that named something to read again.
    pub(super) acted_on: AtomicU64,
    /// Messages about what is not watched: other events, calls that failed.
    pub(super) ignored: AtomicU64,
    /// Messages about accounts that are not watched.
    pub(super) of_others: AtomicU64,
    /// Messages that were set aside.
    pub(super) set_aside: AtomicU64,
    /// Things that were read again, and those of them that could not be.
    pub(super) refreshed: AtomicU64,
    pub(super) not_refreshed: AtomicU64,
    /// Microseconds that reading again and writing what is found took, in all.
    pub(super) refresh_micros: AtomicU64,
}

/// Adds one.
pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// The text that Prometheus reads.
pub(crate) fn text(state: &State) -> String {
    let counters = &state.counters;
    let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let mut text = String::new();
    let environment = state.current();
    let read_at = environment.as_ref().map_or(0, |own| own.read_at.as_second());
    let number = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let resources = environment.as_ref().map_or(0, |own| number(own.inventory.resources.len()));
    let unread = environment.as_ref().map_or(0, |own| number(own.inventory.not_analyzed.len()));
    let mut gauge = |name: &str, help: &str, value: &dyn std::fmt::Display| {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
    };
    let readable = u8::from(state.problem().is_none());
    gauge("ringfence_source_readable", "Whether the source could be read last time.", &readable);
    gauge("ringfence_source_read_seconds", "When everything was read last.", &read_at);
    gauge("ringfence_source_resources", "Resources in the environment.", &resources);
    gauge("ringfence_source_not_analyzed", "Things in it that could not be read.", &unread);
    const EVENTS: &str = "ringfence_change_events_total";
    let _ = writeln!(text, "# HELP {EVENTS} Messages of the change queue, by what became of them.");
    let _ = writeln!(text, "# TYPE {EVENTS} counter");
    let outcomes = [
        ("acted_on", &counters.acted_on),
        ("ignored", &counters.ignored),
        ("other_account", &counters.of_others),
        ("set_aside", &counters.set_aside),
    ];
    for (outcome, counter) in outcomes {
        let _ = writeln!(text, "{EVENTS}{{outcome=\"{outcome}\"}} {}", of(counter));
    }
    const REFRESH: &str = "ringfence_refresh_seconds";
    let seconds = std::time::Duration::from_micros(of(&counters.refresh_micros)).as_secs_f64();
    let _ = writeln!(text, "# HELP {REFRESH} From a change to what is stored about it.");
    let _ = writeln!(text, "# TYPE {REFRESH} summary");
    let _ = writeln!(text, "{REFRESH}_sum {seconds}\n{REFRESH}_count {}", of(&counters.refreshed));
    const FAILED: &str = "ringfence_refresh_failures_total";
    let _ = writeln!(text, "# HELP {FAILED} Things that could not be read again.");
    let _ = writeln!(text, "# TYPE {FAILED} counter\n{FAILED} {}", of(&counters.not_refreshed));
    text
}
