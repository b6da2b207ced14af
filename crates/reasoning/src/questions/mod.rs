//! The questions that are asked of policies, each a few lines over one search.

mod access_not_granted;
mod anything_allowed;
mod ask;
mod combination;
mod fixed_values;
mod no_new_access;
mod no_public_access;
mod zone_of_trust;

pub use access_not_granted::{Access, check_access_not_granted};
pub use anything_allowed::{RequestBox, anything_allowed};
pub use combination::{Combination, Emptiness, check_combinations};
pub use no_new_access::check_no_new_access;
pub use no_public_access::check_no_public_access;
pub use zone_of_trust::{ZoneOfTrust, check_no_access_from_outside};

pub(crate) use ask::{Asked, Built, ask, ask_beside, ask_with, build, given, has_variables};
pub(crate) use fixed_values::{fixed_part, untrusted};
pub(crate) use zone_of_trust::outside;

use ringfence_policy::RequestContext;

use crate::limit::Limit;

/// What a question comes to.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[expect(
    clippy::large_enum_variant,
    reason = "a question has one answer, and it is looked at once"
)]
pub enum Answer {
    /// No request does it.
    Holds,
    /// A request does it, and the evaluator allows it too.
    Fails(Refutation),
    /// Neither was found; never to be read as safe.
    Unknown(Limit),
}

/// Why a check fails.
#[derive(Clone, Debug, PartialEq)]
pub struct Refutation {
    /// A request that does what should not be possible.
    pub witness: RequestContext,
    /// The positions (from 0) of the statements that let such requests in, in the policy that was
    /// checked.
    pub statements: Vec<usize>,
}

impl Answer {
    /// Puts the outcomes for single statements together: one that fails makes all fail, an undecided
    /// one leaves the rest undecided.
    fn of_statements(asked: Vec<(usize, Asked)>) -> Self {
        let mut witness = None;
        let mut statements = Vec::new();
        let mut unknown = None;
        for (index, outcome) in asked {
            match outcome {
                Asked::Possible { request, .. } => {
                    if statements.last() != Some(&index) {
                        statements.push(index);
                    }
                    witness.get_or_insert(request);
                }
                Asked::Impossible => {}
                Asked::Unknown(limit) => unknown = Some(limit),
            }
        }
        match (witness, unknown) {
            (Some(witness), _) => Self::Fails(Refutation { witness, statements }),
            (None, Some(limit)) => Self::Unknown(limit),
            (None, None) => Self::Holds,
        }
    }
}
