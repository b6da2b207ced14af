//! What an analyzer sees now, in the shape in which findings are kept.

use std::collections::BTreeMap;

use rayon::prelude::*;
use ringfence_access::external::{self, ResourceReport, ZoneChoice};
use ringfence_access::inventory::{Inventory, NotAnalyzed, Resource};
use ringfence_access::observation::{GrantedBy, Observation, Source};
use ringfence_findings::analyzer::{Analyzer, Zone};
use ringfence_findings::observation::{self as kept, Details, ExternalAccess, FindingType};
use ringfence_findings::reconcile::Completeness;
use ringfence_store::reconciliation::{Analysis, Presence};
use serde_json::{Value, json};
use uuid::Uuid;

use super::internal;

/// What is seen of the resources that `analyzer` looks at and `chosen` names by ARN.
pub(crate) fn analyses(
    inventory: &Inventory,
    analyzer: &Analyzer,
    chosen: impl Fn(&str) -> bool + Sync,
) -> Vec<Analysis> {
    let zone = match analyzer.analyzer_type.zone() {
        Zone::Account => ZoneChoice::Account,
        Zone::Organization => ZoneChoice::Organization,
    };
    let is_looked_at = |own: &&Resource| match analyzer.analyzer_type.zone() {
        Zone::Account => own.account.as_str() == analyzer.account,
        Zone::Organization => true,
    };
    let resources: Vec<&Resource> =
        inventory.resources.iter().filter(is_looked_at).filter(|own| chosen(&own.arn)).collect();
    match analyzer.analyzer_type.finding_type() {
        FindingType::ExternalAccess => {
            let engine = external::Analysis::new(inventory, zone);
            let seen = resources.par_iter();
            seen.map(|own| analysis(own, engine.resource(own), analyzer)).collect()
        }
        FindingType::InternalAccess => internal::analyses(inventory, &resources, zone, analyzer),
    }
}

fn analysis(resource: &Resource, report: ResourceReport, analyzer: &Analyzer) -> Analysis {
    let mut observations: Vec<kept::Observation> =
        report.observations.into_iter().map(|own| observation(own, analyzer)).collect();
    let completeness = completeness(&report.not_analyzed);
    if completeness == Completeness::Incomplete {
        observations.push(error(resource, &report.not_analyzed, analyzer));
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

/// AWS's code for what is not a matter of permissions.
pub(super) fn error(
    resource: &Resource,
    not_analyzed: &[NotAnalyzed],
    analyzer: &Analyzer,
) -> kept::Observation {
    let reasons: Vec<&str> = not_analyzed.iter().map(|own| own.reason.as_str()).collect();
    kept::Observation {
        id: id(analyzer, &format!("error\n{}", resource.arn)),
        resource: resource.arn.clone(),
        resource_type: resource.resource_type().as_str().to_owned(),
        resource_owner_account: resource.account.to_string(),
        region: resource.region.to_string(),
        details: Details::Error {
            finding_type: analyzer.analyzer_type.finding_type(),
            code: "INTERNAL_ERROR".to_owned(),
            message: reasons.join("; "),
        },
    }
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
