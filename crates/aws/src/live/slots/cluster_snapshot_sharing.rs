#![doc = include_str!("cluster_snapshot_sharing.md")]

use ringfence_response::slot::{Slot, Target};

use crate::client::client;
use crate::failure::Failure;
use crate::live::arn::after;
use crate::live::change::Change;
use crate::live::place::Place;
use crate::live::text::{difference, parsed, sorted_list};
use crate::live::unit::{Form, Held, Listing, Unit};
use crate::live::write::Written;
use crate::live::write_failure::WriteFailure;

pub(super) const SLOT: Unit = Unit {
    resource_types: &["AWS::RDS::DBClusterSnapshot"],
    is: |slot| matches!(slot, Slot::ClusterSnapshotSharing),
    list: Listing::One(Slot::ClusterSnapshotSharing),
    read: |place, target, _| Box::pin(read(place, target)),
    write: |change| Box::pin(write(change)),
    form: Form::Settings { nothing: Some("[]"), ignored: &[] },
    read_actions: &["rds:DescribeDBClusterSnapshotAttributes"],
    write_actions: &["rds:ModifyDBClusterSnapshotAttribute"],
};

/// The attribute that says who may restore.
const RESTORE: &str = "restore";

async fn read(place: &Place, target: &Target) -> Result<Held, Failure> {
    let client = client!(place, aws_sdk_rds);
    let id = after(&target.arn, "cluster-snapshot:")?;
    let asked =
        client.describe_db_cluster_snapshot_attributes().db_cluster_snapshot_identifier(id).send();
    let answer = place.call("rds:DescribeDBClusterSnapshotAttributes", asked).await?;
    let result = answer.db_cluster_snapshot_attributes_result;
    let attributes = result.and_then(|result| result.db_cluster_snapshot_attributes);
    let restore = attributes
        .unwrap_or_default()
        .into_iter()
        .filter(|attribute| attribute.attribute_name.as_deref() == Some(RESTORE));
    let accounts = restore.flat_map(|attribute| attribute.attribute_values.unwrap_or_default());
    Ok(Held::new(Some(sorted_list(accounts))))
}

async fn write(change: Change<'_>) -> Result<Written, WriteFailure> {
    let client = client!(change.place, aws_sdk_rds);
    let before: Vec<String> = parsed(change.held.text.as_deref().unwrap_or("[]"))?;
    let after_it: Vec<String> = parsed(change.after.unwrap_or("[]"))?;
    let asked = client
        .modify_db_cluster_snapshot_attribute()
        .db_cluster_snapshot_identifier(after(&change.target.arn, "cluster-snapshot:")?)
        .attribute_name(RESTORE)
        .set_values_to_remove(difference(&before, &after_it))
        .set_values_to_add(difference(&after_it, &before))
        .send();
    change.place.call("rds:ModifyDBClusterSnapshotAttribute", asked).await?;
    change.written()
}
