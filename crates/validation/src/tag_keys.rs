//! Actions in statements with a tag condition that their requests never meet.

use ringfence_policy::Effect;
use ringfence_policy::catalogue::{Action, ConditionKey};
use ringfence_policy::location::ByteSpan;

use crate::document::{ActionPattern, Condition, Document, Statement};

/// The actions of one service that do not know a tag condition of their statement.
pub(crate) struct Unsupported<'d> {
    pub(crate) service: &'static str,
    pub(crate) key: &'d str,
    /// The actions in the order of the text, then the condition key.
    pub(crate) places: Vec<ByteSpan>,
}

const RESOURCE_TAG: &str = "aws:ResourceTag/";

/// Whether a condition key is one of those that name a tag, and names none: `aws:ResourceTag/`, `ec2:ResourceTag`.
pub(crate) fn is_tag_without_name(key: &str) -> bool {
    const NAMES: &[&str] = &["ResourceTag", "RequestTag", "PrincipalTag"];
    let Some((_, name)) = key.split_once(':') else { return false };
    let start = name.strip_suffix('/').unwrap_or(name);
    let is_name = |known: &&str| known.eq_ignore_ascii_case(start);
    // `ec2:ResourceTag/` has the form of a tag key, `x:ResourceTag` may be a key of its own.
    NAMES.iter().any(is_name) && (name.ends_with('/') || is_global(key))
}

fn is_global(key: &str) -> bool {
    key.split_once(':').is_some_and(|(prefix, _)| prefix.eq_ignore_ascii_case("aws"))
}

/// Whether the condition is about a tag of the resource.
pub(crate) fn is_resource_tag(condition: &Condition<'_>) -> bool {
    condition.key_after(RESOURCE_TAG).is_some_and(|tag| !tag.is_empty())
}

/// The tag conditions of the statements with this effect, each with the services whose actions do not know it.
pub(crate) fn unsupported<'d>(document: &Document<'d>, effect: Effect) -> Vec<Unsupported<'d>> {
    let statements = document.statements.iter().filter(|s| s.effect() == Some(effect));
    statements.flat_map(unsupported_in).collect()
}

fn unsupported_in<'d>(statement: &Statement<'d>) -> Vec<Unsupported<'d>> {
    let Some(condition) = statement.conditions.iter().find(|condition| is_resource_tag(condition))
    else {
        return Vec::new();
    };
    let mut found: Vec<Unsupported<'d>> = Vec::new();
    for action in statement.actions() {
        let Some(service) = service_without_tags(action) else { continue };
        match found.iter_mut().find(|other| other.service == service) {
            Some(other) => other.places.push(action.text.span),
            None => found.push(Unsupported {
                service,
                key: condition.key.value,
                places: vec![action.text.span],
            }),
        }
    }
    for unsupported in &mut found {
        unsupported.places.push(condition.key.span);
    }
    found
}

/// The service of the pattern, when it matches something and nothing that it matches knows tags.
fn service_without_tags(action: &ActionPattern<'_>) -> Option<&'static str> {
    let service = action.service()?;
    let mut actions = action.actions().peekable();
    actions.peek()?;
    (!actions.any(knows_tags)).then(|| service.prefix())
}

/// Whether requests for the action can hold a tag key. AWS does not report actions that create resources: they know
/// the tags of the request, if not those of a resource that is yet to be.
fn knows_tags(action: Action<'static>) -> bool {
    action.condition_keys().any(is_tag_key)
        || action.resource_types().any(|resource| {
            resource.condition_keys().any(is_tag_key)
                || resource.resource_type().condition_keys().any(is_tag_key)
        })
}

fn is_tag_key(key: ConditionKey) -> bool {
    let name = key.name();
    name.starts_with(RESOURCE_TAG) || name.starts_with("aws:RequestTag/") || name == "aws:TagKeys"
}
