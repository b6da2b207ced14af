#![doc = include_str!("invalid_action.md")]

use crate::checks::Check;
use crate::document::{ActionPattern, Document};
use crate::finding::FindingType;
use crate::finding::Replacement;
use crate::nearest::{did_you_mean, nearest};
use crate::report::Report;
use ringfence_policy::catalogue::Service;

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
    // An operation of the API may be authorized as actions of other names.
    let mut authorized = service.operation_actions(name);
    authorized.retain(|action| action.service() == service);
    if let [first, others @ ..] = authorized.as_slice() {
        let names: Vec<String> = authorized.iter().map(|action| format!("`{action}`")).collect();
        let details = format!(
            "`{}` is an operation and no action: it is authorized as {}. Write what it needs.",
            action.text.value,
            names.join(", ")
        );
        let replacement = Replacement { span: action.text.span, text: format!("\"{first}\"") };
        let replacement = others.is_empty().then_some(replacement);
        return report.repair(vec![action.text.span], replacement, details);
    }
    let meant = nearest(name, service.actions().map(|action| action.name()));
    let details = format!(
        "{} has no action `{name}`. Correct the name or remove it.{}",
        service.name(),
        did_you_mean(meant)
    );
    report.at(action.text.span, details);
}
