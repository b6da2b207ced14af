//! Whatever is read again one by one comes to what a reading of everything gives.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use ringfence_findings::analyzer::{Analyzer, AnalyzerType};
use ringfence_store::{Act, Location, Store};
use serde_json::{Value, json};

use super::*;
use crate::keys::MasterKey;
use crate::service::Settings;

const OWN: &str = "111122223333";
const OTHER: &str = "444455556666";
const TYPES: [AnalyzerType; 3] =
    [AnalyzerType::Account, AnalyzerType::Organization, AnalyzerType::AccountInternalAccess];

/// Numbers that look random and are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % end
    }
}

/// A snapshot that changes.
struct World {
    folder: PathBuf,
    random: Random,
    roles: [Option<u64>; 3],
}

impl World {
    fn new(folder: &Path, seed: u64) -> Self {
        let world = Self { folder: folder.to_owned(), random: Random(seed), roles: [Some(0); 3] };
        for account in [OWN, OTHER] {
            write(&world.account(account).join("account.json"), &json!({ "AccountId": account }));
        }
        world.write_roles();
        let manifest = json!({ "formatVersion": 1, "partition": "aws", "notRead": [] });
        write(&folder.join("snapshot.json"), &manifest);
        world
    }

    fn account(&self, account: &str) -> PathBuf {
        self.folder.join("accounts").join(account)
    }

    fn write_roles(&self) {
        let roles = self.roles.iter().enumerate().filter_map(|(number, state)| {
            let trusted = ["arn:aws:iam::999988887777:root", "arn:aws:iam::111122223333:root", "*"];
            let state = (*state)?;
            let trusted = trusted.get(usize::try_from(state).unwrap() % 3)?;
            let may = ["sqs:SendMessage", "s3:GetObject", "ec2:DescribeRegions"];
            let may = may.get(usize::try_from(state).unwrap() / 3)?;
            Some(json!({
                "Path": "/", "RoleName": format!("r{number}"), "RoleId": format!("AROA{number}"),
                "Arn": format!("arn:aws:iam::{OWN}:role/r{number}"),
                "AssumeRolePolicyDocument": allow("sts:AssumeRole", trusted, None),
                "RolePolicyList": [{ "PolicyName": "p", "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [{ "Effect": "Allow", "Action": may, "Resource": "*" }],
                } }],
                "AttachedManagedPolicies": [], "Tags": [],
            }))
        });
        let details = json!({
            "UserDetailList": [], "GroupDetailList": [], "Policies": [],
            "RoleDetailList": roles.collect::<Vec<_>>(),
        });
        write(&self.account(OWN).join("authorization-details.json"), &details);
    }

    /// Changes something, and gives what has to be read again for that.
    fn change(&mut self) -> Subject {
        let number = self.random.below(4);
        let account = if self.random.below(3) == 0 { OTHER } else { OWN };
        match self.random.below(8) {
            0 => {
                let role = usize::try_from(number % 3).unwrap();
                let state = self.random.below(10);
                self.roles[role] = (state < 9).then_some(state);
                self.write_roles();
                Subject::Role { account: OWN.to_owned(), name: format!("r{role}") }
            }
            1 => {
                let block = json!({
                    "BlockPublicAcls": false, "BlockPublicPolicy": false, "IgnorePublicAcls": false,
                    "RestrictPublicBuckets": self.random.below(2) == 0,
                });
                let facts = json!({ "AccountId": account, "S3PublicAccessBlock": block });
                write(&self.account(account).join("account.json"), &facts);
                Subject::S3PublicAccessBlock { account: account.to_owned() }
            }
            2 => Subject::Resource { arn: "arn:aws:s3:::nobody".to_owned(), account: None },
            3 | 4 => {
                let name = format!("b{number}-{account}");
                let arn = format!("arn:aws:s3:::{name}");
                let objects = format!("{arn}/*");
                let path = self.account(account).join("eu-west-1/AWS-S3-Bucket");
                let account = Some(account.to_owned());
                self.write_one(
                    &path.join(format!("{name}.json")),
                    "AWS::S3::Bucket",
                    &arn,
                    |policy| json!({ "s3Bucket": { "bucketPolicy": policy } }),
                    ("s3:GetObject", &objects),
                );
                Subject::Resource { arn, account }
            }
            _ => {
                let arn = format!("arn:aws:sqs:eu-west-1:{account}:q{number}");
                let path = self.account(account).join("eu-west-1/AWS-SQS-Queue");
                self.write_one(
                    &path.join(format!("q{number}.json")),
                    "AWS::SQS::Queue",
                    &arn,
                    |policy| json!({ "sqsQueue": { "queuePolicy": policy } }),
                    ("sqs:SendMessage", &arn),
                );
                Subject::Resource { arn, account: None }
            }
        }
    }

    fn write_one(
        &mut self,
        path: &Path,
        resource_type: &str,
        arn: &str,
        configuration: impl Fn(Value) -> Value,
        (action, object): (&str, &str),
    ) {
        let who = match self.random.below(8) {
            0 => return drop(fs::remove_file(path)),
            1 => {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                return fs::write(path, "{ broken").unwrap();
            }
            2 => "arn:aws:iam::111122223333:root",
            3 => "arn:aws:iam::444455556666:root",
            4 => "arn:aws:iam::999988887777:root",
            5 => "arn:aws:iam::111122223333:role/r1",
            _ => "*",
        };
        let policy = match self.random.below(6) {
            0 => json!("{ no policy"),
            _ => allow(action, who, Some(object)),
        };
        let file = json!({
            "resourceType": resource_type, "arn": arn, "tags": [],
            "configuration": configuration(policy),
        });
        write(path, &file);
    }
}

fn allow(action: &str, who: &str, resource: Option<&str>) -> Value {
    let mut statement = json!({ "Effect": "Allow", "Principal": { "AWS": who }, "Action": action });
    if let Some(resource) = resource {
        statement["Resource"] = json!(resource);
    }
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

fn write(path: &Path, value: &Value) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, serde_json::to_vec_pretty(value).unwrap()).unwrap();
}

/// A service with an analyzer of each type, which looked at nothing yet.
async fn service(data: &Path, source: &Path) -> Arc<Service> {
    let store = Store::open(&Location::Folder(data.to_owned())).await.unwrap();
    let source = Source::Path(source.to_owned());
    let settings = Settings { source: Some(source), ..Settings::default() };
    let master = MasterKey::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
    let service = Service::new(settings, master, store);
    let at = Timestamp::now();
    let act = Act { who: "test", operation: "CreateAnalyzer", at, token: None };
    for analyzer_type in TYPES {
        let analyzer = Analyzer {
            arn: arn(analyzer_type),
            name: analyzer_type.as_str().to_owned(),
            account: OWN.to_owned(),
            region: "us-east-1".to_owned(),
            analyzer_type,
            created_at: at,
            last_resource_analyzed: None,
            last_resource_analyzed_at: None,
            tags: [].into(),
            status: AnalyzerStatus::Creating,
            status_reason: None,
            configuration: None,
        };
        service.store.create_analyzer(&analyzer, &[], &act).await.unwrap();
    }
    service
}

fn arn(analyzer_type: AnalyzerType) -> String {
    format!("arn:aws:access-analyzer:us-east-1:{OWN}:analyzer/{}", analyzer_type.as_str())
}

/// The open findings about all that was ever touched.
async fn open(service: &Service, touched: &BTreeSet<String>) -> BTreeSet<String> {
    let mut open = BTreeSet::new();
    for analyzer_type in TYPES {
        for resource in touched {
            let analyzer = arn(analyzer_type);
            let found = service.store.findings_of_resource(&analyzer, resource).await.unwrap();
            let active = found.iter().filter(|own| own.status.as_str() == "ACTIVE");
            open.extend(active.map(|own| format!("{analyzer} {resource} {:?}", own.observation)));
        }
    }
    open
}

async fn run(seed: u64) {
    let folder = tempfile::tempdir().unwrap();
    let (source, data) = (folder.path().join("snapshot"), folder.path().join("data"));
    let mut world = World::new(&source, seed);
    let service_of_changes = service(&data, &source).await;
    for analyzer_type in TYPES {
        scan::whole(&service_of_changes, &arn(analyzer_type)).await.unwrap();
    }
    let mut touched: BTreeSet<String> =
        (0..3).map(|role| format!("arn:aws:iam::{OWN}:role/r{role}")).collect();
    let mut waiting: Vec<Subject> = Vec::new();
    for step in 0..60 {
        waiting.push(world.change());
        // Several changes may happen before any is told, and they are told in any order, or twice.
        while waiting.len() > 3 || step == 59 && !waiting.is_empty() {
            let at = usize::try_from(world.random.below(waiting.len() as u64)).unwrap();
            let subject = match world.random.below(4) {
                0 => waiting[at].clone(),
                _ => waiting.swap_remove(at),
            };
            if let Subject::Resource { arn, .. } = &subject {
                touched.insert(arn.clone());
            }
            refresh::subject(Arc::clone(&service_of_changes), subject).await.unwrap();
        }
    }
    let kept = service_of_changes.current().unwrap();
    let read = ringfence_sources::read_snapshot(&source).unwrap();
    assert_eq!(format!("{:?}", kept.not_analyzed), format!("{:?}", read.not_analyzed), "{seed}");
    assert_eq!(format!("{:?}", kept.accounts), format!("{:?}", read.accounts), "{seed}");
    let all = |inventory: &Inventory| -> Vec<String> {
        inventory.resources.iter().map(|own| format!("{own:?}")).collect()
    };
    assert_eq!(all(&kept), all(&read), "{seed}");
    let service_of_scans = service(&folder.path().join("fresh"), &source).await;
    for analyzer_type in TYPES {
        scan::whole(&service_of_scans, &arn(analyzer_type)).await.unwrap();
    }
    let (changed, scanned) =
        (open(&service_of_changes, &touched).await, open(&service_of_scans, &touched).await);
    // What cannot be read any more keeps its findings: only the service that saw them has those.
    let is_unread = |own: &&String| {
        read.not_analyzed.iter().any(|entry| match &entry.resource {
            Some(arn) => own.contains(arn.as_str()),
            None => entry.resource_type.as_ref().is_some_and(|kind| own.contains(kind.as_str())),
        })
    };
    let missing: Vec<_> = scanned.difference(&changed).collect();
    assert!(missing.is_empty(), "{seed}: {missing:#?}");
    let surplus: Vec<_> = changed.difference(&scanned).filter(|own| !is_unread(own)).collect();
    assert!(surplus.is_empty(), "{seed}: {surplus:#?}");
}

#[test]
fn what_is_read_one_by_one_is_what_is_read_at_once() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    for seed in 1..=6 {
        runtime.block_on(run(seed));
    }
}

#[test]
fn a_source_that_cannot_be_read_is_told() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("nothing");
        let service = service(&folder.path().join("data"), &source).await;
        let analyzer = arn(AnalyzerType::Account);
        let standing = async || {
            let own = service.store.analyzer(&analyzer).await.unwrap();
            (own.status, own.status_reason)
        };
        start(&service, &analyzer);
        service.settle().await;
        let reason = Some("AWS_SERVICE_ACCESS_DISABLED".to_owned());
        assert_eq!(standing().await, (AnalyzerStatus::Failed, reason.clone()));
        assert!(service.watch.problem().unwrap().message.contains("nothing"));
        World::new(&source, 1);
        look(&service, source::everything(&service).await).await;
        service.settle().await;
        assert_eq!(standing().await, (AnalyzerStatus::Active, None));
        assert!(service.watch.problem().is_none());
        fs::rename(&source, folder.path().join("gone")).unwrap();
        look(&service, source::everything(&service).await).await;
        assert_eq!(standing().await, (AnalyzerStatus::Disabled, reason));
        // What was known stays known.
        assert_eq!(service.current().unwrap().resources.len(), 3);
    });
}
