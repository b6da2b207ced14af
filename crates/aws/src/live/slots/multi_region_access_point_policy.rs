#![doc = include_str!("multi_region_access_point_policy.md")]

use std::time::Duration;

use aws_sdk_s3control::Client;
use aws_sdk_s3control::types::{
    MultiRegionAccessPointReport, PutMultiRegionAccessPointPolicyInput,
};
use ringfence_response::slot::{Slot, Target};
use tokio::time::Instant;

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
    resource_types: &["AWS::S3::Bucket"],
    is: |slot| matches!(slot, Slot::AccessPointPolicy { access_point_arn } if is_multi_region(access_point_arn)),
    list: Listing::Many(|place, target| Box::pin(list(place, target))),
    read: |place, _, slot| Box::pin(read(place, slot)),
    write: |change| Box::pin(write(change)),
    form: Form::Policy,
    read_actions: &["s3:ListMultiRegionAccessPoints", "s3:GetMultiRegionAccessPointPolicy"],
    write_actions: &[
        "s3:PutMultiRegionAccessPointPolicy",
        "s3:DescribeMultiRegionAccessPointOperation",
    ],
};

/// Where the control plane of multi-region access points is:
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRestrictions.html>.
const REGION: &str = "us-west-2";

/// Where there are none.
const ABSENT_FROM: &[&str] = &["aws-cn", "aws-us-gov"];

/// How long a policy may take to be spread.
const LONGEST: Duration = Duration::from_secs(600);

/// Whether an ARN is that of an access point of several Regions: it names none.
pub(super) fn is_multi_region(arn: &str) -> bool {
    arn.contains(":s3::") && arn.ends_with(".mrap")
}

fn control(place: &Place) -> Client {
    let place = place.in_region(REGION);
    s3::control(place.config(), place.retry_partition())
}

async fn list(place: &Place, target: &Target) -> Result<Vec<(Slot, Held)>, Failure> {
    if ABSENT_FROM.contains(&place.partition.as_str()) {
        return Ok(Vec::new());
    }
    let bucket = after(&target.arn, "")?;
    let (partition, account) = (&place.partition, &target.account);
    let mut found = Vec::new();
    for report in reports(place, account).await? {
        let mut behind = report.regions.iter().flatten();
        if !behind.any(|region| region.bucket.as_deref() == Some(bucket)) {
            continue;
        }
        let (Some(name), Some(alias)) = (report.name, report.alias) else { continue };
        let access_point_arn = format!("arn:{partition}:s3::{account}:accesspoint/{alias}");
        let held = policy(place, account, &name).await?;
        found.push((Slot::AccessPointPolicy { access_point_arn }, held));
    }
    Ok(found)
}

async fn reports(
    place: &Place,
    account: &str,
) -> Result<Vec<MultiRegionAccessPointReport>, Failure> {
    let control = control(place);
    let action = "s3:ListMultiRegionAccessPoints";
    let page = async |token| {
        let asked = control.list_multi_region_access_points().account_id(account).max_results(100);
        let listed = place.call(action, asked.set_next_token(token).send()).await?;
        Ok(Page::new(listed.access_points, listed.next_token))
    };
    pages::all(action, page).await
}

async fn policy(place: &Place, account: &str, name: &str) -> Result<Held, Failure> {
    let asked = control(place).get_multi_region_access_point_policy().account_id(account);
    let absent = &["NoSuchMultiRegionAccessPointPolicy"];
    let action = "s3:GetMultiRegionAccessPointPolicy";
    let answer = place.call_unless(action, absent, asked.name(name).send()).await?;
    Ok(Held::new(answer.and_then(|answer| answer.policy?.established?.policy)))
}

/// Account and name of an access point.
async fn named(place: &Place, slot: &Slot) -> Result<(String, String), Failure> {
    let action = "s3:ListMultiRegionAccessPoints";
    let Slot::AccessPointPolicy { access_point_arn: arn } = slot else {
        return Err(Failure::new(action, Cause::Other, "it is no access point"));
    };
    let alias = after(arn, "accesspoint/")?;
    let account = arn.split(':').nth(4).unwrap_or_default();
    let reports = reports(place, account).await?;
    let found = reports.into_iter().find(|report| report.alias.as_deref() == Some(alias));
    let name = found.and_then(|report| report.name).ok_or_else(|| {
        Failure::new(action, Cause::NotFound, format!("there is no access point `{alias}`"))
    })?;
    Ok((account.to_owned(), name))
}

async fn read(place: &Place, slot: &Slot) -> Result<Held, Failure> {
    let (account, name) = named(place, slot).await?;
    policy(place, &account, &name).await
}

async fn write(change: Change<'_>) -> Result<Written, WriteFailure> {
    let place = change.place;
    let details = PutMultiRegionAccessPointPolicyInput::builder().policy(change.required()?);
    let (account, name) = named(place, change.slot).await?;
    let details = details.name(&name).build();
    let details = details.map_err(|error| WriteFailure::Malformed { detail: error.to_string() })?;
    let control = control(place);
    let asked = control.put_multi_region_access_point_policy().account_id(&account);
    let asked = asked.details(details).send();
    let begun = place.call("s3:PutMultiRegionAccessPointPolicy", asked).await?;
    let operation = begun.request_token_arn.unwrap_or_default();
    let action = "s3:DescribeMultiRegionAccessPointOperation";
    let until = Instant::now() + LONGEST;
    let mut pause = Duration::from_millis(250);
    loop {
        let asked = control.describe_multi_region_access_point_operation().account_id(&account);
        let told = place.call(action, asked.request_token_arn(&operation).send()).await?;
        let status = told.async_operation.and_then(|it| it.request_status).unwrap_or_default();
        match status.to_ascii_uppercase().as_str() {
            "SUCCEEDED" => return change.written(),
            "FAILED" => {
                let detail = format!("the operation `{operation}` failed");
                return Err(WriteFailure::Malformed { detail });
            }
            _ if Instant::now() + pause > until => {
                let detail = format!("the operation `{operation}` goes on: it is {status}");
                return Err(Failure::new(action, Cause::TimedOut, detail).into());
            }
            _ => tokio::time::sleep(pause).await,
        }
        pause = (pause * 2).min(Duration::from_secs(10));
    }
}
