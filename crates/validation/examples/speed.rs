//! Policies a second on one core: `cargo run --release -p ringfence-validation --example speed -- FILE.jsonl`.
//!
//! A line holds `policyDocument` (the policy as a string) and `policyType`, as in the batch form of
//! `ringfence validate`. The file is read before the clock starts; the catalogue is loaded by one round before it.

use std::error::Error;
use std::time::Instant;

use ringfence_policy::PolicyType;
use ringfence_validation::{ValidatePolicyResourceType, validate};

type Job = (String, PolicyType, Option<ValidatePolicyResourceType>);

const ROUNDS: u32 = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("name a file of policies, one JSON object a line")?;
    let text = std::fs::read_to_string(file)?;
    let jobs = text.lines().map(job).collect::<Result<Vec<_>, _>>()?;
    let first = Instant::now();
    let findings = round(&jobs);
    println!("first round, catalogue included: {:.1} ms", first.elapsed().as_secs_f64() * 1e3);
    let mut micros = vec![f64::INFINITY; jobs.len()];
    let start = Instant::now();
    for _ in 0..ROUNDS {
        for (job, best) in jobs.iter().zip(&mut micros) {
            let clock = Instant::now();
            std::hint::black_box(validate(&job.0, job.1, job.2));
            *best = best.min(clock.elapsed().as_secs_f64() * 1e6);
        }
    }
    let seconds = start.elapsed().as_secs_f64() / f64::from(ROUNDS);
    let bytes: usize = jobs.iter().map(|job| job.0.len()).sum();
    println!("{} policies, {bytes} bytes, {findings} findings", jobs.len());
    println!(
        "{:.0} policies a second, {:.1} MB a second",
        count(jobs.len()) / seconds,
        count(bytes) / seconds / 1e6
    );
    micros.sort_by(f64::total_cmp);
    let at = |share: usize| {
        micros.get(micros.len().saturating_sub(1) * share / 100).copied().unwrap_or_default()
    };
    println!("microseconds: p50 {:.1}, p99 {:.1}, worst {:.1}", at(50), at(99), at(100));
    Ok(())
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

fn round(jobs: &[Job]) -> usize {
    jobs.iter().map(|job| validate(&job.0, job.1, job.2).len()).sum()
}

fn job(line: &str) -> Result<Job, Box<dyn Error>> {
    let value: serde_json::Value = serde_json::from_str(line)?;
    let text = |member: &str| value.get(member).and_then(serde_json::Value::as_str);
    let document = text("policyDocument").ok_or("a line has no `policyDocument`")?;
    let policy_type =
        text("policyType").and_then(PolicyType::parse).ok_or("a line has no `policyType`")?;
    let resource_type = text("resourceType").and_then(ValidatePolicyResourceType::parse);
    Ok((document.to_owned(), policy_type, resource_type))
}
