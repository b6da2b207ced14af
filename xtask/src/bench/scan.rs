//! `cargo xtask bench scan`: time and memory of `ringfence scan` on environments of growing size.
//!
//! Each environment is generated first, so its files are in the system's cache; the time is that of the
//! whole process. Memory and processor time are read from `/proc` while it runs, as far as there is one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::environment::{self, Plan};
use crate::process::{cargo, require};
use crate::workspace;

/// The aims for the largest environment, on two cores.
const AIM_RESOURCES: usize = 100_000;
const AIM_TIME: Duration = Duration::from_secs(10);
const AIM_MEMORY: u64 = 1 << 30;

/// How often a running scan is looked at.
const INTERVAL: Duration = Duration::from_millis(2);

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The sizes of the environments, in resources
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 10_000, AIM_RESOURCES])]
    sizes: Vec<usize>,
    /// How often each is scanned; the fastest run counts
    #[arg(long, default_value_t = 2)]
    runs: usize,
    /// What the environments are made from
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// One scan.
struct Run {
    time: Duration,
    usage: Usage,
    findings: u64,
    not_analyzed: u64,
}

/// What a process used, as far as it is known.
#[derive(Clone, Copy, Default)]
struct Usage {
    /// Most memory at a time, in bytes.
    memory: Option<u64>,
    /// Of all its threads, user and system.
    processor: Option<Duration>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    require(&mut cargo(&["build", "--release", "--quiet", "-p", "ringfence"]))?;
    let program = target_folder().join("release").join("ringfence");
    let folder = Folder::new()?;
    println!(
        "{:>10} {:>9} {:>9} {:>12} {:>9} {:>12} {:>10} {:>9}",
        "resources",
        "findings",
        "not read",
        "seconds",
        "cpu s",
        "resources/s",
        "peak MiB",
        "growth"
    );
    let mut before: Option<(usize, Duration)> = None;
    let mut missed = false;
    for &resources in &arguments.sizes {
        let environment = folder.0.join(resources.to_string());
        environment::write(&environment, Plan::new(resources, arguments.seed))?;
        let best = best_of(arguments.runs, &program, &environment)?;
        println!("{}", row(resources, &best, before));
        before = Some((resources, best.time));
        if resources == AIM_RESOURCES {
            missed |=
                best.time > AIM_TIME || best.usage.memory.is_some_and(|peak| peak > AIM_MEMORY);
        }
        fs::remove_dir_all(&environment)?;
    }
    println!(
        "growth: how many times as long as the row above takes, for each time as many resources; 1 is linear"
    );
    if arguments.sizes.contains(&AIM_RESOURCES) {
        let verdict = if missed { "missed" } else { "met" };
        println!("{AIM_RESOURCES} resources in 10 s and 1 GiB on two cores: {verdict}");
    }
    Ok(ExitCode::SUCCESS)
}

fn best_of(runs: usize, program: &Path, environment: &Path) -> Result<Run> {
    let mut best = scan(program, environment)?;
    for _ in 1..runs {
        let other = scan(program, environment)?;
        if other.time < best.time {
            best = other;
        }
    }
    Ok(best)
}

fn scan(program: &Path, environment: &Path) -> Result<Run> {
    let result = environment.with_extension("json");
    let start = Instant::now();
    let mut child = Command::new(program)
        .arg("scan")
        .arg(environment)
        .args(["--format", "json", "--output"])
        .arg(&result)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot run `{}`", program.display()))?;
    let mut usage = Usage::default();
    let status = loop {
        usage = usage.later(child.id());
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(INTERVAL);
    };
    let time = start.elapsed();
    // 0: nothing found, 3: findings, 4: nothing found in what could be analyzed.
    if !matches!(status.code(), Some(0 | 3 | 4)) {
        bail!("`{} scan` failed: {status}", program.display());
    }
    let report: Value = serde_json::from_slice(&fs::read(&result)?)?;
    fs::remove_file(&result)?;
    let count = |list: &str| report.get(list).and_then(Value::as_array).map_or(0, Vec::len) as u64;
    Ok(Run { time, usage, findings: count("findings"), not_analyzed: count("notAnalyzed") })
}

fn row(resources: usize, run: &Run, before: Option<(usize, Duration)>) -> String {
    let seconds = run.time.as_secs_f64();
    let known = |number: Option<f64>, digits: usize| {
        number.map_or("-".to_owned(), |number| format!("{number:.digits$}"))
    };
    let mebibytes = run.usage.memory.map(|bytes| bytes as f64 / f64::from(1 << 20));
    let growth = before
        .map(|(fewer, time)| (seconds / time.as_secs_f64()) / (resources as f64 / fewer as f64));
    format!(
        "{resources:>10} {:>9} {:>9} {seconds:>12.3} {:>9} {:>12.0} {:>10} {:>9}",
        run.findings,
        run.not_analyzed,
        known(run.usage.processor.map(|time| time.as_secs_f64()), 2),
        resources as f64 / seconds,
        known(mebibytes, 1),
        known(growth, 2),
    )
}

impl Usage {
    /// What the process has used by now; what it does not say any more stays as it was.
    fn later(self, process: u32) -> Self {
        let file = |name: &str| fs::read_to_string(format!("/proc/{process}/{name}")).ok();
        let memory = file("status").and_then(|status| peak_memory(&status));
        let processor = file("stat").and_then(|stat| processor_time(&stat));
        Self { memory: memory.or(self.memory), processor: processor.or(self.processor) }
    }
}

/// The line `VmHWM:     1234 kB` of `/proc/PID/status`.
fn peak_memory(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kibibytes| kibibytes << 10)
}

/// The fields `utime` and `stime` of `/proc/PID/stat`, in hundredths of a second.
/// <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>
fn processor_time(stat: &str) -> Option<Duration> {
    // The name, in brackets, may hold anything; the state behind it is field 3.
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3)?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (ticks(14)? + ticks(15)?)))
}

fn target_folder() -> PathBuf {
    let root = workspace::root();
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |own| root.join(own))
}

/// A temporary folder that goes when it is no longer needed.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        let path =
            std::env::temp_dir().join(format!("ringfence-bench-scan-{}", std::process::id()));
        fs::create_dir_all(&path).with_context(|| format!("cannot create `{}`", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_system_says_of_a_process() {
        assert_eq!(peak_memory("Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t 1 kB\n"), Some(2 << 20));
        assert_eq!(peak_memory("Name:\tx\n"), None);
        let stat = "77 (a) b) S 1 1 1 0 -1 4194304 9 0 0 0 150 25 0 0 20 0 2 0 1 1 1";
        assert_eq!(processor_time(stat), Some(Duration::from_millis(1750)));
    }
}
