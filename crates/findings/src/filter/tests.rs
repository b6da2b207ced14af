use std::collections::BTreeMap;

use super::*;
use crate::broad_rule::{Breadth, breadth};

fn criterion(text: &str) -> Criterion {
    serde_json::from_str(text).unwrap()
}

fn filter(text: &str) -> Filter {
    serde_json::from_str(text).unwrap()
}

#[test]
fn operators_are_joined_by_and_and_values_by_or() {
    let one_of = criterion(r#"{"eq": ["a", "b"]}"#);
    assert!(one_of.admits(Some("b")) && !one_of.admits(Some("c")) && !one_of.admits(None));
    let none_of = criterion(r#"{"neq": ["a", "b"]}"#);
    assert!(!none_of.admits(Some("b")) && none_of.admits(Some("c")) && none_of.admits(None));
    let both = criterion(r#"{"contains": ["ab", "x"], "neq": ["abc"]}"#);
    assert!(both.admits(Some("cab")) && !both.admits(Some("abc")) && !both.admits(Some("ba")));
    let there = criterion(r#"{"exists": true}"#);
    assert!(there.admits(Some("")) && !there.admits(None));
    let absent = criterion(r#"{"exists": false}"#);
    assert!(!absent.admits(Some("a")) && absent.admits(None));
}

#[test]
fn keys_that_mean_nothing_are_refused_where_they_mean_nothing() {
    let status = filter(r#"{"status": {"eq": ["ACTIVE"]}}"#);
    assert_eq!(status.check(Use::List), Ok(()));
    let unknown = FilterError::UnknownKey("status".to_owned());
    assert_eq!(status.check(Use::ArchiveRule), Err(unknown));
    for text in [r#"{"ispublic": {"eq": ["true"]}}"#, r#"{"principal.aws": {"exists": true}}"#] {
        assert!(filter(text).check(Use::List).is_err(), "{text}");
    }
    let empty = Filter(BTreeMap::from([("resource".to_owned(), Criterion::default())]));
    assert_eq!(empty.check(Use::List), Err(FilterError::NoOperator("resource".to_owned())));
}

#[test]
fn rules_that_could_hide_a_public_finding_are_told_apart() {
    for (text, expected) in [
        (r#"{"resourceType": {"eq": ["AWS::S3::Bucket"]}}"#, Breadth::CouldBePublic),
        (r#"{"isPublic": {"eq": ["true"]}}"#, Breadth::SaysPublic),
        (r#"{"isPublic": {"eq": ["false"]}}"#, Breadth::NeverPublic),
        (r#"{"isPublic": {"neq": ["true"]}}"#, Breadth::NeverPublic),
        (r#"{"principal.AWS": {"eq": ["999988887777"]}}"#, Breadth::NeverPublic),
        (r#"{"principal.AWS": {"contains": ["*"]}}"#, Breadth::CouldBePublic),
        (r#"{"principal.Federated": {"exists": true}}"#, Breadth::NeverPublic),
        (r#"{"error": {"exists": false}}"#, Breadth::CouldBePublic),
        (r#"{}"#, Breadth::CouldBePublic),
    ] {
        assert_eq!(breadth(&filter(text)), expected, "{text}");
    }
}
