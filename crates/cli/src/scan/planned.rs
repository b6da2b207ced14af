//! `ringfence scan` over what is planned: CloudFormation and SAM templates, Terraform plans.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ringfence_access::inventory::Inventory;
use ringfence_access::preview::PlannedChange;
use ringfence_policy::AccountId;
use ringfence_sources::{
    CloudFormationOptions, MissingParameters, TerraformOptions, read_cloudformation,
    read_parameters_file, read_terraform_plan,
};

use crate::exit::UsageError;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Something planned")]
pub(super) struct PlannedArguments {
    /// A CloudFormation or SAM template, as YAML or JSON; `--region` says where it is deployed [default: us-east-1]
    #[arg(long, value_name = "FILE", group = "alone")]
    cloudformation: Option<PathBuf>,
    /// A Terraform plan, as `terraform show -json PLANFILE` prints it
    #[arg(long, value_name = "FILE", group = "alone", conflicts_with = "cloudformation")]
    terraform_plan: Option<PathBuf>,
    /// Compare with this snapshot: what the change makes new, changes, leaves and removes; only what is new or changed
    /// counts for the exit code
    #[arg(long, value_name = "SNAPSHOT", requires = "alone", conflicts_with = "policy")]
    pub(super) against: Option<PathBuf>,
    /// Parameters of the template: NAME=VALUE, or a JSON file as the AWS CLI takes it
    #[arg(long, value_name = "NAME=VALUE|FILE", num_args = 1.., requires = "cloudformation")]
    parameters: Vec<String>,
    /// Parameters without value may have any
    #[arg(long, requires = "cloudformation")]
    unknown_parameters: bool,
    /// What another stack exports
    #[arg(long, value_name = "NAME=VALUE", requires = "cloudformation")]
    import: Vec<String>,
    /// The name of the stack [default: the name of the file]
    #[arg(long, value_name = "NAME", requires = "cloudformation")]
    stack_name: Option<String>,
}

/// The Region of a template where nobody says it.
const DEFAULT_REGION: &str = "us-east-1";

/// Whether something planned is scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Planned {
    Something,
    Nothing,
}

impl PlannedArguments {
    /// Whether there is something planned.
    pub(super) fn kind(&self) -> Planned {
        match self.is_given() {
            true => Planned::Something,
            false => Planned::Nothing,
        }
    }

    /// Whether there is something planned.
    pub(super) fn is_given(&self) -> bool {
        self.cloudformation.is_some() || self.terraform_plan.is_some()
    }

    /// Reads what is planned.
    pub(super) fn change(
        &self,
        account: Option<&AccountId>,
        region: Option<&str>,
        existing: Option<&Inventory>,
    ) -> anyhow::Result<PlannedChange> {
        if let Some(plan) = &self.terraform_plan {
            let region = region.map(str::to_owned);
            return Ok(read_terraform_plan(
                plan,
                &TerraformOptions { account: account.cloned(), region },
            )?);
        }
        let account = account.or_else(|| only_account(existing?));
        let Some(template) = &self.cloudformation else {
            return Err(UsageError("name a template or plan".to_owned()).into());
        };
        let Some(account) = account else {
            let message = "--account is needed: a template does not say which account it is for";
            return Err(UsageError(message.to_owned()).into());
        };
        let options = CloudFormationOptions {
            account: account.clone(),
            region: region.unwrap_or(DEFAULT_REGION).to_owned(),
            stack_name: self.stack_name.clone().unwrap_or_else(|| stem(template)),
            parameters: self.parameters()?,
            missing_parameters: match self.unknown_parameters {
                true => MissingParameters::Unknown,
                false => MissingParameters::Refuse,
            },
            imports: pairs(&self.import, "--import")?,
        };
        Ok(read_cloudformation(template, &options)?)
    }

    fn parameters(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let mut all = BTreeMap::new();
        for given in &self.parameters {
            if let Some((name, value)) = pair(given) {
                all.insert(name, value);
                continue;
            }
            let path = given.strip_prefix("file://").unwrap_or(given);
            all.extend(read_parameters_file(Path::new(path))?);
        }
        Ok(all)
    }
}

/// `NAME=VALUE`, or the AWS CLI's `ParameterKey=NAME,ParameterValue=VALUE`.
fn pair(text: &str) -> Option<(String, String)> {
    let long =
        text.strip_prefix("ParameterKey=").and_then(|rest| rest.split_once(",ParameterValue="));
    let (name, value) = long.or_else(|| text.split_once('='))?;
    Some((name.to_owned(), value.trim_matches('"').to_owned()))
}

fn pairs(all: &[String], option: &str) -> Result<BTreeMap<String, String>, UsageError> {
    let one = |text: &String| {
        pair(text).ok_or_else(|| UsageError(format!("{option} takes NAME=VALUE, not `{text}`")))
    };
    all.iter().map(one).collect()
}

fn only_account(existing: &Inventory) -> Option<&AccountId> {
    let mut accounts = existing.accounts.keys();
    let first = accounts.next()?;
    accounts.next().is_none().then_some(first)
}

/// A name for the stack: the file's, as far as names of stacks may be so.
fn stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name: String =
        stem.chars().map(|own| if own.is_ascii_alphanumeric() { own } else { '-' }).collect();
    if name.is_empty() { "stack".to_owned() } else { name }
}
