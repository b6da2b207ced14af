//! The texts of slots that are no policies: JSON in the shape of the service's API, members in alphabetical order.
//!
//! What is read is given places of its own: the entry's position in its list, as a line.

use ringfence_access::inventory::{
    AclGrantee, AclPermission, BucketAclGrant, KmsGrant, KmsGrantConstraints, Placed,
    PublicAccessBlock, S3Bucket,
};
use ringfence_policy::location::Position;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::plan::sorted;

/// What is wrong with a text, for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BadText(pub(super) String);

impl From<serde_json::Error> for BadText {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

fn position(entry: usize) -> Position {
    Position { line: entry + 1, column: 0, offset: entry }
}

/// An access control list of GetBucketAcl.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Acl {
    pub(super) grants: Vec<Value>,
    pub(super) owner: Value,
}

/// The text of a stored bucket's list.
pub(super) fn acl(bucket: &S3Bucket) -> String {
    let grants: Vec<Value> = bucket.bucket_acl_grants.iter().map(acl_grant).collect();
    let owner = match &bucket.owner_id {
        Some(id) => json!({"ID": id}),
        None => json!({}),
    };
    json!({"Grants": grants, "Owner": owner}).to_string()
}

fn acl_grant(grant: &BucketAclGrant) -> Value {
    let grantee = match &grant.grantee {
        AclGrantee::Id(id) => json!({"ID": id, "Type": "CanonicalUser"}),
        AclGrantee::Uri(uri) => json!({"Type": "Group", "URI": uri}),
    };
    let permission = match grant.permission {
        AclPermission::Read => "READ",
        AclPermission::Write => "WRITE",
        AclPermission::ReadAcp => "READ_ACP",
        AclPermission::WriteAcp => "WRITE_ACP",
        AclPermission::FullControl => "FULL_CONTROL",
    };
    json!({"Grantee": grantee, "Permission": permission})
}

/// The grants of a list and its owner.
pub(super) fn read_acl(text: &str) -> Result<(Vec<BucketAclGrant>, Option<String>), BadText> {
    let acl: Acl = serde_json::from_str(text)?;
    let grant = |(entry, own): (usize, &Value)| {
        let text = |value: &Value, name: &str| Some(value.get(name)?.as_str()?.to_owned());
        let grantee = own.get("Grantee").unwrap_or(&Value::Null);
        let grantee = match (text(grantee, "ID"), text(grantee, "URI")) {
            (Some(id), _) => AclGrantee::Id(id),
            (None, Some(uri)) => AclGrantee::Uri(uri),
            (None, None) => return Err(BadText(format!("grant {entry} has no known grantee"))),
        };
        let permission = match text(own, "Permission").as_deref() {
            Some("READ") => AclPermission::Read,
            Some("WRITE") => AclPermission::Write,
            Some("READ_ACP") => AclPermission::ReadAcp,
            Some("WRITE_ACP") => AclPermission::WriteAcp,
            Some("FULL_CONTROL") => AclPermission::FullControl,
            _ => return Err(BadText(format!("grant {entry} has no known permission"))),
        };
        Ok(BucketAclGrant { permission, grantee, position: position(entry) })
    };
    let grants = acl.grants.iter().enumerate().map(grant).collect::<Result<_, _>>()?;
    let owner = acl.owner.get("ID").and_then(Value::as_str).map(str::to_owned);
    Ok((grants, owner))
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Block {
    block_public_acls: bool,
    block_public_policy: bool,
    ignore_public_acls: bool,
    restrict_public_buckets: bool,
}

/// The text of a public access block.
pub(super) fn public_access_block(block: PublicAccessBlock) -> String {
    let block = Block {
        block_public_acls: block.block_public_acls,
        block_public_policy: block.block_public_policy,
        ignore_public_acls: block.ignore_public_acls,
        restrict_public_buckets: block.restrict_public_buckets,
    };
    serde_json::to_string(&block).unwrap_or_default()
}

pub(super) fn read_public_access_block(text: &str) -> Result<PublicAccessBlock, BadText> {
    let block: Block = serde_json::from_str(text)?;
    Ok(PublicAccessBlock {
        block_public_acls: block.block_public_acls,
        ignore_public_acls: block.ignore_public_acls,
        block_public_policy: block.block_public_policy,
        restrict_public_buckets: block.restrict_public_buckets,
    })
}

/// The text of a stored grant.
pub(super) fn grant(grant_id: &str, grant: &KmsGrant) -> String {
    let mut value = json!({
        "GrantId": grant_id,
        "GranteePrincipal": grant.grantee_principal,
        "IssuingAccount": grant.issuing_account,
        "Operations": grant.operations,
    });
    if let Some(members) = value.as_object_mut() {
        if let Some(constraints) = &grant.constraints {
            let mut own = serde_json::Map::new();
            if let Some(equals) = &constraints.encryption_context_equals {
                own.insert("EncryptionContextEquals".into(), json!(equals));
            }
            if let Some(subset) = &constraints.encryption_context_subset {
                own.insert("EncryptionContextSubset".into(), json!(subset));
            }
            members.insert("Constraints".into(), own.into());
        }
        if let Some(retiring) = &grant.retiring_principal {
            members.insert("RetiringPrincipal".into(), json!(retiring));
        }
    }
    sorted(value).to_string()
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Grant {
    grantee_principal: String,
    retiring_principal: Option<String>,
    issuing_account: String,
    operations: Vec<String>,
    constraints: Option<Constraints>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Constraints {
    encryption_context_equals: Option<std::collections::BTreeMap<String, String>>,
    encryption_context_subset: Option<std::collections::BTreeMap<String, String>>,
}

/// The grant of a slot; `entry` is its position among the grants of its key.
pub(super) fn read_grant(text: &str, entry: usize) -> Result<KmsGrant, BadText> {
    let own: Grant = serde_json::from_str(text)?;
    if own.grantee_principal.is_empty() {
        return Err(BadText("it has no GranteePrincipal".to_owned()));
    }
    let constraints = own.constraints.map(|own| KmsGrantConstraints {
        encryption_context_equals: own.encryption_context_equals,
        encryption_context_subset: own.encryption_context_subset,
    });
    let is_empty = |own: &KmsGrantConstraints| {
        own.encryption_context_equals.is_none() && own.encryption_context_subset.is_none()
    };
    Ok(KmsGrant {
        operations: own.operations,
        grantee_principal: own.grantee_principal,
        retiring_principal: own.retiring_principal,
        constraints: constraints.filter(|own| !is_empty(own)),
        issuing_account: own.issuing_account,
        position: position(entry),
    })
}

/// With whom a volume's snapshot is shared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct VolumeSharing {
    pub(super) groups: Vec<String>,
    pub(super) user_ids: Vec<String>,
}

fn texts(all: &[Placed<String>]) -> Vec<String> {
    let mut texts: Vec<String> = all.iter().map(|own| own.value.clone()).collect();
    texts.sort();
    texts.dedup();
    texts
}

fn placed(all: Vec<String>, before: usize) -> Vec<Placed<String>> {
    let own = |(entry, value)| Placed { value, position: position(before + entry) };
    all.into_iter().enumerate().map(own).collect()
}

/// The text of a stored volume snapshot's sharing.
pub(super) fn volume_sharing(groups: &[Placed<String>], accounts: &[Placed<String>]) -> String {
    let sharing = VolumeSharing { groups: texts(groups), user_ids: texts(accounts) };
    serde_json::to_string(&sharing).unwrap_or_default()
}

type Entries = Vec<Placed<String>>;

/// Groups and accounts. Accounts are counted behind the groups.
pub(super) fn read_volume_sharing(text: &str) -> Result<(Entries, Entries), BadText> {
    let sharing: VolumeSharing = serde_json::from_str(text)?;
    let before = sharing.groups.len();
    Ok((placed(sharing.groups, 0), placed(sharing.user_ids, before)))
}

/// The text of a stored database snapshot's sharing.
pub(super) fn accounts(all: &[Placed<String>]) -> String {
    serde_json::to_string(&texts(all)).unwrap_or_default()
}

pub(super) fn read_accounts(text: &str) -> Result<Entries, BadText> {
    let all: Vec<String> = serde_json::from_str(text)?;
    Ok(placed(all, 0))
}
