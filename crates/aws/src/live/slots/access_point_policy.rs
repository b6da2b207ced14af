#![doc = include_str!("access_point_policy.md")]

use ringfence_response::slot::{Slot, Target};

use super::multi_region_access_point_policy::is_multi_region;
use crate::collection::pages::{self, Page};
use crate::failure::{Cause, Failure};
use crate::live::arn::after;
use crate::live::change::Change;
use crate::live::place::Place;
use crate::live::unit::{Form, Held, Listing, Unit};
use crate::live::write::Written;
use crate::live::write_failure::WriteFailure;
use crate::s3;

pub(super) const SLOT: Unit = Unit {
    resource_types: &["AWS::S3::Bucket", "AWS::S3Express::DirectoryBucket"],
    is: |slot| matches!(slot, Slot::AccessPointPolicy { access_point_arn } if !is_multi_region(access_point_arn)),
    list: Listing::Many(|place, target| Box::pin(list(place, target))),
    read: |place, target, slot| Box::pin(read(place, target, slot)),
    write: |change| Box::pin(write(change)),
    form: Form::Policy,
    read_actions: &[
        "s3:ListAccessPoints",
        "s3:GetAccessPointPolicy",
        "s3express:ListAccessPointsForDirectoryBuckets",
        "s3express:GetAccessPointPolicy",
    ],
    write_actions: &[
        "s3:PutAccessPointPolicy",
        "s3:DeleteAccessPointPolicy",
        "s3express:PutAccessPointPolicy",
        "s3express:DeleteAccessPointPolicy",
    ],
};

/// The type whose access points have a service of their own.
const DIRECTORY: &str = "AWS::S3Express::DirectoryBucket";

async fn list(place: &Place, target: &Target) -> Result<Vec<(Slot, Held)>, Failure> {
    let mut found = Vec::new();
    for access_point_arn in points(place, target).await? {
        let slot = Slot::AccessPointPolicy { access_point_arn };
        let held = read(place, target, &slot).await?;
        found.push((slot, held));
    }
    Ok(found)
}

async fn points(place: &Place, target: &Target) -> Result<Vec<String>, Failure> {
    let control = s3::control(place.config(), place.retry_partition());
    let (account, directory) = (&target.account, target.resource_type == DIRECTORY);
    let bucket = after(&target.arn, if directory { "bucket/" } else { "" })?;
    let (action, service) = match directory {
        true => ("s3express:ListAccessPointsForDirectoryBuckets", "s3express"),
        false => ("s3:ListAccessPoints", "s3"),
    };
    let page = async |token| {
        let (points, next) = if directory {
            let asked = control.list_access_points_for_directory_buckets().account_id(account);
            let asked = asked.directory_bucket(bucket).set_next_token(token).send();
            let listed = place.call(action, asked).await?;
            (listed.access_point_list, listed.next_token)
        } else {
            let asked = control.list_access_points().account_id(account).bucket(bucket);
            let asked = asked.max_results(1000).set_next_token(token).send();
            let listed = place.call(action, asked).await?;
            (listed.access_point_list, listed.next_token)
        };
        Ok(Page::new(points, next))
    };
    let mut points = pages::all(action, page).await?;
    // An endpoint that does not know the question's filter answers with those of every bucket.
    points.retain(|point| point.bucket == bucket);
    let (partition, region) = (&place.partition, place.region());
    let arn =
        |name: &str| format!("arn:{partition}:{service}:{region}:{account}:accesspoint/{name}");
    let arns = points.into_iter().map(|it| it.access_point_arn.unwrap_or_else(|| arn(&it.name)));
    Ok(arns.collect())
}

/// Service, account and name of an access point.
fn parts(slot: &Slot) -> Result<(&str, &str, &str), Failure> {
    let Slot::AccessPointPolicy { access_point_arn: arn } = slot else {
        return Err(Failure::new("read", Cause::Other, "it is no access point"));
    };
    let name = after(arn, "accesspoint/")?;
    let mut parts = arn.split(':').skip(2);
    let (service, _region) = (parts.next().unwrap_or_default(), parts.next());
    Ok((service, parts.next().unwrap_or_default(), name))
}

async fn read(place: &Place, _target: &Target, slot: &Slot) -> Result<Held, Failure> {
    let (service, account, name) = parts(slot)?;
    let control = s3::control(place.config(), place.retry_partition());
    let asked = control.get_access_point_policy().account_id(account).name(name).send();
    let action = format!("{service}:GetAccessPointPolicy");
    let answer = place.call_unless(&action, &["NoSuchAccessPointPolicy"], asked).await?;
    Ok(Held::new(answer.and_then(|answer| answer.policy)))
}

async fn write(change: Change<'_>) -> Result<Written, WriteFailure> {
    let (service, account, name) = parts(change.slot)?;
    let control = s3::control(change.place.config(), change.place.retry_partition());
    match change.after {
        Some(policy) => {
            let asked = control.put_access_point_policy().account_id(account).name(name);
            let action = format!("{service}:PutAccessPointPolicy");
            change.place.call(&action, asked.policy(policy).send()).await?;
        }
        None => {
            let asked = control.delete_access_point_policy().account_id(account).name(name);
            let action = format!("{service}:DeleteAccessPointPolicy");
            change.place.call(&action, asked.send()).await?;
        }
    }
    change.written()
}
