//! The organization: its accounts, the tree of its units, its control policies, and who is outside.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::random::Random;

/// Accounts that all resources belong to, and accounts outside that some are shared with.
pub(super) struct World {
    pub(super) organization: String,
    root: String,
    pub(super) accounts: Vec<Member>,
    /// Account ids outside of the organization.
    pub(super) partners: Vec<String>,
}

/// An account of the organization.
pub(super) struct Member {
    pub(super) id: String,
    /// The S3 canonical user id.
    pub(super) canonical_user: String,
    unit: usize,
}

/// The units below the root, by name.
const UNITS: &[&str] = &["Production", "Staging", "Data", "Security"];

const MANAGEMENT: usize = 0;

impl World {
    pub(super) fn new(accounts: usize, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let account = |(index, id)| Member {
            id,
            canonical_user: Random::of(seed ^ 0xCA, index as u64).hexadecimal(64),
            unit: index % UNITS.len(),
        };
        let ids = |count: usize, random: &mut Random| -> Vec<String> {
            (0..count).map(|_| random.account_id()).collect()
        };
        Self {
            organization: format!("o-{}", random.hexadecimal(10)),
            root: format!("r-{}", random.hexadecimal(4)),
            accounts: ids(accounts, &mut random).into_iter().enumerate().map(account).collect(),
            partners: ids(8, &mut random),
        }
    }

    /// The account that the next resource belongs to: a fifth of the accounts hold half of them.
    pub(super) fn owner(&self, random: &mut Random) -> usize {
        let large = self.accounts.len().div_ceil(5);
        match random.permille(500) {
            true => random.below(large),
            false => random.below(self.accounts.len()),
        }
    }

    pub(super) fn account_id(&self, account: usize) -> &str {
        self.accounts.get(account).map_or("", |account| &account.id)
    }

    /// The id of any account of the organization.
    pub(super) fn any_account(&self, random: &mut Random) -> &str {
        &random.pick(&self.accounts).id
    }

    pub(super) fn partner(&self, random: &mut Random) -> &str {
        random.pick(self.partners.as_slice()).as_str()
    }

    /// The account's folder.
    pub(super) fn folder(&self, account: usize) -> PathBuf {
        Path::new("accounts").join(self.account_id(account))
    }

    fn unit_id(&self, unit: usize) -> String {
        let root = self.root.trim_start_matches("r-");
        format!("ou-{root}-unit{unit:04}")
    }

    /// The path that stands for a unit in `aws:PrincipalOrgPaths`.
    pub(super) fn unit_path(&self, unit: usize) -> String {
        format!("{}/{}/{}/", self.organization, self.root, self.unit_id(unit))
    }

    pub(super) fn unit_path_of(&self, account: usize) -> String {
        self.unit_path(self.accounts.get(account).map_or(0, |account| account.unit))
    }

    /// `organization.json`.
    pub(super) fn organization(&self) -> Value {
        let management = self.account_id(MANAGEMENT);
        let arn = |kind: &str, id: &str| {
            format!("arn:aws:organizations::{management}:{kind}/{}/{id}", self.organization)
        };
        let unit = |(index, name): (usize, &&str)| {
            let id = self.unit_id(index);
            json!({ "Id": id, "Arn": arn("ou", &id), "Name": name, "ParentId": self.root })
        };
        let account = |(index, account): (usize, &Member)| {
            let (parent, path) = match index {
                MANAGEMENT => (self.root.clone(), format!("{}/{}/", self.organization, self.root)),
                _ => (self.unit_id(account.unit), self.unit_path(account.unit)),
            };
            json!({
                "Id": account.id, "Arn": arn("account", &account.id), "Name": format!("account-{index}"),
                "Email": format!("aws+{index}@example.com"), "Status": "ACTIVE", "JoinedMethod": "CREATED",
                "JoinedTimestamp": "2024-01-15T09:00:00Z", "ParentId": parent, "OrgPath": path, "Tags": [],
            })
        };
        json!({
            "Organization": {
                "Id": self.organization,
                "Arn": format!("arn:aws:organizations::{management}:organization/{}", self.organization),
                "FeatureSet": "ALL",
                "MasterAccountArn": arn("account", management),
                "MasterAccountId": management,
                "MasterAccountEmail": "aws@example.com",
            },
            "Roots": [{
                "Id": self.root, "Arn": arn("root", &self.root), "Name": "Root",
                "PolicyTypes": [
                    { "Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED" },
                    { "Type": "RESOURCE_CONTROL_POLICY", "Status": "ENABLED" },
                ],
            }],
            "OrganizationalUnits": UNITS.iter().enumerate().map(unit).collect::<Vec<_>>(),
            "Accounts": self.accounts.iter().enumerate().map(account).collect::<Vec<_>>(),
            "Policies": self.policies(),
        })
    }

    fn policies(&self) -> Vec<Value> {
        let policy = |id: &str, kind: &str, targets: Vec<String>, statements: Value| {
            let target = |id: String| {
                let kind = match id.get(..2) {
                    Some("r-") => "ROOT",
                    Some("ou") => "ORGANIZATIONAL_UNIT",
                    _ => "ACCOUNT",
                };
                json!({ "TargetId": id, "Arn": "", "Name": id, "Type": kind })
            };
            json!({
                "PolicySummary": {
                    "Id": id, "Arn": format!("arn:aws:organizations::aws:policy/{id}"), "Name": id,
                    "Description": "", "Type": kind, "AwsManaged": false,
                },
                "Content": { "Version": "2012-10-17", "Statement": statements },
                "Targets": targets.into_iter().map(target).collect::<Vec<_>>(),
            })
        };
        let everywhere = || {
            let units = (0..UNITS.len()).map(|unit| self.unit_id(unit));
            let accounts = self.accounts.iter().map(|account| account.id.clone());
            std::iter::once(self.root.clone()).chain(units).chain(accounts).collect::<Vec<_>>()
        };
        let scp = "SERVICE_CONTROL_POLICY";
        vec![
            policy(
                "p-FullAWSAccess",
                scp,
                everywhere(),
                json!([
                    { "Effect": "Allow", "Action": "*", "Resource": "*" },
                ]),
            ),
            policy(
                "p-guardrails",
                scp,
                vec![self.root.clone()],
                json!([
                    { "Sid": "KeepRegions", "Effect": "Deny", "NotAction": ["iam:*", "sts:*", "organizations:*", "support:*"],
                      "Resource": "*", "Condition": { "StringNotEquals": { "aws:RequestedRegion": super::resource::REGIONS } } },
                    { "Sid": "KeepTrail", "Effect": "Deny", "Action": ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail"],
                      "Resource": "*" },
                ]),
            ),
            policy(
                "p-data-perimeter",
                "RESOURCE_CONTROL_POLICY",
                vec![self.unit_id(2)],
                json!([
                    { "Sid": "OrganizationOnly", "Effect": "Deny", "Principal": "*",
                      "Action": ["s3:*", "sqs:*", "kms:*", "secretsmanager:*"], "Resource": "*",
                      "Condition": {
                        "StringNotEqualsIfExists": { "aws:PrincipalOrgID": self.organization },
                        "BoolIfExists": { "aws:PrincipalIsAWSService": "false" } } },
                ]),
            ),
        ]
    }
}
