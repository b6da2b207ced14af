//! The example environment, read from its files and analyzed, gives the findings that were derived by
//! hand before there was a scanner.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops where something is not as it should be"
)]

use std::collections::BTreeSet;
use std::path::Path;

use ringfence_access::external::{Analysis, ZoneChoice};
use ringfence_access::observation::{Observation, Source};
use serde_json::{Value, json};

fn example(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/payments").join(name)
}

fn source(source: &Source) -> Value {
    match source {
        Source::Policy => json!({"type": "POLICY"}),
        Source::BucketAcl => json!({"type": "BUCKET_ACL"}),
        Source::S3AccessPoint(arn) => {
            json!({"type": "S3_ACCESS_POINT", "detail": {"accessPointArn": arn}})
        }
        Source::S3AccessPointAccount(id) => {
            json!({"type": "S3_ACCESS_POINT_ACCOUNT", "detail": {"accessPointAccount": id}})
        }
    }
}

fn finding(observation: &Observation) -> String {
    let (kind, who) = observation.principal.entry();
    let mut finding = json!({
        "resource": observation.resource,
        "resourceType": observation.resource_type.as_str(),
        "resourceOwnerAccount": observation.resource_owner_account.as_str(),
        "principal": {kind: who},
        "action": observation.action,
        "condition": observation.condition,
        "isPublic": observation.is_public,
    });
    if !observation.sources.is_empty() {
        finding["sources"] = observation.sources.iter().map(source).collect();
    }
    finding["resourceControlPolicyRestriction"] =
        observation.resource_control_policy_restriction.as_str().into();
    finding.to_string()
}

fn compare(zone: ZoneChoice, expected: &str) {
    let inventory = ringfence_sources::read_snapshot(&example("")).unwrap();
    let analysis = Analysis::new(&inventory, zone);
    let reports: Vec<_> = inventory.resources.iter().map(|own| analysis.resource(own)).collect();
    let found: BTreeSet<String> =
        reports.iter().flat_map(|report| &report.observations).map(finding).collect();
    let expected = std::fs::read_to_string(example(expected)).unwrap();
    let mut expected: Vec<Value> = serde_json::from_str(&expected).unwrap();
    for finding in &mut expected {
        finding.as_object_mut().unwrap().shift_remove("note");
    }
    let expected: BTreeSet<String> = expected.iter().map(Value::to_string).collect();
    let missing: Vec<_> = expected.difference(&found).collect();
    let surplus: Vec<_> = found.difference(&expected).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "missing: {missing:#?}\nnot expected: {surplus:#?}"
    );
    assert!(reports.iter().all(|report| report.not_analyzed.is_empty()));
}

#[test]
fn the_organization_as_zone_of_trust() {
    compare(ZoneChoice::Organization, "expected-findings.json");
}

#[test]
fn each_account_as_zone_of_trust() {
    compare(ZoneChoice::Account, "expected-findings-account-zone.json");
}
