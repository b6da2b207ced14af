//! The whole stack on the cases that AWS documents. Each test names the page it is taken from; policies are
//! rewritten, account ids are AWS's example accounts.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken test case may panic")]
#![expect(clippy::needless_pass_by_value, reason = "literals read better in place")]

use ringfence_policy::evaluate::{Decision, decide};
use ringfence_policy::{json, scenario_from_json};
use serde_json::{Value, json};

use Decision::{Allowed, ExplicitlyDenied, ImplicitlyDenied};

const USER: &str = "arn:aws:iam::111122223333:user/exampleuser";
const ROLE: &str = "arn:aws:iam::111122223333:role/examplerole";
const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/examplerole/examplesession";
const FEDERATED: &str = "arn:aws:sts::111122223333:federated-user/exampleuser";
const ROOT: &str = "arn:aws:iam::111122223333:root";

fn decision(scenario: &Value) -> Decision {
    let text = scenario.to_string();
    let parsed = json::parse(&text);
    let scenario = scenario_from_json(&parsed.value).unwrap();
    decide(&scenario.request, &scenario.policies).decision
}

fn document(statements: Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

fn allow(action: &str) -> Value {
    document(json!([{ "Effect": "Allow", "Action": action, "Resource": "*" }]))
}

fn nothing() -> Value {
    allow("ec2:DescribeInstances")
}

fn allow_principal(principal: Value) -> Value {
    document(
        json!([{ "Effect": "Allow", "Principal": principal, "Action": "s3:*", "Resource": "*" }]),
    )
}

/// `base` with the members of `more`.
fn with(base: &Value, more: Value) -> Value {
    let mut scenario = base.clone();
    for (name, value) in more.as_object().unwrap() {
        scenario[name] = value.clone();
    }
    scenario
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policies_evaluation_example.html>
#[test]
fn carlos_saves_to_his_bucket_and_not_to_the_logs() {
    let identity = document(json!([
        { "Effect": "Allow", "Action": ["s3:GetBucketLocation", "s3:ListAllMyBuckets"], "Resource": "arn:aws:s3:::*" },
        { "Effect": "Allow", "Action": "s3:*",
          "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket-carlossalazar", "arn:aws:s3:::amzn-s3-demo-bucket-carlossalazar/*"] },
        { "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::*log*" }
    ]));
    let carlos = "arn:aws:iam::123456789012:user/carlossalazar";
    let bucket = |name: &str| json!({ "arn": format!("arn:aws:s3:::{name}/file"), "account": "123456789012" });
    let base =
        json!({ "principal": carlos, "action": "s3:PutObject", "identityPolicies": [identity] });
    let own = with(&base, json!({ "resource": bucket("amzn-s3-demo-bucket-carlossalazar") }));
    let logs = with(&base, json!({ "resource": bucket("amzn-s3-demo-bucket-carlossalazar-logs") }));
    let granted = json!({ "resourcePolicy": allow_principal(json!({ "AWS": carlos })) });
    assert_eq!(decision(&own), Allowed);
    assert_eq!(decision(&with(&own, granted.clone())), Allowed);
    assert_eq!(decision(&with(&logs, granted.clone())), ExplicitlyDenied);
    // One of the two types is enough.
    assert_eq!(decision(&with(&own, with(&granted, json!({ "identityPolicies": [] })))), Allowed);
}

/// The table "Resource-based policies and implicit denies in other policy types (same account)" of
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>:
/// caller, principal of the resource policy, result when identity policies, boundary and session policy
/// say nothing.
#[test]
fn implicit_denies_and_who_the_resource_policy_names() {
    for (caller, principal, expected) in [
        (SESSION, json!({ "AWS": ROLE }), ImplicitlyDenied),
        (SESSION, json!({ "AWS": SESSION }), Allowed),
        (USER, json!({ "AWS": USER }), Allowed),
        (FEDERATED, json!({ "AWS": USER }), ImplicitlyDenied),
        (FEDERATED, json!({ "AWS": FEDERATED }), Allowed),
        (ROOT, json!({ "AWS": ROOT }), Allowed),
        ("cloudtrail.amazonaws.com", json!({ "Service": "cloudtrail.amazonaws.com" }), Allowed),
        // The account: its identity policies decide.
        (USER, json!({ "AWS": "111122223333" }), ImplicitlyDenied),
        (SESSION, json!({ "AWS": ROOT }), ImplicitlyDenied),
        // Everyone; see "IAM role principals" on the page of the Principal element.
        (SESSION, json!("*"), Allowed),
        (USER, json!({ "AWS": "*" }), Allowed),
    ] {
        let scenario = json!({
            "principal": caller, "action": "s3:GetObject",
            "resource": { "arn": "arn:aws:s3:::amzn-s3-demo-bucket/x", "account": "111122223333" },
            "identityPolicies": [nothing()], "permissionsBoundaries": [nothing()], "sessionPolicies": [nothing()],
            "resourcePolicy": allow_principal(principal.clone()),
        });
        assert_eq!(decision(&scenario), expected, "{caller} by {principal}");
        // Across accounts nobody gets in without the own side's consent, services apart.
        let elsewhere = with(
            &scenario,
            json!({
            "resource": { "arn": "arn:aws:s3:::amzn-s3-demo-bucket/x", "account": "444455556666" } }),
        );
        let expected = match caller {
            "cloudtrail.amazonaws.com" => Allowed,
            _ => ImplicitlyDenied,
        };
        assert_eq!(decision(&elsewhere), expected, "{caller} by {principal}, across accounts");
    }
}

/// A role named by the resource policy needs no identity policy, only that boundary and session policy allow.
#[test]
fn a_role_that_is_named_is_limited_by_boundary_and_session_policy() {
    let base = json!({
        "principal": SESSION, "action": "s3:GetObject",
        "resource": { "arn": "arn:aws:s3:::amzn-s3-demo-bucket/x", "account": "111122223333" },
        "identityPolicies": [nothing()],
        "resourcePolicy": allow_principal(json!({ "AWS": ROLE })),
    });
    for (limits, expected) in [
        (json!({}), Allowed),
        (
            json!({ "permissionsBoundaries": [allow("s3:*")], "sessionPolicies": [allow("s3:*")] }),
            Allowed,
        ),
        (
            json!({ "permissionsBoundaries": [nothing()], "sessionPolicies": [allow("s3:*")] }),
            ImplicitlyDenied,
        ),
        (
            json!({ "permissionsBoundaries": [allow("s3:*")], "sessionPolicies": [nothing()] }),
            ImplicitlyDenied,
        ),
        (json!({ "permissionsBoundaries": [] }), ImplicitlyDenied),
    ] {
        assert_eq!(decision(&with(&base, limits.clone())), expected, "{limits}");
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html>
#[test]
fn explicit_and_implicit_denies() {
    let policy = document(json!([
        { "Effect": "Allow", "Action": ["iam:Get*", "iam:List*"], "Resource": "*" },
        { "Effect": "Deny", "Action": "iam:*Report", "Resource": "*" }
    ]));
    for (action, expected) in [
        ("iam:ListUsers", Allowed),
        ("iam:CreatePolicy", ImplicitlyDenied),
        ("iam:GetOrganizationsAccessReport", ExplicitlyDenied),
        ("iam:GenerateCredentialReport", ExplicitlyDenied),
    ] {
        let scenario = json!({ "principal": USER, "action": action,
            "identityPolicies": [policy, allow("iam:GenerateCredentialReport")] });
        assert_eq!(decision(&scenario), expected, "{action}");
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>
#[test]
fn both_accounts_must_allow() {
    let base = json!({
        "principal": "arn:aws:iam::111111111111:user/CarlosSalazar", "action": "s3:PutObject",
        "resource": { "arn": "arn:aws:s3:::amzn-s3-demo-bucket-production/x", "account": "222222222222" },
    });
    let identity = json!({ "identityPolicies": [allow("s3:*")] });
    let granted =
        |principal: &str| json!({ "resourcePolicy": allow_principal(json!({ "AWS": principal })) });
    let both = with(&with(&base, identity.clone()), granted("111111111111"));
    assert_eq!(decision(&both), Allowed);
    assert_eq!(decision(&with(&base, identity.clone())), ImplicitlyDenied);
    assert_eq!(decision(&with(&base, granted("111111111111"))), ImplicitlyDenied);
    assert_eq!(decision(&with(&with(&base, identity), granted("333333333333"))), ImplicitlyDenied);
    let denied =
        document(json!([{ "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*" }]));
    assert_eq!(decision(&with(&both, json!({ "resourcePolicy": denied }))), ExplicitlyDenied);
}

/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>
#[test]
fn every_level_of_an_organization_must_allow() {
    let base = json!({ "principal": USER, "action": "ec2:RunInstances", "identityPolicies": [allow("*")] });
    let full = || allow("*");
    for (levels, expected) in [
        (json!([[full()], [full()], [full()]]), Allowed),
        (json!([[full()], [full(), allow("s3:*")], [full()]]), Allowed),
        (json!([[full()], [allow("s3:*")], [full()]]), ImplicitlyDenied),
        (json!([[full()], [], [full()]]), ImplicitlyDenied),
        (
            json!([
                [
                    full(),
                    document(json!([{ "Effect": "Deny", "Action": "ec2:*", "Resource": "*" }]))
                ],
                [full()]
            ]),
            ExplicitlyDenied,
        ),
    ] {
        let scenario = with(&base, json!({ "serviceControlPolicies": levels }));
        assert_eq!(decision(&scenario), expected, "{levels}");
        // "They have no effect on users or roles in the management account."
        let managing = with(&scenario, json!({ "managementAccount": "111122223333" }));
        assert_eq!(decision(&managing), Allowed, "{levels}");
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent>
#[test]
fn multi_factor_authentication() {
    let statement = |effect: &str, operator: &str, value: &str| {
        document(json!([{ "Effect": effect, "Action": "*", "Resource": "*",
            "Condition": { operator: { "aws:MultiFactorAuthPresent": value } } }]))
    };
    let with_key = |present: Option<&str>| match present {
        Some(value) => json!({ "aws:MultiFactorAuthPresent": value }),
        None => json!({}),
    };
    for (operator, effect, value, key, expected) in [
        ("Bool", "Deny", "false", None, Allowed),
        ("Bool", "Deny", "false", Some("false"), ExplicitlyDenied),
        ("BoolIfExists", "Deny", "false", None, ExplicitlyDenied),
        ("BoolIfExists", "Deny", "false", Some("true"), Allowed),
        ("BoolIfExists", "Allow", "true", None, Allowed),
        ("BoolIfExists", "Allow", "true", Some("false"), ImplicitlyDenied),
        ("Bool", "Allow", "true", None, ImplicitlyDenied),
        ("Null", "Allow", "false", Some("false"), Allowed),
        ("Null", "Allow", "false", None, ImplicitlyDenied),
    ] {
        let mut policies = vec![statement(effect, operator, value)];
        if effect == "Deny" {
            policies.push(allow("*"));
        }
        let scenario = json!({ "principal": USER, "action": "ec2:StopInstances",
            "context": with_key(key), "identityPolicies": policies });
        assert_eq!(decision(&scenario), expected, "{effect} {operator} {value} {key:?}");
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>
#[test]
fn sets_of_requested_attributes() {
    let allowed = document(
        json!([{ "Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*",
        "Condition": { "ForAllValues:StringLike": { "dynamodb:requestedAttributes": ["PostDateTime", "Message", "Tags"] } } }]),
    );
    let forbidden = document(json!([
        { "Effect": "Allow", "Action": "dynamodb:*", "Resource": "*" },
        { "Effect": "Deny", "Action": "dynamodb:PutItem", "Resource": "*",
          "Condition": { "ForAnyValue:StringLike": { "dynamodb:requestedAttributes": ["ID", "PostDateTime"] } } }]));
    for (action, policy, attributes, expected) in [
        ("dynamodb:GetItem", &allowed, json!(["PostDateTime", "Message"]), Allowed),
        ("dynamodb:GetItem", &allowed, json!(["PostDateTime", "UserName"]), ImplicitlyDenied),
        (
            "dynamodb:PutItem",
            &forbidden,
            json!(["UserName", "Message", "PostDateTime"]),
            ExplicitlyDenied,
        ),
        ("dynamodb:PutItem", &forbidden, json!(["UserName"]), Allowed),
    ] {
        let scenario = json!({ "principal": USER, "action": action,
            "resource": { "arn": "arn:aws:dynamodb:us-east-2:111122223333:table/Thread" },
            "context": { "dynamodb:requestedAttributes": attributes }, "identityPolicies": [policy] });
        assert_eq!(decision(&scenario), expected, "{action} {attributes}");
    }
}

/// The root user's ARN is the account in a Principal element, and the root user alone in `aws:PrincipalArn`:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn>
#[test]
fn the_root_arn_in_element_and_key() {
    let only_root = document(json!([{ "Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": { "ArnLike": { "aws:PrincipalArn": "arn:aws:iam::*:root" } } }]));
    for (caller, expected) in [(ROOT, ExplicitlyDenied), (USER, Allowed), (SESSION, Allowed)] {
        let scenario = json!({ "principal": caller, "action": "s3:ListAllMyBuckets",
            "identityPolicies": [allow("*")], "serviceControlPolicies": [[allow("*"), only_root]] });
        assert_eq!(decision(&scenario), expected, "{caller}");
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_compare-resource-policies.html> and the page
/// of role trust policies: trust and the caller's own policies.
#[test]
fn assuming_roles() {
    let trust = |principal: Value| {
        document(json!([{ "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" }]))
    };
    let identity = json!([allow("sts:AssumeRole")]);
    let own = json!({ "arn": "arn:aws:iam::111122223333:role/target" });
    let other = json!({ "arn": "arn:aws:iam::444455556666:role/target" });
    for (resource, policies, principal, expected) in [
        (&own, json!([]), json!({ "AWS": USER }), Allowed),
        (&own, json!([]), json!({ "AWS": "111122223333" }), ImplicitlyDenied),
        (&own, identity.clone(), json!({ "AWS": "111122223333" }), Allowed),
        (&own, identity.clone(), json!({ "AWS": ROLE }), ImplicitlyDenied),
        (&own, identity.clone(), json!({ "Service": "ec2.amazonaws.com" }), ImplicitlyDenied),
        (&other, identity.clone(), json!({ "AWS": "111122223333" }), Allowed),
        (&other, json!([]), json!({ "AWS": USER }), ImplicitlyDenied),
        (&other, identity.clone(), json!({ "AWS": "AIDAEXAMPLEEXAMPLE123" }), ImplicitlyDenied),
    ] {
        let scenario = json!({ "principal": USER, "action": "sts:AssumeRole", "resource": resource,
            "identityPolicies": policies, "resourcePolicy": trust(principal.clone()) });
        assert_eq!(decision(&scenario), expected, "{resource} {principal}");
    }
    let nobody = json!({ "principal": USER, "action": "sts:AssumeRole", "resource": own, "identityPolicies": identity });
    assert_eq!(decision(&nobody), ImplicitlyDenied);
}
