//! From files to an inventory: snapshot folders, GetAccountAuthorizationDetails files, single policies.
//!
//! A file that cannot be read or understood becomes an entry of `not_analyzed` and never stops the rest;
//! only a target of which nothing can be read is an error. The same files give the same inventory, in the
//! same order.

mod assembly;
mod authorization_details;
mod cloudformation;
mod configuration;
mod error;
mod file;
mod node;
mod part;
mod planned;
mod policy_file;
mod resource_arn;
mod serverless;
mod shape;
mod snapshot;
mod split;
mod target;
mod terraform;

pub use authorization_details::read_authorization_details;
pub use cloudformation::{
    CloudFormationOptions, MissingParameters, read_cloudformation, read_cloudformation_policies,
    read_parameters_file,
};
pub use error::{SourceError, SourceProblem};
pub use file::{MAX_FILE_BYTES, MAX_VALUES};
pub use policy_file::read_policy_file;
pub use resource_arn::check_resource_arn;
pub use snapshot::{ResourceText, SnapshotReader, read_resource, read_snapshot};
pub use target::read_target;
pub use terraform::{TerraformOptions, read_terraform_plan, read_terraform_plan_policies};
