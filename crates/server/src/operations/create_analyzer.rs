#![doc = include_str!("create_analyzer.md")]

use ringfence_findings::analyzer::{Analyzer, AnalyzerStatus, AnalyzerType};
use ringfence_findings::archive_rule::ArchiveRule;
use ringfence_findings::field::Use;
use ringfence_findings::observation::FindingType;
use serde_json::{Value, json};

use super::Operation;
use crate::api::Exception;
use crate::archive_rules::broad;
use crate::authorization::Target;
use crate::service::Call;
use crate::stored::{Doing, filter, text};
use crate::watch;

const NAME: &str = "CreateAnalyzer";

pub(super) const OPERATION: Operation = Operation {
    name: NAME,
    action: "CreateAnalyzer",
    target: Target::AnalyzerName,
    differs: "analyzers of unused access answer `notSupported`; those of internal access look at every type of resource; an analyzer looks at every Region of its source",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let analyzer = analyzer(call, &input)?;
    let rules = rules(call, &input)?;
    let mut told = Vec::new();
    for rule in &rules {
        let finding_type = analyzer.analyzer_type.finding_type();
        let place = (analyzer.arn.as_str(), None);
        told.extend(broad::judge(call, finding_type, place, &rule.rule_name, &rule.filter).await?);
    }
    let doing = Doing::new(call, NAME, &input);
    let arn = call.service.store.create_analyzer(&analyzer, &rules, &doing.act()).await?;
    for broad in told {
        broad.tell(call, NAME).await?;
    }
    watch::start(call.service, &arn);
    Ok(json!({ "arn": arn }))
}

fn analyzer(call: &Call<'_>, input: &Value) -> Result<Analyzer, Exception> {
    let (name, asked) = (text(input, "analyzerName"), text(input, "type"));
    let Some(analyzer_type) = AnalyzerType::parse(asked) else {
        return Err(Exception::not_supported(format!(
            "analyzers of type {asked} are not built yet"
        )));
    };
    let tags = input.get("tags").cloned().map(serde_json::from_value).transpose();
    let configuration = input.get("configuration").cloned();
    check_configuration(analyzer_type, configuration.as_ref())?;
    Ok(Analyzer {
        arn: call.analyzer_arn(name),
        name: name.to_owned(),
        account: call.key.account.clone(),
        region: call.service.settings.region.clone(),
        analyzer_type,
        created_at: call.now,
        last_resource_analyzed: None,
        last_resource_analyzed_at: None,
        tags: tags.map_err(|error| Exception::internal(&error))?.unwrap_or_default(),
        status: AnalyzerStatus::Creating,
        status_reason: None,
        configuration,
    })
}

/// A configuration is of the analyzer's own type. External analyzers have none.
pub(super) fn check_configuration(
    analyzer_type: AnalyzerType,
    configuration: Option<&Value>,
) -> Result<(), Exception> {
    let own = match analyzer_type.finding_type() {
        FindingType::ExternalAccess => None,
        FindingType::InternalAccess => Some("internalAccess"),
    };
    match configuration {
        Some(given) if own.is_none_or(|own| given.get(own).is_none()) => Err(Exception::field(
            "configuration",
            format!("is not one for analyzers of type {}", analyzer_type.as_str()),
        )),
        _ => Ok(()),
    }
}

fn rules(call: &Call<'_>, input: &Value) -> Result<Vec<ArchiveRule>, Exception> {
    let given = input.get("archiveRules").and_then(Value::as_array);
    let rule = |own: &Value| {
        Ok(ArchiveRule {
            rule_name: text(own, "ruleName").to_owned(),
            filter: filter(own, Use::ArchiveRule)?,
            created_at: call.now,
            updated_at: call.now,
        })
    };
    given.into_iter().flatten().map(rule).collect()
}
