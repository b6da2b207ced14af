//! What an analyzer sees now, in the shape in which findings are kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use ringfence_access::external::{self, ResourceReport, ZoneChoice};
use ringfence_access::inventory::{Inventory, NotAnalyzed, Resource, ResourceType};
use ringfence_access::observation::{GrantedBy, Observation, Source};
use ringfence_findings::analyzer::{Analyzer, Zone};
use ringfence_findings::observation::{self as kept, Details, ExternalAccess};
use ringfence_findings::reconcile::Completeness;
use ringfence_store::reconciliation::{Analysis, Presence};
use serde_json::{Value, json};
use uuid::Uuid;

use super::internal;

/// The resources with these ARNs that `analyzer` looks at.
pub(super) fn looked_at<'i>(
    inventory: &'i Inventory,
    analyzer: &Analyzer,
    arns: &'i [String],
) -> Vec<&'i Arc<Resource>> {
    let found = arns.iter().flat_map(|arn| inventory.resources.with_arn(arn));
    found.filter(|own| is_looked_at(analyzer, own.account.as_str())).collect()
}

/// Whether `analyzer` looks at resources of this account.
pub(super) fn is_looked_at(analyzer: &Analyzer, account: &str) -> bool {
    match analyzer.analyzer_type.zone() {
        Zone::Account => account == analyzer.account,
        Zone::Organization => true,
    }
}

/// What an analyzer of external access sees of the resources with these ARNs. What that takes depends on how many these
/// are, and on the organization, not on how many others there are.
pub(crate) fn external(
    inventory: &Inventory,
    analyzer: &Analyzer,
    arns: &[String],
) -> Vec<Analysis> {
    let zone = match analyzer.analyzer_type.zone() {
        Zone::Account => ZoneChoice::Account,
        Zone::Organization => ZoneChoice::Organization,
    };
    let resources: Vec<&Resource> =
        looked_at(inventory, analyzer, arns).into_iter().map(Arc::as_ref).collect();
    let engine = external::Analysis::of_resources(inventory, zone, &resources);
    resources.par_iter().map(|own| analysis(own, engine.resource(own), analyzer)).collect()
}

/// Adds what could not be read of these resources to what is seen of them: nothing of theirs is resolved, and a finding
/// says why.
pub(super) fn add_unread(
    inventory: &Inventory,
    analyzer: &Analyzer,
    arns: &[String],
    analyses: &mut Vec<Analysis>,
) {
    let asked: BTreeSet<&str> = arns.iter().map(String::as_str).collect();
    let mut unread: BTreeMap<&str, Vec<&NotAnalyzed>> = BTreeMap::new();
    for entry in &inventory.not_analyzed {
        let own = entry.resource.as_deref().and_then(|arn| asked.get(arn));
        if let Some(arn) = own {
            unread.entry(arn).or_default().push(entry);
        }
    }
    for (arn, entries) in unread {
        let known = analyses.iter_mut().find(|own| own.resource == arn);
        let Some(analysis) = known else {
            analyses.extend(not_read_at_all(analyzer, arn, &entries));
            continue;
        };
        analysis.completeness = Completeness::Incomplete;
        let is_told = analysis.observations.iter().any(|own| own.error().is_some());
        if !is_told {
            let region = entries.iter().find_map(|own| own.region.clone()).unwrap_or_default();
            let subject = Subject {
                arn,
                resource_type: &analysis.resource_type,
                account: &analysis.resource_owner_account,
                region: &region,
            };
            let observation = error(&subject, entries.into_iter(), analyzer);
            analysis.observations.push(observation);
        }
    }
}

/// A resource that is named among what could not be read, and of which nothing else is known.
fn not_read_at_all(analyzer: &Analyzer, arn: &str, entries: &[&NotAnalyzed]) -> Option<Analysis> {
    let own = entries.iter().find(|own| own.account.is_some() && own.resource_type.is_some())?;
    let (owner, resource_type) = (own.account.as_ref()?, own.resource_type.as_ref()?);
    let kind = ResourceType::parse(resource_type)?;
    let account = owner.as_str();
    let is_chosen = internal::inclusions(analyzer).contain_described(owner, kind, arn);
    if !is_looked_at(analyzer, account) || !is_chosen {
        return None;
    }
    let region = own.region.clone().unwrap_or_default();
    let subject = Subject { arn, resource_type, account, region: &region };
    Some(Analysis {
        resource: arn.to_owned(),
        resource_type: resource_type.clone(),
        resource_owner_account: account.to_owned(),
        observations: vec![error(&subject, entries.iter().copied(), analyzer)],
        completeness: Completeness::Incomplete,
        presence: Presence::There,
    })
}

fn analysis(resource: &Resource, report: ResourceReport, analyzer: &Analyzer) -> Analysis {
    let mut observations: Vec<kept::Observation> =
        report.observations.into_iter().map(|own| observation(own, analyzer)).collect();
    let completeness = completeness(&report.not_analyzed);
    if completeness == Completeness::Incomplete {
        observations.push(error(&Subject::of(resource), report.not_analyzed.iter(), analyzer));
    }
    Analysis {
        resource: resource.arn.clone(),
        resource_type: resource.resource_type().as_str().to_owned(),
        resource_owner_account: resource.account.to_string(),
        observations,
        completeness,
        presence: Presence::There,
    }
}

/// Whether everything was judged.
pub(super) fn completeness(not_analyzed: &[NotAnalyzed]) -> Completeness {
    match not_analyzed.is_empty() {
        true => Completeness::Complete,
        false => Completeness::Incomplete,
    }
}

/// An id of what is seen and of the analyzer that sees it: two analyzers never share one.
pub(super) fn id(analyzer: &Analyzer, subject: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{}\n{subject}", analyzer.arn).as_bytes())
        .to_string()
}

fn observation(own: Observation, analyzer: &Analyzer) -> kept::Observation {
    let (kind, who) = own.principal.entry();
    let evidence = json!({
        "accessLevels": own.access_levels.iter().map(|level| level.as_str()).collect::<Vec<_>>(),
        "witness": own.witness.to_scenario_json(),
        "grantedBy": own.granted_by.iter().map(granted_by).collect::<Vec<_>>(),
        "risk": own.risk.score,
    });
    kept::Observation {
        id: id(analyzer, &own.id),
        details: Details::External(ExternalAccess {
            principal: BTreeMap::from([(kind.to_owned(), who.to_owned())]),
            action: own.action,
            condition: own.condition,
            is_public: own.is_public,
            sources: own.sources.iter().map(source).collect(),
            resource_control_policy_restriction: own
                .resource_control_policy_restriction
                .as_str()
                .to_owned(),
            evidence,
        }),
        resource: own.resource,
        resource_type: own.resource_type.as_str().to_owned(),
        resource_owner_account: own.resource_owner_account.to_string(),
        region: own.region.to_string(),
    }
}

/// The resource that an error is about.
pub(super) struct Subject<'s> {
    arn: &'s str,
    resource_type: &'s str,
    account: &'s str,
    region: &'s str,
}

impl<'s> Subject<'s> {
    pub(super) fn of(resource: &'s Resource) -> Self {
        Self {
            arn: &resource.arn,
            resource_type: resource.resource_type().as_str(),
            account: resource.account.as_str(),
            region: &resource.region,
        }
    }
}

/// What says that a resource was not judged, or not all of it.
pub(super) fn error<'n>(
    subject: &Subject<'_>,
    not_analyzed: impl Iterator<Item = &'n NotAnalyzed>,
    analyzer: &Analyzer,
) -> kept::Observation {
    let reasons: Vec<&str> = not_analyzed.map(|own| own.reason.as_str()).collect();
    let code = match reasons.iter().any(|own| is_refusal(own)) {
        true => "ACCESS_DENIED",
        false => "INTERNAL_ERROR",
    };
    kept::Observation {
        id: id(analyzer, &format!("error\n{}", subject.arn)),
        resource: subject.arn.to_owned(),
        resource_type: subject.resource_type.to_owned(),
        resource_owner_account: subject.account.to_owned(),
        region: subject.region.to_owned(),
        details: Details::Error {
            finding_type: analyzer.analyzer_type.finding_type(),
            code: code.to_owned(),
            message: reasons.join("; "),
        },
    }
}

/// Whether a call was refused, by the code that a snapshot's `notRead` repeats from the service.
fn is_refusal(reason: &str) -> bool {
    let code = reason.split_once(" failed: ").map_or("", |(_, said)| said);
    let code = code.split([':', ' ']).next().unwrap_or_default();
    ["AccessDenied", "NotAuthorized", "Unauthorized", "AuthorizationError"]
        .iter()
        .any(|own| code.contains(own))
}

/// `FindingSource`.
pub(super) fn source(own: &Source) -> Value {
    match own {
        Source::Policy => json!({ "type": "POLICY" }),
        Source::BucketAcl => json!({ "type": "BUCKET_ACL" }),
        Source::S3AccessPoint(arn) => {
            json!({ "type": "S3_ACCESS_POINT", "detail": { "accessPointArn": arn } })
        }
        Source::S3AccessPointAccount(account) => json!({
            "type": "S3_ACCESS_POINT_ACCOUNT",
            "detail": { "accessPointAccount": account },
        }),
    }
}

pub(super) fn granted_by(own: &GrantedBy) -> Value {
    json!({
        "file": own.file.as_ref(),
        "statementIndex": own.statement_index,
        "sid": own.sid,
        "line": own.line,
        "column": own.column,
    })
}
