//! Whether EBS snapshots of a region may be shared with everyone.

use serde_json::json;

use crate::collection::place::Place;
use crate::collection::unit::{Reach, Unit};
use crate::failure::{Cause, Failure};

pub(super) const ACCOUNT_FACT: Unit = Unit {
    resource_type: None,
    reach: Reach::Region,
    actions: &["ec2:GetSnapshotBlockPublicAccessState"],
    absent: None,
    collect: |place| Box::pin(collect(place)),
    read_one: None,
};

async fn collect(place: Place) -> Result<(), Failure> {
    let read = place.ec2("GetSnapshotBlockPublicAccessState", &[]).await;
    match read.and_then(|answer| state(&answer)) {
        Ok(state) => {
            let region = place.region.clone();
            place.account.regional_fact("EbsSnapshotBlockPublicAccess", &region, json!(state));
        }
        Err(failure) => place.not_read_region(&failure),
    }
    Ok(())
}

fn state(answer: &str) -> Result<String, Failure> {
    let unclear = |detail: String| {
        Failure::new("ec2:GetSnapshotBlockPublicAccessState", Cause::Unintelligible, detail)
    };
    let document =
        roxmltree::Document::parse(answer).map_err(|error| unclear(error.to_string()))?;
    let state = document.descendants().find(|node| node.tag_name().name() == "state");
    match state.and_then(|state| state.text()) {
        Some(state @ ("block-all-sharing" | "block-new-sharing" | "unblocked")) => {
            Ok(state.to_owned())
        }
        other => Err(unclear(format!("the state is `{}`", other.unwrap_or_default()))),
    }
}
