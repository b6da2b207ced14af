#![doc = include_str!("get_finding_v2.md")]

use serde_json::Value;

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::service::Call;
use crate::stored::{text, wire};

pub(super) const OPERATION: Operation = Operation {
    name: "GetFindingV2",
    action: "GetFinding",
    target: Target::AnalyzerArn,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let finding =
        call.service.store.finding(text(&input, "analyzerArn"), text(&input, "id")).await?;
    let mut output = wire::finding_v2(&finding);
    wire::put(&mut output, "findingDetails", Some(wire::details(&finding)));
    Ok(output)
}
