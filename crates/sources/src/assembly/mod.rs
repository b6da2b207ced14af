//! From planned resources to an inventory: each takes the configuration that a snapshot would have of it, with the
//! policies that stand in resources of their own attached.
//!
//! Types and properties are CloudFormation's, whatever the plan is written in:
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html>. A few types
//! of this module's own, which start with `Ringfence::`, stand for what other plans make a resource of.

mod draft;
mod iam;
mod kms;
mod lambda;
mod other;
mod s3;
mod simple;
mod snapshots;

use std::collections::BTreeMap;
use std::sync::Arc;

use ringfence_access::inventory::{
    Account, Inventory, NotAnalyzed, PublicAccessBlock, ResourceType,
};
use ringfence_policy::{AccountId, Partition};

use crate::planned::{Planned, Presence, Purpose, Text};
use draft::Draft;
pub(crate) use other::NOT_READ_ATTRIBUTE;

/// Where planned resources will be.
#[derive(Clone, Debug)]
pub(crate) struct Whereabouts {
    pub(crate) partition: Partition,
    pub(crate) account: AccountId,
    pub(crate) region: Arc<str>,
    pub(crate) purpose: Purpose,
}

/// A resource of a template or plan.
#[derive(Clone, Debug)]
pub(crate) struct PlannedResource {
    /// What the template calls it; what is not known of it is called by this name.
    pub(crate) address: String,
    /// CloudFormation's type.
    pub(crate) resource_type: String,
    /// CloudFormation's properties of that type.
    pub(crate) properties: Planned,
    /// Whether it will be there.
    pub(crate) presence: Presence,
    /// Its ARN, where its type has one that can be told.
    pub(crate) arn: Option<Text>,
    /// What else others name it by: its name, id, URL.
    pub(crate) names: Vec<Text>,
    /// Where it will be.
    pub(crate) whereabouts: Whereabouts,
}

/// What is put together.
struct Assembly {
    drafts: Vec<Draft>,
    /// Where the draft with a name is.
    named: BTreeMap<(ResourceType, String), usize>,
    accounts: BTreeMap<AccountId, Account>,
    identities: iam::Identities,
    not_analyzed: Vec<NotAnalyzed>,
}

/// The inventory of these resources.
pub(crate) fn assemble(resources: &[PlannedResource], partition: Partition) -> Inventory {
    let mut assembly = Assembly {
        drafts: Vec::new(),
        named: BTreeMap::new(),
        accounts: BTreeMap::new(),
        identities: iam::Identities::default(),
        not_analyzed: Vec::new(),
    };
    resources.iter().for_each(|resource| assembly.resource(resource));
    // What is attached to a resource may stand before it.
    resources.iter().for_each(|resource| assembly.attached(resource));
    let mut inventory = Inventory::empty(partition);
    iam::finish(&mut assembly);
    for mut draft in assembly.drafts {
        lambda::finish(&mut draft);
        draft.finish(&mut inventory);
    }
    inventory.accounts = assembly.accounts;
    inventory.not_analyzed.extend(assembly.not_analyzed);
    for resource in resources {
        let account = &resource.whereabouts.account;
        inventory.accounts.entry(account.clone()).or_insert_with(|| Account::new(account.clone()));
    }
    inventory.arrange();
    inventory
}

impl Assembly {
    /// Takes a resource that can be reached by itself.
    fn resource(&mut self, own: &PlannedResource) {
        match own.resource_type.as_str() {
            "AWS::S3::Bucket" => s3::bucket(self, own),
            "AWS::S3Express::DirectoryBucket" => s3::directory_bucket(self, own),
            "AWS::IAM::Role" => iam::role(self, own),
            "AWS::IAM::User" => iam::user(self, own),
            "AWS::IAM::Group" => iam::group(self, own),
            "AWS::IAM::ManagedPolicy" => iam::managed_policy(self, own),
            "AWS::KMS::Key" | "AWS::KMS::ReplicaKey" => kms::key(self, own),
            "AWS::Lambda::Function" => lambda::function(self, own),
            "AWS::Lambda::LayerVersion" => lambda::layer_version(self, own),
            "AWS::SQS::Queue"
            | "AWS::SNS::Topic"
            | "AWS::SecretsManager::Secret"
            | "AWS::EFS::FileSystem"
            | "AWS::ECR::Repository"
            | "AWS::DynamoDB::Table"
            | "AWS::DynamoDB::GlobalTable" => simple::resource(self, own),
            "AWS::EC2::Snapshot" | "AWS::RDS::DBSnapshot" | "AWS::RDS::DBClusterSnapshot" => {
                snapshots::snapshot(self, own);
            }
            _ => {}
        }
    }

    /// Takes a resource that says something about another one.
    fn attached(&mut self, own: &PlannedResource) {
        match own.resource_type.as_str() {
            "AWS::S3::BucketPolicy"
            | "AWS::S3::AccessPoint"
            | "AWS::S3::MultiRegionAccessPoint"
            | "AWS::S3::MultiRegionAccessPointPolicy"
            | "AWS::S3Express::BucketPolicy"
            | "AWS::S3Express::AccessPoint"
            | "Ringfence::S3::PublicAccessBlock"
            | "Ringfence::S3::OwnershipControls"
            | "Ringfence::S3::BucketAcl"
            | "Ringfence::S3::AccessPointPolicy" => s3::attached(self, own),
            "AWS::IAM::Policy"
            | "AWS::IAM::RolePolicy"
            | "AWS::IAM::UserPolicy"
            | "AWS::IAM::GroupPolicy"
            | "Ringfence::IAM::PolicyAttachment"
            | "AWS::IAM::UserToGroupAddition" => iam::attached(self, own),
            "AWS::KMS::Alias" | "Ringfence::KMS::KeyPolicy" | "Ringfence::KMS::Grant" => {
                kms::attached(self, own);
            }
            "AWS::Lambda::Permission"
            | "AWS::Lambda::Url"
            | "AWS::Lambda::LayerVersionPermission" => lambda::attached(self, own),
            "AWS::SQS::QueuePolicy"
            | "AWS::SQS::QueueInlinePolicy"
            | "AWS::SNS::TopicPolicy"
            | "AWS::SNS::TopicInlinePolicy"
            | "AWS::SecretsManager::ResourcePolicy"
            | "Ringfence::EFS::FileSystemPolicy"
            | "Ringfence::ECR::RepositoryPolicy"
            | "Ringfence::DynamoDB::ResourcePolicy" => simple::attached(self, own),
            "Ringfence::EC2::SnapshotPermission" => snapshots::attached(self, own),
            "Ringfence::S3::AccountPublicAccessBlock" => {
                let block = s3::public_access_block(None, Some(&own.properties));
                self.account(own).s3_public_access_block = Some(block);
            }
            _ => other::resource(self, own),
        }
    }

    fn account(&mut self, own: &PlannedResource) -> &mut Account {
        let id = &own.whereabouts.account;
        self.accounts.entry(id.clone()).or_insert_with(|| Account::new(id.clone()))
    }

    /// Notes that nothing can be said about a resource.
    fn not_analyzed(&mut self, own: &PlannedResource, reason: impl Into<String>) {
        let place = &own.properties.place;
        self.not_analyzed.push(NotAnalyzed {
            position: Some(place.start),
            account: Some(own.whereabouts.account.clone()),
            region: Some(own.whereabouts.region.to_string()),
            resource: own.arn.as_ref().map(Text::pattern),
            resource_type: Some(own.resource_type.clone()),
            ..NotAnalyzed::new(&place.file, reason)
        });
    }
}

/// The restrictions that are known to be there; those that are not known count as absent.
const NOTHING_BLOCKED: PublicAccessBlock = PublicAccessBlock {
    block_public_acls: false,
    ignore_public_acls: false,
    block_public_policy: false,
    restrict_public_buckets: false,
};
