#![doc = include_str!("apply_archive_rule.md")]

use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::archive_rules::broad;
use crate::authorization::Target;
use crate::service::Call;
use crate::stored::{Doing, text};

const NAME: &str = "ApplyArchiveRule";

pub(super) const OPERATION: Operation = Operation {
    name: NAME,
    action: "ApplyArchiveRule",
    target: Target::ArchiveRule,
    differs: "as CreateArchiveRule",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let doing = Doing::new(call, NAME, &input);
    let (arn, rule) = (text(&input, "analyzerArn"), text(&input, "ruleName"));
    let store = &call.service.store;
    let filter = store.archive_rule(arn, rule).await?.filter;
    let broad = broad::judge_existing(call, arn, rule, &filter).await?;
    store.apply_archive_rule(arn, rule, &doing.act()).await?;
    if let Some(broad) = broad {
        broad.tell(call, NAME).await?;
    }
    Ok(json!({}))
}
