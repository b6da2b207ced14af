//! Analyzers, rules and findings with AWS's members.

use jiff::Timestamp;
use ringfence_findings::analyzer::Analyzer;
use ringfence_findings::archive_rule::ArchiveRule;
use ringfence_findings::finding::Finding;
use ringfence_findings::observation::{Details, ExternalAccess, InternalAccess};
use serde_json::{Map, Value, json};

use crate::api;

/// A time as AWS writes it.
pub(crate) fn time(at: Timestamp) -> String {
    api::Timestamp(at).to_string()
}

/// `AnalyzerSummary`.
pub(crate) fn analyzer(own: &Analyzer) -> Value {
    let mut members = json!({
        "arn": own.arn,
        "name": own.name,
        "type": own.analyzer_type.as_str(),
        // AWS writes this time in whole seconds.
        "createdAt": own.created_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "status": own.status.as_str(),
        "tags": own.tags,
    });
    let reason = own.status_reason.as_ref().map(|code| json!({ "code": code }));
    put(&mut members, "statusReason", reason);
    put(
        &mut members,
        "lastResourceAnalyzed",
        own.last_resource_analyzed.as_ref().map(|arn| json!(arn)),
    );
    let at = own.last_resource_analyzed_at.map(|at| json!(time(at)));
    put(&mut members, "lastResourceAnalyzedAt", at);
    put(&mut members, "configuration", own.configuration.clone());
    members
}

/// `ArchiveRuleSummary`.
pub(crate) fn archive_rule(own: &ArchiveRule) -> Value {
    json!({
        "ruleName": own.rule_name,
        "filter": own.filter,
        "createdAt": time(own.created_at),
        "updatedAt": time(own.updated_at),
    })
}

/// `FindingSummary`, and `Finding`, which has the same members.
pub(crate) fn finding(own: &Finding) -> Value {
    let mut members = finding_v2(own);
    if let Value::Object(members) = &mut members {
        members.shift_remove("findingType");
        members.insert("condition".to_owned(), json!({}));
    }
    if let Details::External(access) = &own.observation.details {
        merge(&mut members, external(access));
    }
    members
}

/// `FindingSummaryV2`.
pub(crate) fn finding_v2(own: &Finding) -> Value {
    let observation = &own.observation;
    let mut members = json!({
        "id": observation.id,
        "resource": observation.resource,
        "resourceType": observation.resource_type,
        "resourceOwnerAccount": observation.resource_owner_account,
        "status": own.status.as_str(),
        "findingType": observation.finding_type().as_str(),
        "createdAt": time(own.created_at),
        "analyzedAt": time(own.analyzed_at),
        "updatedAt": time(own.updated_at),
    });
    put(&mut members, "error", observation.error().map(|code| json!(code)));
    members
}

/// The list `findingDetails`, which has one member.
pub(crate) fn details(own: &Finding) -> Value {
    let external_error = || json!({ "externalAccessDetails": { "condition": {} } });
    let details = match &own.observation.details {
        Details::External(access) => json!({ "externalAccessDetails": external(access) }),
        Details::Internal(access) => json!({ "internalAccessDetails": internal(access) }),
        Details::Error { .. } => match own.observation.finding_type().as_str() {
            "InternalAccess" => json!({ "internalAccessDetails": {} }),
            _ => external_error(),
        },
    };
    json!([details])
}

/// `ExternalAccessDetails`.
pub(crate) fn external(own: &ExternalAccess) -> Value {
    let mut members = json!({
        "principal": own.principal,
        "action": own.action,
        "condition": own.condition,
        "isPublic": own.is_public,
        "resourceControlPolicyRestriction": own.resource_control_policy_restriction,
    });
    put(&mut members, "sources", (!own.sources.is_empty()).then(|| json!(own.sources)));
    members
}

fn internal(own: &InternalAccess) -> Value {
    let mut members = json!({
        "principal": own.principal,
        "principalOwnerAccount": own.principal_owner_account,
        "principalType": own.principal_type,
        "accessType": own.access_type,
        "action": own.action,
        "condition": own.condition,
        "resourceControlPolicyRestriction": own.resource_control_policy_restriction,
        "serviceControlPolicyRestriction": own.service_control_policy_restriction,
    });
    put(&mut members, "sources", (!own.sources.is_empty()).then(|| json!(own.sources)));
    members
}

/// Adds a member that is there.
pub(crate) fn put(members: &mut Value, name: &str, value: Option<Value>) {
    if let (Some(value), Value::Object(members)) = (value, members) {
        members.insert(name.to_owned(), value);
    }
}

fn merge(members: &mut Value, more: Value) {
    if let (Value::Object(members), Value::Object(more)) = (members, more) {
        let more: Map<String, Value> = more;
        members.extend(more);
    }
}
