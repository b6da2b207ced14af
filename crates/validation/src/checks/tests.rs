//! AWS's codes against the registry, and the pages of every check.

use std::collections::{BTreeMap, BTreeSet};

use ringfence_page_test::{Block, fences};
use ringfence_policy::PolicyType;
use ringfence_policy::location::{Location, PathElement};

use super::{aws_checks, checks};
use crate::{Finding, Origin, ValidatePolicyResourceType, validate, validate_beyond_aws};

/// Codes of AWS that have no check yet. The list only shrinks.
const NOT_YET: &[&str] = &[];

/// AWS's codes of the type `ERROR`.
const ERROR: [&str; 79] = [
    "ARN_ACCOUNT_NOT_ALLOWED",
    "ARN_REGION_NOT_ALLOWED",
    "DATA_TYPE_MISMATCH",
    "DUPLICATE_KEYS_WITH_DIFFERENT_CASE",
    "EMPTY_VARIABLE",
    "FEDERATED_PRINCIPAL_NOT_SUPPORTED",
    "INVALID_ACTION",
    "INVALID_ARN_ACCOUNT",
    "INVALID_ARN_PREFIX",
    "INVALID_ARN_REGION",
    "INVALID_ARN_RESOURCE",
    "INVALID_ARN_SERVICE_CASE",
    "INVALID_CONDITION_DATA_TYPE",
    "INVALID_CONDITION_KEY_FORMAT",
    "INVALID_CONDITION_MULTIPLE_BOOLEAN",
    "INVALID_CONDITION_OPERATOR",
    "INVALID_EFFECT",
    "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY",
    "INVALID_GLOBAL_CONDITION_KEY",
    "INVALID_KMS_KEY_VALUE",
    "INVALID_PARTITION",
    "INVALID_POLICY_ELEMENT",
    "INVALID_PRINCIPAL_FORMAT",
    "INVALID_PRINCIPAL_KEY",
    "INVALID_REGION",
    "INVALID_SERVICE",
    "INVALID_SERVICE_CONDITION_KEY",
    "INVALID_SERVICE_IN_ACTION",
    "INVALID_SERVICE_PRINCIPAL_FORMAT",
    "INVALID_VARIABLE_FOR_OPERATOR",
    "INVALID_VERSION",
    "INVALID_VPCE_FORMAT",
    "INVALID_VPC_FORMAT",
    "JSON_SYNTAX_ERROR",
    "MISMATCHED_ACTION_FOR_PRINCIPAL",
    "MISSING_ACTION",
    "MISSING_ACTION_FOR_CONDITION_KEY",
    "MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY",
    "MISSING_ARN_ACCOUNT",
    "MISSING_ARN_FIELD",
    "MISSING_ARN_REGION",
    "MISSING_BRACE_IN_VARIABLE",
    "MISSING_EFFECT",
    "MISSING_PRINCIPAL",
    "MISSING_QUALIFIER",
    "MISSING_QUOTE_IN_VARIABLE",
    "MISSING_RESOURCE",
    "MISSING_STATEMENT",
    "MISSING_TAG_KEY_IN_CONDITION",
    "NULL_WITH_IF_EXISTS",
    "POLICY_SIZE_EXCEEDS_RCP_QUOTA",
    "POLICY_SIZE_EXCEEDS_SCP_QUOTA",
    "PRIVATE_IP_ADDRESS",
    "PRIVATE_NOT_IP_ADDRESS",
    "RCP_SYNTAX_ERROR_ACTION",
    "RCP_SYNTAX_ERROR_ALLOW",
    "RCP_SYNTAX_ERROR_NOTACTION",
    "RCP_SYNTAX_ERROR_PRINCIPAL",
    "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL",
    "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE",
    "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
    "SCP_SYNTAX_ERROR_ACTION_WILDCARD",
    "SCP_SYNTAX_ERROR_PRINCIPAL",
    "TYPE_MISMATCH_IP_RANGE",
    "UNIQUE_SIDS_REQUIRED",
    "UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
    "UNSUPPORTED_ACTION_IN_POLICY",
    "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
    "UNSUPPORTED_ELEMENT_COMBINATION",
    "UNSUPPORTED_GLOBAL_CONDITION_KEY",
    "UNSUPPORTED_PRINCIPAL",
    "UNSUPPORTED_RESOURCE_ARN_IN_POLICY",
    "UNSUPPORTED_SID",
    "UNSUPPORTED_SPACE_IN_VARIABLE",
    "UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
    "VARIABLE_UNSUPPORTED_IN_ELEMENT",
    "VARIABLE_UNSUPPORTED_IN_VERSION",
    "VARIABLE_USAGE_TOO_PERMISSIVE",
    "WILDCARD_USAGE_TOO_PERMISSIVE",
];

/// AWS's codes of the type `SECURITY_WARNING`.
const SECURITY_WARNING: [&str; 19] = [
    "ALLOW_WITH_NOT_PRINCIPAL",
    "DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
    "DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
    "DYNAMODB_ATTRIBUTES_WITHOUT_SELECT",
    "FORALLVALUES_WITH_SINGLE_VALUED_KEY",
    "FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE",
    "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL",
    "MISSING_GITHUB_REPO_CONDITION_KEY",
    "MISSING_PAIRED_CONDITION_KEYS",
    "PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE",
    "PASS_ROLE_WITH_NOT_RESOURCE",
    "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
    "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
    "PASS_ROLE_WITH_STAR_IN_RESOURCE",
    "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
    "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",
    "S3_PREFIX_IN_NEGATIVE_CONTEXT",
    "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
    "UNTRUSTWORTHY_CONDITION_KEY",
];

/// AWS's codes of the type `WARNING`.
const WARNING: [&str; 26] = [
    "CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE",
    "CREATE_SLR_WITH_NOT_RESOURCE",
    "CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
    "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
    "CREATE_SLR_WITH_STAR_IN_RESOURCE",
    "CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
    "DEPRECATED_GLOBAL_CONDITION_KEY",
    "INVALID_DATE_VALUE",
    "INVALID_ROLE_REFERENCE",
    "INVALID_USER_REFERENCE",
    "MISSING_VERSION",
    "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA",
    "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA",
    "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA",
    "RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY",
    "RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY",
    "RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK",
    "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED",
    "TYPE_MISMATCH",
    "TYPE_MISMATCH_BOOLEAN",
    "TYPE_MISMATCH_DATE",
    "TYPE_MISMATCH_NUMBER",
    "TYPE_MISMATCH_STRING",
    "UNIQUE_SIDS_RECOMMENDED",
    "USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES",
    "WILDCARD_WITHOUT_LIKE_OPERATOR",
];

/// AWS's codes of the type `SUGGESTION`.
const SUGGESTION: [&str; 29] = [
    "ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
    "ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
    "CONFIRM_AUDIENCE_CLAIM_TYPE",
    "EMPTY_ARRAY_ACTION",
    "EMPTY_ARRAY_CONDITION",
    "EMPTY_ARRAY_CONDITION_FORALLVALUES",
    "EMPTY_ARRAY_CONDITION_FORANYVALUE",
    "EMPTY_ARRAY_CONDITION_IFEXISTS",
    "EMPTY_ARRAY_PRINCIPAL",
    "EMPTY_ARRAY_RESOURCE",
    "EMPTY_OBJECT_CONDITION",
    "EMPTY_OBJECT_PRINCIPAL",
    "EMPTY_SID_VALUE",
    "EQUIVALENT_TO_NULL_FALSE",
    "EQUIVALENT_TO_NULL_TRUE",
    "IMPROVE_IP_RANGE",
    "IRRELEVANT_CONDITION_KEY_IN_POLICY",
    "NULL_WITH_QUALIFIER",
    "PRIVATE_IP_ADDRESS_SUBSET",
    "PRIVATE_NOT_IP_ADDRESS_SUBSET",
    "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
    "REDUNDANT_ACTION",
    "REDUNDANT_CONDITION_VALUE_NUM",
    "REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION",
    "REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY",
    "REDUNDANT_RESOURCE",
    "REDUNDANT_STATEMENT",
    "REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION",
    "WILDCARD_IN_SERVICE_NAME",
];

/// AWS's codes with their types.
fn aws_codes() -> BTreeMap<&'static str, &'static str> {
    let typed = |codes: &'static [&'static str], name| codes.iter().map(move |code| (*code, name));
    typed(&ERROR, "ERROR")
        .chain(typed(&SECURITY_WARNING, "SECURITY_WARNING"))
        .chain(typed(&WARNING, "WARNING"))
        .chain(typed(&SUGGESTION, "SUGGESTION"))
        .collect()
}

#[test]
fn every_code_of_aws_has_one_check() {
    let codes = aws_codes();
    assert_eq!(codes.len(), 153);
    let registered: BTreeMap<_, _> =
        aws_checks().map(|check| (check.issue_code, check.finding_type.as_str())).collect();
    assert_eq!(aws_checks().count(), registered.len(), "a code is registered twice");
    let missing: BTreeSet<_> =
        codes.keys().filter(|code| !registered.contains_key(*code)).collect();
    assert_eq!(
        missing,
        NOT_YET.iter().collect(),
        "NOT_YET lists what has no check, and nothing else"
    );
    for (code, finding_type) in &registered {
        assert_eq!(codes.get(code), Some(finding_type), "{code}");
    }
}

/// No code of Ringfence's own is one of AWS's, and each says whose it is.
#[test]
fn codes_beyond_aws_are_apart() {
    let codes = aws_codes();
    let own: BTreeMap<_, _> = checks()
        .filter(|check| !codes.contains_key(check.issue_code))
        .map(|check| (check.issue_code, check))
        .collect();
    assert_eq!(own.len(), super::beyond_aws::CHECKS.len());
    assert_eq!(checks().count(), codes.len() - NOT_YET.len() + own.len());
    for check in checks() {
        let is_own = own.contains_key(check.issue_code);
        let origin = if is_own { Origin::Ringfence } else { Origin::Aws };
        assert_eq!(check.origin(), origin, "{}", check.issue_code);
        assert_eq!(
            check.page.contains("one of Ringfence's own checks"),
            is_own,
            "{}",
            check.issue_code
        );
    }
}

#[test]
fn links_lead_to_the_section_of_the_check() {
    let link =
        |code: &str| checks().find(|check| check.issue_code == code).unwrap().learn_more_link();
    assert_eq!(
        link("MISSING_VERSION"),
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html\
         #access-analyzer-reference-policy-checks-general-warning-missing-version"
    );
    assert!(
        link("PASS_ROLE_WITH_NOT_RESOURCE")
            .ends_with("-security-warning-pass-role-with-not-resource")
    );
}

#[test]
fn pages() {
    for folder in ["beyond_aws", "errors", "security_warnings", "warnings", "suggestions"] {
        let path = format!("{}/src/checks/{folder}", env!("CARGO_MANIFEST_DIR"));
        ringfence_page_test::run(path, &[], |block| {
            let code = block.page.to_uppercase();
            let findings = validate_block(block);
            let found = findings.iter().filter(|finding| finding.issue_code == code);
            let shown: Vec<String> = found.map(show).collect();
            if shown.is_empty() { NOTHING.to_owned() } else { shown.join("\n") }
        });
    }
}

/// The output of an example that the check does not report.
const NOTHING: &str = "nothing";

/// Each page has at least two examples of both kinds, and each example does what its heading says.
#[test]
fn examples_are_under_the_right_heading() {
    for check in checks() {
        let mut counts = BTreeMap::from([("## Reported", 0), ("## Not reported", 0)]);
        for fence in fences(check.page).unwrap().iter().filter(|fence| fence.language == "text") {
            let before = &check.page[..fence.range.start];
            let heading = before.lines().rfind(|line| line.starts_with("## ")).unwrap();
            *counts.get_mut(heading).unwrap() += 1;
            let is_nothing = fence.content.trim_end() == NOTHING;
            assert_eq!(
                is_nothing,
                heading == "## Not reported",
                "{} line {}",
                check.issue_code,
                fence.line
            );
        }
        assert!(counts.values().all(|count| *count >= 2), "{}: {counts:?}", check.issue_code);
    }
}

/// Applying the suggested text leaves fewer findings of its check, and no finding that the policy is no JSON.
#[test]
fn suggestions_repair() {
    let mut repaired = 0;
    for check in checks() {
        for fence in fences(check.page).unwrap().iter().filter(|fence| fence.language == "json") {
            let (policy_type, resource_type) =
                kind(fence.info.split(", statement ").next().unwrap());
            let findings = |text: &str| validate_beyond_aws(text, policy_type, resource_type);
            let before = findings(fence.content);
            for finding in &before {
                let Some(replacement) = &finding.suggestion else { continue };
                let (start, end) = (replacement.span.start as usize, replacement.span.end as usize);
                let mut text = fence.content.to_owned();
                text.replace_range(start..end, &replacement.text);
                let after = findings(&text);
                let count =
                    |all: &[Finding], code| all.iter().filter(|f| f.issue_code == code).count();
                let code = finding.issue_code;
                assert!(count(&after, code) < count(&before, code), "{code}: {text}");
                assert_eq!(count(&after, super::UNREADABLE), 0, "{text}");
                repaired += 1;
            }
        }
    }
    assert!(repaired > 50, "{repaired}");
}

/// The words behind `json` name the policy type or what the policy is attached to, and can ask for a policy in which
/// the statement is repeated: `AWS::S3::Bucket, statement 120 times`.
fn validate_block(block: &Block<'_>) -> Vec<Finding> {
    let (words, repeated) = block.info.split_once(", statement ").unwrap_or((block.info, ""));
    let (policy_type, resource_type) = kind(words);
    let times: usize = repeated.strip_suffix(" times").map_or(1, |times| times.parse().unwrap());
    if times == 1 {
        return validate_beyond_aws(block.content, policy_type, resource_type);
    }
    let mut policy: serde_json::Value = serde_json::from_str(block.content).unwrap();
    let statements = policy["Statement"].as_array_mut().unwrap();
    *statements = vec![statements[0].clone(); times];
    validate_beyond_aws(&policy.to_string(), policy_type, resource_type)
}

fn kind(words: &str) -> (PolicyType, Option<ValidatePolicyResourceType>) {
    match words {
        "" => (PolicyType::IdentityPolicy, None),
        name if name.starts_with("AWS::") => {
            (PolicyType::ResourcePolicy, Some(ValidatePolicyResourceType::parse(name).unwrap()))
        }
        name => (PolicyType::parse(name).unwrap(), None),
    }
}

fn show(finding: &Finding) -> String {
    let places: Vec<String> = finding.locations.iter().map(show_location).collect();
    let mut shown = format!(
        "{} {} {}\n  {}",
        finding.finding_type.as_str(),
        finding.issue_code,
        places.join(", "),
        finding.details
    );
    if let Some(replacement) = &finding.suggestion {
        let verb = if replacement.span.start == replacement.span.end { "insert" } else { "write" };
        shown += &format!("\n  {verb}: {}", replacement.text);
    }
    for witness in &finding.witnesses {
        let request = &witness.request;
        let (caller, action, resource) =
            (request.caller.to_text(), &request.action, &request.resource);
        shown += &format!("\n  witness of {}: {caller} {action} {resource}", witness.purpose);
        for (key, value) in &request.context {
            shown += &format!("\n    {}: {}", key.as_written(), value.values().join(", "));
        }
    }
    shown
}

fn show_location(location: &Location) -> String {
    let mut shown = String::new();
    for element in &location.path {
        match element {
            PathElement::Index(index) => shown += &format!("[{index}]"),
            PathElement::Value(name) | PathElement::Key(name) => {
                shown += if shown.is_empty() { "" } else { "." };
                shown += name;
            }
        }
    }
    match location.path.last() {
        None => "the whole policy".to_owned(),
        Some(PathElement::Key(_)) => format!("{shown} (name)"),
        Some(PathElement::Index(_) | PathElement::Value(_)) => shown,
    }
}

/// Every prefix of a text, and the text without each of its tokens, gets findings and no panic.
#[test]
fn broken_policies_get_findings() {
    let mut inputs = 0;
    for check in checks() {
        for fence in fences(check.page).unwrap().iter().filter(|fence| fence.language == "json") {
            let text = fence.content.trim_end();
            for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)).step_by(7) {
                let cut = &text[..end];
                assert!(!validate(cut, PolicyType::IdentityPolicy, None).is_empty(), "{cut}");
                let without = format!("{cut}{}", text[end..].trim_start_matches(|c| c != ' '));
                for policy_type in [PolicyType::ResourcePolicy, PolicyType::ResourceControlPolicy] {
                    let _ = validate_beyond_aws(&without, policy_type, None);
                }
                inputs += 1;
            }
        }
    }
    assert!(inputs > 10_000, "{inputs}");
}

#[test]
fn findings_are_in_the_order_of_the_text() {
    let text = r#"{ "Statement": [{ "Effect": "Allow", "Action": ["iam:*", "s3:Nothing"], "Resource": "*",
        "Condition": { "StringLike": { "aws:PrincipalArn": "*" } } }] }"#;
    let findings = validate(text, PolicyType::IdentityPolicy, None);
    let codes: Vec<&str> = findings.iter().map(|finding| finding.issue_code).collect();
    assert_eq!(
        codes,
        [
            "MISSING_VERSION",
            "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
            "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
            "INVALID_ACTION",
            "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
            "EQUIVALENT_TO_NULL_FALSE",
        ]
    );
}

/// AWS's own example, with the places that its answer names:
/// <https://docs.aws.amazon.com/cli/latest/reference/accessanalyzer/validate-policy.html>.
#[test]
fn a_trust_policy_is_seen_by_its_statements() {
    let text = r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "",
            "Effect": "Allow",
            "Principal": {
                "Federated": "cognito-identity.amazonaws.com"
            },
            "Action": [
                "sts:AssumeRole",
                "sts:TagSession"
            ],
            "Condition": {
                "StringEquals": {
                    "cognito-identity.amazonaws.com:aud": "us-west-2_EXAMPLE"
                }
            }
        }
    ]
}"#;
    let findings = validate(text, PolicyType::ResourcePolicy, None);
    let shown: Vec<(&str, Vec<usize>)> = findings
        .iter()
        .map(|f| (f.issue_code, f.locations.iter().map(|place| place.span.start.offset).collect()))
        .collect();
    assert_eq!(
        shown,
        [
            ("EMPTY_SID_VALUE", vec![79]),
            ("MISMATCHED_ACTION_FOR_PRINCIPAL", vec![258, 170]),
            ("UNSUPPORTED_ACTION_FOR_CONDITION_KEY", vec![292, 443]),
        ]
    );
}
