//! The whole stack: how the layers that bind a request decide it together.
//!
//! - <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>
//! - <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>

use super::document::Decision;
use super::elements::Grant;
use super::facts::Facts;
use super::layers::{Reading, Readings, boundary, resource_policy};
use super::service_rules;
use super::stack::{Layer, Outcome, PolicyStack, Reason};
use crate::request::{Caller, RequestContext};

/// What becomes of `request` under the policies of `stack`, and why.
pub fn decide(request: &RequestContext, stack: &PolicyStack) -> Outcome {
    let facts = Facts::new(request, boundary(&request.caller, stack));
    if let Some(outcome) = service_rules::outcome(&facts) {
        return outcome;
    }
    let readings = Readings::new(&facts, stack);
    let denies: Vec<Reason> = readings.all().flat_map(Reading::denies).collect();
    if !denies.is_empty() {
        return Outcome { decision: Decision::ExplicitlyDenied, reasons: denies };
    }
    let mut needs = Needs::default();
    needs.all(ceilings(&readings));
    needs.all(access(&facts, &readings));
    needs.outcome()
}

/// What had to allow the request: each part either does (`Ok`) or does not (`Err`).
type Said = Result<Reason, Reason>;

#[derive(Default)]
struct Needs {
    met: Vec<Reason>,
    unmet: Vec<Reason>,
}

impl Needs {
    fn all(&mut self, said: Vec<Said>) {
        for said in said {
            match said {
                Ok(reason) => self.met.push(reason),
                Err(reason) => self.unmet.push(reason),
            }
        }
    }

    fn outcome(self) -> Outcome {
        match self.unmet.is_empty() {
            true => Outcome { decision: Decision::Allowed, reasons: self.met },
            false => Outcome { decision: Decision::ImplicitlyDenied, reasons: self.unmet },
        }
    }
}

/// Layers that grant nothing and whose every level must allow the request.
fn ceilings(readings: &Readings<'_>) -> Vec<Said> {
    let levels =
        readings.resource_control_policies.iter().chain(&readings.service_control_policies);
    levels.chain(&readings.endpoint_policies).map(Reading::allows).collect()
}

/// Whose policies have to allow the request.
enum Relation {
    /// The caller's account owns the resource: either side will do.
    SameAccount,
    /// Another account owns it: both sides must allow it.
    CrossAccount,
    /// The caller has no account that could have a say: the resource's side alone decides.
    ResourceSideOnly,
}

fn relation(facts: &Facts<'_>) -> Relation {
    match facts.caller() {
        Caller::Anonymous | Caller::Service(_) | Caller::Federated(_) => Relation::ResourceSideOnly,
        Caller::CanonicalUser(_) => Relation::CrossAccount,
        Caller::Root { .. }
        | Caller::User { .. }
        | Caller::Role { .. }
        | Caller::AssumedRole { .. }
        | Caller::FederatedUser { .. } => match facts.resource_account() {
            Some(owner) if facts.caller().account() != Some(owner.clone()) => {
                Relation::CrossAccount
            }
            // A resource of unknown owner is taken for the caller's, as AWS's simulator does:
            // https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html (ResourceOwner)
            Some(_) | None => Relation::SameAccount,
        },
    }
}

fn access(facts: &Facts<'_>, readings: &Readings<'_>) -> Vec<Said> {
    let grant = readings.resource_policy.as_ref().and_then(|reading| reading.grant(facts));
    match relation(facts) {
        Relation::SameAccount => same_account(facts, readings, grant),
        Relation::CrossAccount => {
            let mut said = vec![resource_side(grant)];
            said.extend(identity_side(facts, readings));
            said
        }
        Relation::ResourceSideOnly => vec![resource_side(grant)],
    }
}

/// The rules for one account, by how directly the resource policy stands for the caller.
fn same_account(
    facts: &Facts<'_>,
    readings: &Readings<'_>,
    grant: Option<(Grant, Reason)>,
) -> Vec<Said> {
    match grant {
        // Named itself (user, session) or as everyone: no implicit deny of another layer counts.
        Some((Grant::Direct, reason)) => vec![Ok(reason)],
        // Named through its role: boundary and session policies limit it, identity policies do not.
        Some((Grant::Role, reason)) => {
            let mut said = vec![Ok(reason)];
            said.extend(limits(readings));
            said
        }
        // Named through its account, which leaves it to the identity policies; or not at all.
        Some((Grant::Account, _)) | None => {
            let mut said = Vec::new();
            if resource_policy::must_allow(facts) {
                said.push(resource_side(grant));
            }
            said.extend(identity_side(facts, readings));
            said
        }
    }
}

fn resource_side(grant: Option<(Grant, Reason)>) -> Said {
    match grant {
        Some((_, reason)) => Ok(reason),
        None => Err(rule(Layer::ResourcePolicy, "no statement allows the request to the caller")),
    }
}

/// What the caller's own policies must say.
fn identity_side(facts: &Facts<'_>, readings: &Readings<'_>) -> Vec<Said> {
    let mut said = Vec::new();
    said.push(match (&readings.identity_policies, facts.caller()) {
        (_, Caller::Root { .. }) => {
            Ok(rule(Layer::Service, "the root user has every permission of its account"))
        }
        (Some(reading), _) => reading.allows(),
        (None, _) => {
            Err(rule(Layer::IdentityPolicies, "the caller has no policy that allows the request"))
        }
    });
    // The session of GetFederationToken gets nothing of its user's without a session policy.
    if let (Caller::FederatedUser { .. }, None) = (facts.caller(), &readings.session_policies) {
        said.push(Err(rule(
            Layer::SessionPolicies,
            "a federated user session has no permissions without a session policy",
        )));
    }
    said.extend(limits(readings));
    said
}

/// What limits the caller's permissions without granting any.
fn limits(readings: &Readings<'_>) -> impl Iterator<Item = Said> {
    let layers = [&readings.permissions_boundaries, &readings.session_policies];
    layers.into_iter().flatten().map(Reading::allows)
}

fn rule(layer: Layer, description: &'static str) -> Reason {
    Reason { layer, level: None, statement: None, description }
}
