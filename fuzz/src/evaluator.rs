//! Scenarios through the evaluator: it always decides, a deny that matches goes before everything, and
//! limits never give.

use std::sync::Arc;

use arbitrary::Unstructured;
use ringfence_policy::evaluate::{
    Decision, Layer, Match, Outcome as Decided, PolicyStack, decide, document_decision,
    statement_matches,
};
use ringfence_policy::{
    Effect, PolicyDocument, RequestContext, Scenario, json, parse_policy, scenario_from_json,
};

use super::generate;

/// What came of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The bytes ended too soon, or what they describe is no scenario.
    NoScenario,
    /// The decision on the scenario.
    Decided(Decision),
}

/// Makes a scenario of `data` and decides it.
pub fn run(data: &[u8]) -> Outcome {
    let mut u = Unstructured::new(data);
    let Ok(scenario) = generate::scenario(&mut u) else { return Outcome::NoScenario };
    let text = scenario.to_string();
    let Ok(Scenario { request, policies }) = scenario_from_json(&json::parse(&text).value) else {
        return Outcome::NoScenario;
    };
    let before = decide(&request, &policies);
    assert_eq!(before, decide(&request, &policies), "the same scenario is decided twice: {text}");
    check_reasons(&before, &policies, &text);
    for document in documents(&policies) {
        check_document(document, &request, &text);
    }
    check_additions(&before, &request, &policies, &text);
    Outcome::Decided(before.decision)
}

/// A document denies when a Deny statement matches, and else allows when an Allow statement does.
fn check_document(document: &PolicyDocument, request: &RequestContext, text: &str) {
    let matches = |effect: Effect| {
        let own = document.statements.iter().filter(|own| own.effect.value == effect);
        own.into_iter().any(|own| statement_matches(own, request) == Match::Matches)
    };
    let expected = match (matches(Effect::Deny), matches(Effect::Allow)) {
        (true, _) => Decision::ExplicitlyDenied,
        (false, true) => Decision::Allowed,
        (false, false) => Decision::ImplicitlyDenied,
    };
    assert_eq!(document_decision(document, request), expected, "{text}");
}

/// There are reasons; those of an explicit deny name Deny statements, those of an allow Allow statements.
fn check_reasons(decided: &Decided, policies: &PolicyStack, text: &str) {
    assert!(!decided.reasons.is_empty(), "a decision without a reason: {text}");
    for reason in &decided.reasons {
        let Some(place) = &reason.statement else {
            assert_ne!(decided.decision, Decision::ExplicitlyDenied, "{text}");
            continue;
        };
        let documents = layer(policies, reason.layer, reason.level);
        let statement = documents
            .get(place.policy_index)
            .and_then(|document| document.statements.get(place.statement_index));
        let effect = statement.map(|statement| statement.effect.value);
        let expected = match decided.decision {
            Decision::ExplicitlyDenied => Effect::Deny,
            Decision::Allowed | Decision::ImplicitlyDenied => Effect::Allow,
        };
        assert_eq!(effect, Some(expected), "{reason:?} names another statement: {text}");
    }
}

/// Deny statements that are added never give, Allow statements never undo a deny, and a resource policy
/// that denies everything leaves only what needs no permission.
fn check_additions(before: &Decided, request: &RequestContext, policies: &PolicyStack, text: &str) {
    for layer in 0..LAYERS {
        let (mut denied, mut allowed) = (policies.clone(), policies.clone());
        let after = match add(&mut denied, layer, Effect::Deny) {
            true => decide(request, &denied).decision,
            false => continue,
        };
        let allowed_before = before.decision == Decision::Allowed;
        assert!(after != Decision::Allowed || allowed_before, "a deny gives: {text}");
        if before.decision == Decision::ExplicitlyDenied {
            assert_eq!(after, before.decision, "a deny undoes a deny: {text}");
            add(&mut allowed, layer, Effect::Allow);
            let after = decide(request, &allowed).decision;
            assert_eq!(after, before.decision, "an allow undoes a deny: {text}");
        }
    }
    let everything = Arc::new(everything(Effect::Deny, Principals::Named));
    let closed = PolicyStack { resource_policy: Some(everything), ..policies.clone() };
    let needs_permission = !request.action.eq_ignore_ascii_case("sts:GetCallerIdentity");
    if needs_permission {
        assert_ne!(decide(request, &closed).decision, Decision::Allowed, "{text}");
    }
}

const LAYERS: usize = 7;

/// Adds a statement about everything to the first document of a layer that exists.
fn add(policies: &mut PolicyStack, layer: usize, effect: Effect) -> bool {
    let PolicyStack {
        management_account: _,
        identity_policies,
        permissions_boundaries,
        session_policies,
        resource_policy,
        endpoint_policies,
        service_control_policies,
        resource_control_policies,
    } = policies;
    let (document, principals) = match layer {
        0 => (first(identity_policies), Principals::Implied),
        1 => (first(permissions_boundaries), Principals::Implied),
        2 => (first(session_policies), Principals::Implied),
        3 => (first(endpoint_policies), Principals::Named),
        4 => (resource_policy.as_mut(), Principals::Named),
        5 => (first_of_levels(service_control_policies), Principals::Implied),
        _ => (first_of_levels(resource_control_policies), Principals::Named),
    };
    let Some(document) = document else { return false };
    let index = document.statements.len();
    let added = everything(effect, principals).statements.into_iter();
    let added = added.map(|statement| ringfence_policy::Statement { index, ..statement });
    Arc::make_mut(document).statements.extend(added);
    true
}

type Documents = Vec<Arc<PolicyDocument>>;

fn first(layer: &mut Option<Documents>) -> Option<&mut Arc<PolicyDocument>> {
    layer.as_mut()?.first_mut()
}

fn first_of_levels(levels: &mut Option<Vec<Documents>>) -> Option<&mut Arc<PolicyDocument>> {
    levels.as_mut()?.first_mut()?.first_mut()
}

#[derive(Clone, Copy)]
enum Principals {
    Named,
    Implied,
}

fn everything(effect: Effect, principals: Principals) -> PolicyDocument {
    let effect = match effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    };
    let principal = match principals {
        Principals::Named => r#""Principal": "*","#,
        Principals::Implied => "",
    };
    let statement =
        format!(r#"{{"Effect": "{effect}", {principal} "Action": "*", "Resource": "*"}}"#);
    parse_policy(&format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#)).document
}

fn documents(policies: &PolicyStack) -> impl Iterator<Item = &Arc<PolicyDocument>> {
    let layers = [
        &policies.identity_policies,
        &policies.permissions_boundaries,
        &policies.session_policies,
        &policies.endpoint_policies,
    ];
    let levels = [&policies.service_control_policies, &policies.resource_control_policies];
    let of_layers = layers.into_iter().flatten().flatten();
    of_layers
        .chain(levels.into_iter().flatten().flatten().flatten())
        .chain(&policies.resource_policy)
}

/// The documents that a reason's statement is counted in.
fn layer<'p>(
    policies: &'p PolicyStack,
    layer: Layer,
    level: Option<usize>,
) -> &'p [Arc<PolicyDocument>] {
    let of_level =
        |levels: &'p Option<Vec<Documents>>| levels.as_ref()?.get(level?).map(Vec::as_slice);
    let documents = match layer {
        Layer::IdentityPolicies => policies.identity_policies.as_deref(),
        Layer::PermissionsBoundaries => policies.permissions_boundaries.as_deref(),
        Layer::SessionPolicies => policies.session_policies.as_deref(),
        Layer::EndpointPolicies => policies.endpoint_policies.as_deref(),
        Layer::ResourcePolicy => policies.resource_policy.as_ref().map(std::slice::from_ref),
        Layer::ServiceControlPolicies => of_level(&policies.service_control_policies),
        Layer::ResourceControlPolicies => of_level(&policies.resource_control_policies),
        Layer::Service => None,
    };
    documents.unwrap_or_default()
}
