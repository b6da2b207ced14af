#![doc = include_str!("unsupported_action_for_condition_key.md")]

use crate::checks::Check;
use crate::document::{ActionPattern, Document, Statement};
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::catalogue::{ConditionKey, Service};

pub(super) const CHECK: Check = Check {
    issue_code: "UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
    finding_type: FindingType::Error,
    page: include_str!("unsupported_action_for_condition_key.md"),
    run,
};

/// The services whose keys AWS judges. Of other services it accepts keys that an action does not know, as its answers
/// on managed policies show.
const SERVICES: &[&str] = &["dynamodb", "iam", "kms", "s3", "sts"];

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for statement in &document.statements {
        for condition in &statement.conditions {
            let Some(key) = condition.definition().filter(|key| !key.is_global()) else { continue };
            let with_key = services_with(statement, key);
            let unsupported: Vec<&ActionPattern<'_>> = statement
                .actions()
                .iter()
                .filter(|action| action.service().is_some_and(|s| with_key.contains(&s.prefix())))
                .filter(|action| never_knows(action, key))
                .collect();
            if unsupported.is_empty() {
                continue;
            }
            let names: Vec<&str> = unsupported.iter().map(|action| action.text.value).collect();
            let details = format!(
                "Requests for {} never hold the key `{}`. Move them to a statement without this condition.",
                names.join(", "),
                condition.key.value
            );
            let actions = unsupported.iter().map(|action| action.text.span);
            report.at_all(actions.chain([condition.value.span]).collect(), details);
        }
    }
}

/// The judged services of the statement that have the key for some of their actions.
fn services_with(statement: &Statement<'_>, key: ConditionKey) -> Vec<&'static str> {
    let mut services: Vec<Service<'static>> = Vec::new();
    for service in statement.actions().iter().filter_map(ActionPattern::service) {
        if SERVICES.contains(&service.prefix()) && !services.contains(&service) {
            services.push(service);
        }
    }
    services.retain(|service| service.condition_keys().any(|known| known == key));
    services.into_iter().map(Service::prefix).collect()
}

/// Whether the pattern is one action, and no request for it holds the key.
fn never_knows(action: &ActionPattern<'_>, key: ConditionKey) -> bool {
    if action.has_wildcard() {
        return false;
    }
    action.actions().next().is_some_and(|action| {
        !action.condition_keys().any(|known| known == key)
            && !action.resource_types().any(|resource| {
                resource.condition_keys().any(|known| known == key)
                    || resource.resource_type().condition_keys().any(|known| known == key)
            })
    })
}
