//! What a decision costs: risk score and rules for one finding, and a burst of 10,000. Run by `cargo xtask bench rules`.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use ringfence_response::risk_score::risk_score;
use ringfence_response::rules::RuleSet;
use ringfence_response::rules::cases::{Cases, RuleCase};

/// A burst of findings, and the time that the whole way of one may take, from hint to record.
const BURST: u32 = 10_000;
const BURST_TIME: Duration = Duration::from_secs(30);

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/rules");
    let mut shipped: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    shipped.sort();
    let ends = |ending: &str| {
        let own = shipped.iter().filter(|(name, _)| name.ends_with(ending));
        own.cloned().collect::<Vec<_>>()
    };
    let cases: Vec<Cases> =
        ends(".cases.toml").iter().map(|(name, text)| Cases::read(name, text).unwrap()).collect();
    println!(
        "{:>6} {:>14} {:>14} {:>10} {:>12}",
        "rules", "load", "decision", "of 10,000", "of the limit"
    );
    for more in [0, 100, 900] {
        let mut files = ends(".cedar");
        files.push(("more.cedar".to_owned(), (0..more).map(rule).collect()));
        let start = Instant::now();
        let rules = RuleSet::load(&files).unwrap();
        let load = start.elapsed();
        let each = decision(&rules, &cases);
        let burst = each * BURST;
        println!(
            "{:>6} {:>11.1} ms {:>11.1} µs {:>8.2} s {:>11.1} %",
            rules.rules().len(),
            load.as_secs_f64() * 1e3,
            each.as_secs_f64() * 1e6,
            burst.as_secs_f64(),
            100.0 * burst.as_secs_f64() / BURST_TIME.as_secs_f64(),
        );
    }
    println!(
        "on one core; the limit is {} s for {BURST} findings, everything around included",
        BURST_TIME.as_secs()
    );
}

/// A rule as a team might have for one of its resources.
fn rule(number: usize) -> String {
    format!(
        "@id(\"team-{number}\")\npermit (principal, action == Action::\"Archive\", resource)\nwhen {{\n\
         resource.resource == \"arn:aws:s3:::team-{number}\" && !resource.isPublic &&\n\
         context has tags && context.tags.hasTag(\"Team\") && context.tags.getTag(\"Team\") == \"{number}\" &&\n\
         context.riskScore < 50\n}};\n"
    )
}

/// The time of one decision, over all cases, the fastest of several rounds.
fn decision(rules: &RuleSet, cases: &[Cases]) -> Duration {
    let all: Vec<(&RuleCase, &Cases)> =
        cases.iter().flat_map(|own| own.cases.iter().map(move |case| (case, own))).collect();
    let round = |times: u32| {
        let start = Instant::now();
        for _ in 0..times {
            for (case, own) in &all {
                let score = risk_score(black_box(&case.finding), &case.context);
                black_box(rules.decide(&case.finding, &case.context, &score, &own.safety));
            }
        }
        start.elapsed() / times / u32::try_from(all.len()).unwrap()
    };
    round(1);
    (0..10).map(|_| round(10)).min().unwrap()
}
