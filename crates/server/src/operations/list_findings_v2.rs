#![doc = include_str!("list_findings_v2.md")]

use serde_json::Value;

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::finding_lists as list;
use crate::service::Call;
use crate::stored::wire;

const NAME: &str = "ListFindingsV2";

pub(super) const OPERATION: Operation = Operation {
    name: NAME,
    action: "ListFindings",
    target: Target::AnalyzerArn,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    list::findings(call, NAME, &input, wire::finding_v2).await
}
