//! A line on a terminal that says how far a run is. Where standard error is no terminal, nothing is shown.

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use ringfence_aws::collection::{Counts, Progress};

/// How often the line changes.
const EVERY: Duration = Duration::from_millis(250);

/// A line that is being shown.
pub(crate) struct Shown {
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Shows the counts until [`Shown::end`].
pub(crate) fn show(progress: Arc<Progress>) -> Shown {
    let ended = Arc::new(AtomicBool::new(false));
    if !std::io::stderr().is_terminal() {
        return Shown { ended, thread: None };
    }
    let until = Arc::clone(&ended);
    let thread = std::thread::spawn(move || {
        let start = Instant::now();
        while !until.load(Ordering::Relaxed) {
            let text = line(progress.counts(), start.elapsed());
            let _ = write!(std::io::stderr(), "\r\x1b[K{text}");
            std::thread::sleep(EVERY);
        }
        let _ = write!(std::io::stderr(), "\r\x1b[K");
    });
    Shown { ended, thread: Some(thread) }
}

impl Shown {
    /// Takes the line away.
    pub(crate) fn end(self) {
        self.ended.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread {
            let _ = thread.join();
        }
    }
}

fn line(counts: Counts, elapsed: Duration) -> String {
    if counts.accounts == 0 {
        return "asking who calls and which accounts there are".to_owned();
    }
    let seconds = elapsed.as_secs_f64().max(0.001);
    let rate = counts.calls as f64 / seconds;
    let left = match counts.accounts_done {
        0 => String::new(),
        done => {
            let open = counts.accounts.saturating_sub(done) as f64;
            format!(", about {} left", duration(seconds / done as f64 * open))
        }
    };
    format!(
        "{} of {} accounts, {} resources, {rate:.0} calls/s{left}",
        counts.accounts_done, counts.accounts, counts.resources
    )
}

fn duration(seconds: f64) -> String {
    match seconds as u64 {
        seconds if seconds < 90 => format!("{seconds} s"),
        seconds if seconds < 5400 => format!("{} min", seconds.div_ceil(60)),
        seconds => format!("{} h", seconds.div_ceil(3600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimate_follows_from_the_accounts_that_are_done() {
        let counts = Counts { accounts: 10, accounts_done: 2, resources: 7, calls: 100 };
        let text = line(counts, Duration::from_secs(20));
        assert_eq!(text, "2 of 10 accounts, 7 resources, 5 calls/s, about 80 s left");
        assert_eq!(duration(100.0), "2 min");
        assert_eq!(duration(10_000.0), "3 h");
    }
}
