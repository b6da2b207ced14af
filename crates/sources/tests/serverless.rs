//! SAM templates, compared with what AWS's own translator makes of them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends where something is not as it should be"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use ringfence_access::inventory::{Configuration, Inventory, PolicySource};
use ringfence_policy::AccountId;
use ringfence_sources::{CloudFormationOptions, MissingParameters, read_cloudformation};
use serde_json::Value;

fn inventory(path: &Path) -> Inventory {
    let options = CloudFormationOptions {
        account: AccountId::new("111122223333").unwrap(),
        region: "eu-west-1".to_owned(),
        stack_name: "pay".to_owned(),
        parameters: BTreeMap::new(),
        missing_parameters: MissingParameters::Refuse,
        imports: BTreeMap::new(),
    };
    read_cloudformation(path, &options).unwrap_or_else(|error| panic!("{error}")).inventory
}

/// The statements of a policy without their order and their Sids.
fn statements(source: &PolicySource) -> BTreeSet<String> {
    let document: Value = serde_json::from_str(&source.decoded().unwrap()).unwrap();
    let all = document["Statement"]
        .as_array()
        .cloned()
        .unwrap_or_else(|| vec![document["Statement"].clone()]);
    let text = |mut one: Value| {
        if let Some(members) = one.as_object_mut() {
            members.shift_remove("Sid");
            let only = match members.get("Action").and_then(Value::as_array).map(Vec::as_slice) {
                Some([only]) => Some(only.clone()),
                _ => None,
            };
            members.extend(only.map(|only| ("Action".to_owned(), only)));
            members.sort_keys();
        }
        one.to_string()
    };
    all.into_iter().map(text).collect()
}

/// What access depends on.
fn described(inventory: &Inventory) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for resource in &inventory.resources {
        let found = match &resource.configuration {
            Configuration::LambdaFunction(own) => own.function_policy.as_ref().map(statements),
            Configuration::IamRole(own) => Some(statements(&own.trust_policy)),
            _ => None,
        };
        all.insert(resource.arn.clone(), found.unwrap_or_default());
    }
    let details = inventory.accounts.values().filter_map(|own| own.authorization_details.as_ref());
    for role in details.flat_map(|own| own.roles.values()) {
        let policies = all.entry(format!("policies of {}", role.arn)).or_default();
        policies.extend(role.policies.attached.iter().cloned());
        for inline in &role.policies.inline {
            policies.extend(statements(&inline.policy));
        }
    }
    all
}

#[test]
#[ignore = "needs the Python environment"]
fn comes_to_what_the_translator_makes() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/serverless");
    let python = std::env::var("RINGFENCE_PYTHON").unwrap();
    let scratch = std::env::temp_dir().join(format!("ringfence-serverless-{}", std::process::id()));
    std::fs::create_dir_all(&scratch).unwrap();
    for name in ["everything", "destinations", "authorizers"] {
        let template = folder.join(format!("{name}.yaml"));
        let output =
            Command::new(&python).arg(folder.join("translate.py")).arg(&template).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let translated = scratch.join(format!("{name}.json"));
        std::fs::write(&translated, &output.stdout).unwrap();
        let (ours, theirs) = (described(&inventory(&template)), described(&inventory(&translated)));
        for (what, found) in &theirs {
            assert_eq!(ours.get(what), Some(found), "{name}: {what}");
        }
        assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>(), "{name}");
    }
    std::fs::remove_dir_all(&scratch).unwrap();
}
