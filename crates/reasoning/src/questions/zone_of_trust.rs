//! Who is outside a zone of trust.

use std::collections::BTreeSet;
use std::sync::Arc;

use ringfence_policy::PolicyDocument;

use super::{Answer, ask};
use crate::decide::Goal;
use crate::problem::{Conjunction, ConjunctionId, Problem};
use crate::theory::glob::{Case, Glob};
use crate::theory::identity::{IdentityTest, Kind, Kinds, reader};

/// The accounts that are trusted, and how their principals show in requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ZoneOfTrust {
    /// The ids of the trusted accounts.
    pub accounts: Arc<BTreeSet<String>>,
    /// The organization's id, when the zone is an organization.
    pub organization: Option<String>,
    /// The S3 canonical user ids of trusted accounts, as far as they are known.
    pub canonical_users: BTreeSet<String>,
}

/// A conjunction that callers outside `zone` meet. AWS services acting for themselves are not outside:
/// external access findings do not report them.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-findings.html>
pub(crate) fn outside(problem: &mut Problem, zone: &ZoneOfTrust) -> ConjunctionId {
    let inside = Kinds::of(&[Kind::Service]);
    let mut trusted = IdentityTest::of_kinds(inside);
    trusted.accounts = Some(Arc::clone(&zone.accounts));
    let canonical = Kinds::of(&[Kind::CanonicalUser]);
    for id in &zone.canonical_users {
        let glob = Glob::literal(id, Case::Sensitive);
        trusted.globs.push((canonical, reader::CANONICAL, glob));
    }
    if let Some(organization) = &zone.organization {
        // Whoever shows the organization's id belongs to it.
        let glob = Glob::literal(organization, Case::Sensitive);
        trusted.globs.push((Kinds::of_accounts(), reader::ORG_ID, glob));
    }
    let mut conjunction = Conjunction::default();
    conjunction.literals.extend(problem.identity_literal(trusted, false));
    problem.add(conjunction)
}

/// `Holds` when nobody outside `zone` is allowed anything by the resource policy. The refutation names
/// the statements that let somebody in.
pub fn check_no_access_from_outside(policy: &PolicyDocument, zone: &ZoneOfTrust) -> Answer {
    Answer::of_statements(ask(&[policy], &|problem, built, _| {
        let outside = outside(problem, zone);
        let Some(own) = built.first() else { return Ok(Vec::new()) };
        let goal = |id| Goal { groups: vec![vec![id], vec![outside]], avoid: own.deny.clone() };
        Ok(own.allow.iter().map(|(index, id)| (*index, goal(*id))).collect())
    }))
}
