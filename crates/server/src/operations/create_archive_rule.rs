#![doc = include_str!("create_archive_rule.md")]

use ringfence_findings::archive_rule::ArchiveRule;
use ringfence_findings::field::Use;
use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::archive_rules::broad;
use crate::authorization::Target;
use crate::service::Call;
use crate::stored::{Doing, filter, text};

const NAME: &str = "CreateArchiveRule";

pub(super) const OPERATION: Operation = Operation {
    name: NAME,
    action: "CreateArchiveRule",
    target: Target::AnalyzerName,
    differs: "a rule that could hide a public exposure is told of, or refused where the configuration says so",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let arn = call.analyzer_arn(text(&input, "analyzerName"));
    let rule = ArchiveRule {
        rule_name: text(&input, "ruleName").to_owned(),
        filter: filter(&input, Use::ArchiveRule)?,
        created_at: call.now,
        updated_at: call.now,
    };
    let doing = Doing::new(call, NAME, &input);
    let broad = broad::judge_existing(call, &arn, &rule.rule_name, &rule.filter).await?;
    call.service.store.create_archive_rule(&arn, &rule, &doing.act()).await?;
    if let Some(broad) = broad {
        broad.tell(call, NAME).await?;
    }
    Ok(json!({}))
}
