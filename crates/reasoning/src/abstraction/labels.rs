//! The words a policy has for the values of a key.

use std::collections::BTreeSet;

use ringfence_policy::{Condition, ConditionKey, PolicyDocument, Principal};

use crate::encode::{self, Variables};
use crate::theory::attribute::Choice;
use crate::theory::value::{Test, Value};

/// A word for some values of one component.
pub(super) struct Label {
    /// What is printed.
    pub(super) text: String,
    pub(super) word: Word,
}

/// What a label stands for.
pub(super) enum Word {
    Principal(Principal),
    /// A value of a condition, with the operator that reads it.
    Value(Condition),
}

/// A component of a description: the principal, or a reported key.
pub(super) struct Component {
    /// None for the principal.
    pub(super) key: Option<ConditionKey>,
    pub(super) labels: Vec<Label>,
}

/// All components; the first is the principal.
pub(super) struct Labels {
    pub(super) components: Vec<Component>,
}

impl Labels {
    /// The labels that `policies` write for the principal and for `reported` keys.
    pub(super) fn collect(policies: &[&PolicyDocument], reported: &[&str]) -> Self {
        let mut components = vec![Component { key: None, labels: Vec::new() }];
        for statement in policies.iter().flat_map(|policy| &policy.statements) {
            for principal in statement.principal.iter().flat_map(|element| &element.principals) {
                if principal.value != Principal::Everyone
                    && let Some(component) = components.first_mut()
                {
                    component.add(String::new(), Word::Principal(principal.value.clone()));
                }
            }
            for condition in &statement.conditions {
                let key = &condition.key.value;
                let Some(name) =
                    reported.iter().find(|name| name.eq_ignore_ascii_case(key.folded()))
                else {
                    continue;
                };
                let known = components.iter().position(|c| c.key.as_ref() == Some(key));
                let index = known.unwrap_or_else(|| {
                    let key = Some(ConditionKey::new(name));
                    components.push(Component { key, labels: Vec::new() });
                    components.len() - 1
                });
                if let Some(component) = components.get_mut(index) {
                    component.add_values(condition);
                }
            }
        }
        Self { components }
    }
}

impl Component {
    fn add(&mut self, text: String, word: Word) {
        let same = |label: &Label| match (&label.word, &word) {
            (Word::Principal(own), Word::Principal(other)) => own == other,
            (Word::Value(own), Word::Value(other)) => {
                label.text == text
                    && own.operator.value.comparison == other.operator.value.comparison
            }
            (Word::Principal(_), Word::Value(_)) | (Word::Value(_), Word::Principal(_)) => false,
        };
        if !self.labels.iter().any(same) {
            self.labels.push(Label { text, word });
        }
    }

    fn add_values(&mut self, condition: &Condition) {
        use ringfence_policy::Comparison;
        if condition.operator.value.comparison == Comparison::Null {
            return;
        }
        for value in &condition.values {
            let mut alone = condition.clone();
            alone.values = vec![value.clone()];
            self.add(value.value.text().to_owned(), Word::Value(alone));
        }
    }
}

/// The tests of a component's labels; none for a label whose variable has no value.
pub(super) fn tests(
    component: &Component,
    variables: &Variables,
    partitions: &BTreeSet<String>,
) -> Vec<Option<Test>> {
    let test = |label: &Label| match &label.word {
        Word::Principal(principal) => {
            Some(Test::Identity(encode::named_test(&[principal], partitions)))
        }
        Word::Value(condition) => encode::value_test(condition, variables),
    };
    component.labels.iter().map(test).collect()
}

/// Whether the value of `choice` has the label that `test` reads. Absence has no label.
pub(super) fn has(test: Option<&Test>, choice: &Choice) -> bool {
    let Some(test) = test else { return false };
    match choice {
        Choice::Absent => false,
        Choice::Value(value) => test.passes(value),
        Choice::Values(values) => values.iter().any(|value: &Value| test.passes(value)),
    }
}
