//! Conditions whose value leaves so much open that they do not restrict who may use a resource.

use ringfence_policy::location::ByteSpan;
use ringfence_policy::{Comparison, Effect};

use crate::document::{Condition, Document, Statement, Text};

/// Keys in which nothing may be left open:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sensitive>.
const SENSITIVE: &[&str] = &[
    "aws:PrincipalAccount",
    "aws:PrincipalOrgID",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:VpceAccount",
    "aws:VpceOrgID",
];

/// Keys whose values may be open behind a start that means something.
const IDENTIFYING: &[&str] = &[
    "aws:PrincipalArn",
    "aws:PrincipalOrgPaths",
    "aws:SourceArn",
    "aws:SourceOrgPaths",
    "aws:SourceVpcArn",
    "aws:VpceOrgPaths",
];

/// So many characters have to stand before the open part.
const LITERAL_START: usize = 6;

/// Why a value is too open.
#[derive(Clone, Copy)]
pub(crate) enum TooOpen {
    /// The key takes none of it.
    Sensitive,
    /// Fewer than six characters stand before it.
    ShortStart,
    /// `aws:userid` is open in the part before the colon.
    UserId,
}

/// A value that is too open.
pub(crate) struct OpenValue<'d> {
    pub(crate) key: &'d str,
    pub(crate) place: ByteSpan,
    pub(crate) why: TooOpen,
}

/// The values that are too open, where `opening` gives the offset of the first open part. Only resource policies and
/// role trust policies are judged: in them a condition is often all that stands between a resource and everyone,
/// while AWS accepts `"aws:ResourceAccount": "${aws:PrincipalAccount}"` in identity policies.
pub(crate) fn open_values<'d>(
    document: &Document<'d>,
    opening: impl Fn(&Condition<'d>, Text<'d>) -> Option<usize>,
) -> Vec<OpenValue<'d>> {
    let mut found = Vec::new();
    if !document.kind.is_resource_based() {
        return found;
    }
    for statement in &document.statements {
        for condition in &statement.conditions {
            if !lets_in(statement, condition) {
                continue;
            }
            for text in condition.strings() {
                let why = opening(condition, text).and_then(|open| judge(condition, text, open));
                found.extend(why.map(|why| OpenValue {
                    key: condition.key.value,
                    place: text.span,
                    why,
                }));
            }
        }
    }
    found
}

/// Whether a more open value lets more requests in.
fn lets_in(statement: &Statement<'_>, condition: &Condition<'_>) -> bool {
    let Some(comparison) = condition.comparison() else { return false };
    let wanted = match statement.effect() {
        Some(Effect::Allow) => false,
        Some(Effect::Deny) => true,
        None => return false,
    };
    condition.takes_variables() && comparison.is_negated() == wanted
}

fn judge(condition: &Condition<'_>, text: Text<'_>, open: usize) -> Option<TooOpen> {
    if SENSITIVE.iter().any(|key| condition.is_key(key)) {
        return Some(TooOpen::Sensitive);
    }
    if condition.is_key("aws:userid") {
        let is_behind_colon = text.value.get(..open).is_some_and(|start| start.contains(':'));
        let is_whole_start = text.value.starts_with("*:")
            || text.value.starts_with("${") && {
                text.value.split_once('}').is_some_and(|(_, rest)| rest.starts_with(':'))
            };
        return (!is_behind_colon && !is_whole_start).then_some(TooOpen::UserId);
    }
    let is_identifying = IDENTIFYING.iter().any(|key| condition.is_key(key));
    (is_identifying && open < LITERAL_START).then_some(TooOpen::ShortStart)
}

/// Whether `*` and `?` are wildcards under the operator.
pub(crate) fn has_wildcards(condition: &Condition<'_>) -> bool {
    matches!(
        condition.comparison(),
        Some(
            Comparison::StringLike
                | Comparison::StringNotLike
                | Comparison::ArnEquals
                | Comparison::ArnLike
                | Comparison::ArnNotEquals
                | Comparison::ArnNotLike
        )
    )
}
