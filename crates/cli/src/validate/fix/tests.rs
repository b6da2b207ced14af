//! What is repaired, what is left alone, and that the rest of a file stays as it is.

use ringfence_policy::PolicyType;

use super::plan::{Plan, Scope, plan};
use crate::validate::subject::{SaidBy, SubjectKind};

const IDENTITY: SubjectKind = SubjectKind {
    policy_type: PolicyType::IdentityPolicy,
    resource_type: None,
    said_by: SaidBy::User,
};

fn planned(text: &str, scope: Scope) -> Plan {
    plan(text, IDENTITY, scope, &|_, _| true)
}

/// The result, and what the repairs that are left alone would do.
fn fixed(text: &str) -> (String, Vec<&'static str>) {
    let plan = planned(text, Scope::Safe);
    (plan.text, plan.left.iter().map(|own| own.effect.as_str()).collect())
}

/// A policy with one Allow statement of these elements.
fn policy(elements: &str) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", {elements}}}]}}"#)
}

#[test]
fn what_changes_nothing_is_made() {
    for (before, after) in [
        (
            policy(r#""Action": ["s3:Get*", "s3:GetObject",  "s3:PutObject"], "Resource": "*""#),
            policy(r#""Action": ["s3:Get*", "s3:PutObject"], "Resource": "*""#),
        ),
        (
            policy(
                r#""Action": "s3:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "10.1.2.3/8"}}"#,
            ),
            policy(
                r#""Action": "s3:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}"#,
            ),
        ),
        (
            policy(r#""Sid": "my sid", "Action": "s3:*", "Resource": "*""#),
            policy(r#""Sid": "mysid", "Action": "s3:*", "Resource": "*""#),
        ),
    ] {
        assert_eq!(fixed(&before), (after, Vec::new()));
    }
}

#[test]
fn what_changes_the_meaning_is_left_alone_unless_it_is_asked_for() {
    for (elements, repaired) in [
        (
            r#""Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceIp": "10.0.0.0/8"}}"#,
            r#""Action": "s3:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}"#,
        ),
        (
            r#""Action": "s3:ListObjectsV2", "Resource": "*""#,
            r#""Action": "s3:ListBucket", "Resource": "*""#,
        ),
        (
            r#""Action": "s3:GetObject", "Resource": "arn:aws:S3:::b/*""#,
            r#""Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#,
        ),
    ] {
        let (before, after) = (policy(elements), policy(repaired));
        assert_eq!(fixed(&before), (before.clone(), vec!["changes"]));
        let plan = planned(&before, Scope::Unsafe);
        assert_eq!((plan.text, plan.made.len(), plan.left.len()), (after, 1, 0));
    }
}

#[test]
fn a_version_is_missing_where_it_changes_nothing() {
    let with = |resource: &str| {
        format!(
            "\u{feff}{{\r\n\t\"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"{resource}\"}}]\r\n}}\r\n"
        )
    };
    let (before, after) = (
        with("*"),
        with("*").replace("\"Statement", "\"Version\": \"2012-10-17\",\r\n\t\"Statement"),
    );
    assert_eq!(fixed(&before), (after, Vec::new()));
    // Without a version this is a bucket with a strange name.
    let variable = with("arn:aws:s3:::b/${aws:username}/*");
    assert_eq!(fixed(&variable), (variable.clone(), vec!["changes"]));
}

#[test]
fn the_case_of_names_is_certain_where_nothing_else_changes() {
    let before = r#"{"version": "2012-10-17", "statement": [{"effect": "allow", "action": ["s3:Get*", "s3:GetObject"], "resource": "*"}]}"#;
    let after = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:Get*"], "Resource": "*"}]}"#;
    let plan = planned(before, Scope::Safe);
    assert_eq!((plan.text.as_str(), plan.left.len()), (after, 0), "{:?}", plan.left);
    let places: Vec<_> = plan.made.iter().map(|own| own.offset).collect();
    let place = |text| before.find(text).unwrap();
    for name in ["version", "statement", "effect", "allow", "resource"] {
        assert!(places.contains(&place(name)), "{name} {places:?}");
    }
    assert!(places.contains(&place("\", \"s3:GetObject").saturating_add(1)), "{places:?}");
    // Two elements of one name are no repair.
    let twice = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "effect": "Deny", "Action": "s3:*", "Resource": "*"}]}"#;
    assert_eq!(fixed(twice).0, twice);
    // Which version was meant nobody knows.
    let version = policy(r#""Action": "s3:*", "Resource": "*""#).replace("10-17", "10-18");
    assert_eq!(fixed(&version), (version.clone(), vec!["unproven"]));
}

#[test]
fn a_deny_counts_although_nothing_is_allowed() {
    let with = |actions: &str, condition: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Deny", "Action": {actions}, "Resource": "*"{condition}}}]}}"#
        )
    };
    assert_eq!(fixed(&with(r#"["s3:*", "s3:Put*"]"#, "")), (with(r#"["s3:*"]"#, ""), Vec::new()));
    let wrong = r#", "Condition": {"StringEquals": {"aws:SourceIp": "10.0.0.0/8"}}"#;
    let before = with(r#""s3:*""#, wrong);
    assert_eq!(fixed(&before), (before.clone(), vec!["changes"]));
}

#[test]
fn one_that_changes_the_meaning_does_not_keep_others_from_being_made() {
    let statement = |actions: &str| {
        let condition = r#"{"StringEquals": {"aws:SourceIp": "10.0.0.0/8"}}"#;
        let one = |number| {
            format!(
                r#"{{"Effect": "Allow", "Action": [{actions}], "Resource": "arn:aws:s3:::b{number}", "Condition": {condition}}}"#
            )
        };
        let all: Vec<String> = (0..40).map(one).collect();
        format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, all.join(", "))
    };
    let (text, left) = fixed(&statement(r#""s3:Get*", "s3:GetObject""#));
    assert_eq!(text, statement(r#""s3:Get*""#));
    assert_eq!(left, vec!["changes"; 40]);
}

#[test]
fn repairs_that_touch_each_other_come_one_after_the_other() {
    let before = r#"{"Statement": [
  {"Effect": "Allow", "Action": ["s3:Get*", "s3:GetObject", "sqs:*", "sqs:SendMessage"], "Resource": ["*", "arn:aws:s3:::b/*"]},
  {"Effect": "Allow", "Action": ["s3:Get*", "s3:GetObject", "sqs:*", "sqs:SendMessage"], "Resource": ["*", "arn:aws:s3:::b/*"]}
]}"#;
    let after = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": ["s3:Get*", "sqs:*"], "Resource": ["*"]}
]}"#;
    assert_eq!(fixed(before), (after.to_owned(), Vec::new()));
    assert_eq!(fixed(after), (after.to_owned(), Vec::new()));
}
