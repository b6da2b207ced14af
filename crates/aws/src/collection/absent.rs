//! What does not exist where it was looked for, as `snapshot.json` lists it. Nothing is missing from a snapshot because of
//! it: there is nothing to read. A call that fails because the way to a service is not found is another thing; it is
//! told apart by the lists of places that the units keep.

use serde::{Deserialize, Serialize};

/// One thing that AWS does not have in a partition or Region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Absent {
    /// Where, when it exists elsewhere in the partition.
    pub region: Option<String>,
    /// The CloudFormation type that has none of it there.
    pub resource_type: Option<String>,
    /// What does not exist, and where.
    pub reason: String,
}

impl Absent {
    /// Something that a partition does not have.
    pub(super) fn from_partition(what: &str, resource_type: Option<&str>, partition: &str) -> Self {
        Self {
            region: None,
            resource_type: resource_type.map(str::to_owned),
            reason: format!("there are no {what} in the partition `{partition}`"),
        }
    }

    /// Something that a Region does not have.
    pub(super) fn from_region(what: &str, resource_type: Option<&str>, region: &str) -> Self {
        Self {
            region: Some(region.to_owned()),
            resource_type: resource_type.map(str::to_owned),
            reason: format!("there are no {what} in the Region `{region}`"),
        }
    }
}
