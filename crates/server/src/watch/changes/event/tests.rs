use serde_json::json;

use super::*;

const ACCOUNT: &str = "111122223333";

#[expect(clippy::needless_pass_by_value, reason = "it is given where it is made")]
fn call(source: &str, name: &str, parameters: Value) -> String {
    json!({
        "version": "0", "detail-type": "AWS API Call via CloudTrail", "source": format!("aws.{source}"),
        "detail": {
            "eventSource": format!("{source}.amazonaws.com"), "eventName": name, "awsRegion": "eu-west-1",
            "recipientAccountId": ACCOUNT, "eventTime": "2026-03-02T06:00:00Z", "readOnly": false,
            "requestParameters": parameters,
        },
    })
    .to_string()
}

fn arn_of(text: &str) -> String {
    match read(text) {
        Message::Changed(Subject::Resource { arn, account }, _) => {
            let own = arn.split(':').nth(4).filter(|own| !own.is_empty());
            assert_eq!(own.or(account.as_deref()), Some(ACCOUNT), "{arn}");
            arn
        }
        other => panic!("{other:?}\n{text}"),
    }
}

#[test]
fn events_name_what_they_changed() {
    let here = format!("eu-west-1:{ACCOUNT}");
    for (source, name, parameters, arn) in [
        ("s3", "PutBucketPolicy", json!({"bucketName": "data"}), "arn:aws:s3:::data".to_owned()),
        (
            "s3",
            "PutPublicAccessBlock",
            json!({"bucketName": "data"}),
            "arn:aws:s3:::data".to_owned(),
        ),
        (
            "s3",
            "CreateAccessPoint",
            json!({"bucket": "data", "name": "p"}),
            "arn:aws:s3:::data".to_owned(),
        ),
        ("kms", "PutKeyPolicy", json!({"keyId": "ab-1"}), format!("arn:aws:kms:{here}:key/ab-1")),
        (
            "kms",
            "CreateGrant",
            json!({"keyId": format!("arn:aws:kms:{here}:key/ab")}),
            format!("arn:aws:kms:{here}:key/ab"),
        ),
        (
            "lambda",
            "AddPermission20150331v2",
            json!({"functionName": "f"}),
            format!("arn:aws:lambda:{here}:function:f"),
        ),
        (
            "lambda",
            "RemovePermission20150331v2",
            json!({"functionName": format!("arn:aws:lambda:{here}:function:f:live")}),
            format!("arn:aws:lambda:{here}:function:f"),
        ),
        (
            "lambda",
            "AddLayerVersionPermission20181031",
            json!({"layerName": "l", "versionNumber": 3}),
            format!("arn:aws:lambda:{here}:layer:l:3"),
        ),
        (
            "sqs",
            "SetQueueAttributes",
            json!({"queueUrl": format!("https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/q")}),
            format!("arn:aws:sqs:{here}:q"),
        ),
        (
            "sns",
            "SetTopicAttributes",
            json!({"topicArn": format!("arn:aws:sns:{here}:t")}),
            format!("arn:aws:sns:{here}:t"),
        ),
        (
            "dynamodb",
            "PutResourcePolicy",
            json!({"resourceArn": format!("arn:aws:dynamodb:{here}:table/t")}),
            format!("arn:aws:dynamodb:{here}:table/t"),
        ),
        (
            "ecr",
            "SetRepositoryPolicy",
            json!({"repositoryName": "a/b"}),
            format!("arn:aws:ecr:{here}:repository/a/b"),
        ),
        (
            "elasticfilesystem",
            "PutFileSystemPolicy",
            json!({"fileSystemId": "fs-1"}),
            format!("arn:aws:elasticfilesystem:{here}:file-system/fs-1"),
        ),
        (
            "ec2",
            "ModifySnapshotAttribute",
            json!({"snapshotId": "snap-1"}),
            "arn:aws:ec2:eu-west-1::snapshot/snap-1".to_owned(),
        ),
        (
            "rds",
            "ModifyDBSnapshotAttribute",
            json!({"dBSnapshotIdentifier": "s"}),
            format!("arn:aws:rds:{here}:snapshot:s"),
        ),
        (
            "rds",
            "ModifyDBClusterSnapshotAttribute",
            json!({"dBClusterSnapshotIdentifier": "s"}),
            format!("arn:aws:rds:{here}:cluster-snapshot:s"),
        ),
    ] {
        assert_eq!(arn_of(&call(source, name, parameters)), arn, "{name}");
    }
    let subject = |text: &str| match read(text) {
        Message::Changed(subject, _) => subject,
        other => panic!("{other:?}"),
    };
    let account = ACCOUNT.to_owned();
    let role = subject(&call("iam", "UpdateAssumeRolePolicy", json!({"roleName": "r"})));
    assert_eq!(role, Subject::Role { account: account.clone(), name: "r".to_owned() });
    let block = subject(&call("s3", "PutAccountPublicAccessBlock", json!({})));
    assert_eq!(block, Subject::S3PublicAccessBlock { account: account.clone() });
    let secret = subject(&call("secretsmanager", "PutResourcePolicy", json!({"secretId": "s"})));
    let region = "eu-west-1".to_owned();
    assert_eq!(secret, Subject::Secret { account, region, name: "s".to_owned() });
}

#[test]
fn what_changes_nothing_is_left() {
    let mut failed: Value =
        serde_json::from_str(&call("s3", "PutBucketPolicy", json!({"bucketName": "b"}))).unwrap();
    failed["detail"]["errorCode"] = json!("AccessDenied");
    for text in [
        failed.to_string(),
        call("s3", "GetBucketPolicy", json!({"bucketName": "b"})),
        call("s3", "PutBucketPolicy", json!({})),
        call("ec2", "CreateTags", json!({"resourcesSet": {"items": [{"resourceId": "i-1"}]}})),
        json!({"detail-type": "Access Analyzer Finding", "detail": {}}).to_string(),
        json!({"Service": "Amazon S3", "Event": "s3:TestEvent"}).to_string(),
    ] {
        assert_eq!(read(&text), Message::Other, "{text}");
    }
    for text in ["", "[]", "nonsense", r#"{"resource": "data"}"#, r#"{"detail": 1}"#] {
        assert!(matches!(read(text), Message::Unreadable(_)), "{text}");
    }
    let hint = r#"{"resource": "arn:aws:s3:::data"}"#;
    let behind_topic =
        json!({"Type": "Notification", "TopicArn": "t", "Message": hint}).to_string();
    assert_eq!(read(&behind_topic), read(hint));
    assert!(matches!(read(hint), Message::Changed(Subject::Resource { .. }, None)));
}

#[test]
fn the_table_says_each_event_once_or_in_order() {
    for (number, row) in ROWS.iter().enumerate() {
        assert!(!row.events.is_empty());
        for event in row.events {
            assert!(
                !event.ends_with(|char: char| char.is_ascii_digit()),
                "{event} has its version"
            );
            let before = ROWS
                .iter()
                .take(number)
                .find(|own| own.source == row.source && own.events.contains(event));
            // A second row is only reached where the first one names nothing.
            assert!(before.is_none_or(|own| !own.at.is_empty()), "{event} is hidden");
        }
    }
}
