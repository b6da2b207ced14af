//! What is proved of a change, claim by claim.
//!
//! The whole resource is analyzed again with the change made, which says what is closed and that nothing else is; the
//! policies before and after are compared by the reasoning engine; lists that are no policies are compared as sets. A
//! request that refutes a claim is replayed by the evaluator, which shares nothing with the engine, before it is shown:
//! where the two do not agree, the claim is unknown.

mod closes;
mod documents;
mod lists;
mod valid;

use ringfence_access::observation::Observation;
use serde_json::Value;

use super::candidate::Candidate;
use super::case::Case;
use super::strategies::Strategy;
use crate::plan::{Claim, Edit, Proof};
use crate::slot::{Slot, Slots};

/// The resource with the change made.
struct After {
    slots: Slots,
    observations: Vec<Observation>,
    undecided: usize,
}

/// What is proved of the change.
///
/// # Errors
/// When it does not close exactly the finding's access, with the reason.
pub(super) fn prove(
    case: &Case<'_>,
    strategy: &Strategy,
    candidate: &Candidate,
) -> Result<Proof, String> {
    let slots = candidate.after(case);
    let report = case.analyze(&slots)?;
    let undecided = report.not_analyzed.len();
    let after = After { slots, observations: report.observations, undecided };
    if let Some(other) = case.others.iter().find(|other| !closes::is_there(other, &after)) {
        let (kind, who) = other.principal.entry();
        return Err(format!("it would also close the access of {kind} `{who}`"));
    }
    let edits = &candidate.edits;
    let each = |prove: &dyn Fn(&Edit) -> Claim| all(edits.iter().map(prove));
    let shares_list = |slot: &Slot| lists::is_list(slot);
    Ok(Proof {
        closes: closes::closes(case, strategy, candidate, &after),
        keeps: each(&|edit| match shares_list(&edit.slot) {
            true => lists::keeps(case, edit),
            false => documents::keeps(case, strategy, edit),
        }),
        adds_nothing: both(
            closes::adds_nothing(case, &after),
            each(&|edit| match shares_list(&edit.slot) {
                true => lists::adds_nothing(edit),
                false => documents::adds_nothing(case, edit, &after.slots),
            }),
        ),
        administrable: each(&|edit| match shares_list(&edit.slot) {
            // Who may write these is decided by identity policies alone.
            true => Claim::Proved,
            false => documents::administrable(case, strategy, edit),
        }),
        valid: each(&|edit| valid::valid(strategy, edit)),
    })
}

/// All of the claims: what refutes one goes before what is unknown of another.
fn all(claims: impl Iterator<Item = Claim>) -> Claim {
    claims.fold(Claim::Proved, both)
}

fn both(one: Claim, other: Claim) -> Claim {
    match (&one, &other) {
        (Claim::Refuted { .. }, _) => one,
        (_, Claim::Refuted { .. }) => other,
        (Claim::Unknown { .. }, _) => one,
        _ => other,
    }
}

/// A claim that something shows to be wrong.
fn refuted(what: impl Into<String>, witness: Value) -> Claim {
    Claim::Refuted { what: what.into(), witness }
}

fn unknown(why: impl Into<String>) -> Claim {
    Claim::Unknown { why: why.into() }
}
