//! The operations: one file and one page each. What they have in common is in [`answer`].

mod check_access_not_granted;
mod check_no_new_access;
mod check_no_public_access;
mod create_service_linked_analyzer;
mod delete_service_linked_analyzer;
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
use crate::idempotency::Before;
use crate::service::Call;

/// Every operation that is built, by name.
const OPERATIONS: &[Operation] = &[
    check_access_not_granted::OPERATION,
    check_no_new_access::OPERATION,
    check_no_public_access::OPERATION,
    create_service_linked_analyzer::OPERATION,
    delete_service_linked_analyzer::OPERATION,
    validate_policy::OPERATION,
];

/// Operations that answer `ValidationException` with the reason `notSupported`. The list only gets shorter.
pub const NOT_BUILT: &[&str] = &[
    "ApplyArchiveRule",
    "CancelPolicyGeneration",
    "CreateAccessPreview",
    "CreateAnalyzer",
    "CreateArchiveRule",
    "DeleteAnalyzer",
    "DeleteArchiveRule",
    "GenerateFindingRecommendation",
    "GetAccessPreview",
    "GetAnalyzedResource",
    "GetAnalyzer",
    "GetArchiveRule",
    "GetFinding",
    "GetFindingRecommendation",
    "GetFindingV2",
    "GetFindingsStatistics",
    "GetGeneratedPolicy",
    "ListAccessPreviewFindings",
    "ListAccessPreviews",
    "ListAnalyzedResources",
    "ListAnalyzers",
    "ListArchiveRules",
    "ListFindings",
    "ListFindingsV2",
    "ListPolicyGenerations",
    "ListTagsForResource",
    "StartPolicyGeneration",
    "StartResourceScan",
    "TagResource",
    "UntagResource",
    "UpdateAnalyzer",
    "UpdateArchiveRule",
    "UpdateFindings",
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
    let token = input.get("clientToken").and_then(Value::as_str).map(str::to_owned);
    let output = match token {
        None => (operation.answer)(call, input).await?,
        Some(token) => once(call, operation, &token, input).await?,
    };
    Ok(model.output.map(|_| output))
}

/// Does a call that has a `clientToken`, unless it was done before.
async fn once(
    call: &Call<'_>,
    operation: &'static Operation,
    token: &str,
    input: Value,
) -> Result<Value, Exception> {
    let calls = &call.service.idempotency;
    match calls.begin(&call.key.account, operation.name, token, &input, call.now)? {
        Before::Answered(answer) => Ok(answer),
        Before::Do(doing) => {
            let answer = (operation.answer)(call, input).await?;
            doing.answered(&answer);
            Ok(answer)
        }
    }
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
