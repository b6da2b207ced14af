//! CloudFormation templates, and SAM templates, which become CloudFormation's.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html>. A template with a mistake
//! that CloudFormation refuses as a whole (a cycle, a parameter without value) is an error; what is wrong with one
//! resource becomes an entry of `not_analyzed`.

mod attributes;
mod dependencies;
mod expand;
mod functions;
mod names;
mod nested;
mod parameters;
mod parameters_file;
mod resources;
mod stack;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ringfence_access::inventory::Inventory;
use ringfence_access::preview::PlannedChange;
use ringfence_policy::{AccountId, Partition};

use crate::assembly::{Whereabouts, assemble};
use crate::error::SourceError;
use crate::file::{name_of, read_text};
use crate::node;
use crate::planned::Purpose;
use stack::{Environment, Stack};

pub use parameters_file::read_parameters_file;

/// What a template needs to know of where it will be deployed.
#[derive(Clone, Debug)]
pub struct CloudFormationOptions {
    /// The account.
    pub account: AccountId,
    /// The Region.
    pub region: String,
    /// The name of the stack.
    pub stack_name: String,
    /// The values of parameters.
    pub parameters: BTreeMap<String, String>,
    /// What becomes of parameters without value and default.
    pub missing_parameters: MissingParameters,
    /// The values of other stacks' exports.
    pub imports: BTreeMap<String, String>,
}

/// What becomes of parameters without value and default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingParameters {
    /// The template is not read.
    Refuse,
    /// They may have any value.
    Unknown,
}

/// Reads a template as the change that deploying it makes.
///
/// # Errors
/// When the file cannot be read, is no template, or has a mistake that CloudFormation refuses as a whole.
pub fn read_cloudformation(
    path: &Path,
    options: &CloudFormationOptions,
) -> Result<PlannedChange, SourceError> {
    let file = name_of(path);
    let text = read_text(path, &file)?;
    let inventory = inventory(path, &file, &text, options, Purpose::Access)?;
    Ok(PlannedChange {
        inventory,
        deletes: BTreeSet::new(),
        stack: Some(options.stack_name.clone()),
    })
}

/// Reads the policies of a template as they are written, whatever its parameters are.
///
/// # Errors
/// As those of [`read_cloudformation`].
pub fn read_cloudformation_policies(path: &Path, text: &str) -> Result<Inventory, SourceError> {
    let Some(account) = AccountId::new("123456789012") else {
        return Ok(Inventory::empty(Partition::Aws));
    };
    let options = CloudFormationOptions {
        account,
        region: "us-east-1".to_owned(),
        stack_name: "stack".to_owned(),
        parameters: BTreeMap::new(),
        missing_parameters: MissingParameters::Unknown,
        imports: BTreeMap::new(),
    };
    inventory(path, &name_of(path), text, &options, Purpose::Validation)
}

fn inventory(
    path: &Path,
    file: &Arc<str>,
    text: &str,
    options: &CloudFormationOptions,
    purpose: Purpose,
) -> Result<Inventory, SourceError> {
    let partition = partition_of(&options.region);
    let environment = Environment {
        whereabouts: Whereabouts {
            partition,
            account: options.account.clone(),
            region: Arc::from(options.region.as_str()),
            purpose,
        },
        stack_name: options.stack_name.clone(),
        path: String::new(),
        folder: path.parent().map(Path::to_path_buf).unwrap_or_else(|| PathBuf::from(".")),
        imports: options.imports.clone(),
        missing_parameters: options.missing_parameters,
        outer: vec![path.to_path_buf()],
    };
    let template = node::read(file, text)?;
    let given = parameters::given(&options.parameters, &template);
    let stack = Stack::new(template, environment, given)?;
    let (resources, _) = stack.resources()?;
    let mut inventory = assemble(&resources, partition);
    inventory.not_analyzed.extend(stack.take_not_analyzed());
    inventory.not_analyzed.sort();
    inventory.not_analyzed.dedup();
    Ok(inventory)
}

/// The partition of a Region.
pub(crate) fn partition_of(region: &str) -> Partition {
    match region {
        _ if region.starts_with("cn-") => Partition::AwsCn,
        _ if region.starts_with("us-gov-") => Partition::AwsUsGov,
        _ => Partition::Aws,
    }
}
