//! One resource with everything on its side that decides about access to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ringfence_policy::{AccountId, PolicyDocument, Principal as Named, Statement};
use ringfence_reasoning::{Answer, check_no_public_access};
use serde_json::json;

use super::actions::TypeActions;
use super::document::{Sliced, sliced};
use super::observation::InternalAccessType;
use crate::inventory::{
    Configuration, EbsSnapshot, EbsSnapshotBlockPublicAccess, Inventory, ObjectOwnership, Placed,
    PolicySource, PublicAccessBlock, RdsSnapshot, Resource, S3Bucket,
};
use crate::observation::Source;
use crate::question::{Origin, Place};
use crate::resource_types::{kms_key, s3_bucket, sns_topic};
use crate::s3::acl::{self, IgnorePublicAcls};
use crate::synthetic;

/// A resource as the analysis sees it.
pub(super) struct Target<'a> {
    pub(super) resource: &'a Resource,
    /// What is attached to it, or counts as if it were.
    pub(super) policies: Vec<TargetPolicy<'a>>,
    /// For each list of actions the ARN patterns of what they act on.
    pub(super) arns: Vec<Vec<String>>,
    /// What holds for all requests to the resource, where a policy asks for it.
    pub(super) alias_conditions: Vec<Statement>,
    /// A topic shows the caller's account under this name too.
    pub(super) source_owner: SourceOwner,
}

/// Whether a condition on `aws:SourceOwner` was read as one on the caller's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SourceOwner {
    Asked,
    NotAsked,
}

/// A policy on the resource's side.
pub(super) struct TargetPolicy<'a> {
    pub(super) origin: Origin<'a>,
    /// The statements about actions on the type.
    pub(super) sliced: Vec<Sliced>,
    /// For whom its Allow statements count.
    pub(super) audience: Audience,
    /// What findings name as the source, for buckets.
    pub(super) source: Option<Source>,
}

/// Whose requests the Allow statements of a policy count for. Deny statements count for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    Everyone,
    /// Principals of the owner's account.
    SameAccount,
    /// Principals of other accounts.
    OtherAccounts,
}

/// What of a resource could not be read, or is not looked at.
pub(super) enum TargetObstacle<'a> {
    /// Nothing can be said of the resource.
    Policy(&'a PolicySource),
}

impl<'a> Target<'a> {
    pub(super) fn of(
        inventory: &Inventory,
        canonical_users: &BTreeMap<&str, &AccountId>,
        resource: &'a Resource,
        actions: &TypeActions,
    ) -> Result<Self, TargetObstacle<'a>> {
        let mut target = Self {
            resource,
            policies: Vec::new(),
            arns: arns(resource, actions),
            alias_conditions: Vec::new(),
            source_owner: SourceOwner::NotAsked,
        };
        target.read(inventory)?;
        for policy in &mut target.policies {
            name_accounts(&mut policy.origin.document, canonical_users);
            policy.sliced = sliced(&policy.origin.document, actions);
        }
        Ok(target)
    }

    fn read(&mut self, inventory: &Inventory) -> Result<(), TargetObstacle<'a>> {
        let account = inventory.accounts.get(&self.resource.account);
        match &self.resource.configuration {
            Configuration::S3Bucket(bucket) => {
                let block = account.and_then(|own| own.s3_public_access_block).unwrap_or_default();
                return self.bucket(bucket, block);
            }
            Configuration::S3ExpressDirectoryBucket(own) => {
                self.policy(own.bucket_policy.as_ref(), None)?;
                // Block Public Access is always on for directory buckets.
                self.restrict_if_public();
            }
            Configuration::IamRole(own) => self.policy(Some(&own.trust_policy), None)?,
            Configuration::KmsKey(own) => {
                self.policy(own.key_policy.as_ref(), None)?;
                self.add(kms_key::grants(own, self.resource), Audience::Everyone, None);
                if !own.aliases.is_empty() {
                    let within = kms_key::aliases(&own.aliases).into_iter();
                    self.alias_conditions =
                        within.filter_map(|own| synthetic::within(&own)).collect();
                }
            }
            Configuration::LambdaFunction(own) => {
                self.policy(own.function_policy.as_ref(), None)?
            }
            Configuration::LambdaLayerVersion(own) => {
                self.policy(own.layer_policy.as_ref(), None)?
            }
            Configuration::SqsQueue(own) => self.policy(own.queue_policy.as_ref(), None)?,
            Configuration::SnsTopic(own) => {
                self.policy(own.topic_policy.as_ref(), None)?;
                for policy in &mut self.policies {
                    if sns_topic::read_owner_as_account(&mut policy.origin.document) {
                        self.source_owner = SourceOwner::Asked;
                    }
                }
            }
            Configuration::SecretsManagerSecret(own) => {
                self.policy(own.secret_policy.as_ref(), None)?;
            }
            Configuration::EfsFileSystem(own) => {
                self.policy(own.file_system_policy.as_ref(), None)?;
            }
            Configuration::EcrRepository(own) => {
                self.policy(own.repository_policy.as_ref(), None)?;
            }
            Configuration::DynamodbTable(own) => self.policy(own.table_policy.as_ref(), None)?,
            Configuration::DynamodbStream(own) => self.policy(own.stream_policy.as_ref(), None)?,
            Configuration::Ec2Snapshot(own) => {
                let blocks = account.map(|own| &own.ebs_snapshot_block_public_access);
                let block = blocks.and_then(|own| own.get(self.resource.region.as_ref()));
                self.volume_snapshot(own, block.copied());
            }
            Configuration::RdsDbSnapshot(own) | Configuration::RdsDbClusterSnapshot(own) => {
                self.database_snapshot(own);
            }
        }
        Ok(())
    }

    fn add(&mut self, origin: Origin<'a>, audience: Audience, source: Option<Source>) {
        if !origin.document.statements.is_empty() {
            self.policies.push(TargetPolicy { origin, sliced: Vec::new(), audience, source });
        }
    }

    fn policy(
        &mut self,
        policy: Option<&'a PolicySource>,
        source: Option<Source>,
    ) -> Result<(), TargetObstacle<'a>> {
        let Some(own) = policy else { return Ok(()) };
        let Ok(document) = own.parse() else { return Err(TargetObstacle::Policy(own)) };
        let origin = Origin { document, place: Place::Policy(own) };
        self.add(origin, Audience::Everyone, source);
        Ok(())
    }

    /// While Block Public Access restricts it, a public policy lets in only the owner's account and AWS
    /// services: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>.
    fn restrict_if_public(&mut self) {
        for policy in &mut self.policies {
            if matches!(check_no_public_access(&policy.origin.document), Answer::Fails(_)) {
                policy.audience = Audience::SameAccount;
            }
        }
    }

    fn bucket(
        &mut self,
        bucket: &'a S3Bucket,
        account_block: PublicAccessBlock,
    ) -> Result<(), TargetObstacle<'a>> {
        let block = s3_bucket::either(account_block, bucket.public_access_block);
        self.policy(bucket.bucket_policy.as_ref(), Some(Source::Policy))?;
        if block.restrict_public_buckets {
            self.restrict_if_public();
        }
        if bucket.object_ownership != ObjectOwnership::BucketOwnerEnforced {
            let ignore = match block.ignore_public_acls {
                true => IgnorePublicAcls::Yes,
                false => IgnorePublicAcls::No,
            };
            let grants = acl::grants(bucket, self.resource, ignore);
            self.add(grants, Audience::Everyone, Some(Source::BucketAcl));
        }
        Ok(())
    }

    fn volume_snapshot(
        &mut self,
        own: &'a EbsSnapshot,
        block: Option<EbsSnapshotBlockPublicAccess>,
    ) {
        let blocked = block == Some(EbsSnapshotBlockPublicAccess::BlockAllSharing);
        let encrypted = own.encrypted == Some(true) || own.kms_key_id.is_some();
        let everyone = own.groups.iter().filter(|own| own.value == "all" && !blocked && !encrypted);
        self.shared(own.user_ids.iter().collect(), everyone.collect());
    }

    fn database_snapshot(&mut self, own: &'a RdsSnapshot) {
        let encrypted = own.encrypted == Some(true) || own.kms_key_id.is_some();
        let (everyone, accounts) =
            own.restore_account_ids.iter().partition::<Vec<_>, _>(|own| own.value == "all");
        let everyone = everyone.into_iter().filter(|_| !encrypted);
        self.shared(accounts, everyone.collect());
    }

    /// The list that a snapshot is shared by is read as a policy for other accounts. Principals of the
    /// owner need their own permissions and nothing else.
    fn shared(&mut self, accounts: Vec<&'a Placed<String>>, everyone: Vec<&'a Placed<String>>) {
        let all = [format!("{}:*", service(self.resource))];
        let accounts = accounts.into_iter().filter(|own| AccountId::new(&own.value).is_some());
        let named = accounts.map(|own| (json!({"AWS": own.value}), own.position));
        let anyone = everyone.into_iter().map(|own| (json!("*"), own.position));
        let (statements, positions): (Vec<_>, Vec<_>) = named
            .chain(anyone)
            .map(|(who, at)| (synthetic::allow(json!({"Principal": who}), &all), at))
            .unzip();
        let document = synthetic::document(&statements);
        let origin = Origin { document, place: Place::Positions(&self.resource.file, positions) };
        self.add(origin, Audience::OtherAccounts, None);
    }

    /// The accounts of which the Allow statements may mean somebody; nothing when that may be any.
    pub(super) fn accounts_named(&self) -> Option<BTreeSet<AccountId>> {
        let mut named = BTreeSet::new();
        for policy in self.policies.iter().filter(|own| own.audience != Audience::SameAccount) {
            for statement in policy.origin.document.allow_statements() {
                let Some(element) = &statement.principal else { return None };
                if element.polarity == ringfence_policy::Polarity::Not {
                    return None;
                }
                for principal in &element.principals {
                    match &principal.value {
                        Named::Everyone => return None,
                        Named::Account { account, .. } => drop(named.insert(account.clone())),
                        Named::Arn(arn) => named.extend(arn.account_id()),
                        Named::UniqueId(_)
                        | Named::Service(_)
                        | Named::Federated(_)
                        | Named::CanonicalUser(_)
                        | Named::Unrecognized { .. } => {}
                    }
                }
            }
        }
        Some(named)
    }

    /// All policies on the resource's side that count for principals of that kind, read as one.
    pub(super) fn merged(&self, access: InternalAccessType) -> Option<Arc<PolicyDocument>> {
        let mut documents = self.policies.iter().map(|policy| {
            let mut document = policy.origin.document.clone();
            if !policy.audience.includes(access) {
                document = synthetic::denying(&document);
            }
            document
        });
        let mut merged = documents.next()?;
        merged.statements.extend(documents.flat_map(|own| own.statements));
        for (index, statement) in merged.statements.iter_mut().enumerate() {
            statement.index = index;
        }
        Some(Arc::new(merged))
    }
}

impl Audience {
    pub(super) fn includes(self, access: InternalAccessType) -> bool {
        match self {
            Self::Everyone => true,
            Self::SameAccount => access == InternalAccessType::IntraAccount,
            Self::OtherAccounts => access == InternalAccessType::IntraOrg,
        }
    }
}

/// The prefix of the service whose actions act on the resource.
pub(super) fn service(resource: &Resource) -> &'static str {
    match resource.configuration {
        Configuration::S3Bucket(_) => "s3",
        Configuration::S3ExpressDirectoryBucket(_) => "s3express",
        Configuration::IamRole(_) => "sts",
        Configuration::KmsKey(_) => "kms",
        Configuration::LambdaFunction(_) | Configuration::LambdaLayerVersion(_) => "lambda",
        Configuration::SqsQueue(_) => "sqs",
        Configuration::SnsTopic(_) => "sns",
        Configuration::SecretsManagerSecret(_) => "secretsmanager",
        Configuration::EfsFileSystem(_) => "elasticfilesystem",
        Configuration::EcrRepository(_) => "ecr",
        Configuration::Ec2Snapshot(_) => "ec2",
        Configuration::RdsDbSnapshot(_) | Configuration::RdsDbClusterSnapshot(_) => "rds",
        Configuration::DynamodbTable(_) | Configuration::DynamodbStream(_) => "dynamodb",
    }
}

fn arns(resource: &Resource, actions: &TypeActions) -> Vec<Vec<String>> {
    let arn = |name: &str| match (&resource.configuration, name) {
        (Configuration::S3Bucket(_), "object") => format!("{}/*", resource.arn),
        (Configuration::DynamodbTable(_), "index") => format!("{}/index/*", resource.arn),
        _ => resource.arn.clone(),
    };
    let of_list = |list: &Vec<usize>| {
        let first = list.first().and_then(|index| actions.actions.get(*index));
        let all: BTreeSet<String> =
            first.iter().flat_map(|own| &own.on).map(|name| arn(name)).collect();
        all.into_iter().collect()
    };
    actions.lists.iter().map(of_list).collect()
}

/// The accounts of the inventory by their S3 canonical user ids.
pub(super) fn canonical_users(inventory: &Inventory) -> BTreeMap<&str, &AccountId> {
    let known = inventory.accounts.values();
    known.filter_map(|own| Some((own.canonical_user_id.as_deref()?, &own.id))).collect()
}

/// A canonical user id stands for its account, as S3 itself reads it:
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html>.
fn name_accounts(document: &mut PolicyDocument, accounts: &BTreeMap<&str, &AccountId>) {
    let elements = document.statements.iter_mut().filter_map(|own| own.principal.as_mut());
    for principal in elements.flat_map(|element| &mut element.principals) {
        if let Named::CanonicalUser(id) = &principal.value
            && let Some(account) = accounts.get(id.as_str())
        {
            principal.value = Named::Account { account: (*account).clone(), partition: None };
        }
    }
}
