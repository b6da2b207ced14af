//! SCPs and RCPs: the levels that bind an account, and whether they restrict anything at all.
//!
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>,
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_InternalAccessDetails.html>

use std::collections::BTreeMap;
use std::sync::Arc;

use ringfence_policy::{Effect, Polarity, PolicyDocument, Statement};

use super::actions::TypeActions;
use super::document::Model;
use super::observation::Restriction;
use crate::inventory::{OrganizationPolicy, PolicyLevels, ResourceType};

/// The policies of one type that bind an account.
pub(super) enum Levels {
    /// None do.
    Unbound,
    /// From the root to the account; each level must allow.
    Bound(Vec<Vec<Arc<Model>>>),
    /// One of them cannot be read.
    NotReadable,
}

/// What is done with the levels: it depends on the zone of trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Treatment {
    /// What they forbid is taken off.
    Apply,
    /// It is only said that they are there.
    Flag,
}

/// The models of the organization's policies, each made once.
#[derive(Default)]
pub(super) struct OrganizationModels<'i>(BTreeMap<&'i str, Arc<Model>>);

impl<'i> OrganizationModels<'i> {
    pub(super) fn levels(&mut self, levels: PolicyLevels<'i>) -> Levels {
        let PolicyLevels::Levels(levels) = levels else { return Levels::Unbound };
        let mut all = Vec::with_capacity(levels.len());
        for level in levels {
            let mut own = Vec::with_capacity(level.len());
            for policy in level {
                match self.model(policy) {
                    Some(model) => own.push(model),
                    None => return Levels::NotReadable,
                }
            }
            all.push(own);
        }
        Levels::Bound(all)
    }

    fn model(&mut self, policy: &'i OrganizationPolicy) -> Option<Arc<Model>> {
        let document = policy.document.as_ref().ok()?;
        let new = || Arc::new(Model::new(Arc::clone(document)));
        Some(Arc::clone(self.0.entry(&policy.id).or_insert_with(new)))
    }
}

impl Levels {
    /// The levels that are taken off.
    pub(super) fn applied(&self, treatment: Treatment) -> Option<&[Vec<Arc<Model>>]> {
        match (self, treatment) {
            (Self::Bound(levels), Treatment::Apply) => Some(levels),
            (Self::Bound(_), Treatment::Flag) | (Self::Unbound | Self::NotReadable, _) => None,
        }
    }

    /// The documents of [`Levels::applied`].
    pub(super) fn documents(&self, treatment: Treatment) -> Option<Vec<Vec<Arc<PolicyDocument>>>> {
        let documents = |level: &Vec<Arc<Model>>| {
            level.iter().map(|model| Arc::clone(&model.document)).collect()
        };
        Some(self.applied(treatment)?.iter().map(documents).collect())
    }

    /// What findings about the `chosen` actions of the type say. What is taken off is not among these any
    /// more, so it is all actions of the type that count then.
    pub(super) fn on(
        &self,
        treatment: Treatment,
        resource_type: ResourceType,
        actions: &TypeActions,
        chosen: &[usize],
    ) -> Restriction {
        let levels = match self {
            Self::Unbound => return Restriction::NotApplicable,
            Self::NotReadable => return Restriction::FailedToEvaluate,
            Self::Bound(levels) => levels,
        };
        let restricts = levels.iter().any(|level| {
            let denies = level.iter().any(|model| {
                model.about(resource_type, actions).iter().any(|own| {
                    let statement = model.document.statements.get(own.statement);
                    statement.is_some_and(|statement| statement.effect.value == Effect::Deny)
                        && match treatment {
                            Treatment::Apply => true,
                            Treatment::Flag => {
                                chosen.iter().any(|index| own.actions.get(*index) == Some(&true))
                            }
                        }
                })
            });
            let mut statements = level.iter().flat_map(|model| model.document.allow_statements());
            denies || !statements.any(allows_everything)
        });
        match (restricts, treatment) {
            (false, _) => Restriction::NotApplicable,
            (true, Treatment::Apply) => Restriction::Applied,
            (true, Treatment::Flag) => Restriction::Applicable,
        }
    }
}

fn allows_everything(statement: &Statement) -> bool {
    let all = |element: &ringfence_policy::PatternElement| {
        element.polarity == Polarity::Plain && element.patterns.iter().any(|own| own.value.is_any())
    };
    all(&statement.action)
        && statement.resource.as_ref().is_none_or(all)
        && statement.conditions.is_empty()
}
