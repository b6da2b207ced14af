//! What a file holds, as far as its text says.

use ringfence_policy::json::{self, Kind, Value};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// One policy, alone.
    Policy,
    /// The answer of GetAccountAuthorizationDetails.
    AuthorizationDetails,
    /// A CloudFormation or SAM template.
    Template,
    /// A Terraform plan.
    TerraformPlan,
    /// Policies inside of something that is not read; what it is.
    NotRead(&'static str),
    /// No policy.
    Other,
}

/// The lists of GetAccountAuthorizationDetails that nothing else has.
const DETAILS: [&str; 3] = ["UserDetailList", "GroupDetailList", "RoleDetailList"];

/// Looks at the text of a file. A text that is not JSON holds a policy when it has a policy's words.
pub(super) fn content(text: &str) -> Content {
    let parsed = json::parse(text);
    if DETAILS.iter().any(|name| parsed.value.get(name).is_some()) {
        return Content::AuthorizationDetails;
    }
    if let Kind::String(inside) = &parsed.value.kind {
        return match is_policy(inside, &json::parse(inside).value) {
            true => Content::Policy,
            false => Content::Other,
        };
    }
    if is_policy(text, &parsed.value) {
        return Content::Policy;
    }
    if is_yaml_template(text) {
        return Content::Template;
    }
    what_else(&parsed.value).unwrap_or(Content::Other)
}

/// Whether the text is a template in YAML: its resources are called so at the start of a line.
fn is_yaml_template(text: &str) -> bool {
    let starts = |line: &str| line.starts_with("Resources:");
    text.lines().any(starts) && text.contains("AWS::") && text.contains("Type:")
}

fn is_policy(text: &str, value: &Value<'_>) -> bool {
    let is_statement = |name: &str| name.eq_ignore_ascii_case("Statement");
    match &value.kind {
        Kind::Object(members) => {
            let has_version = value
                .get("Version")
                .and_then(Value::as_str)
                .is_some_and(|version| matches!(version, "2012-10-17" | "2008-10-17"));
            has_version || members.iter().any(|member| is_statement(member.key.value.as_ref()))
        }
        // What is broken at its beginning may still be a policy.
        Kind::Invalid => text.contains("\"Statement\"") && text.contains("\"Effect\""),
        Kind::Null | Kind::Boolean(_) | Kind::Number(_) | Kind::String(_) | Kind::Array(_) => false,
    }
}

/// What a JSON object is that may hold policies further inside.
fn what_else(value: &Value<'_>) -> Option<Content> {
    let has = |name| value.get(name).is_some();
    let is_resource = |resource: &Value<'_>| {
        resource.get("Type").and_then(Value::as_str).is_some_and(is_aws_type)
    };
    let resources = || value.get("Resources").map(Value::members).unwrap_or_default();
    if has("format_version") && (has("planned_values") || has("resource_changes")) {
        Some(Content::TerraformPlan)
    } else if has("AWSTemplateFormatVersion")
        || resources().iter().any(|member| is_resource(&member.value))
    {
        Some(Content::Template)
    } else if has("resourceType") && has("configuration") && has("arn") {
        Some(Content::NotRead(
            "a resource file of a snapshot; name the snapshot folder that it is in",
        ))
    } else {
        None
    }
}

fn is_aws_type(name: &str) -> bool {
    name.starts_with("AWS::")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_files_hold() {
        for policy in [
            r#"{"Statement": []}"#,
            r#"{"statement": 5}"#,
            r#"{"Version": "2012-10-17", "Statment": []}"#,
            r#"{"Version": "2012-10-17", "Statement": ["#,
            r#""{\"Statement\": []}""#,
            r#"x {"Statement": [{"Effect": "Allow"}]}"#,
        ] {
            assert_eq!(content(policy), Content::Policy, "{policy}");
        }
        for other in [
            "",
            "[]",
            "5",
            "{}",
            r#"{"Version": "1.2"}"#,
            r#""text""#,
            r#"{"a": "Statement"}"#,
            "{",
        ] {
            assert_eq!(content(other), Content::Other, "{other}");
        }
        let details = r#"{"RoleDetailList": [], "Statement": []}"#;
        assert_eq!(content(details), Content::AuthorizationDetails);
        let template = r#"{"Resources": {"a": {"Type": "AWS::S3::Bucket"}}}"#;
        assert_eq!(content(template), Content::Template);
        assert_eq!(content("Resources:\n  A: {Type: AWS::SNS::Topic}\n"), Content::Template);
        let plan = r#"{"format_version": "1.2", "planned_values": {}}"#;
        assert_eq!(content(plan), Content::TerraformPlan);
    }
}
