//! Terraform plans: what `terraform show -json PLANFILE` prints.
//!
//! <https://developer.hashicorp.com/terraform/internals/json-format>. Resources are read from `resource_changes`. What
//! is known only after apply has its references in `configuration`: through them policies find their bucket, queue,
//! topic or key, and documents of `aws_iam_policy_document` are put together as far as they are known.

mod mappings;
mod plan;
mod policy_document;
mod references;
mod resource_types;
mod values;
mod written;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use ringfence_access::inventory::Inventory;
use ringfence_access::preview::PlannedChange;
use ringfence_policy::{AccountId, Arn};

use crate::assembly::{Whereabouts, assemble};
use crate::cloudformation::partition_of;
use crate::error::{SourceError, SourceProblem};
use crate::file::{name_of, read_text};
use crate::node::{Node, read_json_text};
use crate::planned::Purpose;
use plan::Plan;
use written::Written;

/// What a plan may not say of where it will be applied.
#[derive(Clone, Debug, Default)]
pub struct TerraformOptions {
    /// The account; else what the plan's ARNs say.
    pub account: Option<AccountId>,
    /// The Region; else the provider's.
    pub region: Option<String>,
}

/// Reads a plan as the change that applying it makes.
///
/// # Errors
/// When the file cannot be read, is no plan, is of a format that this program does not know, or does not say whose
/// account it is for.
pub fn read_terraform_plan(
    path: &Path,
    options: &TerraformOptions,
) -> Result<PlannedChange, SourceError> {
    let file = name_of(path);
    let text = read_text(path, &file)?;
    change(path, &text, options, Purpose::Access)
}

/// Reads the policies of a plan as they are written.
///
/// # Errors
/// As those of [`read_terraform_plan`].
pub fn read_terraform_plan_policies(path: &Path, text: &str) -> Result<Inventory, SourceError> {
    let account = AccountId::new("123456789012");
    let options = TerraformOptions { account, region: None };
    Ok(change(path, text, &options, Purpose::Validation)?.inventory)
}

fn change(
    path: &Path,
    text: &str,
    options: &TerraformOptions,
    purpose: Purpose,
) -> Result<PlannedChange, SourceError> {
    let file = &name_of(path);
    let root = read_json_text(file, text)?;
    let mut plan = Plan::new(&root)?;
    plan.written = Written::beside(path, &root);
    let account = options.account.clone().or_else(|| plan.account());
    let Some(account) = account else {
        let reason = "the plan does not say which account it is for; give it with `--account`";
        return Err(SourceError::new(file, SourceProblem::Shape(reason.to_owned())));
    };
    let region = options.region.clone().or_else(|| plan.region());
    let region = region.unwrap_or_else(|| "us-east-1".to_owned());
    let partition = partition_of(&region);
    let whereabouts = Whereabouts { partition, account, region: Arc::from(region), purpose };
    let resources = resource_types::resources(&plan, &whereabouts);
    Ok(PlannedChange {
        inventory: assemble(&resources, partition),
        deletes: plan.deletes(),
        stack: None,
    })
}

impl Plan<'_> {
    /// The account of the first ARN that the plan knows.
    fn account(&self) -> Option<AccountId> {
        let arns =
            self.changes.iter().filter_map(|own| own.before.or(own.after)?.get("arn")?.as_text());
        let of_arns = arns.filter_map(|arn| Arn::parse(arn)?.account_id()).next();
        let identity = || {
            let state = self.root.get("prior_state")?.get("values")?.get("root_module")?;
            let all = state.get("resources")?.elements().iter();
            let mut found = all.filter_map(|own| own.get("values")?.get("account_id")?.as_text());
            found.find_map(AccountId::new)
        };
        of_arns.or_else(identity)
    }

    /// The Region of the provider.
    fn region(&self) -> Option<String> {
        let provider = self.root.get("configuration")?.get("provider_config")?.get("aws")?;
        let region = provider.get("expressions")?.get("region")?;
        if let Some(text) = region.get("constant_value").and_then(Node::as_text) {
            return Some(text.to_owned());
        }
        let reference = region.get("references")?.elements().first()?.as_text()?;
        let variable = self.root.get("variables")?.get(reference.strip_prefix("var.")?)?;
        variable.get("value")?.as_text().map(str::to_owned)
    }

    /// The ARNs of what is destroyed.
    fn deletes(&self) -> BTreeSet<String> {
        let gone = self.changes.iter().filter(|own| own.is_delete);
        gone.filter_map(|own| Some(own.before?.get("arn")?.as_text()?.to_owned())).collect()
    }
}
