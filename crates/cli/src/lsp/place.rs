//! Which part of a policy an entry of the outline is.

use super::outline::{EntryKind, Outline, Role};

/// The element `Statement`, under which everything but the head of a policy stands.
pub(super) const STATEMENT: &str = "Statement";

/// A part of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place<'t> {
    /// The name of an element.
    ElementName(Scope),
    /// The value of `Version`.
    Version,
    /// The value of `Effect`.
    Effect,
    /// A value of `Action` or `NotAction`.
    Action,
    /// A value of `Resource` or `NotResource`.
    Resource,
    /// The name of a condition operator.
    Operator,
    /// The name of a condition key, under this operator.
    ConditionKey { operator: &'t str },
    /// A value that a condition compares with.
    ConditionValue { operator: &'t str, key: &'t str },
}

/// Where names of elements stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// At the top of the document.
    Policy,
    /// In a statement.
    Statement,
    /// In `Principal` or `NotPrincipal`.
    Principal,
}

/// The part of a policy that an entry is; none for what policies have no such part for.
pub(super) fn place<'t>(outline: &Outline<'t>, number: usize) -> Option<Place<'t>> {
    let entry = outline.entry(number)?;
    if matches!(entry.kind, EntryKind::Object | EntryKind::Array) {
        return None;
    }
    let path = outline.path(number)?;
    match (entry.role, path.as_slice()) {
        (Role::Name, []) => Some(Place::ElementName(Scope::Policy)),
        (Role::Name, [STATEMENT]) => Some(Place::ElementName(Scope::Statement)),
        (Role::Name, [STATEMENT, "Principal" | "NotPrincipal"]) => {
            Some(Place::ElementName(Scope::Principal))
        }
        (Role::Name, [STATEMENT, "Condition"]) => Some(Place::Operator),
        (Role::Name, [STATEMENT, "Condition", operator]) => Some(Place::ConditionKey { operator }),
        (Role::Value, ["Version"]) => Some(Place::Version),
        (Role::Value, [STATEMENT, "Effect"]) => Some(Place::Effect),
        (Role::Value, [STATEMENT, "Action" | "NotAction"]) => Some(Place::Action),
        (Role::Value, [STATEMENT, "Resource" | "NotResource"]) => Some(Place::Resource),
        (Role::Value, [STATEMENT, "Condition", operator, key]) => {
            Some(Place::ConditionValue { operator, key })
        }
        _ => None,
    }
}

/// The statement that an entry stands in.
pub(super) fn statement_around(outline: &Outline<'_>, number: usize) -> Option<usize> {
    outline.object_around(number, &[STATEMENT])
}

/// What a statement says about the actions it is for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum StatementActions<'t> {
    /// `Action` with these patterns.
    Patterns(Vec<&'t str>),
    /// `NotAction`, or nothing yet: any action.
    Any,
}

/// The actions of a statement.
pub(super) fn statement_actions<'t>(
    outline: &Outline<'t>,
    statement: Option<usize>,
) -> StatementActions<'t> {
    let Some(statement) = statement else { return StatementActions::Any };
    let is_text = |kind| matches!(kind, EntryKind::String | EntryKind::UnclosedString);
    let values = outline.member_values(statement, "Action").filter(|entry| is_text(entry.kind));
    let patterns: Vec<&str> = values.map(|entry| outline.text_of(entry)).collect();
    match patterns.is_empty() {
        true => StatementActions::Any,
        false => StatementActions::Patterns(patterns),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<'t>(text: &'t str, wanted: &str) -> (Option<Place<'t>>, StatementActions<'t>) {
        let outline = Outline::new(text);
        let is_wanted = |number: &usize| outline.text_of(outline.entry(*number).unwrap()) == wanted;
        let number = outline.entries().map(|(number, _)| number).find(is_wanted).unwrap();
        let actions = statement_actions(&outline, statement_around(&outline, number));
        (place(&outline, number), actions)
    }

    #[test]
    fn tells_the_parts_of_a_policy_apart() {
        let text = r#"{"Version": "v", "Statement": {
            "Effect": "Allow", "Principal": {"AWS": "p"}, "NotAction": ["a"], "Resource": "r",
            "Condition": {"op": {"key": ["value"]}}, "Other": {"x": "y"}}}"#;
        for (wanted, expected) in [
            ("Version", Some(Place::ElementName(Scope::Policy))),
            ("v", Some(Place::Version)),
            ("Effect", Some(Place::ElementName(Scope::Statement))),
            ("Allow", Some(Place::Effect)),
            ("AWS", Some(Place::ElementName(Scope::Principal))),
            ("p", None),
            ("a", Some(Place::Action)),
            ("r", Some(Place::Resource)),
            ("op", Some(Place::Operator)),
            ("key", Some(Place::ConditionKey { operator: "op" })),
            ("value", Some(Place::ConditionValue { operator: "op", key: "key" })),
            ("x", None),
            ("y", None),
        ] {
            assert_eq!(read(text, wanted).0, expected, "{wanted}");
        }
    }

    #[test]
    fn a_statement_has_its_own_actions() {
        let text = r#"{"Statement": [{"Action": ["a", "b"], "Resource": "r1"},
            {"Action": "c", "Resource": "r2"}, {"NotAction": "d", "Resource": "r3"}]}"#;
        for (resource, actions) in [("r1", vec!["a", "b"]), ("r2", vec!["c"])] {
            assert_eq!(read(text, resource).1, StatementActions::Patterns(actions));
        }
        assert_eq!(read(text, "r3").1, StatementActions::Any);
    }
}
