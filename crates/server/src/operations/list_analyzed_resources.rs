#![doc = include_str!("list_analyzed_resources.md")]

use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::pagination::Page;
use crate::service::Call;
use crate::stored::{text, wire};

const NAME: &str = "ListAnalyzedResources";

pub(super) const OPERATION: Operation = Operation {
    name: NAME,
    action: "ListAnalyzedResources",
    target: Target::AnalyzerArn,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let page = Page::read(call, NAME, &input)?;
    let resource_type = input.get("resourceType").and_then(Value::as_str);
    let (store, analyzer) = (&call.service.store, text(&input, "analyzerArn"));
    let cursor = page.cursor();
    let list =
        store.list_analyzed_resources(analyzer, resource_type, cursor.as_ref(), page.size).await?;
    let summary = |own: &ringfence_store::resource::AnalyzedResource| {
        json!({
            "resourceArn": own.resource_arn,
            "resourceOwnerAccount": own.resource_owner_account,
            "resourceType": own.resource_type,
        })
    };
    let resources: Vec<Value> = list.items.iter().map(summary).collect();
    let mut output = json!({ "analyzedResources": resources });
    wire::put(&mut output, "nextToken", page.next(call, list.next).map(Value::from));
    Ok(output)
}
