#![doc = include_str!("list_access_previews.md")]

use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::authorization::Target;
use crate::pagination::Page;
use crate::previews;
use crate::service::Call;
use crate::stored::{text, wire};

const NAME: &str = "ListAccessPreviews";

pub(super) const OPERATION: Operation = Operation {
    name: NAME,
    action: "ListAccessPreviews",
    target: Target::AnalyzerArn,
    differs: "previews are listed for as long as they are kept, a day, and not for an hour",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let page = Page::read(call, NAME, &input)?;
    let (store, analyzer) = (&call.service.store, text(&input, "analyzerArn"));
    let cursor = page.cursor();
    let list = store.list_access_previews(analyzer, cursor.as_ref(), page.size).await?;
    let previews: Vec<Value> = list.items.iter().map(previews::summary).collect();
    let mut output = json!({ "accessPreviews": previews });
    wire::put(&mut output, "nextToken", page.next(call, list.next).map(Value::from));
    Ok(output)
}
