//! What the catalogue and the reference pages say about a name, in Markdown for an editor.

use ringfence_policy::ConditionOperator;
use ringfence_policy::catalogue::{Action, Catalogue, ConditionKey, Service};
use ringfence_policy::evaluate::condition_operator_pages;

/// Lists are cut after this many entries, and say so.
const LISTED: usize = 24;

/// About an action, or what a pattern of actions matches.
pub(super) fn action(written: &str) -> String {
    let catalogue = Catalogue::embedded();
    if let Some(action) = catalogue.action(written) {
        return one_action(action);
    }
    if !written.contains(['*', '?']) {
        return format!(
            "`{written}`\n\nThe catalogue that this program was built with has no such action."
        );
    }
    let matched: Vec<String> =
        catalogue.match_actions(written).map(|action| format!("`{action}`")).collect();
    let count = matched.len();
    format!("`{written}` matches {count} actions\n\n{}", listed(matched))
}

fn one_action(action: Action<'_>) -> String {
    let mut text = format!("**{action}** · {}\n", action.service().name());
    let levels: Vec<&str> = action.access_levels().iter().map(|level| level.as_str()).collect();
    if !levels.is_empty() {
        text += &format!("\nAccess level: {}\n", levels.join(", "));
    }
    let resource_types: Vec<String> = action
        .resource_types()
        .map(|in_action| {
            let required = if in_action.is_required() { " (required)" } else { "" };
            let resource_type = in_action.resource_type();
            let formats: Vec<String> =
                resource_type.arn_formats().map(|format| format!("`{format}`")).collect();
            format!("- {}{required}: {}", resource_type.name(), formats.join(", "))
        })
        .collect();
    text += &match resource_types.is_empty() {
        true => "\nResource types: none, only `\"Resource\": \"*\"` works\n".to_owned(),
        false => format!("\nResource types:\n\n{}\n", resource_types.join("\n")),
    };
    let keys = keys_of_action(action);
    if !keys.is_empty() {
        let names = keys.iter().map(|key| format!("`{}`", key.name())).collect();
        text += &format!("\nCondition keys, besides the global ones: {}\n", listed(names));
    }
    let others: Vec<String> =
        action.dependent_actions().iter().map(|other| format!("`{other}`")).collect();
    if !others.is_empty() {
        text += &format!("\nThe operation may also need: {}\n", listed(others));
    }
    text
}

/// The condition keys of an action and of its resource types, each once, the global ones left out.
pub(super) fn keys_of_action(action: Action<'_>) -> Vec<ConditionKey> {
    let mut keys: Vec<ConditionKey> = action.condition_keys().collect();
    for resource_type in action.resource_types() {
        keys.extend(resource_type.condition_keys());
    }
    keys.retain(|key| !key.is_global());
    keys.sort_by_key(|key| key.name());
    keys.dedup();
    keys
}

/// About the service that a prefix stands for.
pub(super) fn service(prefix: &str) -> String {
    match Catalogue::embedded().service(prefix) {
        Some(service) => one_service(service),
        None => format!(
            "`{prefix}`\n\nThe catalogue that this program was built with has no such service prefix."
        ),
    }
}

fn one_service(service: Service<'_>) -> String {
    let types: Vec<String> =
        service.resource_types().map(|resource_type| resource_type.name().to_owned()).collect();
    let types = if types.is_empty() { "none".to_owned() } else { listed(types) };
    format!(
        "**{}** · {}\n\n{} actions\n\nResource types: {types}\n",
        service.prefix(),
        service.name(),
        service.actions().count(),
    )
}

/// About a condition key.
pub(super) fn condition_key(written: &str) -> String {
    let Some(key) = Catalogue::embedded().condition_key(written) else {
        return format!(
            "`{written}`\n\nThe catalogue that this program was built with has no such condition key."
        );
    };
    let types: Vec<&str> = key.value_types().iter().map(|value_type| value_type.as_str()).collect();
    let values = match key.is_multi_valued() {
        true => "multi-valued: use it with `ForAnyValue:` or `ForAllValues:`",
        false => "single-valued",
    };
    let scope = match key.is_global() {
        true => "Global: requests to every service can have it.",
        false => "Only requests to the services that define it have it.",
    };
    format!("**{}** · {}, {values}\n\n{scope}\n", key.name(), types.join(" or "))
}

/// About a condition operator.
pub(super) fn condition_operator(written: &str) -> String {
    let Some(operator) = ConditionOperator::parse(written) else {
        return format!("`{written}` is no condition operator.");
    };
    let pages = condition_operator_pages(operator);
    let paragraphs: Vec<String> = pages.into_iter().map(first_paragraph).collect();
    format!("**{operator}**\n\n{}\n", paragraphs.join("\n\n"))
}

/// The first paragraph of a page, on one line.
fn first_paragraph(page: &str) -> String {
    let lines = page.lines().skip_while(|line| line.trim().is_empty() || line.starts_with('#'));
    lines.take_while(|line| !line.trim().is_empty()).collect::<Vec<_>>().join(" ")
}

fn listed(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(LISTED);
    names.truncate(LISTED);
    match more {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_the_catalogue_knows() {
        let text = action("S3:getobject");
        assert!(text.starts_with("**s3:GetObject** · Amazon S3\n\nAccess level: Read\n"), "{text}");
        assert!(text.contains("- object: `arn:${Partition}:s3:::"), "{text}");
        assert!(text.contains("`s3:ExistingObjectTag/<key>`"), "{text}");
        assert!(action("sqs:SendMessage").contains("- queue (required): `arn:${Partition}:sqs:"));
        assert!(action("s3:ListAllMyBuckets").contains("only `\"Resource\": \"*\"` works"));
        assert!(action("lambda:CreateFunction").contains("may also need: `iam:PassRole`"));
        assert!(action("s3:Get*").contains(" actions\n\n`s3:GetAccelerateConfiguration`, "));
        assert!(action("s3:GetObjekt").contains("no such action"));
        assert!(service("kms").starts_with("**kms** · AWS Key Management Service\n"));
        assert!(service("kmz").contains("no such service prefix"));
    }

    #[test]
    fn tells_keys_and_operators() {
        let tags = condition_key("aws:tagkeys");
        assert!(tags.starts_with("**aws:TagKeys** · String, multi-valued"), "{tags}");
        assert!(condition_key("aws:EpochTime").contains("Date or Numeric, single-valued"));
        assert!(condition_key("s3:prefixes").contains("no such condition key"));
        let operator = condition_operator("ForAnyValue:StringLikeIfExists");
        assert_eq!(operator.matches("\n\n").count(), 3, "{operator}");
        assert!(operator.contains("`*` stands for any number of characters"), "{operator}");
        assert!(condition_operator("Like").contains("is no condition operator"));
    }
}
