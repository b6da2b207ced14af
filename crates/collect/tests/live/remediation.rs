//! What Ringfence's own checks say of the roles that resolutions take.

use crate::run::ringfence;

const DEPLOY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/");

/// The findings of a policy, a line each, without places.
fn findings(file: &str) -> Vec<String> {
    let path = format!("{DEPLOY}{file}");
    let arguments = ["validate", "--policy-type", "identity", "--format", "json", &path];
    let done = ringfence().args(arguments).output().unwrap();
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    let lines = text.lines().filter_map(|line| line.split_once("\"issueCode\": \""));
    lines.filter_map(|(_, rest)| Some(rest.split_once('"')?.0.to_owned())).collect()
}

#[test]
fn the_power_to_change_trust_is_all_there_is_to_say() {
    assert_eq!(findings("reading-policy.json"), Vec::<String>::new());
    // Whoever changes trust policies, or makes roles, can let themselves in. No condition of IAM prevents that, and
    // `deploy/README.md` says what guards the role instead.
    assert_eq!(findings("remediation-policy.json"), ["PRIVILEGE_ESCALATION"]);
    assert_eq!(findings("role-deletion-policy.json"), ["PRIVILEGE_ESCALATION"]);
}
