//! Certificates: those that are made are accepted, those that were tampered with are not.

use std::time::{Duration, Instant};

use ringfence_policy::{PolicyDocument, json, parse_policy, policy_from_json};
use ringfence_reasoning::certificate::{Certificate, NotCertified, certify, verify};
use ringfence_reasoning::Question;

fn policy(text: &str) -> PolicyDocument {
    parse_policy(text).sound().unwrap()
}

#[test]
fn every_pass_of_the_forum_policies_is_certified() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/no-new-access/forum-policies.jsonl");
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("the corpus is not here");
        return;
    };
    let mut sizes = Vec::new();
    let mut lemmas = Vec::new();
    let mut making: Vec<Duration> = Vec::new();
    let mut checking: Vec<Duration> = Vec::new();
    for line in text.lines() {
        let parsed = json::parse(line);
        let of = |name: &str| parsed.value.get(name).unwrap();
        let existing = policy_from_json(of("existing")).sound().unwrap();
        let new = policy_from_json(of("new")).sound().unwrap();
        let question = Question::NoNewAccess { existing: &existing, new: &new };
        let id = of("id").as_str().unwrap();
        let start = Instant::now();
        let certificate = certify(&question);
        if of("result").as_str() != Some("PASS") {
            assert!(matches!(certificate, Err(NotCertified::Fails(_))), "{id}");
            continue;
        }
        let certificate = certificate.unwrap_or_else(|error| panic!("{id}: {error}"));
        making.push(start.elapsed());
        let text = certificate.to_json().to_string();
        sizes.push(text.len());
        lemmas.push(certificate.lemmas.len());
        let start = Instant::now();
        let read = Certificate::parse(&text).unwrap();
        verify(&read).unwrap();
        checking.push(start.elapsed());
    }
    sizes.sort_unstable();
    lemmas.sort_unstable();
    making.sort_unstable();
    checking.sort_unstable();
    let of = |at: usize, all: usize| (all - 1) * at / 100;
    eprintln!("{} certificates", sizes.len());
    for at in [50, 99, 100] {
        eprintln!(
            "p{at}: {} bytes, {} lemmas, made in {:?}, checked in {:?}",
            sizes[of(at, sizes.len())],
            lemmas[of(at, sizes.len())],
            making[of(at, sizes.len())],
            checking[of(at, sizes.len())]
        );
    }
    assert_eq!(sizes.len(), 284);
}
