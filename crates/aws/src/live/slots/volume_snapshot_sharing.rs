#![doc = include_str!("volume_snapshot_sharing.md")]

use ringfence_response::slot::{Slot, Target};
use roxmltree::Document;
use serde::Deserialize;
use serde_json::json;

use crate::failure::{Cause, Failure};
use crate::live::arn::after;
use crate::live::change::Change;
use crate::live::place::Place;
use crate::live::text::{difference, parsed};
use crate::live::unit::{Form, Held, Listing, Unit};
use crate::live::write::Written;
use crate::live::write_failure::WriteFailure;

pub(super) const SLOT: Unit = Unit {
    resource_types: &["AWS::EC2::Snapshot"],
    is: |slot| matches!(slot, Slot::VolumeSnapshotSharing),
    list: Listing::One(Slot::VolumeSnapshotSharing),
    read: |place, target, _| Box::pin(read(place, target)),
    write: |change| Box::pin(write(change)),
    form: Form::Settings { nothing: Some(r#"{"Groups":[],"UserIds":[]}"#), ignored: &[] },
    read_actions: &["ec2:DescribeSnapshotAttribute"],
    write_actions: &["ec2:ModifySnapshotAttribute"],
};

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
struct Sharing {
    groups: Vec<String>,
    user_ids: Vec<String>,
}

async fn read(place: &Place, target: &Target) -> Result<Held, Failure> {
    let id = after(&target.arn, "snapshot/")?;
    let parameters = [("SnapshotId", id), ("Attribute", "createVolumePermission")];
    let answer = place.ec2("DescribeSnapshotAttribute", &parameters).await?;
    let document = Document::parse(&answer).map_err(|error| {
        Failure::new("ec2:DescribeSnapshotAttribute", Cause::Unintelligible, error.to_string())
    })?;
    let values = |name: &str| {
        let nodes = document.descendants().filter(|node| node.tag_name().name() == name);
        let mut values: Vec<_> = nodes.filter_map(|node| node.text()).collect();
        values.sort_unstable();
        values
    };
    let sharing = json!({ "Groups": values("group"), "UserIds": values("userId") });
    Ok(Held::new(Some(sharing.to_string())))
}

async fn write(change: Change<'_>) -> Result<Written, WriteFailure> {
    let id = after(&change.target.arn, "snapshot/")?;
    let read = |text: Option<&str>| text.map_or(Ok(Sharing::default()), parsed);
    let (before, now) = (read(change.held.text.as_deref())?, read(change.after)?);
    // What is taken away goes first: nobody has both.
    for (operation, from, to) in [("remove", &before, &now), ("add", &now, &before)] {
        let groups = difference(&from.groups, &to.groups).unwrap_or_default();
        let users = difference(&from.user_ids, &to.user_ids).unwrap_or_default();
        if groups.is_empty() && users.is_empty() {
            continue;
        }
        let mut parameters = vec![
            ("SnapshotId".to_owned(), id),
            ("Attribute".to_owned(), "createVolumePermission"),
            ("OperationType".to_owned(), operation),
        ];
        for (name, values) in [("UserGroup", &groups), ("UserId", &users)] {
            let numbered = values.iter().zip(1..);
            parameters.extend(
                numbered.map(|(value, number)| (format!("{name}.{number}"), value.as_str())),
            );
        }
        let parameters: Vec<_> =
            parameters.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        change.place.ec2("ModifySnapshotAttribute", &parameters).await?;
    }
    change.written()
}
