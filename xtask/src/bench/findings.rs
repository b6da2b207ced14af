//! How long findings take for policies whose statements overlap in every key: the shape of the
//! scalability policies that the service itself and the published re-implementations were measured on.
//!
//! A statement has one key matched by an infix pattern, one by a literal, one by a nested address range
//! and three that are equal in all statements; n statements give n² findings.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use ringfence_policy::{PolicyDocument, parse_policy};
use ringfence_reasoning::ZoneOfTrust;
use ringfence_reasoning::abstraction::{ExternalAccess, external_access};
use serde_json::{Value, json};

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";
const KEYS: &[&str] =
    &["aws:PrincipalArn", "aws:SourceArn", "aws:SourceIp", "aws:SourceVpc", "aws:UserId"];
const ROUNDS: usize = 7;

pub(super) fn run() -> Result<ExitCode> {
    println!("findings of policies with 6 keys, median of {ROUNDS} runs, parsing excluded");
    println!("{:>10} {:>9} {:>10} {:>14}", "statements", "findings", "ms", "times n-1");
    let mut last: Option<f64> = None;
    for count in [1, 2, 4, 8, 10, 12, 15, 20] {
        let (findings, time) = measure(count)?;
        let milliseconds = time.as_secs_f64() * 1e3;
        let growth = last.map_or_else(String::new, |last| format!("{:.2}", milliseconds / last));
        println!("{count:>10} {findings:>9} {milliseconds:>10.2} {growth:>14}");
        last = Some(milliseconds);
    }
    println!(
        "published for 10 statements over 5 keys: 567 s (the service); for 15: 1,184 s (Z3), 2 s (BDD)"
    );
    Ok(ExitCode::SUCCESS)
}

fn measure(count: usize) -> Result<(usize, Duration)> {
    let policy = policy(count)?;
    let asked = json!({"Statement": {
        "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::bucket",
    }});
    let within = parse_policy(&asked.to_string()).document;
    let accounts = Arc::new(std::iter::once("222634363387".to_owned()).collect());
    let zone = ZoneOfTrust { accounts, ..ZoneOfTrust::default() };
    let layers = [vec![&policy]];
    let within: Vec<_> = within.statements.iter().collect();
    let question = ExternalAccess {
        layers: &layers,
        denying: &[],
        zone: &zone,
        within: &within,
        known: &BTreeMap::new(),
        reported_keys: KEYS,
    };
    let mut times = Vec::with_capacity(ROUNDS);
    let mut findings = 0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let found = external_access(&question);
        times.push(start.elapsed());
        findings = found.map_err(|limit| anyhow::anyhow!("not decided: {limit}"))?.len();
    }
    times.sort_unstable();
    Ok((findings, times.get(ROUNDS / 2).copied().unwrap_or_default()))
}

fn policy(count: usize) -> Result<PolicyDocument> {
    let statements: Vec<Value> = (0..count).map(|index| statement(index, count)).collect();
    let text = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    parse_policy(&text).sound().ok().context("the generated policy is not sound")
}

/// The name with the star in the place of its letter number `index`.
fn statement(index: usize, count: usize) -> Value {
    let name: String = LETTERS
        .chars()
        .take(count.max(5))
        .enumerate()
        .map(|(place, letter)| if place == index { '*' } else { letter })
        .collect();
    json!({
        "Effect": "Allow", "Principal": {"AWS": "*"},
        "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::bucket",
        "Condition": {
            "StringLike": {
                "aws:PrincipalArn": format!("arn:aws:iam::123456789012:user/{name}"),
                "aws:UserAgent": "*client*",
            },
            "ArnLike": {"aws:SourceArn": format!("arn:aws:sns:eu-west-1:123456789012:topic{index}")},
            "IpAddress": {"aws:SourceIp": format!("200.10.0.0/{}", 8 + index)},
            "StringEquals": {"aws:SourceVpc": "vpc-0a1b2c3d"},
            "Bool": {"aws:SecureTransport": "true"},
        },
    })
}
