//! What a service takes as the policy of a resource.

use ringfence_validation::ValidatePolicyResourceType;
use serde_json::Value;

use super::text;
use crate::slot::Slot;

/// The rules for the policy in one slot.
#[derive(Clone, Debug)]
pub(super) struct PolicyRules {
    /// The slot.
    pub(super) slot: Slot,
    /// How long it may be.
    pub(super) size: Size,
    /// How many statements it may have; nothing where that is not limited.
    pub(super) statements: Option<usize>,
    /// How many actions a statement may have.
    pub(super) actions: Option<usize>,
    /// The resources that a Deny is for where no statement says them; none where statements have none.
    pub(super) resources: fn(arn: &str) -> Vec<String>,
    /// What it is to ValidatePolicy.
    pub(super) validated_as: Option<ValidatePolicyResourceType>,
    /// Who may write it.
    pub(super) administration: Administration,
    /// Whether there may be callers of one's own without credentials.
    pub(super) anonymous: Anonymous,
}

/// How long a policy may be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Size {
    /// In bytes, white space included.
    Bytes(usize),
    /// In characters without the white space between tokens.
    Characters(usize),
}

/// Whether a resource may be without its policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Empty {
    /// The policy is deleted.
    Deleted,
    /// There has to be one.
    NotTaken,
}

/// Who decides about writing the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Administration {
    /// Identity policies alone: the policy has no say in it.
    IdentityPolicies,
    /// Identity policies, unless the policy denies: these actions must not be denied to the account.
    NotDenied(&'static [&'static str]),
    /// The policy itself has to allow this action to the account.
    Allowed(&'static str),
}

/// Whether callers without credentials may be one's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anonymous {
    /// They are nobody.
    Nobody,
    /// They may be: NFS clients in the own network.
    MayBeOwn,
}

/// No resource.
pub(super) fn no_resource(_: &str) -> Vec<String> {
    Vec::new()
}

/// The resource itself.
pub(super) fn itself(arn: &str) -> Vec<String> {
    vec![arn.to_owned()]
}

/// Whatever the policy is attached to.
pub(super) fn anything(_: &str) -> Vec<String> {
    vec!["*".to_owned()]
}

/// A table and its indexes.
pub(super) fn table_and_indexes(arn: &str) -> Vec<String> {
    vec![arn.to_owned(), format!("{arn}/index/*")]
}

/// Whether the service takes a policy of this length with these new statements.
pub(super) fn fits(rules: &PolicyRules, policy: &str, new: &[Value]) -> bool {
    let is_short = match rules.size {
        Size::Bytes(most) => policy.len() <= most,
        Size::Characters(most) => characters(policy) <= most,
    };
    let count = || text::statements(policy).map_or(usize::MAX, |own| own.len());
    let actions = |own: &Value| own.get("Action").and_then(Value::as_array).map_or(1, Vec::len);
    is_short
        && rules.statements.is_none_or(|most| count() <= most)
        && rules.actions.is_none_or(|most| new.iter().all(|own| actions(own) <= most))
}

/// Characters without the white space between tokens.
fn characters(policy: &str) -> usize {
    let (mut count, mut in_string, mut escaped) = (0, false, false);
    for own in policy.chars() {
        count += usize::from(in_string || !own.is_ascii_whitespace());
        if escaped {
            escaped = false;
            continue;
        }
        match own {
            '"' => in_string = !in_string,
            '\\' if in_string => escaped = true,
            _ => {}
        }
    }
    count
}
