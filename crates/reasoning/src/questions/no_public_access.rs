//! May nobody anonymous or unknown get in?
//!
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoPublicAccess.html>,
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>

use ringfence_policy::PolicyDocument;

use super::{Answer, ask, untrusted};
use crate::decide::Goal;

/// `Holds` when `policy` lets in nobody whom it does not fix by a principal or by a condition with
/// fixed values. The refutation names the statements that grant public access.
pub fn check_no_public_access(policy: &PolicyDocument) -> Answer {
    Answer::of_statements(ask(&[policy], &|problem, built, variables| {
        let untrusted = untrusted(problem, &[policy], variables)?;
        let Some(own) = built.first() else { return Ok(Vec::new()) };
        let goal = |id| Goal { groups: vec![vec![id], vec![untrusted]], avoid: own.deny.clone() };
        Ok(own.allow.iter().map(|(index, id)| (*index, goal(*id))).collect())
    }))
}
