#![doc = include_str!("bucket_acl.md")]

use aws_sdk_s3::types::{AccessControlPolicy, Grant, Grantee, Owner, Permission, Type};
use ringfence_response::slot::{Slot, Target};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::live::arn::after;
use crate::live::change::Change;
use crate::live::place::Place;
use crate::live::text::parsed;
use crate::live::unit::{Form, Held, Listing, Unit};
use crate::live::write::Written;
use crate::live::write_failure::WriteFailure;
use crate::s3;

pub(super) const SLOT: Unit = Unit {
    resource_types: &["AWS::S3::Bucket"],
    is: |slot| matches!(slot, Slot::BucketAcl),
    list: Listing::One(Slot::BucketAcl),
    read: |place, target, _| Box::pin(read(place, target)),
    write: |change| Box::pin(write(change)),
    form: Form::Settings { nothing: None, ignored: &["DisplayName"] },
    read_actions: &["s3:GetBucketAcl"],
    write_actions: &["s3:PutBucketAcl"],
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Acl {
    grants: Vec<AclGrant>,
    owner: AclOwner,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AclGrant {
    grantee: AclGrantee,
    permission: String,
}

#[derive(Deserialize)]
struct AclGrantee {
    #[serde(rename = "ID")]
    id: Option<String>,
    #[serde(rename = "URI")]
    uri: Option<String>,
}

#[derive(Deserialize)]
struct AclOwner {
    #[serde(rename = "ID")]
    id: String,
}

async fn read(place: &Place, target: &Target) -> Result<Held, Failure> {
    let client = s3::client(place.config(), place.retry_partition());
    let asked = client
        .get_bucket_acl()
        .bucket(after(&target.arn, "")?)
        .expected_bucket_owner(&target.account)
        .send();
    let acl = place.call("s3:GetBucketAcl", asked).await?;
    let owner = acl.owner.and_then(|owner| owner.id).unwrap_or_default();
    let grants: Vec<Value> = acl.grants.unwrap_or_default().iter().filter_map(shown).collect();
    Ok(Held::new(Some(json!({ "Grants": grants, "Owner": { "ID": owner } }).to_string())))
}

fn shown(grant: &Grant) -> Option<Value> {
    let grantee = grant.grantee.as_ref()?;
    let grantee = match (&grantee.uri, &grantee.id) {
        (Some(uri), _) => json!({ "Type": "Group", "URI": uri }),
        (None, Some(id)) => json!({ "ID": id, "Type": "CanonicalUser" }),
        (None, None) => return None,
    };
    Some(json!({ "Grantee": grantee, "Permission": grant.permission.as_ref()?.as_str() }))
}

async fn write(change: Change<'_>) -> Result<Written, WriteFailure> {
    let (place, bucket) = (change.place, after(&change.target.arn, "")?);
    let acl: Acl = parsed(change.required()?)?;
    let grants: Result<Vec<Grant>, WriteFailure> = acl.grants.into_iter().map(given).collect();
    let acl = AccessControlPolicy::builder()
        .owner(Owner::builder().id(acl.owner.id).build())
        .set_grants(Some(grants?))
        .build();
    let client = s3::client(place.config(), place.retry_partition());
    let asked = client
        .put_bucket_acl()
        .bucket(bucket)
        .expected_bucket_owner(&change.target.account)
        .access_control_policy(acl)
        .send();
    place.call("s3:PutBucketAcl", asked).await?;
    change.written()
}

fn given(grant: AclGrant) -> Result<Grant, WriteFailure> {
    let malformed = |detail: String| WriteFailure::Malformed { detail };
    let kind = match (&grant.grantee.id, &grant.grantee.uri) {
        (Some(_), None) => Type::CanonicalUser,
        (None, Some(_)) => Type::Group,
        _ => return Err(malformed("a grantee has either an `ID` or a `URI`".to_owned())),
    };
    let grantee =
        Grantee::builder().r#type(kind).set_id(grant.grantee.id).set_uri(grant.grantee.uri).build();
    let grantee = grantee.map_err(|error| malformed(error.to_string()))?;
    let permission = Permission::from(grant.permission.as_str());
    Ok(Grant::builder().grantee(grantee).permission(permission).build())
}
