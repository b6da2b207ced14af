//! External access findings against those that AWS's service returned for the same policies.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use ringfence_access::external::{Analysis, ZoneChoice};
use ringfence_access::inventory::{
    Account, Configuration, Inventory, PolicySource, Resource, S3Bucket,
};
use ringfence_access::observation::{Observation, Source};
use ringfence_policy::location::Position;
use ringfence_policy::{AccountId, Partition};
use serde_json::{Value, json};

use super::Tally;

/// The bucket of the archived outputs, and the account that owns it and is the zone of trust.
const BUCKET: &str = "arn:aws:s3:::antsknmath";
const OWNER: &str = "222634363387";

/// Compares every folder of `dir` that holds a `policy.json` and a `findings.json`.
pub(crate) fn run(dir: &Path) -> Result<Tally> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(dir)
        .with_context(|| format!("cannot list {}", dir.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("findings.json").is_file())
        .collect();
    folders.sort();
    if folders.is_empty() {
        bail!("no folder of {} holds a findings.json", dir.display());
    }
    let mut tally = Tally::new("external-findings");
    for folder in folders {
        let expected = expected(&folder.join("findings.json"))?;
        match found(&folder.join("policy.json"))? {
            None => tally.unknown(&folder.display().to_string()),
            Some(found) if found == expected => tally.agree(),
            Some(found) => {
                let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
                    one.difference(other).take(3).cloned().collect::<Vec<_>>().join("\n    ")
                };
                tally.disagree(&format!(
                    "{}\n  only AWS:\n    {}\n  only ours:\n    {}",
                    folder.display(),
                    only(&expected, &found),
                    only(&found, &expected)
                ));
            }
        }
    }
    Ok(tally)
}

/// What is compared of a finding, as text: ids and times are AWS's own.
fn compared(finding: &Value) -> String {
    let member = |name: &str| finding.get(name).cloned().unwrap_or(Value::Null);
    let mut action = member("action");
    if let Some(actions) = action.as_array_mut() {
        actions.sort_by_key(ToString::to_string);
    }
    let mut condition: Vec<String> = member("condition")
        .as_object()
        .map(|all| all.iter().map(|(key, value)| format!("{key}={value}")).collect())
        .unwrap_or_default();
    condition.sort();
    json!([member("principal"), action, condition, member("isPublic"), member("sources")])
        .to_string()
}

fn expected(path: &Path) -> Result<BTreeSet<String>> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let parsed: Value = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
    let findings = parsed.get("findings").and_then(Value::as_array).cloned();
    Ok(findings.unwrap_or_default().iter().map(compared).collect())
}

/// The findings for the bucket with this policy; nothing when something was not decided.
fn found(path: &Path) -> Result<Option<BTreeSet<String>>> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let account = AccountId::new(OWNER).context("the owner is no account id")?;
    let file: Arc<str> = Arc::from(path.display().to_string());
    let bucket = S3Bucket {
        bucket_policy: Some(PolicySource::whole_file(&file, &text)),
        ..S3Bucket::default()
    };
    let mut inventory = Inventory::empty(Partition::Aws);
    inventory.accounts.insert(account.clone(), Account::new(account.clone()));
    inventory.resources.push(Resource {
        arn: BUCKET.to_owned(),
        account,
        region: Arc::from("eu-central-1"),
        tags: Vec::new(),
        file,
        position: Position { line: 1, column: 0, offset: 0 },
        configuration: Configuration::S3Bucket(Box::new(bucket)),
    });
    let analysis = Analysis::new(&inventory, ZoneChoice::Account);
    let reports = inventory.resources.iter().map(|resource| analysis.resource(resource));
    let mut findings = BTreeSet::new();
    for report in reports {
        if !report.not_analyzed.is_empty() {
            return Ok(None);
        }
        findings.extend(report.observations.iter().map(|own| compared(&as_json(own))));
    }
    Ok(Some(findings))
}

fn as_json(observation: &Observation) -> Value {
    let (kind, text) = observation.principal.entry();
    let kind_of = |source: &Source| match source {
        Source::Policy => json!({"type": "POLICY"}),
        Source::BucketAcl => json!({"type": "BUCKET_ACL"}),
        Source::S3AccessPoint(arn) => {
            json!({"type": "S3_ACCESS_POINT", "detail": {"accessPointArn": arn}})
        }
        Source::S3AccessPointAccount(id) => {
            json!({"type": "S3_ACCESS_POINT_ACCOUNT", "detail": {"accessPointAccount": id}})
        }
    };
    json!({
        "principal": {kind: text},
        "action": observation.action,
        "condition": observation.condition,
        "isPublic": observation.is_public,
        "sources": observation.sources.iter().map(kind_of).collect::<Vec<_>>(),
    })
}
