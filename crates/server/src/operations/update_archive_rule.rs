#![doc = include_str!("update_archive_rule.md")]

use ringfence_findings::field::Use;
use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::archive_rules::broad;
use crate::authorization::Target;
use crate::service::Call;
use crate::stored::{Doing, filter, text};

const NAME: &str = "UpdateArchiveRule";

pub(super) const OPERATION: Operation = Operation {
    name: NAME,
    action: "UpdateArchiveRule",
    target: Target::ArchiveRule,
    differs: "as CreateArchiveRule",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let arn = call.analyzer_arn(text(&input, "analyzerName"));
    let filter = filter(&input, Use::ArchiveRule)?;
    let doing = Doing::new(call, NAME, &input);
    let store = &call.service.store;
    let name = text(&input, "ruleName");
    let broad = broad::judge_existing(call, &arn, name, &filter).await?;
    store.update_archive_rule(&arn, name, &filter, &doing.act()).await?;
    if let Some(broad) = broad {
        broad.tell(call, NAME).await?;
    }
    Ok(json!({}))
}
