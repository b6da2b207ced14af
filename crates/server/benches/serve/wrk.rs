//! Load by `wrk`, which sends requests that were signed before.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// How requests are sent.
#[derive(Clone, Copy)]
pub(crate) enum Load {
    /// As many as the service answers, over sixteen connections.
    Throughput,
    /// The next when the one before is answered.
    OneByOne,
}

/// What came out.
pub(crate) struct Measured {
    pub(crate) requests: f64,
    pub(crate) per_second: f64,
    pub(crate) median: Duration,
    pub(crate) p99: Duration,
}

/// Sends the requests in turn, again and again.
pub(crate) fn run(url: &str, scratch: &Path, requests: &[String], load: Load) -> Measured {
    let script = scratch.join("requests.lua");
    std::fs::write(&script, lua(requests)).unwrap();
    let arguments = match load {
        Load::Throughput => ["-t1", "-c16", "-d10s"],
        Load::OneByOne => ["-t1", "-c1", "-d3s"],
    };
    let mut command = Command::new("wrk");
    command.args(arguments).args(["--latency", "-s"]).arg(&script).arg(url);
    let output = command.output().expect("`wrk` is on the PATH (Debian's package `wrk`)");
    let text = String::from_utf8_lossy(&output.stdout);
    let is_answered = !text.contains("Non-2xx") && !text.contains("Socket errors");
    assert!(
        output.status.success() && is_answered,
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let after = |name: &str| {
        let line = text.lines().find_map(|line| line.trim().strip_prefix(name));
        line.unwrap_or_else(|| panic!("{text}")).trim()
    };
    let all = text.lines().find(|line| line.contains(" requests in ")).unwrap();
    Measured {
        requests: all.split_whitespace().next().unwrap().parse().unwrap(),
        per_second: after("Requests/sec:").parse().unwrap(),
        median: time(after("50%")),
        p99: time(after("99%")),
    }
}

/// A script that gives one request after the other.
fn lua(requests: &[String]) -> String {
    let mut script = String::from("local requests = {\n");
    for request in requests {
        writeln!(script, "[==[\n{request}]==],").unwrap();
    }
    script.push_str("}\nlocal next = 0\nfunction request()\n  next = next % #requests + 1\n");
    script.push_str("  return requests[next]\nend\n");
    script
}

/// As `wrk` writes it: `1.25ms`.
fn time(text: &str) -> Duration {
    let unit = text.trim_start_matches(|it: char| it.is_ascii_digit() || it == '.');
    let number: f64 = text.strip_suffix(unit).unwrap().parse().unwrap();
    let seconds = match unit {
        "us" => number / 1e6,
        "ms" => number / 1e3,
        "s" => number,
        _ => panic!("what is {text}?"),
    };
    Duration::from_secs_f64(seconds)
}
