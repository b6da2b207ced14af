//! Whether a key's policy allows a call: decided by the evaluator that judges everybody else's policies.
//!
//! What the policy does not allow is denied. Actions and resources are those that AWS lists for the service:
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiamaccessanalyzer.html>

use std::collections::BTreeMap;
use std::sync::Arc;

use ringfence_policy::evaluate::{Decision, PolicyStack, decide};
use ringfence_policy::{AccountId, Arn, Caller, ConditionKey, ContextValue, RequestContext};
use serde_json::Value;

use crate::api::Exception;
use crate::api::exception::ExceptionKind;
use crate::service::Call;

/// What an operation acts on, as policies name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Nothing that has an ARN: policies say `*`.
    Any,
    /// The analyzer whose ARN is the member `analyzerArn`.
    AnalyzerArn,
    /// The analyzer whose name is the member `analyzerName`.
    AnalyzerName,
    /// The archive rule `ruleName` of the analyzer `analyzerName` or `analyzerArn`.
    ArchiveRule,
    /// What the member `resourceArn` names.
    ResourceArn,
}

/// Refuses a call that the key's policy does not allow, or that is about another account or Region.
///
/// # Errors
/// `AccessDeniedException`.
pub(crate) fn authorize(
    call: &Call<'_>,
    action: &str,
    target: Target,
    input: &Value,
) -> Result<(), Exception> {
    let resource = resource(call, target, input);
    if resource != "*" && !is_own(call, &resource) {
        return Err(denied(call, action, &resource));
    }
    if is_allowed(call, action, &resource, context(call, input)) {
        return Ok(());
    }
    Err(denied(call, action, &resource))
}

/// Refuses a call of one of our own operations that the key's policy does not allow: an action of `own_actions`.
///
/// # Errors
/// `AccessDeniedException`.
pub(crate) fn authorize_own(
    call: &Call<'_>,
    action: &str,
    resource: &str,
) -> Result<(), Exception> {
    match is_allowed(call, action, resource, context(call, &Value::Null)) {
        true => Ok(()),
        false => Err(denied(call, action, resource)),
    }
}

/// Whether the key's policy allows `action` on `resource`.
pub(crate) fn is_allowed(
    call: &Call<'_>,
    action: &str,
    resource: &str,
    context: BTreeMap<ConditionKey, ContextValue>,
) -> bool {
    let Some(document) = call.key.policy() else { return false };
    let Some(caller) = Caller::parse(&call.key.user_arn()) else { return false };
    let request = RequestContext {
        caller,
        action: qualified(action),
        resource: resource.to_owned(),
        resource_account: AccountId::new(&call.key.account),
        context,
    };
    let stack = PolicyStack {
        identity_policies: Some(vec![Arc::clone(document)]),
        ..PolicyStack::default()
    };
    decide(&request, &stack).decision == Decision::Allowed
}

/// The context keys of a call.
pub(crate) fn context(call: &Call<'_>, input: &Value) -> BTreeMap<ConditionKey, ContextValue> {
    let single = |text: &str| ContextValue::Single(text.to_owned());
    let mut context = BTreeMap::from([
        (ConditionKey::new("aws:RequestedRegion"), single(&call.service.settings.region)),
        (ConditionKey::new("aws:username"), single(&call.key.name)),
        (ConditionKey::new("aws:userid"), single(&call.key.id)),
        (ConditionKey::new("aws:SourceIp"), single(&call.peer.to_string())),
        (ConditionKey::new("aws:SecureTransport"), single(call.secure_transport())),
        (ConditionKey::new("aws:CurrentTime"), single(&call.now.to_string())),
        (ConditionKey::new("aws:EpochTime"), single(&call.now.as_second().to_string())),
    ]);
    let tags = input.get("tags").and_then(Value::as_object);
    let keys = input.get("tagKeys").and_then(Value::as_array);
    let mut names: Vec<String> =
        keys.into_iter().flatten().filter_map(|key| key.as_str().map(str::to_owned)).collect();
    for (name, value) in tags.into_iter().flatten() {
        names.push(name.clone());
        let key = ConditionKey::new(&format!("aws:RequestTag/{name}"));
        context.insert(key, single(value.as_str().unwrap_or_default()));
    }
    if !names.is_empty() {
        context.insert(ConditionKey::new("aws:TagKeys"), ContextValue::Many(names));
    }
    context
}

fn resource(call: &Call<'_>, target: Target, input: &Value) -> String {
    let member = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default();
    let analyzer = || match member("analyzerArn") {
        "" => call.analyzer_arn(member("analyzerName")),
        arn => arn.to_owned(),
    };
    match target {
        Target::Any => "*".to_owned(),
        Target::AnalyzerArn | Target::AnalyzerName => analyzer(),
        Target::ArchiveRule => format!("{}/archive-rule/{}", analyzer(), member("ruleName")),
        Target::ResourceArn => member("resourceArn").to_owned(),
    }
}

/// Whether an ARN is of this service, the key's account and this Region.
fn is_own(call: &Call<'_>, resource: &str) -> bool {
    Arn::parse(resource).is_some_and(|arn| {
        arn.partition == call.service.settings.partition.as_str()
            && arn.service == "access-analyzer"
            && arn.region == call.service.settings.region
            && arn.account == call.key.account
    })
}

/// An action with its service: AWS's have that of the API, ours (`own_actions`) are written with theirs.
fn qualified(action: &str) -> String {
    if action.contains(':') { action.to_owned() } else { format!("access-analyzer:{action}") }
}

fn denied(call: &Call<'_>, action: &str, resource: &str) -> Exception {
    let user = call.key.user_arn();
    let message = format!(
        "{user} may not call {} on {resource}; the key's policy decides",
        qualified(action)
    );
    Exception::new(ExceptionKind::AccessDenied, message)
}
