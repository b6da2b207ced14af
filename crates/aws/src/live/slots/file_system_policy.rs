#![doc = include_str!("file_system_policy.md")]

use ringfence_response::slot::{Slot, Target};

use crate::client::client;
use crate::failure::Failure;
use crate::live::arn::after;
use crate::live::change::Change;
use crate::live::place::Place;
use crate::live::unit::{Form, Held, Listing, Unit};
use crate::live::write::Written;
use crate::live::write_failure::WriteFailure;

pub(super) const SLOT: Unit = Unit {
    resource_types: &["AWS::EFS::FileSystem"],
    is: |slot| matches!(slot, Slot::FileSystemPolicy),
    list: Listing::One(Slot::FileSystemPolicy),
    read: |place, target, _| Box::pin(read(place, target)),
    write: |change| Box::pin(write(change)),
    form: Form::Policy,
    read_actions: &["elasticfilesystem:DescribeFileSystemPolicy"],
    write_actions: &[
        "elasticfilesystem:PutFileSystemPolicy",
        "elasticfilesystem:DeleteFileSystemPolicy",
    ],
};

async fn read(place: &Place, target: &Target) -> Result<Held, Failure> {
    let client = client!(place, aws_sdk_efs);
    let id = after(&target.arn, "file-system/")?;
    let asked = client.describe_file_system_policy().file_system_id(id).send();
    let action = "elasticfilesystem:DescribeFileSystemPolicy";
    let answer = place.call_unless(action, &["PolicyNotFound"], asked).await?;
    Ok(Held::new(answer.and_then(|answer| answer.policy)))
}

async fn write(change: Change<'_>) -> Result<Written, WriteFailure> {
    let client = client!(change.place, aws_sdk_efs);
    let id = after(&change.target.arn, "file-system/")?;
    match change.after {
        Some(policy) => {
            let asked = client.put_file_system_policy().file_system_id(id).policy(policy).send();
            change.place.call("elasticfilesystem:PutFileSystemPolicy", asked).await?;
        }
        None => {
            let asked = client.delete_file_system_policy().file_system_id(id).send();
            change.place.call("elasticfilesystem:DeleteFileSystemPolicy", asked).await?;
        }
    }
    change.written()
}
