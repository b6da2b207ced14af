//! Ids of findings: the same environment gives the same ids, and two analyzers never share one.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::inventory::{Resource, ResourceType};
use crate::observation::{ObservedPrincipal, ResourceControlPolicyRestriction, Source};

/// What a finding is about. Anything else may change without making it another finding.
pub(crate) struct Subject<'s> {
    /// The organization that is trusted, where the zone of trust is more than the account.
    pub(crate) organization: Option<&'s str>,
    pub(crate) resource: &'s Resource,
    pub(crate) resource_type: ResourceType,
    pub(crate) principal: &'s ObservedPrincipal,
    pub(crate) action: &'s [String],
    pub(crate) condition: &'s BTreeMap<String, String>,
    pub(crate) sources: &'s [Source],
    pub(crate) restriction: ResourceControlPolicyRestriction,
}

/// The id: a version 5 UUID of the analyzer's ARN and the subject.
pub(crate) fn finding_id(analyzer_arn: &str, subject: &Subject<'_>) -> String {
    let analyzer = Uuid::new_v5(&Uuid::NAMESPACE_URL, analyzer_arn.as_bytes());
    let sources: Vec<String> = subject.sources.iter().map(|source| format!("{source:?}")).collect();
    let mut name = serde_json::json!([
        subject.organization,
        subject.resource.arn,
        subject.resource.account.as_str(),
        subject.resource_type.as_str(),
        subject.principal.entry(),
        subject.action,
        subject.condition,
        sources,
        subject.restriction.as_str(),
    ]);
    if !subject.resource.has_name()
        && let Some(all) = name.as_array_mut()
    {
        let place = subject.resource.position;
        all.push(serde_json::json!([subject.resource.file.as_ref(), place.line, place.column]));
    }
    Uuid::new_v5(&analyzer, name.to_string().as_bytes()).to_string()
}
