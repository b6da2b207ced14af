//! Access control lists of buckets as policies.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html>

use ringfence_policy::PolicyDocument;
use serde_json::{Value, json};

use crate::inventory::{AclGrantee, AclPermission, Resource, S3Bucket};
use crate::question::{ActionOn, Origin, Place};
use crate::synthetic;

const GROUPS: &str = "http://acs.amazonaws.com/groups/global/";

/// The actions that a permission on a bucket gives, by the S3 guide's table of ACL permissions.
fn actions(permission: AclPermission) -> &'static [&'static str] {
    match permission {
        AclPermission::Read => {
            &["s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions"]
        }
        AclPermission::Write => &["s3:PutObject"],
        AclPermission::ReadAcp => &["s3:GetBucketAcl"],
        AclPermission::WriteAcp => &["s3:PutBucketAcl"],
        AclPermission::FullControl => &[
            "s3:GetBucketAcl",
            "s3:ListBucket",
            "s3:ListBucketMultipartUploads",
            "s3:ListBucketVersions",
            "s3:PutBucketAcl",
            "s3:PutObject",
        ],
    }
}

/// All actions that access control lists can give, on the bucket or its objects.
pub(crate) fn acl_actions(arn: &str) -> Vec<ActionOn> {
    let all = actions(AclPermission::FullControl).iter();
    all.map(|action| ActionOn {
        action: (*action).to_owned(),
        resources: vec![if *action == "s3:PutObject" {
            format!("{arn}/*")
        } else {
            arn.to_owned()
        }],
    })
    .collect()
}

/// Whether a grantee is everybody, or everybody with an AWS account.
pub(crate) fn is_public(grantee: &AclGrantee) -> bool {
    match grantee {
        AclGrantee::Uri(uri) => uri
            .strip_prefix(GROUPS)
            .is_some_and(|group| matches!(group, "AllUsers" | "AuthenticatedUsers")),
        AclGrantee::Id(_) => false,
    }
}

/// The grants that count as a document; `ignore_public` leaves out those to everybody.
pub(crate) fn grants<'a>(
    bucket: &'a S3Bucket,
    resource: &'a Resource,
    ignore_public: IgnorePublicAcls,
) -> Origin<'a> {
    let mut statements = Vec::new();
    let mut positions = Vec::new();
    for grant in &bucket.bucket_acl_grants {
        let Some(who) = who(&grant.grantee) else { continue };
        let own =
            matches!(&grant.grantee, AclGrantee::Id(id) if Some(id) == bucket.owner_id.as_ref());
        if own || (is_public(&grant.grantee) && ignore_public == IgnorePublicAcls::Yes) {
            continue;
        }
        let actions: Vec<String> =
            actions(grant.permission).iter().map(|action| (*action).to_owned()).collect();
        statements.push(synthetic::allow(who, &actions));
        positions.push(grant.position);
    }
    let document: PolicyDocument = synthetic::document(&statements);
    Origin { document, place: Place::Positions(&resource.file, positions) }
}

/// Whether grants to everybody count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IgnorePublicAcls {
    Yes,
    No,
}

/// The elements of a statement that say who the grantee is. The group of AWS's log delivery is not
/// reported, as service principals are not.
fn who(grantee: &AclGrantee) -> Option<Value> {
    let group = match grantee {
        AclGrantee::Id(id) => return Some(json!({"Principal": {"CanonicalUser": id}})),
        AclGrantee::Uri(uri) => uri.strip_prefix(GROUPS)?,
    };
    match group {
        "AllUsers" => Some(json!({"Principal": "*"})),
        // Everybody who signs the request.
        "AuthenticatedUsers" => Some(json!({
            "Principal": "*", "Condition": {"Null": {"aws:PrincipalArn": "false"}},
        })),
        _ => None,
    }
}
