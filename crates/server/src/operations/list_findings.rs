#![doc = include_str!("list_findings.md")]

use serde_json::Value;

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::finding_lists as list;
use crate::service::Call;
use crate::stored::{text, wire};

const NAME: &str = "ListFindings";

pub(super) const OPERATION: Operation = Operation {
    name: NAME,
    action: "ListFindings",
    target: Target::AnalyzerArn,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    list::require_external(call, text(&input, "analyzerArn")).await?;
    list::findings(call, NAME, &input, wire::finding).await
}
