//! The fuzz targets of `fuzz/`, on inputs from a fixed seed: what the fuzzer found stays fixed, and the
//! targets still compile and reach what they are for.

#[path = "../../../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "it is a library of its own where it lies")]
mod fuzz;

use std::collections::BTreeMap;

use fuzz::{engine, evaluator, parser};
use ringfence_policy::evaluate::Decision;

const INPUTS: usize = 2_000;

/// Runs a target on inputs of up to two kilobytes and counts what came of them.
fn outcomes<O: Ord>(mut seed: u64, run: impl Fn(&[u8]) -> O) -> BTreeMap<O, usize> {
    // xorshift64*: https://en.wikipedia.org/wiki/Xorshift
    let mut next = move || {
        seed ^= seed >> 12;
        seed ^= seed << 25;
        seed ^= seed >> 27;
        seed.wrapping_mul(0x2545_F491_4F6C_DD1D).to_be_bytes()
    };
    let mut outcomes = BTreeMap::new();
    for round in 0..INPUTS {
        let input: Vec<u8> = (0..round % 256).flat_map(|_| next()).collect();
        *outcomes.entry(run(&input)).or_default() += 1;
    }
    outcomes
}

#[test]
fn parser() {
    outcomes(1, parser::run);
    let outcomes = outcomes(2, parser::run_on_policy_text);
    let sound = outcomes.get(&Some(parser::Outcome::Sound));
    let unsound = outcomes.get(&Some(parser::Outcome::Unsound));
    assert!(sound > Some(&200) && unsound > Some(&200), "{outcomes:?}");
}

#[test]
fn evaluator() {
    let outcomes = outcomes(3, evaluator::run);
    for decision in [Decision::Allowed, Decision::ImplicitlyDenied, Decision::ExplicitlyDenied] {
        let reached = outcomes.get(&evaluator::Outcome::Decided(decision));
        assert!(reached > Some(&50), "{outcomes:?}");
    }
}

#[test]
fn engine() {
    let outcomes = outcomes(4, engine::run);
    for reached in [engine::Outcome::Holds, engine::Outcome::Fails] {
        assert!(outcomes.get(&reached) > Some(&200), "{outcomes:?}");
    }
}
