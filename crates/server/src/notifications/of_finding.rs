//! The facts of a stored finding.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ringfence_findings::analyzer::Analyzer;
use ringfence_findings::finding::Finding;
use ringfence_findings::observation::Details;
use ringfence_response::notification::{Notification, NotificationKind};
use ringfence_response::slot::Target;

/// A notification about a finding, with what the finding itself says; context and plan are the caller's to add.
#[must_use]
pub fn of_finding(
    analyzer: &Analyzer,
    finding: &Finding,
    kind: NotificationKind,
    at: Timestamp,
) -> Notification {
    let observation = &finding.observation;
    let names = |principal: &BTreeMap<String, String>| {
        principal.values().cloned().collect::<Vec<_>>().join(", ")
    };
    let (principal, actions, is_public) = match &observation.details {
        Details::External(own) => (names(&own.principal), own.action.clone(), own.is_public),
        Details::Internal(own) => (names(&own.principal), own.action.clone(), false),
        Details::Error { code, .. } => (format!("not known: {code}"), Vec::new(), false),
    };
    Notification {
        id: format!("{}/{}", finding.id(), kind.template()),
        kind,
        at,
        finding_id: finding.id().to_owned(),
        analyzer_arn: analyzer.arn.clone(),
        target: Target {
            resource_type: observation.resource_type.clone(),
            arn: observation.resource.clone(),
            account: observation.resource_owner_account.clone(),
            region: observation.region.clone(),
        },
        principal,
        actions,
        is_public,
        risk_score: None,
        tags: BTreeMap::new(),
        account: None,
        changed_by: None,
        resolution: None,
        reason: None,
    }
}
