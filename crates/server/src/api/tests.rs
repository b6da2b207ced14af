//! Routing, and every kind of constraint.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::exception::{Exception, ExceptionKind, Reason};
use super::input;
use super::model::{Location, OperationModel, Shape};
use super::route::{Route, route};
use super::shapes::{EXCEPTIONS, OPERATIONS, PATTERNS};

fn operation(name: &str) -> &'static OperationModel {
    OPERATIONS.iter().find(|own| own.name == name).unwrap()
}

fn read(name: &str, body: &Value) -> Result<Value, Exception> {
    input::read(operation(name), &BTreeMap::new(), "", body.to_string().as_bytes())
}

/// The names of the fields that are not valid, and the reason.
fn refused(name: &str, body: &Value) -> (Reason, Vec<String>) {
    match read(name, body).unwrap_err().kind {
        ExceptionKind::Validation { reason, fields } => {
            (reason, fields.into_iter().map(|own| own.name).collect())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_operation_has_its_own_route() {
    for own in OPERATIONS {
        let path: String = own.uri.replace(['{', '}'], "");
        match route(own.method, &path) {
            Route::To(found, _) => assert_eq!(found.name, own.name),
            other => panic!("{}: {other:?}", own.name),
        }
        assert!(matches!(route("PATCH", &path), Route::OtherMethod), "{}", own.name);
    }
}

#[test]
fn labels_are_decoded_once_and_an_arn_may_be_raw() {
    let arn = "arn:aws:access-analyzer:us-east-1:111122223333:analyzer/a b%2F";
    for path in [
        "/tags/arn%3Aaws%3Aaccess-analyzer%3Aus-east-1%3A111122223333%3Aanalyzer%2Fa%20b%252F",
        "/tags/arn:aws:access-analyzer:us-east-1:111122223333:analyzer/a%20b%252F",
    ] {
        let Route::To(found, labels) = route("GET", path) else { panic!("{path}") };
        assert_eq!((found.name, labels["resourceArn"].as_str()), ("ListTagsForResource", arn));
    }
    for path in [
        "/analyzer//archive-rule",
        "/analyzer/./archive-rule",
        "/analyzer/../analyzer",
        "//analyzer",
        "/analyzer/",
        "/analyzer/%2E%2E/archive-rule",
        "/analyzer/a/archive-rule/b/c",
        "/analyzer/%FF",
        "analyzer",
        "",
    ] {
        assert!(matches!(route("GET", path), Route::Unknown), "{path}");
    }
}

#[test]
fn constraints_of_every_kind_name_their_field() {
    let arn = "arn:aws:access-analyzer:us-east-1:111122223333:analyzer/a";
    for (name, body, fields) in [
        ("CreateAnalyzer", json!({}), vec!["analyzerName", "type"]),
        ("CreateAnalyzer", json!({"analyzerName": "1", "type": "ACCOUNT"}), vec!["analyzerName"]),
        (
            "CreateAnalyzer",
            json!({"analyzerName": "a".repeat(256), "type": "ACCOUNT"}),
            vec!["analyzerName"],
        ),
        ("CreateAnalyzer", json!({"analyzerName": "a\n", "type": "ACCOUNT"}), vec!["analyzerName"]),
        ("CreateAnalyzer", json!({"analyzerName": "a", "type": "account"}), vec!["type"]),
        (
            "CreateAnalyzer",
            json!({"analyzerName": "a", "type": "ACCOUNT", "configuration": {}}),
            vec!["configuration"],
        ),
        (
            "CreateAnalyzer",
            json!({"analyzerName": "a", "type": "ACCOUNT", "configuration": {"unusedAccess": {}, "internalAccess": {}}}),
            vec!["configuration"],
        ),
        ("ListFindings", json!({"analyzerArn": "x"}), vec!["analyzerArn"]),
        (
            "ListFindings",
            json!({"analyzerArn": arn, "filter": {"status": {"eq": []}}}),
            vec!["filter.status.eq"],
        ),
        (
            "ListFindings",
            json!({"analyzerArn": arn, "filter": {"id": {"eq": vec!["x"; 21]}}}),
            vec!["filter.id.eq"],
        ),
        (
            "ListFindings",
            json!({"analyzerArn": arn, "filter": {"id": {"eq": [null]}}}),
            vec!["filter.id.eq.0"],
        ),
        (
            "CheckAccessNotGranted",
            json!({"policyDocument": "", "access": [{}, {}], "policyType": "IDENTITY_POLICY"}),
            vec!["access"],
        ),
        (
            "CreateAccessPreview",
            json!({"analyzerArn": arn, "configurations": {"x": {"s3Bucket": {"bucketAclGrants": [{"permission": "READ"}]}}}}),
            vec!["configurations.x.s3Bucket.bucketAclGrants.0.grantee"],
        ),
        (
            "CreateAccessPreview",
            json!({"analyzerArn": arn, "configurations": {"x": {"s3Bucket": {"accessPoints": {"y": {}}}}}}),
            vec!["configurations.x.s3Bucket.accessPoints.y"],
        ),
    ] {
        let fields: Vec<String> = fields.into_iter().map(str::to_owned).collect();
        assert_eq!(refused(name, &body), (Reason::FieldValidationFailed, fields), "{body}");
    }
}

#[test]
fn values_of_another_type_cannot_be_parsed() {
    for body in [
        json!({"analyzerArn": 1}),
        json!({"analyzerArn": "a:b:c:d:e:analyzer/x", "maxResults": "1"}),
        json!({"analyzerArn": "a:b:c:d:e:analyzer/x", "maxResults": 1.5}),
        json!({"analyzerArn": "a:b:c:d:e:analyzer/x", "maxResults": 2_147_483_648_u64}),
        json!({"analyzerArn": "a:b:c:d:e:analyzer/x", "filter": {"a": {"exists": "true"}}}),
        json!({"analyzerArn": "a:b:c:d:e:analyzer/x", "filter": []}),
    ] {
        assert_eq!(refused("ListFindings", &body).0, Reason::CannotParse, "{body}");
    }
    for body in ["{", "[]", "\"\"", "\u{feff}{}", "{\"a\":1}{}"] {
        let error = input::read(operation("ListFindings"), &BTreeMap::new(), "", body.as_bytes());
        let kind = error.unwrap_err().kind;
        assert_eq!(kind, ExceptionKind::Validation { reason: Reason::CannotParse, fields: vec![] });
    }
    let deep = format!("{}{}", "{\"filter\":".repeat(100_000), "}".repeat(100_000));
    assert!(input::read(operation("ListFindings"), &BTreeMap::new(), "", deep.as_bytes()).is_err());
}

#[test]
fn what_the_model_does_not_know_is_dropped() {
    let body = json!({"analyzerName": "a", "type": "ACCOUNT", "newer": 1, "tags": null});
    assert_eq!(
        read("CreateAnalyzer", &body).unwrap(),
        json!({"analyzerName": "a", "type": "ACCOUNT"})
    );
}

#[test]
fn the_query_has_types_and_lists() {
    let none = BTreeMap::new();
    let list = operation("ListAnalyzers");
    let found = input::read(list, &none, "maxResults=7&type=ACCOUNT&other=1", b"").unwrap();
    assert_eq!(found, json!({"maxResults": 7, "type": "ACCOUNT"}));
    assert!(input::read(list, &none, "maxResults=x", b"").is_err());
    assert!(input::read(list, &none, "maxResults=1&maxResults=2", b"").is_err());
    let labels = BTreeMap::from([("resourceArn", "a".to_owned())]);
    let untag = operation("UntagResource");
    let found = input::read(untag, &labels, "tagKeys=a%26b&tagKeys=c", b"").unwrap();
    assert_eq!(found, json!({"resourceArn": "a", "tagKeys": ["a&b", "c"]}));
    assert!(input::read(untag, &labels, "", b"").is_err());
}

#[test]
fn the_tables_are_sound() {
    for pattern in PATTERNS {
        assert!(regex_lite::Regex::new(pattern).is_ok(), "{pattern}");
    }
    for own in OPERATIONS {
        assert!(matches!(own.input, Shape::Structure(_)), "{}", own.name);
        for member in own.members().iter().filter(|own| own.location == Location::Label) {
            assert!(own.uri.contains(&format!("{{{}}}", member.name)), "{}", own.name);
        }
    }
}

#[test]
fn exceptions_have_the_status_of_the_model() {
    let named = || String::new();
    let kinds = [
        ExceptionKind::AccessDenied,
        ExceptionKind::Conflict { resource_id: named(), resource_type: "" },
        ExceptionKind::InternalServer,
        ExceptionKind::InvalidParameter,
        ExceptionKind::ResourceNotFound { resource_id: named(), resource_type: "" },
        ExceptionKind::ServiceQuotaExceeded { resource_id: named(), resource_type: "" },
        ExceptionKind::Throttling { retry_after_seconds: 1 },
        ExceptionKind::UnprocessableEntity,
        ExceptionKind::Validation { reason: Reason::Other, fields: vec![] },
    ];
    let mut own: Vec<(&str, u16)> = kinds
        .into_iter()
        .map(|kind| Exception::new(kind, ""))
        .map(|exception| (exception.name(), exception.status()))
        .collect();
    own.sort_unstable();
    assert_eq!(own, EXCEPTIONS);
}

#[test]
fn times_are_written_as_aws_writes_them() {
    for (text, written) in [
        ("2024-02-16T18:17:47.888Z", "2024-02-16T18:17:47.888Z"),
        ("2024-02-16T18:17:47Z", "2024-02-16T18:17:47Z"),
        ("2024-02-16T19:17:47.0001+01:00", "2024-02-16T18:17:47Z"),
    ] {
        let moment: super::Timestamp = serde_json::from_value(json!(text)).unwrap();
        assert_eq!(serde_json::to_value(moment).unwrap(), json!(written));
    }
}
