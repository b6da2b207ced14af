#![doc = include_str!("s3_bucket.md")]

use std::collections::BTreeMap;

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{Bucket, Grant, Owner, ServerSideEncryptionConfiguration};
use serde_json::{Map, Value, json};

use crate::collection::one::{last_part, not_listed};
use crate::collection::pages::{self, Page};
use crate::collection::place::{Content, Place};
use crate::collection::policy_text::policy;
use crate::collection::reading::Reading;
use crate::collection::regions::RegionChoice;
use crate::collection::s3::{access_points, client, control, multi_region_access_points};
use crate::collection::unit::{AbsentFrom, Reach, Unit};
use crate::failure::Failure;

pub(super) const RESOURCE_TYPE: Unit = Unit {
    resource_type: Some("AWS::S3::Bucket"),
    reach: Reach::Account,
    actions: &[
        "s3:ListAllMyBuckets",
        "s3:GetBucketLocation",
        "s3:GetBucketPolicy",
        "s3:GetBucketAcl",
        "s3:GetBucketOwnershipControls",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketTagging",
        "s3:GetEncryptionConfiguration",
        "s3:GetBucketVersioning",
        "s3:GetBucketLogging",
        "s3:ListAccessPoints",
        "s3:GetAccessPoint",
        "s3:GetAccessPointPolicy",
        "s3:ListMultiRegionAccessPoints",
        "s3:GetMultiRegionAccessPointPolicy",
    ],
    absent: None,
    collect: |place| Box::pin(collect(place)),
    read_one: Some(|place, arn| Box::pin(read_one(place, arn))),
};

/// Where multi-region access points do not exist:
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRestrictions.html>.
const MULTI_REGION: AbsentFrom =
    AbsentFrom { what: "Multi-Region Access Points", partitions: &["aws-cn", "aws-us-gov"] };

async fn collect(place: Place) -> Result<(), Failure> {
    let client = client(&place);
    let multi_region = multi_region(&place).await;
    let page = async |token: Option<String>| {
        // With a number of buckets in the question, the answer says where each is.
        let listed = client.list_buckets().max_buckets(1000).set_continuation_token(token);
        let listed = place.call("s3:ListAllMyBuckets", listed.send()).await?;
        note_owner(&place, listed.owner.as_ref());
        Ok(Page::new(listed.buckets, listed.continuation_token))
    };
    let found = |bucket| read(&place, &client, &multi_region, bucket);
    pages::each("s3:ListAllMyBuckets", page, found).await
}

async fn multi_region(place: &Place) -> BTreeMap<String, Vec<Value>> {
    if MULTI_REGION.lacks(&place.account.partition) {
        place.account.absent_from_partition(MULTI_REGION.what, place.resource_type());
        return BTreeMap::new();
    }
    multi_region_access_points(place).await.unwrap_or_else(|failure| {
        let (partition, account) = (&place.account.partition, &place.account.id);
        // The listing of the points failed, not that of the buckets.
        place
            .not_read(Some(&format!("arn:{partition}:s3::{account}:accesspoint/*.mrap")), &failure);
        BTreeMap::new()
    })
}

async fn read_one(place: Place, arn: String) -> Result<(), Failure> {
    let client = client(&place);
    let name = last_part(&arn, "");
    let page = async |token| {
        // Only what is listed is a bucket of the account: names are unique in the world, and others answer too.
        let listed = client.list_buckets().max_buckets(1000).prefix(&name);
        let listed = listed.set_continuation_token(token).send();
        let listed = place.call("s3:ListAllMyBuckets", listed).await?;
        Ok(Page::new(listed.buckets, listed.continuation_token))
    };
    let all = pages::all("s3:ListAllMyBuckets", page).await?;
    let found = all.into_iter().find(|bucket| bucket.name.as_deref() == Some(name.as_str()));
    let found = found.ok_or_else(|| not_listed("s3:ListAllMyBuckets"))?;
    let multi_region = multi_region(&place).await;
    read(&place, &client, &multi_region, found).await;
    Ok(())
}

async fn read(
    home: &Place,
    home_client: &Client,
    multi_region: &BTreeMap<String, Vec<Value>>,
    bucket: Bucket,
) {
    let Some(name) = bucket.name else { return };
    let arn = format!("arn:{}:s3:::{name}", home.account.partition);
    let region = match bucket.bucket_region.filter(|region| !region.is_empty()) {
        Some(region) => region,
        None => match location(home, home_client, &name).await {
            Ok(region) => region,
            Err(failure) => return home.not_read(Some(&arn), &failure),
        },
    };
    if let RegionChoice::These(regions) = &home.account.chosen_regions
        && !regions.contains(&region)
    {
        return;
    }
    let place = home.in_region(&region);
    let client = client(&place);
    let mut reading = place.reading(arn);
    let content = content(&place, &client, &mut reading, &name, multi_region.get(&name)).await;
    reading.write(&name, content);
}

/// The bucket's region: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html> has two old names.
async fn location(place: &Place, client: &Client, name: &str) -> Result<String, Failure> {
    let asked = client.get_bucket_location().bucket(name).send();
    let answer = place.call("s3:GetBucketLocation", asked).await?;
    Ok(match answer.location_constraint.as_ref().map_or("", |it| it.as_str()) {
        "" => "us-east-1".to_owned(),
        "EU" => "eu-west-1".to_owned(),
        region => region.to_owned(),
    })
}

async fn content(
    place: &Place,
    client: &Client,
    reading: &mut Reading<'_>,
    name: &str,
    multi_region: Option<&Vec<Value>>,
) -> Content {
    let document = client.get_bucket_policy().bucket(name).send();
    let document =
        reading.part_unless("s3:GetBucketPolicy", &["NoSuchBucketPolicy"], document).await;
    let document = document.and_then(|answer| answer.policy);
    let acl = reading.part("s3:GetBucketAcl", client.get_bucket_acl().bucket(name).send()).await;
    let (owner, grants) = acl.map_or((None, None), |acl| (acl.owner, acl.grants));
    note_owner(place, owner.as_ref());
    let mut bucket = Map::new();
    bucket.insert("bucketPolicy".to_owned(), policy(document.as_deref()));
    let grants: Vec<Value> = grants.unwrap_or_default().iter().filter_map(acl_grant).collect();
    bucket.insert("bucketAclGrants".to_owned(), json!(grants));

    let block = client.get_public_access_block().bucket(name).send();
    let absent = &["NoSuchPublicAccessBlockConfiguration"];
    let block = reading.part_unless("s3:GetBucketPublicAccessBlock", absent, block).await;
    let block = block.and_then(|answer| answer.public_access_block_configuration);
    if let Some(block) = &block {
        let block = json!({
            "ignorePublicAcls": block.ignore_public_acls.unwrap_or(false),
            "restrictPublicBuckets": block.restrict_public_buckets.unwrap_or(false),
        });
        bucket.insert("bucketPublicAccessBlock".to_owned(), block);
    }
    let points = points(place, reading, name).await;
    bucket.insert("accessPoints".to_owned(), Value::Object(points));

    let tags = client.get_bucket_tagging().bucket(name).send();
    let tags = reading.part_unless("s3:GetBucketTagging", &["NoSuchTagSet"], tags).await;
    let tags = tags.map(|answer| answer.tag_set).unwrap_or_default();
    let mut attributes = other_attributes(client, reading, name).await;
    attributes.insert("Owner".to_owned(), owner_id(owner));
    let block = block.map_or(Value::Null, |block| {
        json!({
            "BlockPublicAcls": block.block_public_acls.unwrap_or(false),
            "IgnorePublicAcls": block.ignore_public_acls.unwrap_or(false),
            "BlockPublicPolicy": block.block_public_policy.unwrap_or(false),
            "RestrictPublicBuckets": block.restrict_public_buckets.unwrap_or(false),
        })
    });
    attributes.insert("PublicAccessBlockConfiguration".to_owned(), block);
    if let Some(points) = multi_region {
        attributes.insert("MultiRegionAccessPoints".to_owned(), json!(points));
    }
    Content {
        tags: tags.into_iter().map(|tag| (tag.key, tag.value)).collect(),
        configuration: json!({ "s3Bucket": bucket }),
        attributes: Value::Object(attributes),
    }
}

async fn points(place: &Place, reading: &mut Reading<'_>, name: &str) -> Map<String, Value> {
    let control = control(place);
    let page = async |token| {
        let listed = control.list_access_points().account_id(&place.account.id).bucket(name);
        let listed = listed.max_results(1000).set_next_token(token).send();
        let listed = place.call("s3:ListAccessPoints", listed).await?;
        Ok(Page::new(listed.access_point_list, listed.next_token))
    };
    let mut listed = reading.listing("s3:ListAccessPoints", page).await;
    // An endpoint that does not know the question's filter answers with those of every bucket.
    listed.retain(|point| point.bucket == name);
    access_points(place, &control, reading, listed, "s3").await
}

async fn other_attributes(
    client: &Client,
    reading: &mut Reading<'_>,
    name: &str,
) -> Map<String, Value> {
    let ownership = client.get_bucket_ownership_controls().bucket(name).send();
    let absent = &["OwnershipControlsNotFoundError"];
    let ownership = reading.part_unless("s3:GetBucketOwnershipControls", absent, ownership).await;
    let ownership = ownership.and_then(|answer| answer.ownership_controls);
    let ownership = ownership.and_then(|controls| controls.rules.into_iter().next());
    let encryption = client.get_bucket_encryption().bucket(name).send();
    let absent = &["ServerSideEncryptionConfigurationNotFoundError"];
    let encryption = reading.part_unless("s3:GetEncryptionConfiguration", absent, encryption).await;
    let encryption = encryption.and_then(|answer| answer.server_side_encryption_configuration);
    let versioning = client.get_bucket_versioning().bucket(name).send();
    let versioning = reading.part("s3:GetBucketVersioning", versioning).await;
    let logging = client.get_bucket_logging().bucket(name).send();
    let logging = reading.part("s3:GetBucketLogging", logging).await;
    let logging = logging.and_then(|answer| answer.logging_enabled);
    let mut attributes = Map::new();
    let ownership = ownership.map(|rule| rule.object_ownership.as_str().to_owned());
    attributes.insert("ObjectOwnership".to_owned(), json!(ownership));
    let encryption = encryption.map_or(Value::Null, |it| encryption_rules(&it));
    attributes.insert("ServerSideEncryptionConfiguration".to_owned(), encryption);
    let versioning = versioning.and_then(|answer| {
        let status = answer.status?;
        let deletion = answer.mfa_delete.map(|it| it.as_str().to_owned());
        Some(match deletion {
            Some(deletion) => json!({ "Status": status.as_str(), "MFADelete": deletion }),
            None => json!({ "Status": status.as_str() }),
        })
    });
    attributes.insert("Versioning".to_owned(), json!(versioning));
    let logging = logging
        .map(|it| json!({ "TargetBucket": it.target_bucket, "TargetPrefix": it.target_prefix }));
    attributes.insert("LoggingEnabled".to_owned(), json!(logging));
    attributes
}

fn acl_grant(grant: &Grant) -> Option<Value> {
    let grantee = grant.grantee.as_ref()?;
    let grantee = match (&grantee.id, &grantee.uri) {
        (_, Some(uri)) => json!({ "uri": uri }),
        (Some(id), None) => json!({ "id": id }),
        (None, None) => return None,
    };
    Some(json!({ "permission": grant.permission.as_ref()?.as_str(), "grantee": grantee }))
}

/// Whoever owns a bucket of the account is the account, by its canonical user id.
fn note_owner(place: &Place, owner: Option<&Owner>) {
    let id = owner.and_then(|owner| owner.id.as_deref());
    let is_canonical = |id: &&str| id.len() == 64 && id.bytes().all(|it| it.is_ascii_hexdigit());
    if let Some(id) = id.filter(is_canonical) {
        place.account.fact("CanonicalUserId", json!(id));
    }
}

fn owner_id(owner: Option<Owner>) -> Value {
    owner.and_then(|owner| owner.id).map_or(Value::Null, |id| json!({ "ID": id }))
}

fn encryption_rules(configuration: &ServerSideEncryptionConfiguration) -> Value {
    let rules = configuration.rules.iter().map(|rule| {
        let mut written = Map::new();
        if let Some(default) = &rule.apply_server_side_encryption_by_default {
            let mut algorithm = Map::new();
            algorithm.insert("SSEAlgorithm".to_owned(), json!(default.sse_algorithm.as_str()));
            if let Some(key) = &default.kms_master_key_id {
                algorithm.insert("KMSMasterKeyID".to_owned(), json!(key));
            }
            written.insert("ApplyServerSideEncryptionByDefault".to_owned(), json!(algorithm));
        }
        if let Some(enabled) = rule.bucket_key_enabled {
            written.insert("BucketKeyEnabled".to_owned(), json!(enabled));
        }
        Value::Object(written)
    });
    json!({ "Rules": rules.collect::<Vec<_>>() })
}
