//! What no policy decides: calls that need no permission, and calls that a kind of caller cannot make.

use super::document::Decision;
use super::facts::Facts;
use super::stack::{Layer, Outcome, Reason};
use crate::request::Caller;

/// The outcome, where a rule of the service settles it before any policy is read.
pub(super) fn outcome(facts: &Facts<'_>) -> Option<Outcome> {
    let (decision, description) = rule(facts)?;
    let reason = Reason { layer: Layer::Service, level: None, statement: None, description };
    Some(Outcome { decision, reasons: vec![reason] })
}

fn rule(facts: &Facts<'_>) -> Option<(Decision, &'static str)> {
    let service = facts.service();
    match facts.caller() {
        // Anonymous requests are known to a few services only; STS and KMS want every request signed.
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
        Caller::Anonymous if matches!(service.as_str(), "sts" | "kms") => {
            Some((Decision::ImplicitlyDenied, "the service answers no unsigned request"))
        }
        // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
        Caller::Federated(_) if service != "sts" => Some((
            Decision::ImplicitlyDenied,
            "who has only an identity provider's token can assume a role and nothing else",
        )),
        // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
        Caller::Root { .. } if facts.is_action("sts:AssumeRole") => {
            Some((Decision::ImplicitlyDenied, "a root user cannot assume a role"))
        }
        Caller::Federated(_) => None,
        // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
        _ if facts.is_action("sts:GetCallerIdentity") => {
            Some((Decision::Allowed, "the call needs no permission and cannot be denied"))
        }
        _ => None,
    }
}
