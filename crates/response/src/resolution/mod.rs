//! From a finding to the smallest change that closes exactly its access, with the proof that it does.
//!
//! A finding says what was seen once. What is acted on is read from the live slots: [`plan`] analyzes the resource with
//! them, looks for the finding's access there, and takes the principal, the statements and the conditions from what it
//! finds. The unit of the resource's type offers changes, from the mildest on; each is put into the slots, analyzed and
//! proved, and the first that loses nothing is the plan. Where none is, the first that a person may agree to.

mod candidate;
mod case;
mod deleted;
mod draft;
mod offers;
mod proof;
mod protected;
mod rules;
mod slot_text;
mod slots;
mod strategies;
mod text;
mod undo;

pub mod sid;

pub use slots::{SlotsError, bare, slots_of, with_slots};
pub use strategies::{STRATEGIES, Strategy};
pub use undo::{NotUndoable, undo};

use ringfence_access::external::ZoneChoice;
use ringfence_access::inventory::{Inventory, Resource};
use ringfence_findings::finding::Finding;
use thiserror::Error;

use self::candidate::Candidate;
use self::case::Case;
use crate::plan::{Admission, Claim, Plan, Proof};
use crate::slot::{Slots, Target};

/// What a plan is made from.
#[derive(Clone, Copy)]
pub struct Situation<'s> {
    /// The accounts around the resource, and their organization. The resource's account has to be in it.
    pub inventory: &'s Inventory,
    /// The resource, as it was read last.
    pub resource: &'s Resource,
    /// What its slots hold now.
    pub slots: &'s Slots,
    /// The finding that is to be closed.
    pub finding: &'s Finding,
    /// Who is trusted.
    pub zone: ZoneChoice,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotClosable {
    /// It is not about access from outside.
    #[error("the finding is not about access from outside the zone of trust")]
    NotExternal,
    /// The account is not one that is known.
    #[error("account `{0}` is not one that was read")]
    UnknownAccount(String),
    /// The live slots do not let anybody in this way. There is nothing to do.
    #[error("the resource does not give this access any more")]
    NotThere,
    /// What the slots hold cannot be analyzed.
    #[error("{0}")]
    NotAnalyzed(String),
    /// AWS keeps the resource, and nobody else can change it.
    #[error("{0}")]
    Protected(&'static str),
    /// No change closes it, and why none of those that were tried does.
    #[error("{}", .0.join("; "))]
    NoStrategy(Vec<String>),
}

/// The smallest change that closes the finding's access and nothing else.
///
/// # Errors
/// When there is no such change, with the reason.
pub fn plan(situation: &Situation<'_>) -> Result<Plan, NotClosable> {
    let case = Case::open(situation)?;
    if let Some(why) = protected::protected(&case.resource) {
        return Err(NotClosable::Protected(why));
    }
    let Some(strategy) = strategies::of(case.resource.resource_type()) else {
        return Err(NotClosable::NoStrategy(Vec::new()));
    };
    let mut reasons: Vec<String> = Vec::new();
    let mut for_approval = None;
    for candidate in (strategy.offers)(&case, strategy) {
        let candidate = deleted::taken_out(candidate);
        let proof = match proof::prove(&case, strategy, &candidate) {
            Ok(proof) => proof,
            Err(reason) => {
                note(&mut reasons, format!("{}: {reason}", candidate.describe()));
                continue;
            }
        };
        match proof.admission() {
            Admission::Automatic => return Ok(planned(&case, candidate, proof)),
            Admission::Approval => {
                for_approval.get_or_insert_with(|| planned(&case, candidate, proof));
            }
            Admission::Never => {
                let why = why_not(&proof);
                note(&mut reasons, format!("{}: {why}", candidate.describe()));
            }
        }
    }
    if reasons.is_empty() {
        reasons.push("nothing that lets the principal in can be changed".to_owned());
    }
    for_approval.ok_or(NotClosable::NoStrategy(reasons))
}

fn note(reasons: &mut Vec<String>, reason: String) {
    if !reasons.contains(&reason) {
        reasons.push(reason);
    }
}

fn planned(case: &Case<'_>, candidate: Candidate, proof: Proof) -> Plan {
    let resource = &case.resource;
    Plan {
        finding_id: case.situation.finding.id().to_owned(),
        target: Target {
            resource_type: resource.resource_type().as_str().to_owned(),
            arn: resource.arn.clone(),
            account: resource.account.to_string(),
            region: resource.region.to_string(),
        },
        means: candidate.means,
        sid: candidate.sid,
        edits: candidate.edits,
        proof,
    }
}

/// Why a change is never made.
fn why_not(proof: &Proof) -> String {
    let claims = [
        ("it does not close it", &proof.closes),
        ("it lets in whom it should not", &proof.adds_nothing),
        ("the account could not administer it", &proof.administrable),
        ("it would not be valid", &proof.valid),
    ];
    let all = claims.iter().filter_map(|(name, claim)| match claim {
        Claim::Proved => None,
        Claim::Refuted { what, .. } => Some(format!("{name}: {what}")),
        Claim::Unknown { why } => Some(format!("{name}, for all that is known: {why}")),
    });
    all.collect::<Vec<_>>().join(", ")
}
