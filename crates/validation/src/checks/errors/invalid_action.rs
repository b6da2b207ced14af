#![doc = include_str!("invalid_action.md")]

use crate::checks::Check;
use crate::document::{ActionPattern, Document};
use crate::finding::FindingType;
use crate::report::Report;
use ringfence_policy::catalogue::{Action, Service};

pub(super) const CHECK: Check = Check {
    issue_code: "INVALID_ACTION",
    finding_type: FindingType::Error,
    page: include_str!("invalid_action.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for action in document.actions() {
        if action.is_everything() || action.is_known() {
            continue;
        }
        match action.service() {
            Some(service) => unknown(action, service, report),
            // A prefix without wildcards that names no service is INVALID_SERVICE_IN_ACTION.
            None if action.name.is_some() && !action.prefix.contains(['*', '?']) => {}
            None => {
                let details = format!(
                    "`{}` is no action. Write the prefix of a service, a colon and the name of an action, such as \
                     `s3:GetObject`.",
                    action.text.value
                );
                report.at(action.text.span, details);
            }
        }
    }
}

fn unknown(action: &ActionPattern<'_>, service: Service<'static>, report: &mut Report<'_>) {
    let Some(name) = action.name else {
        let details = format!(
            "`{0}` names a service and no action. Write `{0}:` and an action.",
            action.prefix
        );
        return report.at(action.text.span, details);
    };
    if action.has_wildcard() {
        let details = format!(
            "No action of {} matches `{}`. Correct the pattern or remove it.",
            service.name(),
            action.text.value
        );
        return report.at(action.text.span, details);
    }
    // An operation of the API may be authorized as an action of another name.
    if let Some(authorized) = authorized_as(service, name) {
        let details = format!(
            "`{}` is an operation and no action: it is authorized as `{authorized}`. Write that action.",
            action.text.value
        );
        return report.replace(action.text.span, format!("\"{authorized}\""), details);
    }
    let names = service.actions().map(|action| action.name());
    let details = format!(
        "{} has no action `{name}`. Correct the name or remove it.{}",
        service.name(),
        report.did_you_mean(name, names)
    );
    report.at(action.text.span, details);
}

/// The action as which the service authorizes its operation of this name. Of several it is the one with the same verb:
/// `ListObjectsV2` needs `s3:ListBucket`, and for some requests another action besides.
fn authorized_as(service: Service<'static>, operation: &str) -> Option<Action<'static>> {
    let mut actions = service.operation_actions(operation);
    actions.retain(|action| action.service() == service);
    if actions.len() > 1 {
        actions.retain(|action| verb(action.name()) == verb(operation));
    }
    match actions.as_slice() {
        [action] => Some(*action),
        _ => None,
    }
}

/// The first word of a name: `List` of `ListBucket`.
fn verb(name: &str) -> &str {
    let second = name.char_indices().skip(1).find(|(_, c)| c.is_ascii_uppercase());
    second.and_then(|(at, _)| name.get(..at)).unwrap_or(name)
}
