//! What an analyzer of internal access sees now.

use std::collections::BTreeMap;

use rayon::prelude::*;
use ringfence_access::internal::{
    Analysis as Engine, InclusionCriteria, Inclusions, InternalObservation, InternalReport,
};
use ringfence_access::inventory::{Resource, ResourceType};
use ringfence_findings::analyzer::Analyzer;
use ringfence_findings::observation::{self as kept, Details, InternalAccess};
use ringfence_findings::reconcile::Completeness;
use ringfence_policy::AccountId;
use ringfence_store::reconciliation::{Analysis, Presence};
use serde_json::{Value, json};

use super::observe::{Subject, completeness, error, granted_by, id, source};

/// What is seen of those of `resources` that the analyzer includes.
pub(super) fn analyses<'e>(
    engine: &Engine<'e>,
    resources: &[&'e Resource],
    analyzer: &Analyzer,
) -> Vec<Analysis> {
    // What could not be read of users and roles may reach any resource: nothing is resolved then.
    let everything = completeness(engine.not_analyzed());
    resources
        .par_iter()
        .filter(|own| engine.includes(own))
        .map(|own| analysis(own, engine.resource(own), everything, analyzer))
        .collect()
}

fn analysis(
    resource: &Resource,
    report: InternalReport,
    everything: Completeness,
    analyzer: &Analyzer,
) -> Analysis {
    let mut observations: Vec<kept::Observation> =
        report.observations.into_iter().map(|own| observation(own, analyzer)).collect();
    if completeness(&report.not_analyzed) == Completeness::Incomplete {
        observations.push(error(&Subject::of(resource), report.not_analyzed.iter(), analyzer));
    }
    let all = [everything, completeness(&report.not_analyzed)];
    Analysis {
        resource: resource.arn.clone(),
        resource_type: resource.resource_type().as_str().to_owned(),
        resource_owner_account: resource.account.to_string(),
        observations,
        completeness: match all.contains(&Completeness::Incomplete) {
            true => Completeness::Incomplete,
            false => Completeness::Complete,
        },
        presence: Presence::There,
    }
}

fn observation(own: InternalObservation, analyzer: &Analyzer) -> kept::Observation {
    let evidence = json!({
        "accessLevels": own.access_levels.iter().map(|level| level.as_str()).collect::<Vec<_>>(),
        "witness": own.witness.to_scenario_json(),
        "grantedBy": own.granted_by.iter().map(granted_by).collect::<Vec<_>>(),
        "risk": own.risk.score,
    });
    kept::Observation {
        id: id(analyzer, &own.id),
        details: Details::Internal(InternalAccess {
            principal: BTreeMap::from([("AWS".to_owned(), own.principal)]),
            principal_owner_account: own.principal_owner_account.to_string(),
            principal_type: own.principal_type.as_str().to_owned(),
            access_type: own.access_type.as_str().to_owned(),
            action: own.action,
            condition: own.condition,
            sources: own.sources.iter().map(source).collect(),
            resource_control_policy_restriction: own
                .resource_control_policy_restriction
                .as_rcp_str()
                .to_owned(),
            service_control_policy_restriction: own
                .service_control_policy_restriction
                .as_scp_str()
                .to_owned(),
            evidence,
        }),
        resource: own.resource,
        resource_type: own.resource_type.as_str().to_owned(),
        resource_owner_account: own.resource_owner_account.to_string(),
        region: own.region.to_string(),
    }
}

/// AWS's `InternalAccessAnalysisRule` in the analyzer's configuration.
pub(super) fn inclusions(analyzer: &Analyzer) -> Inclusions {
    let rule = analyzer
        .configuration
        .as_ref()
        .and_then(|own| own.pointer("/internalAccess/analysisRule/inclusions"))
        .and_then(Value::as_array);
    let texts = |own: &Value, name: &str| -> Vec<String> {
        let listed = own.get(name).and_then(Value::as_array);
        listed.into_iter().flatten().filter_map(|own| own.as_str().map(str::to_owned)).collect()
    };
    let criteria = |own: &Value| InclusionCriteria {
        account_ids: texts(own, "accountIds").iter().filter_map(|id| AccountId::new(id)).collect(),
        resource_types: texts(own, "resourceTypes")
            .iter()
            .filter_map(|name| ResourceType::parse(name))
            .collect(),
        resource_arns: texts(own, "resourceArns").into_iter().collect(),
    };
    Inclusions { criteria: rule.into_iter().flatten().map(criteria).collect() }
}
