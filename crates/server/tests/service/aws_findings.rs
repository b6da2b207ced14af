//! The service in the place of AWS: the client of findings that AWS keeps asks about one, archives it, gives the analyzer
//! a rule, and asks for another look.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use aws_credential_types::Credentials;
use ringfence_aws::live::{Accounts, ArchiveCriterion, AwsStatus, OwnAccount, Settings};
use ringfence_aws::{Access, Cause};
use serde_json::Value;

use crate::clients::payments;
use crate::proxy::{Fate, Proxy};
use crate::running::{Folder, Key, Running, create_key};

const ACCOUNT: &str = "111122223333";

/// Makes an analyzer and prints one of its findings, or prints the names of its rules.
const BOTO3: &str = r#"
import boto3, json, os, time
client = boto3.client("accessanalyzer", endpoint_url=os.environ["URL"], region_name="us-east-1")
if os.environ["WHAT"] == "finding":
    arn = client.create_analyzer(analyzerName="account", type="ACCOUNT")["arn"]
    while client.get_analyzer(analyzerName="account")["analyzer"]["status"] != "ACTIVE":
        time.sleep(0.1)
    found = next(it for it in client.list_findings(analyzerArn=arn)["findings"] if it["status"] == "ACTIVE")
    found = client.get_finding(analyzerArn=arn, id=found["id"])["finding"]
    print(json.dumps({"arn": arn, "finding": found}, default=str))
else:
    rules = client.list_archive_rules(analyzerName="account")["archiveRules"]
    print(json.dumps([[it["ruleName"], it["filter"]] for it in rules]))
"#;

fn boto3(service: &Running, key: &Key, what: &str) -> Value {
    let python = std::env::var("RINGFENCE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(python)
        .args(["-c", BOTO3])
        .env("URL", &service.url)
        .env("WHAT", what)
        .env("AWS_ACCESS_KEY_ID", &key.id)
        .env("AWS_SECRET_ACCESS_KEY", &key.secret)
        .env_remove("AWS_SESSION_TOKEN")
        .env_remove("AWS_PROFILE")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Whoever asks who they are is told by the proxy: the service does not know STS.
fn with_sts(service: &Running) -> Proxy {
    let port = service.address().rsplit(':').next().unwrap().parse().unwrap();
    Proxy::start(port, |request| {
        if request.operation.as_deref() != Some("GetCallerIdentity") {
            return Fate::Answer;
        }
        let told = format!(
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>{ACCOUNT}</Account>\
             <Arn>arn:aws:iam::{ACCOUNT}:user/ringfence</Arn><UserId>A</UserId>\
             </GetCallerIdentityResult></GetCallerIdentityResponse>"
        );
        Fate::Instead(200, "text/xml", told)
    })
}

async fn accounts(proxy: &Proxy, key: &Key) -> Accounts {
    let settings = Settings {
        access: Access {
            endpoint_url: Some(proxy.url()),
            region: Some("us-east-1".to_owned()),
            call_timeout: Duration::from_secs(20),
            max_attempts: 1,
            ..Access::default()
        },
        own_account: OwnAccount::Credentials,
        ..Settings::default()
    };
    let credentials = Credentials::new(&key.id, &key.secret, None, None, "test");
    Accounts::open_with(settings, credentials).await.unwrap()
}

#[tokio::test]
#[ignore = "needs boto3: `cargo xtask test` sets it up"]
async fn findings_are_asked_about_and_archived_where_they_are() {
    let folder = Folder::new();
    let key = create_key(&folder, &["--account", ACCOUNT, "--full-access"]);
    let other = create_key(&folder, &["--account", "444455556666", "--full-access"]);
    let source = payments(&folder);
    let service = Running::start(&folder, &["--source", source.to_str().unwrap()]);
    let given = boto3(&service, &key, "finding");
    let (arn, given) = (given["arn"].as_str().unwrap(), &given["finding"]);
    let id = given["id"].as_str().unwrap();
    let proxy = with_sts(&service);

    let accounts_of = accounts(&proxy, &key).await;
    let found = accounts_of.aws_finding(arn, id).await.unwrap().unwrap();
    assert_eq!((found.id.as_str(), found.status.as_str()), (id, "ACTIVE"));
    assert_eq!(found.resource, given["resource"].as_str().unwrap());
    assert_eq!(found.resource_type, given["resourceType"].as_str().unwrap());
    assert_eq!(found.account, given["resourceOwnerAccount"].as_str().unwrap());
    assert_eq!(found.finding_type, "ExternalAccess");
    let access = found.access.unwrap();
    assert_eq!(serde_json::to_value(&access.actions).unwrap(), given["action"]);
    assert_eq!(serde_json::to_value(&access.principal).unwrap(), given["principal"]);
    let none = "00000000-0000-0000-0000-000000000000";
    assert_eq!(accounts_of.aws_finding(arn, none).await.unwrap(), None);
    let strange = accounts(&proxy, &other).await;
    let refused = strange.aws_finding(arn, id).await.unwrap_err();
    let denied = ("access-analyzer:GetFinding", Cause::Denied);
    assert_eq!((refused.action.as_str(), refused.cause), denied);

    let status = async || accounts_of.aws_finding(arn, id).await.unwrap().unwrap().status;
    for (to, shown) in [(AwsStatus::Archived, "ARCHIVED"), (AwsStatus::Active, "ACTIVE")] {
        accounts_of.update_aws_findings(arn, &[id.to_owned()], to).await.unwrap();
        assert_eq!(status().await, shown);
    }
    let eq = vec![found.resource.clone()];
    let rule = BTreeMap::from([(
        "resource".to_owned(),
        ArchiveCriterion { eq, ..ArchiveCriterion::default() },
    )]);
    for _ in 0..2 {
        accounts_of.create_aws_archive_rule(arn, "expected", &rule).await.unwrap();
    }
    let rules = boto3(&service, &key, "rules");
    assert_eq!(
        rules,
        serde_json::json!([["expected", { "resource": { "eq": [found.resource] } }]])
    );
    accounts_of.start_aws_resource_scan(arn, &found.resource, &found.account).await.unwrap();
    let nowhere = accounts_of.aws_finding(&format!("{arn}-none"), id).await;
    assert_eq!(nowhere.unwrap(), None);
}
