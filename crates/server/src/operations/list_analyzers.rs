#![doc = include_str!("list_analyzers.md")]

use ringfence_findings::analyzer::AnalyzerType;
use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::authorization::{context, is_allowed};
use crate::pagination::Page;
use crate::service::Call;
use crate::stored::wire;

const NAME: &str = "ListAnalyzers";

pub(super) const OPERATION: Operation = Operation {
    name: NAME,
    action: "ListAnalyzers",
    target: Target::Any,
    differs: "analyzers that the key may not get are left out",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let page = Page::read(call, NAME, &input)?;
    let asked = input.get("type").and_then(Value::as_str);
    let analyzer_type = asked.and_then(AnalyzerType::parse);
    if asked.is_some() && analyzer_type.is_none() {
        return Ok(json!({ "analyzers": [] }));
    }
    let (account, region) = (&call.key.account, &call.service.settings.region);
    let cursor = page.cursor();
    let store = &call.service.store;
    let list =
        store.list_analyzers(account, region, analyzer_type, cursor.as_ref(), page.size).await?;
    let context = context(call, &input);
    let is_visible = |arn: &str| is_allowed(call, "GetAnalyzer", arn, context.clone());
    let visible = list.items.iter().filter(|own| is_visible(&own.arn));
    let summary = |own| {
        let mut summary = wire::analyzer(own);
        // AWS gives the configuration with GetAnalyzer only.
        if let Value::Object(members) = &mut summary {
            members.shift_remove("configuration");
        }
        summary
    };
    let mut output = json!({ "analyzers": visible.map(summary).collect::<Vec<_>>() });
    wire::put(&mut output, "nextToken", page.next(call, list.next).map(Value::from));
    Ok(output)
}
