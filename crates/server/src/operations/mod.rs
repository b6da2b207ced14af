//! The operations: one file and one page each. What they have in common is in [`answer`].

mod apply_archive_rule;
mod check_access_not_granted;
mod check_no_new_access;
mod check_no_public_access;
mod create_access_preview;
mod create_analyzer;
mod create_archive_rule;
mod create_service_linked_analyzer;
mod delete_analyzer;
mod delete_archive_rule;
mod delete_service_linked_analyzer;
mod get_access_preview;
mod get_analyzed_resource;
mod get_analyzer;
mod get_archive_rule;
mod get_finding;
mod get_finding_v2;
mod get_findings_statistics;
mod list_access_preview_findings;
mod list_access_previews;
mod list_analyzed_resources;
mod list_analyzers;
mod list_archive_rules;
mod list_findings;
mod list_findings_v2;
mod list_tags_for_resource;
mod start_resource_scan;
mod tag_resource;
mod untag_resource;
mod update_analyzer;
mod update_archive_rule;
mod update_findings;
mod validate_policy;

#[cfg(test)]
mod tests;

use std::future::Future;
use std::pin::Pin;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::api::Exception;
use crate::api::model::OperationModel;
use crate::authorization::{Target, authorize};
use crate::service::Call;

/// Every operation that is built, by name.
const OPERATIONS: &[Operation] = &[
    apply_archive_rule::OPERATION,
    check_access_not_granted::OPERATION,
    check_no_new_access::OPERATION,
    check_no_public_access::OPERATION,
    create_access_preview::OPERATION,
    create_analyzer::OPERATION,
    create_archive_rule::OPERATION,
    create_service_linked_analyzer::OPERATION,
    delete_analyzer::OPERATION,
    delete_archive_rule::OPERATION,
    delete_service_linked_analyzer::OPERATION,
    get_access_preview::OPERATION,
    get_analyzed_resource::OPERATION,
    get_analyzer::OPERATION,
    get_archive_rule::OPERATION,
    get_finding::OPERATION,
    get_finding_v2::OPERATION,
    get_findings_statistics::OPERATION,
    list_access_preview_findings::OPERATION,
    list_access_previews::OPERATION,
    list_analyzed_resources::OPERATION,
    list_analyzers::OPERATION,
    list_archive_rules::OPERATION,
    list_findings::OPERATION,
    list_findings_v2::OPERATION,
    list_tags_for_resource::OPERATION,
    start_resource_scan::OPERATION,
    tag_resource::OPERATION,
    untag_resource::OPERATION,
    update_analyzer::OPERATION,
    update_archive_rule::OPERATION,
    update_findings::OPERATION,
    validate_policy::OPERATION,
];

/// Operations that answer `ValidationException` with the reason `notSupported`. The list only gets shorter.
pub const NOT_BUILT: &[&str] = &[
    "CancelPolicyGeneration",
    "GenerateFindingRecommendation",
    "GetFindingRecommendation",
    "GetGeneratedPolicy",
    "ListPolicyGenerations",
    "StartPolicyGeneration",
];

/// An operation.
pub(crate) struct Operation {
    /// AWS's name.
    pub(crate) name: &'static str,
    /// The action that policies name; mostly the operation's name.
    pub(crate) action: &'static str,
    /// What policies allow it on.
    pub(crate) target: Target,
    /// How it differs from AWS's, for the table of operations; empty where it does not.
    pub(crate) differs: &'static str,
    /// Does it. The input is valid, and the call allowed.
    pub(crate) answer: for<'c> fn(&'c Call<'c>, Value) -> Answering<'c>,
}

/// An answer that is being made.
pub(crate) type Answering<'c> = Pin<Box<dyn Future<Output = Result<Value, Exception>> + Send + 'c>>;

/// What the table of operations says of one.
#[derive(Clone, Debug)]
pub struct OperationFact {
    /// AWS's name.
    pub name: &'static str,
    /// Whether it is built.
    pub built: Built,
    /// How it differs from AWS's.
    pub differs: &'static str,
}

/// Whether an operation is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Built {
    /// It answers.
    Yes,
    /// It answers `notSupported`.
    No,
}

/// What is to be said of every operation of AWS's model, by name.
#[must_use]
pub fn operation_facts() -> Vec<OperationFact> {
    let fact = |model: &OperationModel| match find(model.name) {
        Some(own) => OperationFact { name: model.name, built: Built::Yes, differs: own.differs },
        None => OperationFact { name: model.name, built: Built::No, differs: "" },
    };
    crate::api::shapes::OPERATIONS.iter().map(fact).collect()
}

/// Answers a call whose input is valid.
///
/// # Errors
/// `AccessDeniedException` where the key's policy does not allow it, `notSupported` where it is not built, and what
/// the operation answers with.
pub(crate) async fn answer(
    call: &Call<'_>,
    model: &'static OperationModel,
    input: Value,
) -> Result<Option<Value>, Exception> {
    let Some(operation) = find(model.name) else {
        authorize(call, model.name, Target::Any, &input)?;
        return Err(Exception::not_supported(format!("{} is not built yet", model.name)));
    };
    authorize(call, operation.action, operation.target, &input)?;
    let output = (operation.answer)(call, input).await?;
    Ok(model.output.map(|_| output))
}

fn find(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

/// The input of an operation as its type.
fn read<I: DeserializeOwned>(input: Value) -> Result<I, Exception> {
    serde_json::from_value(input).map_err(|error| Exception::internal(&error))
}

/// The output of an operation as JSON.
fn reply(output: impl Serialize) -> Result<Value, Exception> {
    serde_json::to_value(output).map_err(|error| Exception::internal(&error))
}

/// Runs what takes long without holding up other requests.
async fn compute<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Exception> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Exception::internal(&error))
}
