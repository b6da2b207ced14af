//! A resource's slots as texts, and the resource that has given texts in its slots.
//!
//! What decides about access and is no slot (object ownership, where an access point can be used from, aliases, settings
//! of the account) stays as the inventory has it.

use std::sync::Arc;

use ringfence_access::inventory::{
    Configuration, IamRole, KmsGrant, PolicySource, PublicAccessBlock, Resource, ResourceType,
    S3AccessPoint, S3DirectoryAccessPoint,
};
use ringfence_policy::AccountId;
use ringfence_policy::location::Position;
use thiserror::Error;

use super::slot_text::{self, BadText};
use crate::slot::{Slot, Slots, Target};

/// Why a resource cannot have these slots.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SlotsError {
    /// The resource's type has no such slot.
    #[error("a resource of type `{resource_type}` has no slot `{slot:?}`")]
    OtherType {
        /// The type.
        resource_type: String,
        /// The slot.
        slot: Slot,
    },
    /// The text of a slot is not what the slot holds.
    #[error("`{slot:?}` cannot be read: {why}")]
    Unreadable {
        /// The slot.
        slot: Slot,
        /// What is wrong, for a person.
        why: String,
    },
    /// The resource cannot be without what the slot holds.
    #[error("`{slot:?}` cannot be empty")]
    Empty {
        /// The slot.
        slot: Slot,
    },
}

/// A resource of which nothing is known but what its slots will hold; nothing for types that access is not analyzed for.
/// What is no slot is taken to let in: access control lists count, access points can be used from everywhere.
#[must_use]
pub fn bare(target: &Target) -> Option<Resource> {
    let file: Arc<str> = Arc::from("");
    let start = Position { line: 1, column: 0, offset: 0 };
    let configuration = match target.kind()? {
        ResourceType::S3Bucket => Configuration::S3Bucket(Box::default()),
        ResourceType::S3ExpressDirectoryBucket => {
            Configuration::S3ExpressDirectoryBucket(Box::default())
        }
        ResourceType::IamRole => Configuration::IamRole(IamRole {
            trust_policy: PolicySource::whole_file(&file, "{\"Statement\":[]}"),
        }),
        ResourceType::KmsKey => Configuration::KmsKey(Box::default()),
        ResourceType::LambdaFunction => Configuration::LambdaFunction(Default::default()),
        ResourceType::LambdaLayerVersion => Configuration::LambdaLayerVersion(Default::default()),
        ResourceType::SqsQueue => Configuration::SqsQueue(Default::default()),
        ResourceType::SnsTopic => Configuration::SnsTopic(Default::default()),
        ResourceType::SecretsManagerSecret => {
            Configuration::SecretsManagerSecret(Default::default())
        }
        ResourceType::EfsFileSystem => Configuration::EfsFileSystem(Default::default()),
        ResourceType::EcrRepository => Configuration::EcrRepository(Default::default()),
        ResourceType::Ec2Snapshot => Configuration::Ec2Snapshot(Box::default()),
        ResourceType::RdsDbSnapshot => Configuration::RdsDbSnapshot(Box::default()),
        ResourceType::RdsDbClusterSnapshot => Configuration::RdsDbClusterSnapshot(Box::default()),
        ResourceType::DynamodbTable => Configuration::DynamodbTable(Default::default()),
        ResourceType::DynamodbStream => Configuration::DynamodbStream(Default::default()),
    };
    Some(Resource {
        arn: target.arn.clone(),
        account: AccountId::new(&target.account)?,
        region: Arc::from(target.region.as_str()),
        tags: Vec::new(),
        file,
        position: start,
        configuration,
    })
}

/// What a stored inventory says of a resource's slots. A policy that cannot be decoded is left out. A stored grant has
/// no id; its slot is called after its place, which no live grant is.
#[must_use]
pub fn slots_of(resource: &Resource) -> Slots {
    let mut slots = Slots::new();
    let mut put =
        |slot: Slot, policy: Option<&PolicySource>| match policy.map(PolicySource::decoded) {
            None => {
                slots.insert(slot, None);
            }
            Some(Ok(text)) => {
                slots.insert(slot, Some(text.into_owned()));
            }
            Some(Err(_)) => {}
        };
    match &resource.configuration {
        Configuration::IamRole(own) => put(Slot::RoleTrustPolicy, Some(&own.trust_policy)),
        Configuration::S3Bucket(own) => {
            put(Slot::BucketPolicy, own.bucket_policy.as_ref());
            for (arn, point) in &own.access_points {
                put(access_point(arn), point.access_point_policy.as_ref());
            }
            for point in &own.multi_region_access_points {
                put(access_point(&point.arn), point.policy.as_ref());
            }
            slots.insert(Slot::BucketAcl, Some(slot_text::acl(own)));
            let block = own.public_access_block;
            let is_set = block != PublicAccessBlock::default();
            let block = is_set.then(|| slot_text::public_access_block(block));
            slots.insert(Slot::BucketPublicAccessBlock, block);
        }
        Configuration::S3ExpressDirectoryBucket(own) => {
            put(Slot::DirectoryBucketPolicy, own.bucket_policy.as_ref());
            for (arn, point) in &own.access_points {
                put(access_point(arn), point.access_point_policy.as_ref());
            }
        }
        Configuration::KmsKey(own) => {
            put(Slot::KeyPolicy, own.key_policy.as_ref());
            for (place, grant) in own.grants.iter().enumerate() {
                let grant_id = format!("stored-{place:05}");
                let text = slot_text::grant(&grant_id, grant);
                slots.insert(Slot::KeyGrant { grant_id }, Some(text));
            }
        }
        Configuration::LambdaFunction(own) => {
            put(Slot::FunctionPolicy, own.function_policy.as_ref());
        }
        Configuration::LambdaLayerVersion(own) => {
            put(Slot::LayerPolicy, own.layer_policy.as_ref());
        }
        Configuration::SqsQueue(own) => put(Slot::QueuePolicy, own.queue_policy.as_ref()),
        Configuration::SnsTopic(own) => put(Slot::TopicPolicy, own.topic_policy.as_ref()),
        Configuration::SecretsManagerSecret(own) => {
            put(Slot::SecretPolicy, own.secret_policy.as_ref());
        }
        Configuration::EfsFileSystem(own) => {
            put(Slot::FileSystemPolicy, own.file_system_policy.as_ref());
        }
        Configuration::EcrRepository(own) => {
            put(Slot::RepositoryPolicy, own.repository_policy.as_ref());
        }
        Configuration::DynamodbTable(own) => put(Slot::TablePolicy, own.table_policy.as_ref()),
        Configuration::DynamodbStream(own) => put(Slot::StreamPolicy, own.stream_policy.as_ref()),
        Configuration::Ec2Snapshot(own) => {
            let text = slot_text::volume_sharing(&own.groups, &own.user_ids);
            slots.insert(Slot::VolumeSnapshotSharing, Some(text));
        }
        Configuration::RdsDbSnapshot(own) => {
            let text = slot_text::accounts(&own.restore_account_ids);
            slots.insert(Slot::DatabaseSnapshotSharing, Some(text));
        }
        Configuration::RdsDbClusterSnapshot(own) => {
            let text = slot_text::accounts(&own.restore_account_ids);
            slots.insert(Slot::ClusterSnapshotSharing, Some(text));
        }
    }
    slots
}

fn access_point(arn: &str) -> Slot {
    Slot::AccessPointPolicy { access_point_arn: arn.to_owned() }
}

/// The resource with these texts in its slots. A slot that is not among them stays as it is, except that a key has
/// exactly the grants that are among them. The places of what it holds say in which slot it stands: see `place_of`.
///
/// # Errors
/// When a slot is not one of the resource's type, or its text is not what it holds.
pub fn with_slots(resource: &Resource, slots: &Slots) -> Result<Resource, SlotsError> {
    let mut resource = resource.clone();
    if let Configuration::KmsKey(key) = &mut resource.configuration {
        key.grants.clear();
    }
    let mut grants = Vec::new();
    for (slot, text) in slots {
        let unreadable = |BadText(why): BadText| SlotsError::Unreadable { slot: slot.clone(), why };
        let policy = || text.as_ref().map(|text| PolicySource::whole_file(&file_of(slot), text));
        let resource_type = resource.resource_type();
        match (&mut resource.configuration, slot) {
            (Configuration::IamRole(own), Slot::RoleTrustPolicy) => {
                own.trust_policy =
                    policy().ok_or_else(|| SlotsError::Empty { slot: slot.clone() })?;
            }
            (Configuration::S3Bucket(own), Slot::BucketPolicy) => own.bucket_policy = policy(),
            (Configuration::S3Bucket(own), Slot::BucketAcl) => {
                let (grants, owner) = match text {
                    Some(text) => slot_text::read_acl(text).map_err(unreadable)?,
                    None => (Vec::new(), None),
                };
                own.bucket_acl_grants = grants;
                own.owner_id = owner.or_else(|| own.owner_id.take());
            }
            (Configuration::S3Bucket(own), Slot::BucketPublicAccessBlock) => {
                own.public_access_block = match text {
                    Some(text) => slot_text::read_public_access_block(text).map_err(unreadable)?,
                    None => PublicAccessBlock::default(),
                };
            }
            (Configuration::S3Bucket(own), Slot::AccessPointPolicy { access_point_arn }) => {
                let multi = own.multi_region_access_points.iter_mut();
                let mut multi = multi.filter(|point| point.arn == *access_point_arn);
                match multi.next() {
                    Some(point) => point.policy = policy(),
                    None => {
                        // Of an access point that nothing is known of, nothing is taken to be blocked.
                        let unknown = || S3AccessPoint {
                            public_access_block: Some(PublicAccessBlock::default()),
                            ..S3AccessPoint::default()
                        };
                        let points = own.access_points.entry(access_point_arn.clone());
                        points.or_insert_with(unknown).access_point_policy = policy();
                    }
                }
            }
            (Configuration::S3ExpressDirectoryBucket(own), Slot::DirectoryBucketPolicy) => {
                own.bucket_policy = policy();
            }
            (
                Configuration::S3ExpressDirectoryBucket(own),
                Slot::AccessPointPolicy { access_point_arn },
            ) => {
                let points = own.access_points.entry(access_point_arn.clone());
                points.or_insert_with(S3DirectoryAccessPoint::default).access_point_policy =
                    policy();
            }
            (Configuration::KmsKey(own), Slot::KeyPolicy) => own.key_policy = policy(),
            (Configuration::KmsKey(_), Slot::KeyGrant { .. }) => {
                if let Some(text) = text {
                    grants.push(slot_text::read_grant(text, grants.len()).map_err(unreadable)?);
                }
            }
            (Configuration::LambdaFunction(own), Slot::FunctionPolicy) => {
                own.function_policy = policy();
            }
            (Configuration::LambdaLayerVersion(own), Slot::LayerPolicy) => {
                own.layer_policy = policy();
            }
            (Configuration::SqsQueue(own), Slot::QueuePolicy) => own.queue_policy = policy(),
            (Configuration::SnsTopic(own), Slot::TopicPolicy) => own.topic_policy = policy(),
            (Configuration::SecretsManagerSecret(own), Slot::SecretPolicy) => {
                own.secret_policy = policy();
            }
            (Configuration::EfsFileSystem(own), Slot::FileSystemPolicy) => {
                own.file_system_policy = policy();
            }
            (Configuration::EcrRepository(own), Slot::RepositoryPolicy) => {
                own.repository_policy = policy();
            }
            (Configuration::DynamodbTable(own), Slot::TablePolicy) => own.table_policy = policy(),
            (Configuration::DynamodbStream(own), Slot::StreamPolicy) => {
                own.stream_policy = policy();
            }
            (Configuration::Ec2Snapshot(own), Slot::VolumeSnapshotSharing) => {
                let text = text.as_deref().unwrap_or("{}");
                (own.groups, own.user_ids) =
                    slot_text::read_volume_sharing(text).map_err(unreadable)?;
            }
            (Configuration::RdsDbSnapshot(own), Slot::DatabaseSnapshotSharing)
            | (Configuration::RdsDbClusterSnapshot(own), Slot::ClusterSnapshotSharing) => {
                let text = text.as_deref().unwrap_or("[]");
                own.restore_account_ids = slot_text::read_accounts(text).map_err(unreadable)?;
            }
            _ => {
                let resource_type = resource_type.as_str().to_owned();
                return Err(SlotsError::OtherType { resource_type, slot: slot.clone() });
            }
        }
    }
    set_grants(&mut resource, grants);
    Ok(resource)
}

fn set_grants(resource: &mut Resource, grants: Vec<KmsGrant>) {
    if let Configuration::KmsKey(key) = &mut resource.configuration {
        key.grants = grants;
    }
}

/// The name of the file in which [`with_slots`] puts the policy of a slot.
fn file_of(slot: &Slot) -> Arc<str> {
    let text = serde_json::to_string(slot).unwrap_or_default();
    Arc::from(format!("slot:{text}"))
}

/// Where something stands that lets somebody in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// A statement of a policy, by its position.
    Statement(Slot, usize),
    /// An entry of a list that is no policy, by its position in it.
    Entry(Slot, usize),
}

impl Place {
    pub(super) fn slot(&self) -> &Slot {
        match self {
            Self::Statement(slot, _) | Self::Entry(slot, _) => slot,
        }
    }

    /// Its position in the slot.
    pub(super) fn at(&self) -> usize {
        match self {
            Self::Statement(_, at) | Self::Entry(_, at) => *at,
        }
    }

    pub(super) fn is_at(&self, slot: &Slot, at: usize) -> bool {
        self.slot() == slot && self.at() == at
    }
}

/// The place in the slots of what an analysis of a resource of [`with_slots`] says that lets somebody in.
pub(super) fn place_of(
    granted: &ringfence_access::observation::GrantedBy,
    slots: &Slots,
) -> Option<Place> {
    if let Some(text) = granted.file.strip_prefix("slot:") {
        let slot = serde_json::from_str(text).ok()?;
        return Some(Place::Statement(slot, granted.statement_index?));
    }
    let entry = granted.line.checked_sub(1)?;
    let lists = || slots.iter().filter(|(slot, text)| is_list(slot) && text.is_some());
    let is_grant = |slot: &Slot| matches!(slot, Slot::KeyGrant { .. });
    let mut grants = lists().map(|(slot, _)| slot).filter(|slot| is_grant(slot));
    match grants.nth(entry) {
        Some(slot) => Some(Place::Entry(slot.clone(), 0)),
        None => {
            let (slot, _) = lists().find(|(slot, _)| !is_grant(slot))?;
            Some(Place::Entry(slot.clone(), entry))
        }
    }
}

fn is_list(slot: &Slot) -> bool {
    matches!(
        slot,
        Slot::BucketAcl
            | Slot::KeyGrant { .. }
            | Slot::VolumeSnapshotSharing
            | Slot::DatabaseSnapshotSharing
            | Slot::ClusterSnapshotSharing
    )
}
