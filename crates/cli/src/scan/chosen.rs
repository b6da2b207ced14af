//! Which resources a scan is about.

use std::collections::BTreeSet;

use ringfence_access::internal::{InclusionCriteria, Inclusions};
use ringfence_access::inventory::{Inventory, ResourceType};
use ringfence_policy::{AccountId, Arn};

use super::planned::Planned;
use crate::exit::UsageError;

/// The resource of a single policy, or the resources of the targets to look at.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Which resources")]
pub(super) struct ChosenArguments {
    /// Only resources of these types, CloudFormation's names; with --policy, the type of its resource
    #[arg(long, value_name = "TYPE", value_parser = resource_type)]
    pub(super) resource_type: Vec<ResourceType>,
    /// Only the resources with these ARNs; with --policy, the ARN of its resource
    #[arg(long, value_name = "ARN", value_parser = resource_arn)]
    pub(super) resource: Vec<Arn>,
    /// Only resources of these accounts; with --policy or something planned, the account that it is for, which
    /// is needed where nothing else says it
    #[arg(long, value_name = "ID", value_parser = account_id)]
    pub(super) account: Vec<AccountId>,
}

impl ChosenArguments {
    /// The resources that meet all that was asked for. Of something planned the account says only where
    /// it will be.
    pub(super) fn inclusions(&self, planned: Planned) -> Inclusions {
        let accounts = self.account.iter().filter(|_| planned == Planned::Nothing);
        let criteria = InclusionCriteria {
            account_ids: accounts.cloned().collect(),
            resource_types: self.resource_type.iter().copied().collect(),
            resource_arns: self.resource.iter().map(ToString::to_string).collect(),
        };
        let everything = criteria == InclusionCriteria::default();
        Inclusions { criteria: if everything { Vec::new() } else { vec![criteria] } }
    }

    /// Nothing to look at is not the same as nothing found.
    pub(super) fn require_known(&self, inventory: &Inventory) -> Result<(), UsageError> {
        let known: BTreeSet<&str> =
            inventory.resources.iter().map(|resource| resource.arn.as_str()).collect();
        let mut chosen = self.resource.iter().map(ToString::to_string);
        match chosen.find(|arn| !known.contains(arn.as_str())) {
            Some(arn) => Err(UsageError(format!(
                "--resource {arn}: the targets describe no such resource that could be analyzed"
            ))),
            None => Ok(()),
        }
    }
}

fn resource_type(name: &str) -> Result<ResourceType, String> {
    ResourceType::parse(name).ok_or_else(|| {
        let known: Vec<&str> = ResourceType::ALL.iter().map(|own| own.as_str()).collect();
        format!("there are {}", known.join(", "))
    })
}

fn resource_arn(text: &str) -> Result<Arn, String> {
    let arn =
        Arn::parse(text).ok_or("an ARN is `arn:partition:service:region:account:resource`")?;
    match text.contains(['*', '?']) {
        true => Err("the ARN of one resource has no wildcard".to_owned()),
        false => Ok(arn),
    }
}

fn account_id(text: &str) -> Result<AccountId, String> {
    AccountId::new(text).ok_or_else(|| "an account id has twelve digits".to_owned())
}
