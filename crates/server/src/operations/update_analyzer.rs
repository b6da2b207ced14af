#![doc = include_str!("update_analyzer.md")]

use ringfence_findings::observation::FindingType;
use serde_json::{Value, json};

use super::Operation;
use super::create_analyzer::check_configuration;
use crate::api::Exception;
use crate::api::exception::ExceptionKind;
use crate::authorization::Target;
use crate::service::Call;
use crate::stored::{Doing, text};
use crate::watch;

const NAME: &str = "UpdateAnalyzer";

pub(super) const OPERATION: Operation = Operation {
    name: NAME,
    action: "UpdateAnalyzer",
    target: Target::AnalyzerName,
    differs: "",
    answer: |call, input| Box::pin(run(call, input)),
};

async fn run(call: &Call<'_>, input: Value) -> Result<Value, Exception> {
    let arn = call.analyzer_arn(text(&input, "analyzerName"));
    let store = &call.service.store;
    let analyzer = store.analyzer(&arn).await?;
    if analyzer.analyzer_type.finding_type() == FindingType::ExternalAccess {
        let kind = ExceptionKind::Conflict { resource_id: arn, resource_type: "Analyzer" };
        return Err(Exception::new(kind, "an analyzer of external access has no configuration"));
    }
    let configuration = input.get("configuration").cloned();
    check_configuration(analyzer.analyzer_type, configuration.as_ref())?;
    let doing = Doing::new(call, NAME, &input);
    let after = store.configure_analyzer(&arn, configuration, &doing.act()).await?;
    watch::start(call.service, &arn);
    let mut output = json!({});
    crate::stored::wire::put(&mut output, "configuration", after.configuration);
    Ok(output)
}
