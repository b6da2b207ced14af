//! Buckets, directory buckets, access points.

use ringfence_access::inventory::{
    AclGrantee, AclPermission, BucketAclGrant, Configuration, MultiRegionAccessPoint,
    NetworkOrigin, ObjectOwnership, PublicAccessBlock, ResourceType, S3AccessPoint, S3Bucket,
    S3DirectoryAccessPoint, S3ExpressDirectoryBucket,
};

use super::draft::Draft;
use super::{Assembly, NOTHING_BLOCKED, PlannedResource, Whereabouts};
use crate::planned::{Planned, Policies, Text, Truth};

const ALL_USERS: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
const AUTHENTICATED_USERS: &str = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
const LOG_DELIVERY: &str = "http://acs.amazonaws.com/groups/s3/LogDelivery";

pub(super) fn bucket(assembly: &mut Assembly, own: &PlannedResource) {
    let Some(arn) = own.arn.clone() else { return };
    let empty = Configuration::S3Bucket(Box::default());
    let mut draft = Draft::new(own, arn, empty);
    let properties = &own.properties;
    let block = public_access_block(
        Some(&mut draft.policies),
        properties.get("PublicAccessBlockConfiguration"),
    );
    let ownership = ownership(&mut draft.policies, properties.get("OwnershipControls"));
    let grants = canned_grants(&mut draft.policies, properties.get("AccessControl"));
    draft.configuration = Configuration::S3Bucket(Box::new(S3Bucket {
        public_access_block: block,
        object_ownership: ownership,
        bucket_acl_grants: grants,
        ..S3Bucket::default()
    }));
    assembly.push(draft);
}

pub(super) fn directory_bucket(assembly: &mut Assembly, own: &PlannedResource) {
    let Some(arn) = own.arn.clone() else { return };
    let empty = Configuration::S3ExpressDirectoryBucket(Box::default());
    assembly.push(Draft::new(own, arn, empty));
}

/// The restrictions that are known to be on.
pub(super) fn public_access_block(
    mut policies: Option<&mut Policies>,
    block: Option<&Planned>,
) -> PublicAccessBlock {
    let Some(block) = block else { return NOTHING_BLOCKED };
    let mut is_on = |name: &str| {
        let value = match &block.kind {
            crate::planned::PlannedKind::Map(_) => block.get(name),
            _ => Some(block),
        };
        match value.map(Planned::truth) {
            Some(Truth::Yes) => true,
            Some(Truth::Unknown(unknown)) => {
                if let (Some(policies), Some(value)) = (policies.as_deref_mut(), value) {
                    policies.assume(&unknown, &value.place);
                }
                false
            }
            Some(Truth::No) | None => false,
        }
    };
    PublicAccessBlock {
        block_public_acls: is_on("BlockPublicAcls"),
        ignore_public_acls: is_on("IgnorePublicAcls"),
        block_public_policy: is_on("BlockPublicPolicy"),
        restrict_public_buckets: is_on("RestrictPublicBuckets"),
    }
}

fn ownership(policies: &mut Policies, controls: Option<&Planned>) -> ObjectOwnership {
    let Some(controls) = controls else { return ObjectOwnership::ObjectWriter };
    let rule = controls.get("Rules").and_then(|rules| rules.one_or_many().first());
    let Some(value) = rule.and_then(|rule| rule.get("ObjectOwnership")).or(rule) else {
        return ObjectOwnership::ObjectWriter;
    };
    if let Some(unknown) = value.first_unknown() {
        policies.assume(unknown, &value.place);
    }
    match value.as_known_text().as_deref() {
        Some("BucketOwnerEnforced") => ObjectOwnership::BucketOwnerEnforced,
        Some("BucketOwnerPreferred") => ObjectOwnership::BucketOwnerPreferred,
        Some(_) | None => ObjectOwnership::ObjectWriter,
    }
}

/// The grants of a canned access control list:
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl>.
fn canned_grants(policies: &mut Policies, control: Option<&Planned>) -> Vec<BucketAclGrant> {
    let Some(control) = control else { return Vec::new() };
    let name = match (control.as_known_text(), control.first_unknown()) {
        (Some(name), _) => name.to_ascii_lowercase().replace('-', ""),
        (None, Some(unknown)) => {
            // The one that lets most in.
            policies.assume(unknown, &control.place);
            "publicreadwrite".to_owned()
        }
        (None, None) => return Vec::new(),
    };
    let grants: &[(AclPermission, &str)] = match name.as_str() {
        "publicread" => &[(AclPermission::Read, ALL_USERS)],
        "publicreadwrite" => &[(AclPermission::Read, ALL_USERS), (AclPermission::Write, ALL_USERS)],
        "authenticatedread" => &[(AclPermission::Read, AUTHENTICATED_USERS)],
        "logdeliverywrite" => {
            &[(AclPermission::Write, LOG_DELIVERY), (AclPermission::ReadAcp, LOG_DELIVERY)]
        }
        _ => &[],
    };
    let grant = |(permission, uri): &(AclPermission, &str)| BucketAclGrant {
        permission: *permission,
        grantee: AclGrantee::Uri((*uri).to_owned()),
        position: control.place.start,
    };
    grants.iter().map(grant).collect()
}

/// The name of a bucket as an ARN.
fn bucket_arn(name: &Text, place: &Whereabouts) -> Text {
    match name.parts().first() {
        Some(crate::planned::Part::Known(text)) if text.starts_with("arn:") => name.clone(),
        _ => Text::joined([&Text::known(format!("arn:{}:s3:::", place.partition.as_str())), name]),
    }
}

fn target<'a>(
    assembly: &'a mut Assembly,
    own: &PlannedResource,
    bucket: &Planned,
) -> Option<&'a mut Draft> {
    let name = bucket.as_text()?;
    let arn = bucket_arn(&name, &own.whereabouts);
    let otherwise = |_: &Whereabouts| (arn.clone(), Configuration::S3Bucket(Box::default()));
    Some(assembly.target(own, ResourceType::S3Bucket, &name, otherwise))
}

pub(super) fn attached(assembly: &mut Assembly, own: &PlannedResource) {
    let properties = &own.properties;
    match own.resource_type.as_str() {
        "AWS::S3Express::BucketPolicy" | "AWS::S3Express::AccessPoint" => {
            return of_directory_bucket(assembly, own);
        }
        "AWS::S3::MultiRegionAccessPoint" => return multi_region(assembly, own),
        "AWS::S3::MultiRegionAccessPointPolicy" => return multi_region_policy(assembly, own),
        "Ringfence::S3::AccessPointPolicy" => return access_point_policy(assembly, own),
        _ => {}
    }
    let Some(bucket) = properties.get("Bucket") else { return };
    let Some(draft) = target(assembly, own, bucket) else { return };
    match own.resource_type.as_str() {
        "AWS::S3::BucketPolicy" => {
            let document = properties.get("PolicyDocument");
            let policy = draft.policy("PolicyDocument", document, &own.presence);
            if let Configuration::S3Bucket(bucket) = &mut draft.configuration {
                bucket.bucket_policy = policy;
            }
        }
        "AWS::S3::AccessPoint" => access_point(draft, own),
        _ => settings(draft, own),
    }
}

/// What other plans say about a bucket in resources of their own.
fn settings(draft: &mut Draft, own: &PlannedResource) {
    if let crate::planned::Presence::Possible(unknown) = &own.presence {
        // A restriction that may not come counts as absent.
        draft.policies.assume(unknown, &own.properties.place);
        if own.resource_type != "Ringfence::S3::BucketAcl" {
            return;
        }
    }
    let properties = &own.properties;
    let policies = &mut draft.policies;
    let Configuration::S3Bucket(bucket) = &mut draft.configuration else { return };
    match own.resource_type.as_str() {
        "Ringfence::S3::PublicAccessBlock" => {
            bucket.public_access_block = public_access_block(Some(policies), Some(properties));
        }
        "Ringfence::S3::OwnershipControls" => {
            bucket.object_ownership = ownership(policies, Some(properties));
        }
        _ => {
            bucket.bucket_acl_grants = canned_grants(policies, properties.get("AccessControl"));
            for grant in properties.get("Grants").map(Planned::one_or_many).unwrap_or_default() {
                bucket.bucket_acl_grants.extend(explicit_grant(policies, grant));
            }
        }
    }
}

fn explicit_grant(policies: &mut Policies, grant: &Planned) -> Option<BucketAclGrant> {
    let permission = match grant.get("Permission")?.as_known_text().as_deref() {
        Some("READ") => AclPermission::Read,
        Some("WRITE") => AclPermission::Write,
        Some("READ_ACP") => AclPermission::ReadAcp,
        Some("WRITE_ACP") => AclPermission::WriteAcp,
        Some(_) | None => AclPermission::FullControl,
    };
    let text = |name: &str| grant.get(name).and_then(Planned::as_text).map(|text| text.pattern());
    if let Some(unknown) = grant.first_unknown() {
        policies.assume(unknown, &grant.place);
    }
    let grantee = match (text("Uri"), text("Id")) {
        (Some(uri), _) if !uri.contains('*') => AclGrantee::Uri(uri),
        (_, Some(id)) if !id.contains('*') => AclGrantee::Id(id),
        (None, None) => return None,
        (Some(_), _) | (None, Some(_)) => AclGrantee::Uri(ALL_USERS.to_owned()),
    };
    Some(BucketAclGrant { permission, grantee, position: grant.place.start })
}

fn network_origin(properties: &Planned) -> NetworkOrigin {
    let vpc = properties.get("VpcConfiguration").and_then(|vpc| vpc.get("VpcId"));
    match vpc.and_then(Planned::as_text) {
        Some(text) => NetworkOrigin::Vpc(text.pattern()),
        None => NetworkOrigin::Internet,
    }
}

fn access_point(draft: &mut Draft, own: &PlannedResource) {
    let Some(arn) = &own.arn else { return };
    let properties = &own.properties;
    let policy = draft.policies.policy(
        "Policy",
        properties.get("Policy").unwrap_or(&crate::planned::Planned::new(
            &properties.place,
            crate::planned::PlannedKind::Null,
        )),
        &own.address,
        &own.presence,
    );
    let block = properties
        .get("PublicAccessBlockConfiguration")
        .map(|block| public_access_block(Some(&mut draft.policies), Some(block)));
    let point = S3AccessPoint {
        access_point_policy: policy,
        public_access_block: block,
        network_origin: network_origin(properties),
    };
    if let Configuration::S3Bucket(bucket) = &mut draft.configuration {
        bucket.access_points.insert(arn.pattern(), point);
    }
}

/// The policy of an access point that another resource describes.
fn access_point_policy(assembly: &mut Assembly, own: &PlannedResource) {
    let Some(arn) = own.properties.get("AccessPointArn").and_then(Planned::as_text) else { return };
    let arn = arn.pattern();
    for draft in &mut assembly.drafts {
        let found = match &draft.configuration {
            Configuration::S3Bucket(bucket) => bucket.access_points.contains_key(&arn),
            _ => false,
        };
        if !found {
            continue;
        }
        let policy = draft.policy("policy", own.properties.get("Policy"), &own.presence);
        if let Configuration::S3Bucket(bucket) = &mut draft.configuration
            && let Some(point) = bucket.access_points.get_mut(&arn)
        {
            point.access_point_policy = policy;
        }
        return;
    }
    assembly.not_analyzed(own, "the access point that the policy is for is not in the plan");
}

fn multi_region(assembly: &mut Assembly, own: &PlannedResource) {
    let Some(arn) = own.arn.as_ref().map(Text::pattern) else { return };
    let regions = own.properties.get("Regions").map(Planned::one_or_many).unwrap_or_default();
    let block = own.properties.get("PublicAccessBlockConfiguration");
    for region in regions {
        let Some(bucket) = region.get("Bucket") else { continue };
        let Some(draft) = target(assembly, own, bucket) else { continue };
        let block = block.map(|block| public_access_block(Some(&mut draft.policies), Some(block)));
        let point =
            MultiRegionAccessPoint { arn: arn.clone(), policy: None, public_access_block: block };
        if let Configuration::S3Bucket(bucket) = &mut draft.configuration {
            bucket.multi_region_access_points.push(point);
        }
    }
}

fn multi_region_policy(assembly: &mut Assembly, own: &PlannedResource) {
    let name = own.properties.get("MrapName").and_then(Planned::as_text).map(|text| text.pattern());
    let mut is_found = false;
    for draft in &mut assembly.drafts {
        let Configuration::S3Bucket(bucket) = &draft.configuration else { continue };
        let of_name = |point: &MultiRegionAccessPoint| {
            name.as_deref().is_some_and(|name| point.arn.ends_with(&format!("/{name}.mrap")))
        };
        let found = bucket.multi_region_access_points.iter().position(of_name);
        let Some(index) = found else { continue };
        is_found = true;
        let policy = draft.policy("Policy", own.properties.get("Policy"), &own.presence);
        if let Configuration::S3Bucket(bucket) = &mut draft.configuration
            && let Some(point) = bucket.multi_region_access_points.get_mut(index)
        {
            point.policy = policy;
        }
    }
    if !is_found {
        assembly.not_analyzed(
            own,
            "the multi-region access point that the policy is for is not in the template",
        );
    }
}

fn of_directory_bucket(assembly: &mut Assembly, own: &PlannedResource) {
    let properties = &own.properties;
    let Some(name) = properties.get("Bucket").and_then(Planned::as_text) else { return };
    let otherwise = |place: &Whereabouts| {
        let start = format!(
            "arn:{}:s3express:{}:{}:bucket/",
            place.partition.as_str(),
            place.region,
            place.account
        );
        let configuration = Configuration::S3ExpressDirectoryBucket(Box::default());
        (Text::joined([&Text::known(start), &name]), configuration)
    };
    let draft = assembly.target(own, ResourceType::S3ExpressDirectoryBucket, &name, otherwise);
    let is_point = own.resource_type == "AWS::S3Express::AccessPoint";
    let member = if is_point { "Policy" } else { "PolicyDocument" };
    let policy = draft.policy(member, properties.get(member), &own.presence);
    let Configuration::S3ExpressDirectoryBucket(bucket) = &mut draft.configuration else { return };
    let bucket: &mut S3ExpressDirectoryBucket = bucket;
    match (is_point, &own.arn) {
        (false, _) => bucket.bucket_policy = policy,
        (true, Some(arn)) => {
            let network_origin = network_origin(properties);
            let point = S3DirectoryAccessPoint { access_point_policy: policy, network_origin };
            bucket.access_points.insert(arn.pattern(), point);
        }
        (true, None) => {}
    }
}
