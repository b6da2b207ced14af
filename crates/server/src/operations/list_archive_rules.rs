#![doc = include_str!("list_archive_rules.md")]

use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::pagination::Page;
use crate::service::Call;
use crate::stored::{text, wire};

const NAME: &str = "ListArchiveRules";

pub(super) const OPERATION: Operation = Operation {
    name: NAME,
    action: "ListArchiveRules",
    target: Target::AnalyzerName,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let page = Page::read(call, NAME, &input)?;
    let arn = call.analyzer_arn(text(&input, "analyzerName"));
    let cursor = page.cursor();
    let list = call.service.store.list_archive_rules(&arn, cursor.as_ref(), page.size).await?;
    let rules: Vec<Value> = list.items.iter().map(wire::archive_rule).collect();
    let mut output = json!({ "archiveRules": rules });
    wire::put(&mut output, "nextToken", page.next(call, list.next).map(Value::from));
    Ok(output)
}
