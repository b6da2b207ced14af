//! Buckets and directory buckets.

use std::collections::BTreeMap;

use ringfence_access::inventory::{
    AclGrantee, AclPermission, BucketAclGrant, Configuration, MultiRegionAccessPoint,
    NetworkOrigin, ObjectOwnership, PublicAccessBlock, S3AccessPoint, S3Bucket,
    S3DirectoryAccessPoint, S3ExpressDirectoryBucket,
};
use ringfence_policy::Arn;
use ringfence_policy::json::{Member, Value};

use super::unknown;
use crate::part::Part;
use crate::shape::{
    ShapeError, Shaped, list, map, member, object, optional_bool, optional_text, required,
    required_bool, required_text, text,
};

pub(super) fn bucket(
    part: &mut Part<'_>,
    value: &Value<'_>,
    attributes: Option<&Value<'_>>,
) -> Shaped<Configuration> {
    let grants = list(value, "bucketAclGrants")?;
    let mut access_points = BTreeMap::new();
    for point in map(value, "accessPoints")? {
        access_points.insert(access_point_arn(point, "s3")?, access_point(part, &point.value)?);
    }
    let mut bucket = S3Bucket {
        bucket_policy: part.policy(value, "bucketPolicy")?,
        bucket_acl_grants: grants
            .iter()
            .map(|grant| acl_grant(part, grant))
            .collect::<Shaped<_>>()?,
        public_access_block: two_members(value, "bucketPublicAccessBlock")?.unwrap_or_default(),
        access_points,
        ..S3Bucket::default()
    };
    if let Some(attributes) = attributes {
        add_attributes(part, attributes, &mut bucket)?;
    }
    Ok(Configuration::S3Bucket(Box::new(bucket)))
}

pub(super) fn directory_bucket(part: &mut Part<'_>, value: &Value<'_>) -> Shaped<Configuration> {
    let mut access_points = BTreeMap::new();
    for point in map(value, "accessPoints")? {
        let access_point = S3DirectoryAccessPoint {
            access_point_policy: part.policy(&point.value, "accessPointPolicy")?,
            network_origin: network_origin(&point.value)?,
        };
        access_points.insert(access_point_arn(point, "s3express")?, access_point);
    }
    let bucket_policy = part.policy(value, "bucketPolicy")?;
    let bucket = S3ExpressDirectoryBucket { bucket_policy, access_points };
    Ok(Configuration::S3ExpressDirectoryBucket(Box::new(bucket)))
}

fn add_attributes(
    part: &mut Part<'_>,
    attributes: &Value<'_>,
    bucket: &mut S3Bucket,
) -> Shaped<()> {
    if let Some(value) = member(attributes, "ObjectOwnership") {
        bucket.object_ownership = match text(value, "ObjectOwnership")? {
            "BucketOwnerEnforced" => ObjectOwnership::BucketOwnerEnforced,
            "BucketOwnerPreferred" => ObjectOwnership::BucketOwnerPreferred,
            "ObjectWriter" => ObjectOwnership::ObjectWriter,
            other => {
                let expected = "BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter";
                return Err(unknown(value, other, expected));
            }
        };
    }
    if let Some(owner) = member(attributes, "Owner") {
        bucket.owner_id = optional_text(owner, "ID")?;
    }
    if let Some(block) = four_members(attributes, "PublicAccessBlockConfiguration")? {
        let configured = bucket.public_access_block;
        if configured != PublicAccessBlock::default()
            && (configured.ignore_public_acls, configured.restrict_public_buckets)
                != (block.ignore_public_acls, block.restrict_public_buckets)
        {
            let value = required(attributes, "PublicAccessBlockConfiguration")?;
            let message = "`PublicAccessBlockConfiguration` and `bucketPublicAccessBlock` disagree";
            return Err(ShapeError::new(value, message));
        }
        bucket.public_access_block = block;
    }
    for point in list(attributes, "MultiRegionAccessPoints")? {
        bucket.multi_region_access_points.push(MultiRegionAccessPoint {
            arn: required_text(point, "Arn")?.to_owned(),
            policy: part.policy(point, "Policy")?,
            public_access_block: four_members(point, "PublicAccessBlock")?,
        });
    }
    Ok(())
}

fn acl_grant(part: &Part<'_>, grant: &Value<'_>) -> Shaped<BucketAclGrant> {
    let permission = required(grant, "permission")?;
    let permission = match text(permission, "permission")? {
        "READ" => AclPermission::Read,
        "WRITE" => AclPermission::Write,
        "READ_ACP" => AclPermission::ReadAcp,
        "WRITE_ACP" => AclPermission::WriteAcp,
        "FULL_CONTROL" => AclPermission::FullControl,
        other => {
            let expected = "READ, WRITE, READ_ACP, WRITE_ACP or FULL_CONTROL";
            return Err(unknown(permission, other, expected));
        }
    };
    let grantee = required(grant, "grantee")?;
    let grantee = match (optional_text(grantee, "id")?, optional_text(grantee, "uri")?) {
        (Some(id), None) => AclGrantee::Id(id),
        (None, Some(uri)) => AclGrantee::Uri(uri),
        (Some(_), Some(_)) | (None, None) => {
            let message = "`grantee` should have either `id` or `uri`";
            return Err(ShapeError::new(grantee, message));
        }
    };
    Ok(BucketAclGrant { permission, grantee, position: part.position(grant.span) })
}

fn access_point_arn(point: &Member<'_>, service: &str) -> Shaped<String> {
    let arn = &point.key.value;
    let named = Arn::parse(arn).is_some_and(|arn| {
        arn.service == service
            && arn.account_id().is_some()
            && arn.resource.strip_prefix("accesspoint/").is_some_and(|name| !name.is_empty())
    });
    if named {
        object(&point.value, arn)?;
        return Ok(arn.to_string());
    }
    let message = format!("`{arn}` is not the ARN of an access point");
    Err(ShapeError { span: point.key.span, message })
}

fn access_point(part: &mut Part<'_>, value: &Value<'_>) -> Shaped<S3AccessPoint> {
    Ok(S3AccessPoint {
        access_point_policy: part.policy(value, "accessPointPolicy")?,
        public_access_block: two_members(value, "publicAccessBlock")?,
        network_origin: network_origin(value)?,
    })
}

fn network_origin(access_point: &Value<'_>) -> Shaped<NetworkOrigin> {
    let Some(origin) = member(access_point, "networkOrigin") else {
        return Ok(NetworkOrigin::Internet);
    };
    match (member(origin, "vpcConfiguration"), member(origin, "internetConfiguration")) {
        (Some(vpc), None) => Ok(NetworkOrigin::Vpc(required_text(vpc, "vpcId")?.to_owned())),
        (None, Some(_)) => Ok(NetworkOrigin::Internet),
        (Some(_), Some(_)) | (None, None) => {
            let message =
                "`networkOrigin` should have either `vpcConfiguration` or `internetConfiguration`";
            Err(ShapeError::new(origin, message))
        }
    }
}

/// AWS's `S3PublicAccessBlockConfiguration`, as previews have it.
fn two_members(value: &Value<'_>, name: &str) -> Shaped<Option<PublicAccessBlock>> {
    let Some(block) = member(value, name) else { return Ok(None) };
    Ok(Some(PublicAccessBlock {
        ignore_public_acls: required_bool(block, "ignorePublicAcls")?,
        restrict_public_buckets: required_bool(block, "restrictPublicBuckets")?,
        ..PublicAccessBlock::default()
    }))
}

/// S3's `PublicAccessBlockConfiguration`. An absent member is `false`:
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html>.
pub(crate) fn four_members(value: &Value<'_>, name: &str) -> Shaped<Option<PublicAccessBlock>> {
    let Some(block) = member(value, name) else { return Ok(None) };
    object(block, name)?;
    let is_set = |name| Ok(optional_bool(block, name)?.unwrap_or(false));
    Ok(Some(PublicAccessBlock {
        block_public_acls: is_set("BlockPublicAcls")?,
        ignore_public_acls: is_set("IgnorePublicAcls")?,
        block_public_policy: is_set("BlockPublicPolicy")?,
        restrict_public_buckets: is_set("RestrictPublicBuckets")?,
    }))
}
