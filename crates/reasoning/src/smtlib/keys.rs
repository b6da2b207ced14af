//! Context keys: which there are, of which sort their values are, and how many values a model needs.

use std::collections::{BTreeMap, BTreeSet};

use ringfence_policy::{Condition, ConditionOperator, Pattern, Qualifier, Statement};

use super::Unsupported;
use super::caller::is_caller_key;
use super::terms::{Term, symbol};
use super::values::{Family, family};

/// The keys of every service that may have several values; the others that start with `aws:` have one,
/// whatever operator is used on them:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>.
const MANY_VALUED: &[&str] = &[
    "aws:calledvia",
    "aws:principalorgpaths",
    "aws:principalservicenameslist",
    "aws:resourceorgpaths",
    "aws:sourceorgpaths",
    "aws:tagkeys",
    "aws:vpceorgpaths",
];

/// A value of a key.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(Term),
    /// Text whose case no policy looks at, in lower case.
    LowerText(Term),
    Truth(Term),
    Address {
        is_v4: Term,
        number: Term,
    },
    Number(Term),
    Instant(Term),
    Bytes(Term),
}

#[derive(Default)]
struct Key {
    families: BTreeSet<Family>,
    atoms: BTreeSet<(ConditionOperator, Vec<String>)>,
    has_set_operator: bool,
    is_variable: bool,
}

/// All keys of a question but those of the caller, by their names in lower case.
#[derive(Default)]
pub(super) struct Keys(BTreeMap<String, Key>);

impl Keys {
    pub(super) fn new<'s>(
        statements: impl Iterator<Item = &'s Statement>,
    ) -> Result<Self, Unsupported> {
        let mut keys = Self::default();
        for statement in statements {
            for pattern in statement.resource.iter().flat_map(|element| &element.patterns) {
                keys.note_variables(&pattern.value);
            }
            for condition in &statement.conditions {
                keys.note(condition);
                // The fixed values among those of a condition are a condition of their own.
                if let Some(fixed) = super::fixed_part(condition) {
                    keys.note(&fixed);
                }
            }
        }
        match keys.0.iter().find(|(_, key)| key.sort().is_none()) {
            Some((name, _)) => Err(Unsupported::MixedTypes(name.clone())),
            None => Ok(keys),
        }
    }

    fn note(&mut self, condition: &Condition) {
        condition.values.iter().for_each(|value| self.note_variables(&value.value));
        let name = condition.key.value.folded();
        if is_caller_key(name) {
            return;
        }
        let operator = condition.operator.value;
        let key = self.0.entry(name.to_owned()).or_default();
        key.families.extend(family(operator.comparison));
        key.has_set_operator |= operator.qualifier != Qualifier::None;
        let values = condition.values.iter().map(|value| value.value.text().to_owned());
        key.atoms.insert((operator, values.collect()));
    }

    fn note_variables(&mut self, pattern: &Pattern) {
        for name in pattern.variables().filter(|name| !is_caller_key(name)) {
            let key = self.0.entry(name.to_owned()).or_default();
            key.families.insert(Family::Text);
            key.is_variable = true;
        }
    }

    /// Whether the request has the key.
    pub(super) fn present(&self, name: &str) -> Term {
        symbol(&format!("{}.present", self.number(name)), name)
    }

    fn number(&self, name: &str) -> String {
        format!("k{}", self.0.keys().take_while(|own| own.as_str() < name).count())
    }

    /// The values of the key; they count only where it is present. Several may be the same.
    pub(super) fn values(&self, name: &str) -> Vec<Value> {
        let Some(key) = self.0.get(name) else { return Vec::new() };
        let Some(sort) = key.sort() else { return Vec::new() };
        let value = |index: usize| {
            let part = |part: &str| symbol(&format!("{}.{index}{part}", self.number(name)), name);
            Some(match sort {
                Sort::Nothing => return None,
                Sort::Text => Value::Text(part("")),
                Sort::LowerText => Value::LowerText(part("")),
                Sort::Truth => Value::Truth(part("")),
                Sort::Address => Value::Address { is_v4: part(".v4"), number: part("") },
                Sort::Number => Value::Number(part("")),
                Sort::Instant => Value::Instant(part("")),
                Sort::Bytes => Value::Bytes(part("")),
            })
        };
        (0..key.size(name)).filter_map(value).collect()
    }

    /// The declarations of all keys.
    pub(super) fn declarations(&self) -> String {
        let mut text = String::new();
        for name in self.0.keys() {
            text.push_str(&format!("(declare-const {} Bool)\n", self.present(name)));
            for value in self.values(name) {
                text.push_str(&match value {
                    Value::Text(term) | Value::LowerText(term) | Value::Bytes(term) => {
                        format!("(declare-const {term} String)\n")
                    }
                    Value::Truth(term) => format!("(declare-const {term} Bool)\n"),
                    Value::Number(term) => format!("(declare-const {term} Real)\n"),
                    Value::Instant(term) => format!("(declare-const {term} Int)\n"),
                    Value::Address { is_v4, number } => format!(
                        "(declare-const {is_v4} Bool)\n(declare-const {number} Int)\n\
                         (assert (<= 0 {number} (ite {is_v4} {} {})))\n",
                        u32::MAX,
                        u128::MAX
                    ),
                });
            }
        }
        text
    }
}

#[derive(Clone, Copy)]
enum Sort {
    Nothing,
    Text,
    LowerText,
    Truth,
    Address,
    Number,
    Instant,
    Bytes,
}

impl Key {
    /// The sort of the values; nothing when policies disagree.
    fn sort(&self) -> Option<Sort> {
        let families: Vec<Family> = self.families.iter().copied().collect();
        Some(match families.as_slice() {
            [] => Sort::Nothing,
            [Family::FoldedText] => Sort::LowerText,
            [Family::Truth] => Sort::Truth,
            [Family::Address] => Sort::Address,
            [Family::Number] => Sort::Number,
            [Family::Instant] => Sort::Instant,
            [Family::Bytes] => Sort::Bytes,
            all if all.iter().all(|own| *own <= Family::Truth) => Sort::Text,
            _ => return None,
        })
    }

    /// How many values a set needs to show everything that policies can tell of sets of any size.
    ///
    /// Each atom (one operator with its values) is, when it is true or when it is false, the claim that
    /// some value is so or so; the other way round it is a claim about every value. Take any set and
    /// keep of it one value for each claim of the first sort that is true of it: those stay true, and
    /// claims about every value stay true of fewer. So one value an atom is enough, and one where there is
    /// no atom, since a key without values is absent. One more shows "several values" to a variable,
    /// which reads keys with one value only.
    fn size(&self, name: &str) -> usize {
        let has_one = name.starts_with("aws:") && !MANY_VALUED.contains(&name);
        if has_one || !self.has_set_operator {
            return 1;
        }
        self.atoms.len().max(1) + usize::from(self.is_variable)
    }
}
