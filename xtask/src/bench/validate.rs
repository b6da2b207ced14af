//! `cargo xtask bench validate`: policies a second of the policy checks and of other programs that look for problems in
//! policies, on the same documents, in one run. One thread each, in seconds of the processor, so that what else the
//! machine does counts for nobody; the start of a process is not in any figure.

use std::fs;
use std::hint::black_box;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use ringfence_policy::PolicyType;
use ringfence_validation::validate;
use serde_json::{Value, json};

use crate::process::program;
use crate::{python, workspace};

/// How many times as fast as parliament the checks are to be.
const AIM: f64 = 100.0;
const AIM_PEER: &str = "parliament";

/// So long are the checks of this project measured.
const OWN_TIME: Duration = Duration::from_secs(5);

/// The programs to compare with, and what each does with a policy.
const PEERS: &[(&str, &str)] = &[
    (AIM_PEER, "all its checks: syntax, actions, resources, condition keys"),
    ("policy_sentry", "which writing, tagging and permissions actions are allowed"),
    ("cfn-lint", "all its rules, on a template around the policy"),
];

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A folder with `managed-policies/validated.jsonl`; without it the policies of this repository's own examples
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// How long each program is measured, in seconds
    #[arg(long, default_value_t = 20)]
    seconds: u64,
}

/// What became of a program.
struct Measured {
    name: String,
    does: &'static str,
    policies: u64,
    /// Of the processor.
    seconds: f64,
    /// A policy.
    findings: f64,
}

impl Measured {
    fn per_second(&self) -> f64 {
        self.policies as f64 / self.seconds
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let documents = documents(arguments.corpus.as_deref())?;
    let bytes: usize = documents.iter().map(|(text, _)| text.len()).sum();
    println!("{} policies, {bytes} bytes\n", documents.len());
    let most = Duration::from_secs(arguments.seconds);
    let python = python::bench_programs()?.join("python");
    let mut all = vec![own(&documents, most.min(OWN_TIME))?];
    for (name, does) in PEERS {
        all.push(peer(&python, name, does, &documents, most)?);
    }
    let own_speed = all.first().map_or(0.0, Measured::per_second);
    println!("{:<22} {:>12} {:>10} {:>10}  does", "program", "policies/s", "ratio", "findings");
    for measured in &all {
        let Measured { name, does, findings, .. } = measured;
        let speed = measured.per_second();
        println!("{name:<22} {speed:>12.1} {:>9.1}x {findings:>10.2}  {does}", own_speed / speed);
    }
    println!();
    let slower = all.iter().find(|own| own.name.starts_with(AIM_PEER));
    let ratio = slower.map_or(0.0, |peer| own_speed / peer.per_second());
    println!("aim: {AIM} times {AIM_PEER}; measured: {ratio:.1}");
    Ok(if ratio >= AIM { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Texts and types of the policies.
fn documents(corpus: Option<&Path>) -> Result<Vec<(String, PolicyType)>> {
    let Some(corpus) = corpus else { return examples() };
    let file = corpus.join("managed-policies").join("validated.jsonl");
    let text =
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let document = |line: &str| -> Result<(String, PolicyType)> {
        let line: Value = serde_json::from_str(line)?;
        let text = line.get("policyDocument").and_then(Value::as_str);
        let policy_type = line.get("policyType").and_then(Value::as_str);
        let policy_type = policy_type.and_then(PolicyType::parse);
        Ok((
            text.context("no `policyDocument`")?.to_owned(),
            policy_type.context("no `policyType`")?,
        ))
    };
    text.lines().map(document).collect::<Result<_>>().context("a line of the corpus")
}

fn examples() -> Result<Vec<(String, PolicyType)>> {
    let mut documents = Vec::new();
    for file in workspace::files(&workspace::root().join("examples"))? {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        let Ok(value) = serde_json::from_str::<Value>(&text) else { continue };
        if value.get("Statement").is_some() && !text.contains("\"Principal\"") {
            documents.push((text, PolicyType::IdentityPolicy));
        }
    }
    if documents.is_empty() {
        bail!("no policy among the examples");
    }
    Ok(documents)
}

/// The checks of this project: one policy before the time starts, then all again and again.
fn own(documents: &[(String, PolicyType)], most: Duration) -> Result<Measured> {
    if let Some((text, policy_type)) = documents.first() {
        black_box(validate(text, *policy_type, None));
    }
    let end = Instant::now() + most;
    let start = processor_time()?;
    let (mut policies, mut findings) = (0, 0);
    while policies == 0 || Instant::now() < end {
        for (text, policy_type) in documents {
            findings += validate(black_box(text), *policy_type, None).len();
            policies += 1;
        }
    }
    let seconds = processor_time()?.saturating_sub(start).as_secs_f64();
    Ok(Measured {
        name: format!("ringfence {}", env!("CARGO_PKG_VERSION")),
        does: "all its checks, those of ValidatePolicy among them",
        policies,
        seconds,
        findings: findings as f64 / policies as f64,
    })
}

/// How long this thread has had a processor.
fn processor_time() -> Result<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")
        .context("the time of a thread is read from `/proc`, which Linux has")?;
    let nanoseconds = text.split_whitespace().next().and_then(|first| first.parse().ok());
    Ok(Duration::from_nanos(nanoseconds.context("`/proc/thread-self/schedstat` has no time")?))
}

fn peer(
    python: &Path,
    name: &str,
    does: &'static str,
    documents: &[(String, PolicyType)],
    most: Duration,
) -> Result<Measured> {
    let script = workspace::root().join("xtask/src/bench/validate_peers.py");
    let seconds = most.as_secs().to_string();
    let arguments = ["-B", &script.to_string_lossy(), name, &seconds];
    let mut child = program(python, &arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {name}"))?;
    let mut input = child.stdin.take().context("the program has no input")?;
    let lines: Vec<String> =
        documents.iter().map(|(text, _)| json!({ "policyDocument": text }).to_string()).collect();
    // The script reads everything before it writes anything.
    input.write_all(lines.join("\n").as_bytes())?;
    drop(input);
    let done = child.wait_with_output()?;
    let said = String::from_utf8_lossy(&done.stderr);
    if !done.status.success() {
        bail!("{name}: {}\n{said}", done.status);
    }
    let result: Value = serde_json::from_slice(&done.stdout).with_context(|| said.into_owned())?;
    let number = |member: &str| result.get(member).and_then(Value::as_u64);
    let version = result.get("version").and_then(Value::as_str).unwrap_or_default();
    Ok(Measured {
        name: format!("{name} {version}"),
        does,
        policies: number("policies").context("no `policies`")?,
        seconds: result.get("seconds").and_then(Value::as_f64).context("no `seconds`")?,
        findings: result.get("findings").and_then(Value::as_f64).context("no `findings`")?,
    })
}
