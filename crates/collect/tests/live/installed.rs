//! The roles of `deploy/` as CloudFormation and Terraform make them: installed, read back, compared with the calls of a
//! collection both ways.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::moto::{Moto, OWN};
use crate::roles::called;
use crate::run::Folder;
use crate::terraform_program::Terraform;

const DEPLOY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy");
const EXTERNAL_ID: &str = "shared-word";

fn principal() -> String {
    format!("arn:aws:iam::{OWN}:role/Ringfence")
}

/// Everything that a role's policies allow, which has to be one list of actions each, on every resource, without
/// conditions.
fn allowed(role: &Value) -> BTreeSet<String> {
    assert_eq!(role["attached"].as_array().unwrap().len(), 0, "{role}");
    let mut all = BTreeSet::new();
    for (name, policy) in role["policies"].as_object().unwrap() {
        for statement in policy["Statement"].as_array().unwrap() {
            assert_eq!(statement["Effect"], "Allow", "{name}");
            let resources = &statement["Resource"];
            assert!(*resources == "*" || *resources == serde_json::json!(["*"]), "{name}");
            assert!(statement.get("Condition").is_none(), "{name}");
            let actions = statement["Action"].as_array().unwrap();
            all.extend(actions.iter().map(|action| action.as_str().unwrap().to_owned()));
        }
    }
    all
}

/// Only the principal that was named may assume the role, and only with the external id.
fn trusts_one(role: &Value) {
    let statements = role["trust"]["Statement"].as_array().unwrap();
    assert_eq!(statements.len(), 1, "{role}");
    let trust = &statements[0];
    assert_eq!(trust["Action"], "sts:AssumeRole");
    assert_eq!(trust["Principal"], serde_json::json!({ "AWS": principal() }));
    let condition = serde_json::json!({ "StringEquals": { "sts:ExternalId": EXTERNAL_ID } });
    assert_eq!(trust["Condition"], condition);
}

fn compare(role: &Value, called: &BTreeSet<String>, by: &str) {
    trusts_one(role);
    let allowed = allowed(role);
    let missing: Vec<_> = called.difference(&allowed).collect();
    let unused: Vec<_> = allowed.difference(called).collect();
    assert!(
        missing.is_empty() && unused.is_empty(),
        "{by}: missing {missing:?}, unused {unused:?}"
    );
}

#[test]
#[ignore = "needs the Python environment"]
fn the_stack_and_the_module_make_a_role_that_allows_what_is_called() {
    let called = called();
    let moto = Moto::start();
    let template = format!("{DEPLOY}/collector-role.yaml");
    let role = moto.install(&["stack", &template, &principal(), EXTERNAL_ID]);
    compare(&role, &called, "CloudFormation");

    let folder = Folder::new("installed");
    std::fs::create_dir_all(folder.out()).unwrap();
    let Some(terraform) = Terraform::find(&folder.out()) else { return };
    let moto = Moto::start();
    let main = format!(
        r#"
        provider "aws" {{
          region                      = "eu-west-1"
          access_key                  = "test"
          secret_key                  = "test"
          skip_credentials_validation = true
          skip_metadata_api_check     = true
          skip_requesting_account_id  = true
          endpoints {{ iam = "{url}" }}
        }}
        module "collector" {{
          source            = "{DEPLOY}/terraform"
          trusted_principal = "{principal}"
          external_id       = "{EXTERNAL_ID}"
          read_organization = true
        }}
        output "role_arn" {{ value = module.collector.role_arn }}
        "#,
        url = moto.url(),
        principal = principal(),
    );
    std::fs::write(folder.out().join("main.tf"), main).unwrap();
    terraform.done(&["init", "-no-color", "-input=false"], &[]);
    terraform.done(&["apply", "-auto-approve", "-no-color", "-input=false"], &[]);
    compare(&moto.install(&["role"]), &called, "Terraform");
    let again = ["plan", "-detailed-exitcode", "-no-color", "-input=false"];
    let output = terraform.run(&again, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}
