//! `cargo xtask bench watch`: from the event of one bucket policy's change to the stored event about its finding, in
//! environments of growing size. The queue is moto's, the change is one of a snapshot's file, and what is awaited is the
//! finding in the API's answer, whose event is written in the same transaction.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::environment::{self, Plan};
use crate::process::{cargo, require};
use crate::{python, workspace};

/// The aim, in the largest environment.
const AIM: Duration = Duration::from_secs(1);
const AIM_RESOURCES: usize = 100_000;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The sizes of the environments, in resources
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 10_000, AIM_RESOURCES])]
    sizes: Vec<usize>,
    /// How many changes are made in each, one after the other
    #[arg(long, default_value_t = 20)]
    changes: usize,
    /// Of which type the analyzer is, by AWS's name
    #[arg(long, default_value = "ORGANIZATION")]
    analyzer: String,
    /// An analyzer of internal access besides, by AWS's name of its type
    #[arg(long)]
    internal: Option<String>,
    /// The Python with moto and boto3 [default: RINGFENCE_PYTHON, or the one of the tests]
    #[arg(long)]
    python: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode> {
    require(&mut cargo(&["build", "--release", "--quiet", "--workspace", "--bins"]))?;
    let named = std::env::var_os("RINGFENCE_PYTHON").map(PathBuf::from);
    let python = match arguments.python.clone().or(named) {
        Some(python) => python,
        None => python::programs()?.join("python"),
    };
    let folder = std::env::temp_dir().join(format!("ringfence-bench-watch-{}", std::process::id()));
    println!(
        "{:>10} {:>12} {:>10} {:>10} {:>10} {:>10} {:>10} {:>8} {:>10} {:>10} {:>10}",
        "resources",
        "first scan s",
        "median s",
        "p90 s",
        "worst s",
        "MiB",
        "peak MiB",
        "ratio",
        "role s",
        "all s",
        "role all s"
    );
    let measured = arguments.sizes.iter().map(|&resources| {
        fs::create_dir_all(&folder)?;
        let measured = measure(arguments, &python, &folder, resources);
        fs::remove_dir_all(&folder)?;
        measured
    });
    let mut first: Option<f64> = None;
    let mut missed = false;
    for (resources, own) in arguments.sizes.iter().zip(measured) {
        let own = own?;
        let median = own.number("median")?;
        let ratio = median / *first.get_or_insert(median);
        println!(
            "{resources:>10} {:>12.1} {median:>10.3} {:>10.3} {:>10.3} {:>10.0} {:>10.0} {ratio:>8.2} {:>10.3} {:>10.3} {:>10.3}",
            own.number("firstScan")?,
            own.number("p90")?,
            own.number("worst")?,
            own.number("mebibytes")?,
            own.number("peakMebibytes")?,
            own.number("role")?,
            own.number("whole")?,
            own.number("roleWhole")?,
        );
        missed |= *resources >= AIM_RESOURCES && own.number("p90")? > AIM.as_secs_f64();
    }
    println!("ratio: the median against that of the first row");
    println!(
        "role: the same after the change of a role; all: until every analyzer has looked at all that the change bears on"
    );
    if arguments.sizes.iter().any(|own| *own >= AIM_RESOURCES) {
        let verdict = if missed { "missed" } else { "met" };
        println!("an event within a second of a change among {AIM_RESOURCES} resources: {verdict}");
    }
    Ok(ExitCode::SUCCESS)
}

struct Measured(Value);

impl Measured {
    fn number(&self, name: &str) -> Result<f64> {
        let number = self.0.get(name).and_then(Value::as_f64);
        number.with_context(|| format!("the measurement lacks `{name}`"))
    }
}

fn measure(
    arguments: &Arguments,
    python: &std::path::Path,
    folder: &std::path::Path,
    resources: usize,
) -> Result<Measured> {
    let environment = folder.join("environment");
    environment::write(&environment, Plan::new(resources, 1))?;
    let root = workspace::root();
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root.join("target"), |own| root.join(own));
    let done = Command::new(python)
        .arg(root.join("xtask/src/bench/watch.py"))
        .arg(target.join("release/ringfence-server"))
        .arg(&environment)
        .arg(folder.join("data"))
        .arg(arguments.changes.to_string())
        .arg(&arguments.analyzer)
        .args(&arguments.internal)
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot run `{}`", python.display()))?;
    if !done.status.success() {
        bail!("the measurement of {resources} resources failed");
    }
    let line = done.stdout.split(|byte| *byte == b'\n').rfind(|line| line.starts_with(b"{"));
    Ok(Measured(serde_json::from_slice(line.context("the measurement printed nothing")?)?))
}
