//! Runs the command under watch, and gives it files.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

/// The most processor time that a run may take.
const PROCESSOR: Duration = Duration::from_secs(10);
/// The most memory that a run may take, in bytes.
const MEMORY: u64 = 1 << 30;
/// A run that takes longer hangs; other work on the machine may make it slow.
const HANGS: Duration = Duration::from_secs(120);

/// What a run did.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// Standard output as one JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Standard output as a JSON record a line.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<Value> {
        let parse = |line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        self.out.lines().map(parse).collect()
    }
}

static NEXT: AtomicUsize = AtomicUsize::new(0);

fn temporary(name: &str) -> PathBuf {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("ringfence-hostile-{name}-{}-{number}", process::id()))
}

/// Runs the command with these arguments.
#[track_caller]
pub(crate) fn run(arguments: &[&str]) -> Run {
    watch(Command::new(env!("CARGO_BIN_EXE_ringfence")).args(arguments))
}

/// Runs a program; it must keep to the limits.
#[track_caller]
pub(crate) fn watch(command: &mut Command) -> Run {
    let (out, err) = (temporary("out"), temporary("err"));
    command.stdin(Stdio::null());
    command.stdout(File::create(&out).unwrap()).stderr(File::create(&err).unwrap());
    let mut child = command.spawn().unwrap();
    let start = Instant::now();
    let (mut memory, mut processor) = (0, Duration::ZERO);
    let status = loop {
        let file = |name: &str| fs::read_to_string(format!("/proc/{}/{name}", child.id()));
        memory = file("status").ok().and_then(|own| peak_memory(&own)).unwrap_or(memory);
        processor = file("stat").ok().and_then(|own| processor_time(&own)).unwrap_or(processor);
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > HANGS || processor > PROCESSOR || memory > MEMORY {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("{command:?} took {processor:?} and {memory} bytes, in {:?}", start.elapsed());
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let read = |path: &Path| {
        let text = fs::read_to_string(path).unwrap();
        fs::remove_file(path).unwrap();
        text
    };
    let run = Run { out: read(&out), err: read(&err), code: status.code().unwrap_or(-1) };
    assert!((0..=4).contains(&run.code), "{command:?} broke down: {run:?}");
    run
}

/// The line `VmHWM:   1234 kB` of `/proc/PID/status`.
fn peak_memory(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kibibytes| kibibytes << 10)
}

/// The fields `utime` and `stime` of `/proc/PID/stat`, in hundredths of a second.
fn processor_time(stat: &str) -> Option<Duration> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (ticks()? + ticks()?)))
}

/// A folder that is gone when the test is over.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let path = temporary("folder");
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// The path of something in it.
    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    /// Writes a file in it, and says where it is.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        self.path(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
