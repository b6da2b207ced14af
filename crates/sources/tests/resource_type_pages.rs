//! Runs the examples of the pages of resource types.
//!
//! An example is a resource file of account 111122223333, or an object with the other files it needs:
//! `{"zone": "account", "account": {…}, "organization": {…}, "resource": {…}}` with `resource` last, where
//! `account` is `account.json` without its id. Each line of the output is one finding:
//!
//! `principal | actions | conditions | public or not | sources | access levels | what grants it`
//!
//! with `RCP` and its restriction behind it where one bears on it, and `via` with the resource of the witness where
//! that is an access point. `nobody` stands where there is no finding; `not analyzed` with line and reason follows.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is not as it should be"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use ringfence_access::external::{Analysis, ZoneChoice};
use ringfence_access::inventory::Inventory;
use ringfence_access::observation::{
    GrantedBy, Observation, ResourceControlPolicyRestriction, Source,
};
use ringfence_page_test::Block;
use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";

/// More actions than these are counted, not listed.
const LISTED: usize = 6;

#[test]
fn pages() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../access/src/resource_types");
    ringfence_page_test::run(pages, &["README"], analyze);
}

fn analyze(block: &Block<'_>) -> String {
    let folder = Folder::new();
    let zone = folder.write(block);
    let inventory = ringfence_sources::read_snapshot(&folder.0).unwrap();
    report(&inventory, zone)
}

/// A snapshot folder that goes when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("ringfence-resource-type-pages-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn put(&self, path: &str, content: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Writes the files of an example; gives the zone of trust it asks for.
    fn write(&self, block: &Block<'_>) -> ZoneChoice {
        let at = format!("line {}", block.line);
        let whole: Value = serde_json::from_str(block.content).expect(&at);
        self.put("snapshot.json", r#"{"formatVersion": 1, "partition": "aws"}"#);
        let wrapper = whole.get("resource").is_some();
        let resource = if wrapper { &whole["resource"] } else { &whole };
        let text = if wrapper { resource_text(block.content) } else { block.content.to_owned() };
        let resource_type = resource["resourceType"].as_str().expect(&at).replace("::", "-");
        let region = resource["arn"].as_str().expect(&at).split(':').nth(3).unwrap_or_default();
        let region = match (region, resource_type.as_str()) {
            ("", "AWS-IAM-Role") => "global",
            ("", _) => "eu-west-1",
            (region, _) => region,
        };
        self.put(&format!("accounts/{ACCOUNT}/{region}/{resource_type}/resource.json"), &text);
        let mut account = whole.get("account").cloned().unwrap_or_else(|| json!({}));
        account["AccountId"] = ACCOUNT.into();
        self.put(&format!("accounts/{ACCOUNT}/account.json"), &account.to_string());
        if let Some(organization) = whole.get("organization") {
            self.put("organization.json", &organization.to_string());
        }
        match whole.get("zone").map(|zone| zone.as_str().unwrap_or_default()) {
            Some("account") => ZoneChoice::Account,
            Some("organization") | None => ZoneChoice::Organization,
            Some(other) => panic!("{at}: `{other}` is no zone of trust"),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The resource file of a wrapper, its lines where they stand in the example.
fn resource_text(content: &str) -> String {
    let (before, resource) =
        content.split_once("\n  \"resource\": ").expect("`resource` on a line");
    let file = resource.trim_end().strip_suffix('}').expect("`resource` last").trim_end();
    format!("{}\n{file}", "\n".repeat(before.lines().count()))
}

fn report(inventory: &Inventory, zone: ZoneChoice) -> String {
    let analysis = Analysis::new(inventory, zone);
    let mut lines = Vec::new();
    let mut not_analyzed = inventory.not_analyzed.clone();
    for resource in &inventory.resources {
        let report = analysis.resource(resource);
        lines.extend(report.observations.iter().map(finding));
        not_analyzed.extend(report.not_analyzed);
    }
    if lines.is_empty() && !inventory.resources.is_empty() {
        lines.push("nobody".to_owned());
    }
    for entry in not_analyzed {
        let line = entry.line().map_or_else(|| "?".to_owned(), |line| line.to_string());
        lines.push(format!("not analyzed: line {line}: {}", entry.reason));
    }
    lines.join("\n") + "\n"
}

fn finding(observation: &Observation) -> String {
    let (kind, who) = observation.principal.entry();
    let conditions: Vec<String> =
        observation.condition.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let levels: Vec<&str> = observation.access_levels.iter().map(|level| level.as_str()).collect();
    let mut columns = vec![
        format!("{kind} {who}"),
        actions(&observation.action),
        or_dash(&conditions),
        if observation.is_public { "public" } else { "not public" }.to_owned(),
        or_dash(&observation.sources.iter().map(source).collect::<Vec<_>>()),
        or_dash(&levels),
        or_dash(&observation.granted_by.iter().map(granted_by).collect::<Vec<_>>()),
    ];
    let restriction = observation.resource_control_policy_restriction;
    if restriction != ResourceControlPolicyRestriction::NotApplicable {
        columns.push(format!("RCP {}", restriction.as_str()));
    }
    if observation.witness.resource.contains(":accesspoint/") {
        columns.push(format!("via {}", observation.witness.resource));
    }
    columns.join(" | ")
}

fn or_dash<T: std::borrow::Borrow<str>>(texts: &[T]) -> String {
    if texts.is_empty() { "-".to_owned() } else { texts.join(", ") }
}

fn actions(all: &[String]) -> String {
    match all.get(..LISTED) {
        Some(first) if all.len() > LISTED => {
            format!("{} and {} more", first.join(", "), all.len() - LISTED)
        }
        _ => all.join(", "),
    }
}

fn source(source: &Source) -> String {
    match source {
        Source::Policy => "POLICY".to_owned(),
        Source::BucketAcl => "BUCKET_ACL".to_owned(),
        Source::S3AccessPoint(arn) => format!("S3_ACCESS_POINT {arn}"),
        Source::S3AccessPointAccount(id) => format!("S3_ACCESS_POINT_ACCOUNT {id}"),
    }
}

fn granted_by(granted: &GrantedBy) -> String {
    match granted.statement_index {
        Some(index) => format!("Statement[{index}] line {}", granted.line),
        None => format!("line {}", granted.line),
    }
}
