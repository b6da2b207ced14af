//! Which regions of an account are read.

use super::place::Place;
use crate::failure::{Cause, Failure};

/// What asks for an account's regions.
pub(super) const ACTIONS: &[&str] = &["ec2:DescribeRegions"];

/// The regions that a user wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegionChoice {
    /// All that the account has switched on.
    Enabled,
    /// These.
    These(Vec<String>),
}

/// A region as EC2 lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) name: String,
    pub(super) is_enabled: bool,
}

/// The regions of the account that are to be read, in their order. Those that were asked for and are not enabled are
/// noted.
pub(super) async fn of(place: &Place, choice: &RegionChoice) -> Vec<String> {
    let known = list(place).await;
    let mut chosen = match (&known, choice) {
        (Ok(known), RegionChoice::Enabled) => known
            .iter()
            .filter(|region| region.is_enabled)
            .map(|region| region.name.clone())
            .collect(),
        (Ok(known), RegionChoice::These(names)) => {
            let mut chosen = names.clone();
            chosen.retain(|name| {
                let is_enabled =
                    known.iter().any(|region| region.name == *name && region.is_enabled);
                if !is_enabled {
                    not_enabled(place, name);
                }
                is_enabled
            });
            chosen
        }
        (Err(failure), RegionChoice::Enabled) => {
            place.not_read(None, failure);
            vec![place.region.clone()]
        }
        // Whether they are enabled will be seen.
        (Err(_), RegionChoice::These(names)) => names.clone(),
    };
    chosen.sort();
    chosen.dedup();
    chosen
}

/// All regions of the partition.
pub(super) async fn list(place: &Place) -> Result<Vec<Region>, Failure> {
    let answer = place.ec2("DescribeRegions", &[("AllRegions", "true")]).await?;
    let document = roxmltree::Document::parse(&answer).map_err(|error| {
        Failure::new("ec2:DescribeRegions", Cause::Unintelligible, error.to_string())
    })?;
    let items = document.descendants().filter(|node| node.tag_name().name() == "item");
    Ok(items
        .filter_map(|item| {
            let name = child(item, "regionName")?;
            let is_enabled =
                child(item, "optInStatus").is_none_or(|status| status != "not-opted-in");
            Some(Region { name, is_enabled })
        })
        .collect())
}

fn not_enabled(place: &Place, region: &str) {
    let failure = Failure::new(
        "ec2:DescribeRegions",
        Cause::RegionNotEnabled,
        format!("`{region}` was asked for"),
    );
    place.in_region(region).not_read_region(&failure);
}

fn child(node: roxmltree::Node<'_, '_>, name: &str) -> Option<String> {
    let found = node.children().find(|child| child.tag_name().name() == name)?;
    found.text().map(str::to_owned)
}
