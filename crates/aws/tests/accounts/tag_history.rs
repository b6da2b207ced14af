//! Who set a tag, from answers of CloudTrail as it documents them: moto has no such history.

use std::collections::BTreeMap;

use ringfence_aws::Cause;
use ringfence_aws::live::TagsNow;
use serde_json::{Value, json};

use crate::moto::Moto;
use crate::proxy::{Fate, Proxy, Request};
use crate::reach::{accounts, block_on, target};

const ROLE: &str = "arn:aws:iam::123456789012:role/teams/audit";
const PLATFORM: &str = "arn:aws:sts::123456789012:assumed-role/Platform/alice";
const DEVELOPER: &str = "arn:aws:iam::123456789012:user/bob";

fn event(name: &str, source: &str, at: u32, who: &str, parameters: &Value) -> Value {
    let told = json!({
        "userIdentity": { "type": "IAMUser", "arn": who }, "requestParameters": parameters,
        "errorCode": if at == 90 { json!("AccessDenied") } else { Value::Null },
    });
    json!({
        "EventId": format!("{name}-{at}"), "EventName": name, "EventSource": source,
        "EventTime": 1_764_000_000 + at, "Username": "session", "CloudTrailEvent": told.to_string(),
    })
}

/// Fifty events that are about the role and not about tags, before the page with those that are.
fn of_role(token: Option<&str>) -> Value {
    let iam = |name: &str, at, who: &str, parameters: Value| {
        event(name, "iam.amazonaws.com", at, who, &parameters)
    };
    let tags = |key: &str, value: &str| json!({ "roleName": "audit", "tags": [{ "key": key, "value": value }] });
    match token {
        None => {
            let noise = (0..50).map(|number| {
                iam("UpdateRole", 200 - number, DEVELOPER, json!({ "roleName": "audit" }))
            });
            json!({ "Events": noise.collect::<Vec<_>>(), "NextToken": "more" })
        }
        Some(_) => json!({ "Events": [
            iam("TagRole", 90, DEVELOPER, tags("Environment", "development")),
            iam("UntagRole", 80, DEVELOPER, json!({ "roleName": "audit", "tagKeys": ["Confidential"] })),
            iam("TagRole", 70, PLATFORM, tags("Environment", "development")),
            iam("TagRole", 65, DEVELOPER, json!({ "roleName": "auditor", "tags": [{ "key": "Owner", "value": "me" }] })),
            iam("TagRole", 60, DEVELOPER, tags("IsAllowedToShare", "false")),
            iam("CreateRole", 50, PLATFORM, tags("Owner", "platform")),
        ] }),
    }
}

fn answer(request: &Request) -> Fate {
    let told = |value: Value| Fate::Instead(200, "application/json", value.to_string());
    if (request.service.as_str(), request.operation.as_deref())
        != ("cloudtrail", Some("LookupEvents"))
    {
        return Fate::Answer;
    }
    let text = String::from_utf8_lossy(request.text()).into_owned();
    let asked: Value = serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap();
    let attribute = &asked["LookupAttributes"][0];
    let (key, value) = (attribute["AttributeKey"].as_str(), attribute["AttributeValue"].as_str());
    let queue = |name: &str, at, who: &str| {
        let url = format!("https://sqs.eu-west-1.amazonaws.com/123456789012/{name}");
        let parameters = json!({ "queueUrl": url, "tags": { "Environment": "development" } });
        event("TagQueue", "sqs.amazonaws.com", at, who, &parameters)
    };
    match (key.unwrap(), value.unwrap()) {
        ("ResourceName", "audit") => told(of_role(asked["NextToken"].as_str())),
        ("EventName", "TagQueue") => told(json!({ "Events": [
            queue("orders-of-others", 40, DEVELOPER), queue("orders", 30, PLATFORM),
        ] })),
        ("ResourceName", "secret-of-theirs") => {
            let body = json!({ "__type": "AccessDeniedException", "Message": "not allowed" });
            Fate::Instead(400, "application/json", body.to_string())
        }
        _ => told(json!({ "Events": [] })),
    }
}

fn now(tags: &[(&str, Option<&str>)]) -> TagsNow {
    tags.iter().map(|(key, value)| ((*key).to_owned(), value.map(str::to_owned))).collect()
}

#[test]
#[ignore = "needs the Python environment"]
fn the_history_tells_who_set_a_tag_or_that_it_does_not() {
    let moto = Moto::start();
    let proxy = Proxy::start(moto.port, answer);
    block_on(async {
        let accounts = accounts(&proxy.url()).await;
        let role = target("AWS::IAM::Role", ROLE, "global");
        let asked = now(&[
            ("Environment", Some("development")),
            ("Confidential", None),
            ("IsAllowedToShare", Some("true")),
            ("Owner", Some("platform")),
            ("Long ago", Some("x")),
        ]);
        let told = accounts.tag_setters(&role, &asked).await.unwrap();
        let by_key: BTreeMap<&str, (&str, i64)> = told
            .by_key
            .iter()
            .map(|(key, own)| {
                (key.as_str(), (own.who.as_str(), own.at.as_second() - 1_764_000_000))
            })
            .collect();
        assert_eq!(
            by_key,
            BTreeMap::from([
                ("Confidential", (DEVELOPER, 80)),
                ("Environment", (PLATFORM, 70)),
                ("Owner", (PLATFORM, 50)),
            ])
        );
        // The last call said false, and it is true: the call that changed it is not there yet.
        assert_eq!(told.unexplained, ["IsAllowedToShare".to_owned()].into());
        // A service that does not tell CloudTrail which resource it was.
        let queue =
            target("AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:123456789012:orders", "eu-west-1");
        let asked = now(&[("Environment", Some("development"))]);
        let told = accounts.tag_setters(&queue, &asked).await.unwrap();
        assert_eq!(told.by_key["Environment"].who, PLATFORM);
        let topic =
            target("AWS::SNS::Topic", "arn:aws:sns:eu-west-1:123456789012:news", "eu-west-1");
        let told = accounts.tag_setters(&topic, &asked).await.unwrap();
        assert!(told.by_key.is_empty() && told.unexplained.is_empty(), "{told:?}");
        let bucket = target("AWS::S3::Bucket", "arn:aws:s3:::secret-of-theirs", "eu-west-1");
        let refused = accounts.tag_setters(&bucket, &asked).await.unwrap_err();
        assert_eq!(
            (refused.action.as_str(), refused.cause),
            ("cloudtrail:LookupEvents", Cause::Denied)
        );
    });
}
