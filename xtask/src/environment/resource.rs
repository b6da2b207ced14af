//! One resource file.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::organization::World;
use super::policy::{Exposure, exposure, key_policy, policy};
use super::random::Random;
use super::resource_kinds::ResourceKind;
use super::statement::{Subject, role};

/// The Regions that are in use; most is in the first.
pub(super) const REGIONS: &[&str] = &["eu-central-1", "eu-west-1", "us-east-1"];

/// What a file says of its resource.
struct Parts {
    arn: String,
    /// The part of the ARN that names it.
    name: String,
    configuration: Value,
    attributes: Value,
}

/// A resource while its file is made.
struct Place<'p> {
    random: &'p mut Random,
    world: &'p World,
    account: usize,
    region: &'p str,
    kind: &'p ResourceKind,
    number: usize,
    exposure: Exposure,
}

/// Path and content of the file of a new resource.
pub(super) fn file(
    random: &mut Random,
    world: &World,
    account: usize,
    kind: &ResourceKind,
    number: usize,
) -> (PathBuf, Value) {
    let region = match random.below(10) {
        0 => "us-east-1",
        1..=3 => "eu-west-1",
        _ => "eu-central-1",
    };
    let exposure = exposure(random);
    let mut place = Place { random, world, account, region, kind, number, exposure };
    let Parts { arn, name, configuration, attributes } = place.parts();
    let path = world
        .folder(account)
        .join(region)
        .join(kind.name.replace("::", "-"))
        .join(format!("{}.json", percent_encoded(&name)));
    let owner = *random.pick(&["payments", "search", "checkout", "platform", "data"]);
    let value = json!({
        "resourceType": kind.name,
        "arn": arn,
        "tags": [{ "Key": "owner", "Value": owner }, { "Key": "environment", "Value": "production" }],
        "configuration": configuration,
        "attributes": attributes,
    });
    (path, value)
}

impl Place<'_> {
    fn account_id(&self) -> &str {
        self.world.account_id(self.account)
    }

    /// An ARN of the resource's account and Region.
    fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{resource}", self.region, self.account_id())
    }

    fn subject(&self, resources: Vec<String>) -> Subject<'_> {
        Subject {
            world: self.world,
            account: self.account,
            region: self.region,
            resources,
            actions: self.kind.actions,
            services: self.kind.services,
        }
    }

    /// The resource's policy; `null` when it has none. Who lets in others has one.
    fn policy(&mut self, resources: Vec<String>) -> Value {
        if self.exposure == Exposure::Inside && !self.random.permille(self.kind.with_policy) {
            return Value::Null;
        }
        let exposure = self.exposure;
        let mut random = Random::new(self.random.next());
        policy(&mut random, &self.subject(resources), exposure)
    }

    fn parts(&mut self) -> Parts {
        let number = self.number;
        match self.kind.name {
            "AWS::S3::Bucket" => self.bucket(),
            "AWS::S3Express::DirectoryBucket" => {
                let name = format!("fast-{number}--euc1-az1--x-s3");
                let arn = self.arn("s3express", &format!("bucket/{name}"));
                let policy = self.policy(vec![arn.clone()]);
                let configuration = json!({ "bucketPolicy": policy, "accessPoints": {} });
                Parts {
                    arn,
                    name,
                    configuration: json!({ "s3ExpressDirectoryBucket": configuration }),
                    attributes: json!({}),
                }
            }
            "AWS::KMS::Key" => self.key(),
            "AWS::Lambda::Function" => {
                let name = format!("function-{number}");
                let arn = self.arn("lambda", &format!("function:{name}"));
                let attributes = json!({ "Role": role(self.account_id(), number), "Runtime": "provided.al2023" });
                self.of_policy(
                    arn.clone(),
                    name,
                    vec![arn],
                    ["lambdaFunction", "functionPolicy"],
                    attributes,
                )
            }
            "AWS::Lambda::LayerVersion" => {
                let name = format!("layer-{number}");
                let layer = self.arn("lambda", &format!("layer:{name}"));
                let arn = format!("{layer}:3");
                let attributes = json!({ "LayerArn": layer, "Version": 3 });
                let name = format!("{name}:3");
                self.of_policy(
                    arn.clone(),
                    name,
                    vec![arn],
                    ["lambdaLayerVersion", "layerPolicy"],
                    attributes,
                )
            }
            "AWS::SQS::Queue" => {
                let name = format!("queue-{number}");
                let arn = self.arn("sqs", &name);
                let url = format!(
                    "https://sqs.{}.amazonaws.com/{}/{name}",
                    self.region,
                    self.account_id()
                );
                self.of_policy(
                    arn.clone(),
                    name,
                    vec![arn],
                    ["sqsQueue", "queuePolicy"],
                    json!({ "QueueUrl": url }),
                )
            }
            "AWS::SNS::Topic" => {
                let name = format!("topic-{number}");
                let arn = self.arn("sns", &name);
                self.of_policy(arn.clone(), name, vec![arn], ["snsTopic", "topicPolicy"], json!({}))
            }
            "AWS::SecretsManager::Secret" => {
                let name = format!("service/{number}/key-Ab12Cd");
                let arn = self.arn("secretsmanager", &format!("secret:{name}"));
                let attributes = json!({ "Name": format!("service/{number}/key") });
                let key = self.random.permille(600).then(|| self.arn("kms", "key/shared"));
                let mut parts = self.of_policy(
                    arn,
                    name,
                    vec!["*".into()],
                    ["secretsManagerSecret", "secretPolicy"],
                    attributes,
                );
                if let Some(key) = key {
                    let secret = parts.configuration.pointer_mut("/secretsManagerSecret");
                    if let Some(members) = secret.and_then(serde_json::Value::as_object_mut) {
                        members.insert("kmsKeyId".to_owned(), key.into());
                    }
                }
                parts
            }
            "AWS::EFS::FileSystem" => {
                let name = format!("fs-{number:017x}");
                let arn = self.arn("elasticfilesystem", &format!("file-system/{name}"));
                let attributes = json!({ "Encrypted": true });
                self.of_policy(
                    arn.clone(),
                    name,
                    vec![arn],
                    ["efsFileSystem", "fileSystemPolicy"],
                    attributes,
                )
            }
            "AWS::ECR::Repository" => {
                let name = format!("team/image-{number}");
                let arn = self.arn("ecr", &format!("repository/{name}"));
                self.of_policy(
                    arn,
                    name,
                    Vec::new(),
                    ["ecrRepository", "repositoryPolicy"],
                    json!({}),
                )
            }
            "AWS::DynamoDB::Table" => {
                let name = format!("table-{number}");
                let arn = self.arn("dynamodb", &format!("table/{name}"));
                self.of_policy(
                    arn.clone(),
                    name,
                    vec![arn],
                    ["dynamodbTable", "tablePolicy"],
                    json!({}),
                )
            }
            "AWS::DynamoDB::Stream" => {
                let (table, label) = (format!("table-{number}"), "2026-01-15T08:30:00.000");
                let arn = self.arn("dynamodb", &format!("table/{table}/stream/{label}"));
                let attributes = json!({ "TableName": table, "StreamLabel": label, "StreamViewType": "NEW_IMAGE" });
                let name = format!("{table}/{label}");
                self.of_policy(
                    arn.clone(),
                    name,
                    vec![arn],
                    ["dynamodbStream", "streamPolicy"],
                    attributes,
                )
            }
            "AWS::EC2::Snapshot" => {
                let name = format!("snap-{number:017x}");
                let arn = format!("arn:aws:ec2:{}::snapshot/{name}", self.region);
                let groups =
                    if self.exposure == Exposure::Public { vec!["all"] } else { Vec::new() };
                let encrypted = self.exposure != Exposure::Public && self.random.permille(700);
                let configuration =
                    json!({ "ebsSnapshot": { "userIds": self.shared_with(), "groups": groups } });
                let attributes = json!({ "Encrypted": encrypted, "OwnerId": self.account_id(), "VolumeId": format!("vol-{number:017x}") });
                Parts { arn, name, configuration, attributes }
            }
            "AWS::RDS::DBSnapshot" => {
                self.database_snapshot("rdsDbSnapshot", "snapshot", "Encrypted")
            }
            _ => self.database_snapshot(
                "rdsDbClusterSnapshot",
                "cluster-snapshot",
                "StorageEncrypted",
            ),
        }
    }

    /// A resource that one policy decides about.
    fn of_policy(
        &mut self,
        arn: String,
        name: String,
        resources: Vec<String>,
        [member, policy_member]: [&str; 2],
        attributes: Value,
    ) -> Parts {
        let policy = self.policy(resources);
        let mut configuration = Map::new();
        if !policy.is_null() {
            configuration.insert(policy_member.into(), policy);
        }
        Parts { arn, name, configuration: json!({ member: configuration }), attributes }
    }

    fn shared_with(&mut self) -> Vec<String> {
        match self.exposure {
            Exposure::Inside if self.random.permille(200) => {
                vec![self.world.any_account(self.random).to_owned()]
            }
            Exposure::Partner => vec![self.world.partner(self.random).to_owned()],
            Exposure::Inside | Exposure::Public => Vec::new(),
        }
    }

    fn database_snapshot(&mut self, member: &str, kind: &str, encrypted: &str) -> Parts {
        let name = format!("db-{}", self.number);
        let arn = self.arn("rds", &format!("{kind}:{name}"));
        let mut accounts = self.shared_with();
        if self.exposure == Exposure::Public {
            accounts.push("all".into());
        }
        let configuration =
            json!({ member: { "attributes": { "restore": { "accountIds": accounts } } } });
        let attributes =
            json!({ encrypted: false, "Engine": "postgres", "SnapshotType": "manual" });
        Parts { arn, name, configuration, attributes }
    }

    fn key(&mut self) -> Parts {
        let mut digits = Random::new(self.number as u64).hexadecimal(32);
        for at in [8, 13, 18, 23] {
            digits.insert(at, '-');
        }
        let arn = self.arn("kms", &format!("key/{digits}"));
        let mut random = Random::new(self.random.next());
        let policy = key_policy(&mut random, &self.subject(vec!["*".into()]), self.exposure);
        let grants: Vec<Value> = (0..self.random.below(3))
            .map(|number| {
                json!({
                    "operations": ["Decrypt", "GenerateDataKey"],
                    "granteePrincipal": role(self.account_id(), number),
                    "issuingAccount": self.account_id(),
                    "constraints": { "encryptionContextSubset": { "aws:ebs:id": format!("vol-{number:017x}") } },
                })
            })
            .collect();
        let alias = format!("alias/key-{}", self.number);
        let attributes = json!({
            "KeyManager": "CUSTOMER", "KeyState": "Enabled", "KeyUsage": "ENCRYPT_DECRYPT", "MultiRegion": false,
            "Aliases": [{ "AliasName": alias, "AliasArn": self.arn("kms", &alias) }],
        });
        let configuration =
            json!({ "kmsKey": { "keyPolicies": { "default": policy }, "grants": grants } });
        Parts { arn, name: digits, configuration, attributes }
    }

    fn bucket(&mut self) -> Parts {
        let name = format!("bucket-{}-{}", self.number, self.random.hexadecimal(6));
        let arn = format!("arn:aws:s3:::{name}");
        let policy = self.policy(vec![arn.clone(), format!("{arn}/*")]);
        let canonical_user =
            self.world.accounts.get(self.account).map(|own| own.canonical_user.clone());
        let mut grants =
            vec![json!({ "permission": "FULL_CONTROL", "grantee": { "id": canonical_user } })];
        let with_acl = self.random.permille(150);
        if with_acl && self.exposure == Exposure::Public {
            let everyone = "http://acs.amazonaws.com/groups/global/AllUsers";
            grants.push(json!({ "permission": "READ", "grantee": { "uri": everyone } }));
        }
        let blocked = self.exposure == Exposure::Inside || self.random.permille(300);
        let mut access_points = Map::new();
        if self.random.permille(40) {
            let point = self.arn("s3", &format!("accesspoint/point-{}", self.number));
            let policy = self.policy(vec![point.clone(), format!("{point}/object/*")]);
            let origin = match self.random.permille(500) {
                true => json!({ "vpcConfiguration": { "vpcId": "vpc-0a1b2c3d4e5f60718" } }),
                false => json!({ "internetConfiguration": {} }),
            };
            let block = json!({ "ignorePublicAcls": true, "restrictPublicBuckets": blocked });
            access_points.insert(
                point,
                json!({ "accessPointPolicy": policy, "publicAccessBlock": block, "networkOrigin": origin }),
            );
        }
        let configuration = json!({ "s3Bucket": {
            "bucketPolicy": policy,
            "bucketAclGrants": grants,
            "bucketPublicAccessBlock": { "ignorePublicAcls": blocked, "restrictPublicBuckets": blocked },
            "accessPoints": access_points,
        } });
        let attributes = json!({
            "ObjectOwnership": if with_acl { "ObjectWriter" } else { "BucketOwnerEnforced" },
            "Owner": { "ID": canonical_user },
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": blocked, "IgnorePublicAcls": blocked,
                "BlockPublicPolicy": blocked, "RestrictPublicBuckets": blocked,
            },
            "Versioning": { "Status": "Enabled" },
        });
        Parts { arn, name, configuration, attributes }
    }
}

/// Every byte that is not safe in a file's name as `%` and two digits.
fn percent_encoded(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-' => {
                encoded.push(char::from(byte))
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
