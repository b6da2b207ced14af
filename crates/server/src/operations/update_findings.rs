#![doc = include_str!("update_findings.md")]

use ringfence_findings::finding::{ArchivedBy, StatusUpdate};
use ringfence_store::findings::UpdateTarget;
use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::service::Call;
use crate::stored::{Doing, text};

const NAME: &str = "UpdateFindings";

pub(super) const OPERATION: Operation = Operation {
    name: NAME,
    action: "UpdateFindings",
    target: Target::AnalyzerArn,
    differs: "the header `X-Ringfence-Reason` says why",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let status = match text(&input, "status") {
        "ARCHIVED" => StatusUpdate::Archived,
        _ => StatusUpdate::Active,
    };
    let ids: Option<Vec<String>> = input
        .get("ids")
        .cloned()
        .map(serde_json::from_value)
        .transpose()
        .map_err(|error| Exception::internal(&error))?;
    let target = match (&ids, input.get("resourceArn").and_then(Value::as_str)) {
        (Some(ids), None) => UpdateTarget::Ids(ids),
        (None, Some(arn)) => UpdateTarget::Resource(arn),
        _ => return Err(Exception::invalid("give either `ids` or `resourceArn`")),
    };
    let by = ArchivedBy::Person { who: call.key.user_arn(), reason: call.reason.clone() };
    let doing = Doing::new(call, NAME, &input);
    let analyzer = text(&input, "analyzerArn");
    call.service.store.update_findings(analyzer, target, status, &by, &doing.act()).await?;
    Ok(json!({}))
}
