//! The layers of the stack: whom each binds, and what its documents say together.
//!
//! A unit here returns nothing when the layer does not exist or does not bind the request.

mod endpoint_policies;
mod identity_policies;
mod permissions_boundaries;
pub(super) mod resource_control_policies;
pub(super) mod resource_policy;
mod service_control_policies;
mod session_policies;

use std::sync::Arc;

use super::document::matching;
use super::elements::{Grant, grant};
use super::facts::{Boundary, Facts};
use super::stack::{Layer, PolicyStack, Reason, StatementReference};
use crate::document::{Effect, PolicyDocument, Statement};
use crate::request::Caller;

/// Whether a permissions boundary is attached to the caller.
pub(super) fn boundary(caller: &Caller, stack: &PolicyStack) -> Boundary {
    match stack.permissions_boundaries {
        Some(_) if is_iam_principal(caller) => Boundary::Attached,
        Some(_) | None => Boundary::None,
    }
}

/// What the layers that bind a request say of it.
pub(super) struct Readings<'p> {
    /// One a level, from the root of the organization down.
    pub(super) resource_control_policies: Vec<Reading<'p>>,
    /// One a level, from the root of the organization down.
    pub(super) service_control_policies: Vec<Reading<'p>>,
    pub(super) endpoint_policies: Option<Reading<'p>>,
    pub(super) resource_policy: Option<Reading<'p>>,
    pub(super) identity_policies: Option<Reading<'p>>,
    pub(super) permissions_boundaries: Option<Reading<'p>>,
    pub(super) session_policies: Option<Reading<'p>>,
}

impl<'p> Readings<'p> {
    pub(super) fn new(facts: &Facts<'_>, stack: &'p PolicyStack) -> Self {
        Self {
            resource_control_policies: resource_control_policies::read(facts, stack),
            service_control_policies: service_control_policies::read(facts, stack),
            endpoint_policies: endpoint_policies::read(facts, stack),
            resource_policy: resource_policy::read(facts, stack),
            identity_policies: identity_policies::read(facts, stack),
            permissions_boundaries: permissions_boundaries::read(facts, stack),
            session_policies: session_policies::read(facts, stack),
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Reading<'p>> {
        let Self {
            resource_control_policies,
            service_control_policies,
            endpoint_policies,
            resource_policy,
            identity_policies,
            permissions_boundaries,
            session_policies,
        } = self;
        let levels = resource_control_policies.iter().chain(service_control_policies);
        let single = [
            endpoint_policies,
            resource_policy,
            identity_policies,
            permissions_boundaries,
            session_policies,
        ];
        levels.chain(single.into_iter().flatten())
    }
}

/// The statements of one layer, or of one level of it, that are about the request.
pub(super) struct Reading<'p> {
    layer: Layer,
    level: Option<usize>,
    /// Document by document: its place in the layer, and the statement.
    matching: Vec<(usize, &'p Statement)>,
}

impl<'p> Reading<'p> {
    fn new(
        layer: Layer,
        level: Option<usize>,
        documents: &'p [Arc<PolicyDocument>],
        facts: &Facts<'_>,
    ) -> Self {
        let of_document = |(index, document): (usize, &'p Arc<PolicyDocument>)| {
            matching(document, facts).map(move |statement| (index, statement)).collect::<Vec<_>>()
        };
        let matching = documents.iter().enumerate().flat_map(of_document).collect();
        Self { layer, level, matching }
    }

    /// One reading a level.
    fn levels(
        layer: Layer,
        levels: &'p [Vec<Arc<PolicyDocument>>],
        facts: &Facts<'_>,
    ) -> Vec<Self> {
        if levels.is_empty() {
            return vec![Self { layer, level: None, matching: Vec::new() }];
        }
        let level = |(level, documents): (usize, &'p Vec<_>)| {
            Self::new(layer, Some(level), documents, facts)
        };
        levels.iter().enumerate().map(level).collect()
    }

    /// The Deny statements that match.
    pub(super) fn denies(&self) -> impl Iterator<Item = Reason> {
        let denies = self.matching.iter().filter(|(_, s)| s.effect.value == Effect::Deny);
        denies.map(|found| self.reason(found, "the statement denies the request"))
    }

    /// The first Allow statement that matches, or that nothing here allows the request.
    pub(super) fn allows(&self) -> Result<Reason, Reason> {
        let mut allows = self.matching.iter().filter(|(_, s)| s.effect.value == Effect::Allow);
        match allows.next() {
            Some(found) => Ok(self.reason(found, ALLOWS)),
            None => Err(Reason {
                layer: self.layer,
                level: self.level,
                statement: None,
                description: "no statement allows the request",
            }),
        }
    }

    /// The Allow statement that stands for the caller most directly, and how it does.
    pub(super) fn grant(&self, facts: &Facts<'_>) -> Option<(Grant, Reason)> {
        let mut best: Option<(Grant, Reason)> = None;
        for found in self.matching.iter().filter(|(_, s)| s.effect.value == Effect::Allow) {
            let element = found.1.principal.as_ref();
            let grant = element.map_or(Some(Grant::Direct), |element| grant(element, facts));
            if let Some(grant) = grant
                && best.as_ref().is_none_or(|(best, _)| *best < grant)
            {
                best = Some((grant, self.reason(found, ALLOWS)));
            }
        }
        best
    }

    fn reason(&self, found: &(usize, &Statement), description: &'static str) -> Reason {
        let (policy_index, statement) = *found;
        let reference = StatementReference {
            policy_index,
            statement_index: statement.index,
            sid: statement.sid().map(str::to_owned),
        };
        Reason { layer: self.layer, level: self.level, statement: Some(reference), description }
    }
}

const ALLOWS: &str = "the statement allows the request";

/// Whether the caller is a session of a service-linked role, as far as its path is known.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-friendly-names>
fn is_service_linked_role(facts: &Facts<'_>) -> bool {
    let is_linked = |resource: &str| resource.starts_with("role/aws-service-role/");
    match facts.caller() {
        Caller::Role { arn } => is_linked(&arn.resource),
        _ => facts.given_session_role().is_some_and(|role| is_linked(&role.resource)),
    }
}

/// Whether the caller is a user or role of IAM, or a session of one: those have identity policies,
/// permissions boundaries and session policies. The root user has neither of the first two.
fn is_iam_principal(caller: &Caller) -> bool {
    match caller {
        Caller::User { .. }
        | Caller::Role { .. }
        | Caller::AssumedRole { .. }
        | Caller::FederatedUser { .. }
        | Caller::CanonicalUser(_) => true,
        Caller::Anonymous | Caller::Service(_) | Caller::Root { .. } | Caller::Federated(_) => {
            false
        }
    }
}
