//! Requests as CloudTrail records them, of each service that writes tags in a form of its own.

use jiff::Timestamp;
use serde_json::json;

use super::*;

fn call(name: &str, who: &str, at: i64, parameters: Value) -> Call {
    Call {
        name: name.to_owned(),
        who: who.to_owned(),
        at: Timestamp::from_second(at).unwrap(),
        id: String::new(),
        parameters,
    }
}

fn of(resource_type: &str, now: &[(&str, Option<&str>)], calls: &[Call]) -> (Vec<String>, String) {
    let now: TagsNow =
        now.iter().map(|(key, value)| ((*key).to_owned(), value.map(str::to_owned))).collect();
    let told = setters(tag_events(resource_type).unwrap(), &now, calls);
    let by_key = told.by_key.iter().map(|(key, own)| format!("{key} {}", own.who)).collect();
    (by_key, told.unexplained.into_iter().collect::<Vec<_>>().join(" "))
}

#[test]
fn each_service_writes_tags_its_own_way() {
    let keys_and_values = json!({ "tags": [{ "key": "a", "value": "1" }, { "key": "b" }] });
    for (parameters, expected) in [
        (keys_and_values, &[("a", "1"), ("b", "")][..]),
        (json!({ "keyId": "k", "tags": [{ "tagKey": "a", "tagValue": "1" }] }), &[("a", "1")]),
        (
            json!({ "queueUrl": "u", "tags": { "a": "1", "key-of": "2" } }),
            &[("a", "1"), ("key-of", "2")],
        ),
        (
            json!({ "tagging": "", "Tagging": { "TagSet": { "Tag": { "Key": "a", "Value": "1" } } } }),
            &[("a", "1")],
        ),
        (
            json!({ "Tagging": { "TagSet": { "Tag": [{ "Key": "a", "Value": "1" }] } } }),
            &[("a", "1")],
        ),
        (
            json!({ "tagSet": { "items": [{ "key": "a", "value": "1" }] }, "resourcesSet": { "items": [{ "key": "x" }] } }),
            &[("a", "1")],
        ),
        (
            json!({ "tagSpecificationSet": { "items": [{ "resourceType": "snapshot", "tags": [{ "key": "a", "value": "1" }] }] } }),
            &[("a", "1")],
        ),
        (json!({ "roleName": "r", "key": "a" }), &[]),
        (Value::Null, &[]),
    ] {
        let tags = tags_in(&parameters);
        let tags: Vec<_> = tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(tags, expected, "{parameters}");
    }
    assert_eq!(keys_in(&json!({ "tagKeys": ["a", "b"] })), ["a".to_owned(), "b".to_owned()].into());
}

#[test]
fn the_last_call_that_agrees_with_what_is_there_counts() {
    let key = "AWS::KMS::Key";
    let set = |who: &str, at, value: &str| {
        call("TagResource", who, at, json!({ "tags": [{ "tagKey": "a", "tagValue": value }] }))
    };
    let removed = call("UntagResource", "bob", 50, json!({ "tagKeys": ["a"] }));
    let calls = [set("alice", 40, "true"), set("bob", 30, "false")];
    assert_eq!(of(key, &[("a", Some("true"))], &calls).0, ["a alice"]);
    // Somebody has changed it since, in a call that is not there yet.
    assert_eq!(of(key, &[("a", Some("maybe"))], &calls), (vec![], "a".to_owned()));
    assert_eq!(of(key, &[("a", None)], &calls), (vec![], "a".to_owned()));
    let calls = [removed, set("alice", 40, "true")];
    assert_eq!(
        of(key, &[("a", None), ("b", None)], &calls),
        (vec!["a bob".to_owned()], String::new())
    );
    assert_eq!(of(key, &[("a", Some("true"))], &calls), (vec![], "a".to_owned()));
    assert_eq!(of(key, &[("a", Some("true"))], &[]), (vec![], String::new()));
}

#[test]
fn what_was_before_a_resource_was_made_was_another() {
    let bucket = "AWS::S3::Bucket";
    let put = |who: &str, at, tags: Value| {
        call("PutBucketTagging", who, at, json!({ "Tagging": { "TagSet": { "Tag": tags } } }))
    };
    let tags = json!([{ "Key": "a", "Value": "1" }]);
    let made = call("CreateBucket", "mallory", 20, json!({ "bucketName": "b" }));
    let calls = [made, put("alice", 10, tags.clone())];
    assert_eq!(of(bucket, &[("a", Some("1"))], &calls), (vec![], String::new()));
    // All tags of a bucket are written at once: of those that stay as they were nothing is told.
    let more = json!([{ "Key": "a", "Value": "1" }, { "Key": "b", "Value": "2" }]);
    let calls =
        [put("bob", 30, tags.clone()), put("bob", 20, more.clone()), put("alice", 10, tags)];
    let now = [("a", Some("1")), ("b", None), ("never", None)];
    assert_eq!(of(bucket, &now, &calls).0, ["a alice", "b bob"]);
    assert_eq!(of(bucket, &[("b", Some("2"))], &calls), (vec![], "b".to_owned()));
    assert_eq!(of(bucket, &[("b", Some("2"))], &[put("carol", 9, more)]).0, ["b carol"]);
    let role = call("CreateRole", "carol", 5, json!({ "tags": [{ "key": "a", "value": "1" }] }));
    assert_eq!(of("AWS::IAM::Role", &[("a", Some("1"))], &[role]).0, ["a carol"]);
}
