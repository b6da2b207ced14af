//! Invented analyzers, observations and acts.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ringfence_findings::analyzer::{Analyzer, AnalyzerStatus, AnalyzerType};
use ringfence_findings::archive_rule::ArchiveRule;
use ringfence_findings::filter::{Criterion, Filter};
use ringfence_findings::observation::{Details, ExternalAccess, FindingType, Observation};
use ringfence_findings::reconcile::Completeness;
use ringfence_store::Act;
use ringfence_store::reconciliation::{Analysis, Presence};

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const REGION: &str = "eu-west-1";

/// Seconds after some day.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

pub(crate) fn act(operation: &'static str, seconds: i64) -> Act<'static> {
    Act { who: "alice", operation, at: at(seconds), token: None }
}

pub(crate) fn arn(name: &str) -> String {
    format!("arn:aws:access-analyzer:{REGION}:{ACCOUNT}:analyzer/{name}")
}

pub(crate) fn analyzer(name: &str, analyzer_type: AnalyzerType) -> Analyzer {
    Analyzer {
        arn: arn(name),
        name: name.to_owned(),
        account: ACCOUNT.to_owned(),
        region: REGION.to_owned(),
        analyzer_type,
        created_at: at(0),
        last_resource_analyzed: None,
        last_resource_analyzed_at: None,
        tags: BTreeMap::new(),
        status: AnalyzerStatus::Active,
        status_reason: None,
        configuration: None,
    }
}

/// Access of the principal `who` to `resource`; everybody's is public, nobody's is an error.
pub(crate) fn observation(analyzer: &str, resource: &str, who: &str) -> Observation {
    let details = match who {
        "nobody" => Details::Error {
            finding_type: FindingType::ExternalAccess,
            code: "ACCESS_DENIED".to_owned(),
            message: "it could not be read".to_owned(),
        },
        _ => Details::External(ExternalAccess {
            principal: BTreeMap::from([("AWS".to_owned(), who.to_owned())]),
            action: vec!["s3:GetObject".to_owned()],
            condition: match who {
                "*" => BTreeMap::new(),
                _ => BTreeMap::from([("aws:SourceVpc".to_owned(), format!("vpc-{who}"))]),
            },
            is_public: who == "*",
            resource_control_policy_restriction: "NOT_APPLICABLE".to_owned(),
            ..ExternalAccess::default()
        }),
    };
    Observation {
        id: format!("{analyzer}/{resource}/{who}"),
        resource: bucket(resource),
        resource_type: "AWS::S3::Bucket".to_owned(),
        resource_owner_account: ACCOUNT.to_owned(),
        region: REGION.to_owned(),
        details,
    }
}

pub(crate) fn bucket(name: &str) -> String {
    format!("arn:aws:s3:::{name}")
}

pub(crate) fn analysis(analyzer: &str, resource: &str, who: &[&str]) -> Analysis {
    Analysis {
        resource: bucket(resource),
        resource_type: "AWS::S3::Bucket".to_owned(),
        resource_owner_account: ACCOUNT.to_owned(),
        observations: who.iter().map(|who| observation(analyzer, resource, who)).collect(),
        completeness: Completeness::Complete,
        presence: Presence::There,
    }
}

pub(crate) fn eq(value: &str) -> Criterion {
    Criterion { eq: Some(vec![value.to_owned()]), ..Criterion::default() }
}

pub(crate) fn filter(criteria: &[(&str, Criterion)]) -> Filter {
    Filter(criteria.iter().map(|(key, own)| ((*key).to_owned(), own.clone())).collect())
}

pub(crate) fn rule(name: &str, criteria: &[(&str, Criterion)]) -> ArchiveRule {
    ArchiveRule {
        rule_name: name.to_owned(),
        filter: filter(criteria),
        created_at: at(0),
        updated_at: at(0),
    }
}
