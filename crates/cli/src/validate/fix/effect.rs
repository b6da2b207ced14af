//! What a repair changes about the requests that a policy allows and denies.

use std::collections::BTreeSet;

use ringfence_policy::{
    Effect as StatementEffect, PolicyDocument, RequestContext, Statement, parse_policy,
    to_canonical_json,
};
use ringfence_reasoning::{Answer, check_no_new_access};

/// What a repair does to a policy.
#[derive(Clone, Debug)]
pub(in crate::validate) enum Effect {
    /// Every request is answered as before: proved for all of them.
    Same,
    /// The policy could not be read before, and only the case of letters in names changes.
    Spelling,
    /// A request is answered otherwise.
    Changes(Box<Change>),
    /// Neither could be proved, for this reason.
    Unproven(String),
    /// It repairs nothing here, for this reason.
    NoRepair(&'static str),
}

/// A request that is answered otherwise.
#[derive(Clone, Debug)]
pub(in crate::validate) struct Change {
    /// In which way.
    pub(in crate::validate) kind: ChangeKind,
    /// The request.
    pub(in crate::validate) witness: RequestContext,
}

/// In which way requests are answered otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::validate) enum ChangeKind {
    /// They are allowed, and were not.
    AllowsMore,
    /// They were allowed, and are not any more.
    AllowsLess,
    /// They are denied, whatever else allows them, and were not.
    DeniesMore,
    /// They were denied, whatever else allows them, and are not any more.
    DeniesLess,
}

impl ChangeKind {
    /// The name in JSON.
    pub(in crate::validate) fn as_str(self) -> &'static str {
        match self {
            Self::AllowsMore => "allowsMore",
            Self::AllowsLess => "allowsLess",
            Self::DeniesMore => "deniesMore",
            Self::DeniesLess => "deniesLess",
        }
    }
}

impl Effect {
    /// Whether no request is answered otherwise.
    pub(super) fn is_safe(&self) -> bool {
        match self {
            Self::Same | Self::Spelling => true,
            Self::Changes(_) | Self::Unproven(_) | Self::NoRepair(_) => false,
        }
    }

    /// The name in JSON.
    pub(in crate::validate) fn as_str(&self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Spelling => "spelling",
            Self::Changes(_) => "changes",
            Self::Unproven(_) => "unproven",
            Self::NoRepair(_) => "noRepair",
        }
    }
}

/// What becomes of requests when one policy takes the place of another.
///
/// Both have to allow the same requests and deny the same requests: a Deny counts for what other policies allow, too.
pub(super) fn compare(before: &PolicyDocument, after: &PolicyDocument) -> Effect {
    let mut questions = vec![
        (ChangeKind::AllowsMore, before.clone(), new_in(before, after)),
        (ChangeKind::AllowsLess, after.clone(), new_in(after, before)),
    ];
    if [before, after].iter().any(|policy| policy.deny_statements().next().is_some()) {
        let (before, after) = (all_that_is_not_denied(before), all_that_is_not_denied(after));
        questions.push((ChangeKind::DeniesLess, before.clone(), after.clone()));
        questions.push((ChangeKind::DeniesMore, after, before));
    }
    let mut limit = None;
    for (kind, existing, new) in questions {
        match check_no_new_access(&existing, &new) {
            Answer::Holds => {}
            Answer::Fails(refutation) => {
                return Effect::Changes(Box::new(Change { kind, witness: refutation.witness }));
            }
            Answer::Unknown(own) => limit = Some(own),
        }
    }
    match limit {
        None => Effect::Same,
        Some(limit) => Effect::Unproven(format!(
            "whether the same requests are allowed is not decided: {limit}"
        )),
    }
}

/// The part of `new` that could allow what `existing` does not. Where both deny the same, that is no Allow statement
/// which both have: policies have many, and a repair changes few.
fn new_in(existing: &PolicyDocument, new: &PolicyDocument) -> PolicyDocument {
    let said = |policy: &PolicyDocument, effect| -> BTreeSet<String> {
        let own = policy.statements.iter().filter(|statement| statement.effect.value == effect);
        own.map(|statement| alone(policy, statement)).collect()
    };
    let denials = |policy| said(policy, StatementEffect::Deny);
    if existing.version != new.version || denials(existing) != denials(new) {
        return new.clone();
    }
    let known = said(existing, StatementEffect::Allow);
    let mut result = new.clone();
    result.statements.retain(|statement| {
        statement.effect.value == StatementEffect::Deny
            || !known.contains(&alone(new, statement)) && !is_covered(existing, statement)
    });
    number(&mut result);
    result
}

/// Whether the statement in the same place of another policy allows all that this one does, by itself. Of most repairs
/// that is true, and quickly proved.
fn is_covered(existing: &PolicyDocument, statement: &Statement) -> bool {
    let Some(before) = existing.statements.get(statement.index) else { return false };
    let alone = |own: &Statement| {
        let statements = vec![Statement { index: 0, ..own.clone() }];
        PolicyDocument { id: None, statements, ..*existing }
    };
    before.effect.value == StatementEffect::Allow
        && check_no_new_access(&alone(before), &alone(statement)) == Answer::Holds
}

/// What a statement says, wherever it stands.
fn alone(policy: &PolicyDocument, statement: &Statement) -> String {
    let statements = vec![Statement { index: 0, sid: None, ..statement.clone() }];
    to_canonical_json(&PolicyDocument { id: None, statements, ..*policy }).to_string()
}

fn number(policy: &mut PolicyDocument) {
    for (index, statement) in policy.statements.iter_mut().enumerate() {
        statement.index = index;
    }
}

/// A policy that allows everything but what this one denies.
fn all_that_is_not_denied(policy: &PolicyDocument) -> PolicyDocument {
    const EVERYTHING: &str =
        r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}"#;
    let mut result = policy.clone();
    result.statements.retain(|statement| statement.effect.value == StatementEffect::Deny);
    let names_principals = result.statements.iter().any(|statement| statement.principal.is_some());
    for mut everything in parse_policy(EVERYTHING).document.statements {
        if !names_principals {
            everything.principal = None;
        }
        result.statements.push(everything);
    }
    number(&mut result);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_changes() {
        let kind = |before: &str, after: &str| {
            let read = |text| parse_policy(text).sound().unwrap();
            match compare(&read(before), &read(after)) {
                Effect::Changes(change) => change.kind.as_str(),
                other => other.as_str(),
            }
        };
        let policy = |effect: &str, action: &str| {
            format!(
                r#"{{"Statement": {{"Effect": "{effect}", "Action": {action}, "Resource": "*"}}}}"#
            )
        };
        let allow = |action| policy("Allow", action);
        let deny = |action| policy("Deny", action);
        assert_eq!(kind(&allow(r#"["s3:*", "s3:Get*"]"#), &allow(r#""S3:*""#)), "same");
        assert_eq!(kind(&allow(r#""s3:Get*""#), &allow(r#""s3:*""#)), "allowsMore");
        assert_eq!(kind(&allow(r#""s3:*""#), &allow(r#""s3:Get*""#)), "allowsLess");
        assert_eq!(kind(&deny(r#"["s3:*", "s3:Get*"]"#), &deny(r#""s3:*""#)), "same");
        assert_eq!(kind(&deny(r#""s3:Get*""#), &deny(r#""s3:*""#)), "deniesMore");
        assert_eq!(kind(&deny(r#""s3:*""#), &deny(r#""s3:Get*""#)), "deniesLess");
        assert_eq!(kind(&allow(r#""s3:*""#), &deny(r#""s3:*""#)), "allowsLess");
    }
}
