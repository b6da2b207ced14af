//! Answers, as AWS documents them, for what the endpoint does not have: policies of streams, access points of directory
//! buckets, the deletion of a file system's policy, CloudTrail's history, Access Analyzer.

use std::collections::BTreeMap;
use std::sync::Mutex;

use ringfence_aws::live::WriteFailure;
use ringfence_response::slot::Slot;
use serde_json::{Value, json};

use crate::moto::Moto;
use crate::proxy::{Fate, Proxy, Request};
use crate::reach::{accounts, block_on, target};

pub(crate) const STREAM: &str =
    "arn:aws:dynamodb:eu-west-1:123456789012:table/cards/stream/2026-01-01T00:00:00.000";
pub(crate) const DIRECTORY: &str =
    "arn:aws:s3express:eu-west-1:123456789012:bucket/cache--euw1-az1--x-s3";
pub(crate) const POINT: &str =
    "arn:aws:s3express:eu-west-1:123456789012:accesspoint/point--euw1-az1--xa-s3";
pub(crate) const SYSTEM: &str =
    "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-0123456789abcdef0";
pub(crate) const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Open","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999999999999:root"},"Action":"x:Y","Resource":"*"}]}"#;

/// What the recorded services hold.
#[derive(Default)]
pub(crate) struct Recorded(Mutex<BTreeMap<&'static str, (String, u32)>>);

impl Recorded {
    pub(crate) fn new() -> Self {
        let held = [STREAM, POINT, SYSTEM].map(|arn| (arn, (POLICY.to_owned(), 1)));
        Self(Mutex::new(held.into()))
    }

    fn get(&self, arn: &str) -> Option<(String, u32)> {
        self.0.lock().unwrap().get(arn).cloned()
    }

    fn put(&self, arn: &'static str, text: Option<String>) {
        let mut held = self.0.lock().unwrap();
        match text {
            Some(text) => {
                let revision = held.get(arn).map_or(1, |(_, revision)| revision + 1);
                held.insert(arn, (text, revision));
            }
            None => drop(held.remove(arn)),
        }
    }

    /// What is answered to a request that the endpoint does not know.
    pub(crate) fn fate(&self, request: &Request) -> Option<Fate> {
        let told = |status, value: Value| {
            Some(Fate::Instead(status, "application/json", value.to_string()))
        };
        let xml = |status, text: String| Some(Fate::Instead(status, "application/xml", text));
        let text = String::from_utf8_lossy(request.text()).into_owned();
        let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        let method = request.method.as_str();
        let path = request.target.split('?').next().unwrap_or_default();
        match (request.service.as_str(), request.operation.as_deref()) {
            ("dynamodb", Some(operation)) if body.contains("/stream/") => {
                let asked: Value = serde_json::from_str(body).unwrap();
                let held = self.get(STREAM);
                let revision = held.as_ref().map(|(_, revision)| revision.to_string());
                let expected = asked["ExpectedRevisionId"].as_str();
                let conflict =
                    expected.is_some_and(|it| it != revision.as_deref().unwrap_or("NO_POLICY"));
                if conflict || (operation == "GetResourcePolicy" && held.is_none()) {
                    let code = "com.amazonaws.dynamodb.v20120810#PolicyNotFoundException";
                    return told(400, json!({ "__type": code, "message": "no such policy" }));
                }
                match operation {
                    "GetResourcePolicy" => {
                        told(200, json!({ "Policy": held?.0, "RevisionId": revision }))
                    }
                    "PutResourcePolicy" => {
                        self.put(STREAM, asked["Policy"].as_str().map(str::to_owned));
                        told(200, json!({ "RevisionId": self.get(STREAM)?.1.to_string() }))
                    }
                    "DeleteResourcePolicy" => {
                        self.put(STREAM, None);
                        told(200, json!({}))
                    }
                    _ => None,
                }
            }
            ("elasticfilesystem", None) if path.contains("fs-0123456789abcdef0") => {
                match (method, self.get(SYSTEM)) {
                    ("DELETE", _) => {
                        self.put(SYSTEM, None);
                        Some(Fate::Instead(204, "application/json", String::new()))
                    }
                    ("PUT", _) => {
                        let asked: Value = serde_json::from_str(body).unwrap();
                        self.put(SYSTEM, asked["Policy"].as_str().map(str::to_owned));
                        told(200, json!({}))
                    }
                    (_, Some((policy, _))) => told(200, json!({ "Policy": policy })),
                    (_, None) => {
                        told(404, json!({ "__type": "PolicyNotFound", "Message": "none" }))
                    }
                }
            }
            (_, None) if path == "/v20180820/accesspointfordirectory" => xml(
                200,
                format!(
                    "<ListAccessPointsForDirectoryBucketsResult><AccessPointList><AccessPoint>\
                     <Name>point--euw1-az1--xa-s3</Name><NetworkOrigin>Internet</NetworkOrigin>\
                     <Bucket>cache--euw1-az1--x-s3</Bucket><AccessPointArn>{POINT}</AccessPointArn>\
                     </AccessPoint></AccessPointList></ListAccessPointsForDirectoryBucketsResult>"
                ),
            ),
            (_, None) if path == "/v20180820/accesspoint/point--euw1-az1--xa-s3/policy" => {
                match (method, self.get(POINT)) {
                    ("DELETE", _) => {
                        self.put(POINT, None);
                        xml(204, String::new())
                    }
                    ("PUT", _) => {
                        let policy = body.split_once("<Policy>")?.1.split_once("</Policy>")?.0;
                        self.put(POINT, Some(policy.replace("&quot;", "\"")));
                        xml(200, String::new())
                    }
                    (_, Some((policy, _))) => xml(
                        200,
                        format!("<GetAccessPointPolicyResult><Policy>{policy}</Policy></GetAccessPointPolicyResult>"),
                    ),
                    (_, None) => xml(
                        404,
                        "<ErrorResponse><Error><Code>NoSuchAccessPointPolicy</Code></Error></ErrorResponse>"
                            .to_owned(),
                    ),
                }
            }
            ("cloudtrail", Some("LookupEvents")) => {
                let asked: Value = serde_json::from_str(body).unwrap();
                told(200, json!({ "Events": events(&asked) }))
            }
            ("access-analyzer", None) => told(200, json!({})),
            _ => None,
        }
    }
}

/// What CloudTrail answers: newest first, with what came of each call.
fn events(asked: &Value) -> Vec<Value> {
    let attribute = &asked["LookupAttributes"][0];
    let event = |name: &str, source: &str, at: u32, told: Value| {
        json!({
            "EventId": format!("id-{name}-{at}"), "EventName": name, "EventSource": source,
            "EventTime": 1_764_000_000 + at, "Username": "session",
            "CloudTrailEvent": told.to_string(),
        })
    };
    let iam = |name: &str, at, who: &str, error: Value| {
        event(
            name,
            "iam.amazonaws.com",
            at,
            json!({
                "userIdentity": { "type": "AssumedRole", "arn": who }, "errorCode": error,
                "requestParameters": { "roleName": "audit", "policyDocument": "{}" },
            }),
        )
    };
    let who = "arn:aws:sts::123456789012:assumed-role/Admin/alice";
    let queue = |name: &str, at| {
        event(
            "SetQueueAttributes",
            "sqs.amazonaws.com",
            at,
            json!({
                "userIdentity": { "type": "IAMUser", "arn": "arn:aws:iam::123456789012:user/bob" },
                "requestParameters": { "queueUrl": format!("https://sqs.eu-west-1.amazonaws.com/123456789012/{name}") },
            }),
        )
    };
    match (
        attribute["AttributeKey"].as_str().unwrap(),
        attribute["AttributeValue"].as_str().unwrap(),
    ) {
        ("ResourceName", "audit") => vec![
            iam(
                "UpdateAssumeRolePolicy",
                50,
                "arn:aws:iam::123456789012:user/mallory",
                json!("AccessDenied"),
            ),
            iam("TagRole", 40, who, Value::Null),
            iam("UpdateAssumeRolePolicy", 30, who, Value::Null),
            iam("CreateRole", 20, "arn:aws:iam::123456789012:user/carol", Value::Null),
        ],
        ("EventName", "SetQueueAttributes") => {
            vec![queue("orders-of-others", 70), queue("orders", 60), queue("orders", 10)]
        }
        _ => Vec::new(),
    }
}

fn proxy(moto: &Moto) -> Proxy {
    let recorded = Recorded::new();
    Proxy::start(moto.port, move |request| recorded.fate(request).unwrap_or(Fate::Answer))
}

#[test]
#[ignore = "needs the Python environment"]
fn what_the_endpoint_lacks_goes_there_and_back_too() {
    let moto = Moto::start();
    moto.run("plant.py", &["directory"], "");
    let proxy = proxy(&moto);
    block_on(async {
        let accounts = accounts(&proxy.url()).await;
        let point = Slot::AccessPointPolicy { access_point_arn: POINT.to_owned() };
        for (resource_type, arn, slot) in [
            ("AWS::DynamoDB::Stream", STREAM, Slot::StreamPolicy),
            ("AWS::EFS::FileSystem", SYSTEM, Slot::FileSystemPolicy),
            ("AWS::S3Express::DirectoryBucket", DIRECTORY, point),
        ] {
            let target = target(resource_type, arn, "eu-west-1");
            let read = accounts.read_each(&target).await.unwrap();
            assert_eq!(read.slots[&slot].as_deref(), Some(POLICY), "{arn}: {:?}", read.unread);
            let after = POLICY.replace("Allow", "Deny");
            accounts.write(&target, &slot, Some(POLICY), Some(&after)).await.unwrap();
            let stale = accounts.write(&target, &slot, Some(POLICY), None).await;
            assert_eq!(stale, Err(WriteFailure::Changed { now: Some(after.clone()) }));
            accounts.write(&target, &slot, Some(&after), None).await.unwrap();
            assert_eq!(accounts.read_slot(&target, &slot).await.unwrap(), None);
            accounts.write(&target, &slot, None, Some(POLICY)).await.unwrap();
            assert_eq!(accounts.read_slot(&target, &slot).await.unwrap().as_deref(), Some(POLICY));
        }
    });
}

#[test]
#[ignore = "needs the Python environment"]
fn the_history_tells_who_changed_access_last() {
    let moto = Moto::start();
    let proxy = proxy(&moto);
    block_on(async {
        let accounts = accounts(&proxy.url()).await;
        let role = target("AWS::IAM::Role", "arn:aws:iam::123456789012:role/teams/audit", "global");
        let change = accounts.last_change(&role).await.unwrap().unwrap();
        assert_eq!(change.who, "arn:aws:sts::123456789012:assumed-role/Admin/alice");
        assert_eq!(change.event_name, "UpdateAssumeRolePolicy");
        assert_eq!(change.event_id, "id-UpdateAssumeRolePolicy-30");
        assert_eq!(change.at.as_second(), 1_764_000_030);
        // A service that does not tell CloudTrail which resource it was.
        let queue =
            target("AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:123456789012:orders", "eu-west-1");
        let change = accounts.last_change(&queue).await.unwrap().unwrap();
        assert_eq!(
            (change.at.as_second(), change.who.ends_with("user/bob")),
            (1_764_000_060, true)
        );
        let topic =
            target("AWS::SNS::Topic", "arn:aws:sns:eu-west-1:123456789012:news", "eu-west-1");
        assert_eq!(accounts.last_change(&topic).await.unwrap(), None);
    });
    // The endpoint alone has no such history, and says so: that is a failure, not "nobody".
    let alone = block_on(async {
        let accounts = accounts(&moto.url()).await;
        let topic =
            target("AWS::SNS::Topic", "arn:aws:sns:eu-west-1:123456789012:news", "eu-west-1");
        accounts.last_change(&topic).await
    });
    assert_eq!(alone.unwrap_err().action, "cloudtrail:LookupEvents");
}
