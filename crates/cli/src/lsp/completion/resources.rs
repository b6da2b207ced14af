//! Resources: the ARN formats that the statement's actions can act on.

use std::collections::BTreeMap;

use gen_lsp_types::CompletionItemKind;
use ringfence_policy::catalogue::{Action, Catalogue};

use super::{Offer, Places};
use crate::lsp::outline::Outline;
use crate::lsp::place::StatementActions;

/// No more actions than this are named beside an ARN format.
const NAMED: usize = 3;

/// The ARN formats for the statement's actions; where these are open, those of the service whose ARN is being typed.
pub(super) fn offers(actions: &StatementActions<'_>, typed: &str, partition: &str) -> Vec<Offer> {
    let patterns: Vec<String> = match actions {
        StatementActions::Patterns(patterns) => patterns
            .iter()
            .filter(|pattern| has_service(pattern))
            .map(|p| (*p).to_owned())
            .collect(),
        StatementActions::Any => Vec::new(),
    };
    let patterns = match patterns.is_empty() {
        false => patterns,
        true => service_of(typed).map(|service| format!("{service}:*")).into_iter().collect(),
    };
    let catalogue = Catalogue::embedded();
    let mut formats: BTreeMap<&str, Vec<Action<'_>>> = BTreeMap::new();
    let mut star: Vec<Action<'_>> = Vec::new();
    for action in patterns.iter().flat_map(|pattern| catalogue.match_actions(pattern)) {
        let mut has_type = false;
        for in_action in action.resource_types() {
            has_type = true;
            for format in in_action.resource_type().arn_formats() {
                let users = formats.entry(format).or_default();
                if users.last() != Some(&action) {
                    users.push(action);
                }
            }
        }
        if !has_type {
            star.push(action);
        }
    }
    let every = match star.is_empty() {
        true => "every resource".to_owned(),
        false => format!("every resource; needed by {}", named(&star)),
    };
    let format = |(format, users): (&str, Vec<Action<'_>>)| Offer {
        name: format.replace("${Partition}", partition),
        places: Places::ToFillIn,
        kind: CompletionItemKind::Reference,
        detail: format!("for {}", named(&users)),
        rank: 0,
        topic: None,
    };
    let star = Offer {
        name: "*".to_owned(),
        places: Places::None,
        kind: CompletionItemKind::Constant,
        detail: every,
        rank: 1,
        topic: None,
    };
    formats.into_iter().map(format).chain([star]).collect()
}

/// The partition that the document's ARNs are of, `aws` where none has another.
pub(super) fn partition(outline: &Outline<'_>) -> &'static str {
    let other =
        ["aws-us-gov", "aws-cn", "aws-eusc", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-iso"];
    let is_used = |partition: &&str| outline.text().contains(&format!("arn:{partition}:"));
    other.into_iter().find(is_used).unwrap_or("aws")
}

/// Whether a pattern of actions names its service.
fn has_service(pattern: &str) -> bool {
    pattern.split_once(':').is_some_and(|(prefix, _)| !prefix.contains(['*', '?']))
}

/// The service field of an ARN that is being typed.
fn service_of(typed: &str) -> Option<&str> {
    let service = typed.strip_prefix("arn:")?.split(':').nth(1)?;
    Catalogue::embedded().service(service).map(|service| service.prefix())
}

fn named(actions: &[Action<'_>]) -> String {
    let shown: Vec<&str> = actions.iter().take(NAMED).map(|action| action.name()).collect();
    match actions.len().saturating_sub(NAMED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
