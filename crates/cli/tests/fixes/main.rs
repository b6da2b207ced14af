//! `validate --fix` on random policies: the evaluator, which has no part in the proofs, answers every request as
//! before; what is outside of the repairs stays as it is; and a second run finds nothing to do.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

#[path = "../../../reasoning/tests/generate/mod.rs"]
mod generate;
#[path = "../../../reasoning/tests/generate/request.rs"]
mod request;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use generate::Random;
use ringfence_policy::evaluate::document_decision;
use ringfence_policy::{LineIndex, PolicyDocument, parse_policy};
use serde_json::Value;

const POLICIES: u64 = 500;
const REQUESTS: usize = 60;

/// Policies that say some things twice, laid out in one way or another.
fn policy(seed: u64) -> String {
    let mut random = Random::new(seed ^ 0xf1f1);
    let generate::Pair { existing, new } = generate::pair(seed);
    let mut policy = if random.chance(1, 2) { existing } else { new };
    let statements = policy.get_mut("Statement").unwrap();
    if let Value::Array(list) = statements {
        if random.chance(1, 4) && !list.is_empty() {
            list.push(list.first().unwrap().clone());
        }
        list.iter_mut().for_each(|own| say_twice(own, &mut random));
    } else {
        say_twice(statements, &mut random);
    }
    let text = match random.below(3) {
        0 => policy.to_string(),
        1 => serde_json::to_string_pretty(&policy).unwrap(),
        _ => {
            serde_json::to_string_pretty(&policy).unwrap().replace("  ", "\t").replace('\n', "\r\n")
        }
    };
    if random.chance(1, 5) { format!("\u{feff}{text}\n") } else { text }
}

fn say_twice(statement: &mut Value, random: &mut Random) {
    for name in ["Action", "NotAction", "Resource", "NotResource"] {
        let Some(value) = statement.get_mut(name).filter(|_| random.chance(1, 2)) else { continue };
        let more = match value.as_str() {
            Some(text) => vec![text.to_owned()],
            None => value
                .as_array()
                .unwrap()
                .iter()
                .map(|own| own.as_str().unwrap().to_owned())
                .collect(),
        };
        let wider = more.iter().map(|own| format!("{}*", own.trim_end_matches('*')));
        let all: Vec<String> = more.iter().cloned().chain(wider.take(1)).collect();
        *value = Value::from(all);
    }
}

fn folder() -> PathBuf {
    let path = std::env::temp_dir().join(format!("ringfence-fixes-{}", std::process::id()));
    fs::create_dir_all(&path).unwrap();
    path
}

/// Repairs a folder and gives the repairs that were made, by file.
fn fix(folder: &Path) -> BTreeMap<String, Vec<Value>> {
    let done = Command::new(env!("CARGO_BIN_EXE_ringfence"))
        .args(["validate", "--fix", "--format", "json", "--fail-on", "none"])
        .arg(folder)
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&done.stdout).unwrap();
    let mut made: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for repair in report.get("repairs").unwrap().as_array().unwrap() {
        if repair.get("made").unwrap().as_bool().unwrap() {
            let file = repair.get("file").unwrap().as_str().unwrap().to_owned();
            made.entry(file).or_default().push(repair.clone());
        }
    }
    made
}

/// Makes the repairs of one round, as the report tells them, by hand.
fn by_hand(before: &str, repairs: &[Value]) -> String {
    let lines = LineIndex::new(before);
    let number = |repair: &Value, name| {
        usize::try_from(repair.get(name).and_then(Value::as_u64).unwrap()).unwrap()
    };
    let text_of =
        |repair: &Value, name| repair.get(name).and_then(Value::as_str).unwrap().to_owned();
    let mut text = before.to_owned();
    let at = |repair: &Value| {
        let is_there = |offset: &usize| {
            let place = lines.position(u32::try_from(*offset).unwrap());
            (place.line, place.column) == (number(repair, "line"), number(repair, "column"))
        };
        (0..=before.len()).filter(|own| before.is_char_boundary(*own)).find(is_there).unwrap()
    };
    let mut edits: Vec<_> = repairs.iter().map(|own| (at(own), own)).collect();
    edits.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    for (at, repair) in edits {
        let removed = text_of(repair, "removed");
        assert_eq!(text.get(at..at + removed.len()), Some(removed.as_str()));
        text.replace_range(at..at + removed.len(), &text_of(repair, "inserted"));
    }
    text
}

fn read(text: &str) -> PolicyDocument {
    parse_policy(text).sound().expect("the policy can be read")
}

#[test]
#[ignore = "slow: proves the repairs of many policies"]
fn a_repair_changes_no_answer_and_no_other_byte() {
    let folder = folder();
    let name = |seed: u64| folder.join(format!("{seed}.json")).to_str().unwrap().to_owned();
    (0..POLICIES).for_each(|seed| fs::write(name(seed), policy(seed)).unwrap());
    let made = fix(&folder);
    let (mut changed, mut allowed) = (0, 0);
    for seed in 0..POLICIES {
        let (before, after) = (policy(seed), fs::read_to_string(name(seed)).unwrap());
        let Some(repairs) = made.get(&name(seed)) else {
            assert_eq!(before, after, "seed {seed}");
            continue;
        };
        changed += 1;
        let is_one_round =
            !repairs.iter().any(|own| own.get("issueCode").unwrap() == "REDUNDANT_STATEMENT");
        if is_one_round {
            assert_eq!(by_hand(&before, repairs), after, "seed {seed}");
        }
        let (old, new) = (read(&before), read(&after));
        let mut random = Random::new(seed);
        for _ in 0..REQUESTS {
            let request = request::request(&mut random, &[&old, &new]);
            let decision = document_decision(&old, &request);
            assert_eq!(
                decision,
                document_decision(&new, &request),
                "seed {seed}\n{before}\n{after}"
            );
            allowed += u64::from(decision == ringfence_policy::evaluate::Decision::Allowed);
        }
    }
    let repaired: Vec<_> = (0..POLICIES).map(|seed| fs::read(name(seed)).unwrap()).collect();
    assert_eq!(fix(&folder).len(), 0, "a second run repairs again");
    assert!(repaired.iter().zip(0..).all(|(own, seed)| *own == fs::read(name(seed)).unwrap()));
    fs::remove_dir_all(&folder).unwrap();
    println!("{changed} of {POLICIES} policies repaired, {allowed} allowed requests");
    assert!(changed > POLICIES / 3 && allowed > 500, "{changed} repaired, {allowed} allowed");
}
