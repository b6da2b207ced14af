//! The engine against the evaluator, which shares nothing with it but the model of policies.

mod generate;
#[path = "generate/request.rs"]
mod request;

use generate::Random;
use request::request;
use ringfence_policy::evaluate::{Decision, document_decision};
use ringfence_policy::{PolicyDocument, parse_policy};
use ringfence_reasoning::{Answer, check_no_new_access};

const PAIRS: u64 = 4000;
const REQUESTS: usize = 40;

fn read(policy: &serde_json::Value) -> PolicyDocument {
    parse_policy(&policy.to_string()).sound().expect("generated policies are sound")
}

#[test]
fn the_evaluator_agrees_on_witnesses_and_finds_none_where_there_is_none() {
    let (mut witnesses, mut allowed, mut unknown, mut wrong) = (0, 0, 0, 0);
    for seed in 0..PAIRS {
        let pair = generate::pair(seed);
        let (existing, new) = (read(&pair.existing), read(&pair.new));
        let mut report = |what: &str, request: &ringfence_policy::RequestContext| {
            wrong += 1;
            let scenario = request.to_scenario_json();
            println!(
                "seed {seed}: {what}\nexisting {}\nnew {}\n{scenario}",
                pair.existing, pair.new
            );
        };
        let is_new = |request: &_| {
            document_decision(&new, request) == Decision::Allowed
                && document_decision(&existing, request) != Decision::Allowed
        };
        let answer = check_no_new_access(&existing, &new);
        match &answer {
            Answer::Fails(refutation) => {
                witnesses += 1;
                if !is_new(&refutation.witness) {
                    report("the witness is none", &refutation.witness);
                }
            }
            Answer::Unknown(_) => unknown += 1,
            Answer::Holds => {}
        }
        let mut random = Random::new(seed ^ 0xff00);
        for _ in 0..REQUESTS {
            let request = request(&mut random, &[&existing, &new]);
            allowed += u64::from(document_decision(&new, &request) == Decision::Allowed);
            if answer == Answer::Holds && is_new(&request) {
                report("a request is new where none should be", &request);
            }
        }
    }
    println!("{PAIRS} pairs: {witnesses} witnesses, {allowed} allowed requests, {unknown} unknown");
    assert_eq!(wrong, 0, "the pairs are printed above");
    assert!(witnesses > PAIRS / 4 && allowed > PAIRS, "the pairs say too little");
}
