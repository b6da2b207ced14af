//! What a rule reads: found in its text, so that what is not known, or not to be trusted, is told apart from what does
//! not matter to it.

use std::collections::BTreeSet;

use serde_json::Value;

/// A fact that may not be known. Each is a bit of [`Facts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FactName {
    Tags,
    KeyAliases,
    Account,
    PrincipalAccount,
    DataClassification,
    Partner,
    ChangedBy,
}

impl FactName {
    pub(super) const ALL: [Self; 7] = [
        Self::Tags,
        Self::KeyAliases,
        Self::Account,
        Self::PrincipalAccount,
        Self::DataClassification,
        Self::Partner,
        Self::ChangedBy,
    ];

    /// The attribute of `context`.
    pub(super) fn attribute(self) -> &'static str {
        match self {
            Self::Tags => "tags",
            Self::KeyAliases => "keyAliases",
            Self::Account => "account",
            Self::PrincipalAccount => "principalAccount",
            Self::DataClassification => "dataClassification",
            Self::Partner => "partner",
            Self::ChangedBy => "changedBy",
        }
    }

    fn bit(self) -> u8 {
        match self {
            Self::Tags => 1,
            Self::KeyAliases => 1 << 1,
            Self::Account => 1 << 2,
            Self::PrincipalAccount => 1 << 3,
            Self::DataClassification => 1 << 4,
            Self::Partner => 1 << 5,
            Self::ChangedBy => 1 << 6,
        }
    }
}

/// A set of facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts(u8);

impl Facts {
    /// How many sets there are.
    pub(super) const SETS: usize = 1 << FactName::ALL.len();
    pub(super) const EVERY: Self = Self(127);

    pub(super) fn with(self, name: FactName) -> Self {
        Self(self.0 | name.bit())
    }

    pub(super) fn contains(self, name: FactName) -> bool {
        self.0 & name.bit() != 0
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// A number below [`Facts::SETS`].
    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }

    pub(super) fn names(self) -> impl Iterator<Item = FactName> {
        FactName::ALL.into_iter().filter(move |name| self.contains(*name))
    }
}

/// What an expression reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reads {
    /// Facts of the context.
    pub(super) facts: Facts,
    /// Other attributes of the context.
    pub(super) context: BTreeSet<String>,
    /// Attributes of the finding.
    pub(super) finding: BTreeSet<String>,
    /// Keys of tags of the resource.
    pub(super) tags: BTreeSet<String>,
    /// Whether it reads tags whose keys its text does not say.
    pub(super) any_tag: bool,
    /// Whether it uses the finding as a whole: perhaps all of it.
    pub(super) whole_finding: bool,
    /// Whether it uses the context as a whole: perhaps all of it.
    pub(super) whole_context: bool,
}

impl Reads {
    /// What `expression` reads; it is one of Cedar's JSON policy format.
    /// <https://docs.cedarpolicy.com/policies/json-format.html>
    pub(super) fn of(expression: &Value) -> Self {
        let mut reads = Self::default();
        reads.walk(expression);
        if reads.whole_context {
            reads.facts = Facts::EVERY;
            reads.any_tag = true;
        }
        reads
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.facts = self.facts.or(other.facts);
        self.context.extend(other.context.iter().cloned());
        self.finding.extend(other.finding.iter().cloned());
        self.tags.extend(other.tags.iter().cloned());
        self.any_tag |= other.any_tag;
        self.whole_finding |= other.whole_finding;
        self.whole_context |= other.whole_context;
    }

    fn walk(&mut self, expression: &Value) {
        let members = match expression {
            Value::Object(members) => members,
            Value::Array(items) => return items.iter().for_each(|item| self.walk(item)),
            _ => return,
        };
        for (name, inner) in members {
            match name.as_str() {
                "Var" if inner == "context" => self.whole_context = true,
                "Var" if inner == "resource" => self.whole_finding = true,
                "Value" | "Var" => {}
                "." | "has" if self.attribute(inner, name) => {}
                "hasTag" | "getTag" if self.tag(inner) => {}
                _ => self.walk(inner),
            }
        }
    }

    /// Whether `access` is one to an attribute of the context or the finding; then it is noted.
    fn attribute(&mut self, access: &Value, operator: &str) -> bool {
        let Some(attribute) = access.get("attr").and_then(first_text) else { return false };
        match access.get("left").and_then(variable) {
            Some("context") => {
                match FactName::ALL.into_iter().find(|fact| fact.attribute() == attribute) {
                    Some(fact) => self.facts = self.facts.with(fact),
                    None => _ = self.context.insert(attribute.to_owned()),
                }
                // The tags as they are, and not one of them by its key.
                self.any_tag |= attribute == "tags" && operator == ".";
                true
            }
            Some("resource") => {
                self.finding.insert(attribute.to_owned());
                true
            }
            _ => false,
        }
    }

    /// Whether `access` is one to a tag of the resource by a key that is written there; then it is noted.
    fn tag(&mut self, access: &Value) -> bool {
        let is_tags = access.get("left").and_then(|left| left.get(".")).is_some_and(|left| {
            left.get("left").and_then(variable) == Some("context")
                && left.get("attr").and_then(first_text) == Some("tags")
        });
        let key = access.get("right").and_then(|right| right.get("Value")).and_then(Value::as_str);
        match key {
            Some(key) if is_tags => {
                self.facts = self.facts.with(FactName::Tags);
                self.tags.insert(key.to_owned());
                true
            }
            _ => false,
        }
    }
}

fn variable(expression: &Value) -> Option<&str> {
    expression.get("Var").and_then(Value::as_str)
}

/// A name, or the first of several: `has` may test a path.
fn first_text(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value.as_array()?.first()?.as_str())
}

/// What all of has to hold so that `condition` of a policy does: the parts of a `when` between `&&`, and of an `unless`
/// between `||`, the latter negated.
pub(super) fn conjuncts(condition: &Value, into: &mut Vec<Value>) {
    let Some(body) = condition.get("body") else { return };
    match condition.get("kind").and_then(Value::as_str) {
        Some("unless") => {
            split(body, "||", into, &|part| serde_json::json!({ "!": { "arg": part } }))
        }
        _ => split(body, "&&", into, &Value::clone),
    }
}

fn split(expression: &Value, by: &str, into: &mut Vec<Value>, part: &dyn Fn(&Value) -> Value) {
    let sides = expression.get(by).map(|own| (own.get("left"), own.get("right")));
    match sides {
        Some((Some(left), Some(right))) => {
            split(left, by, into, part);
            split(right, by, into, part);
        }
        _ => into.push(part(expression)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(condition: &str) -> Reads {
        let text = format!("permit (principal, action, resource) when {{ {condition} }};");
        let policy = cedar_policy::Policy::parse(None, text).unwrap().to_json().unwrap();
        Reads::of(&policy["conditions"][0]["body"])
    }

    #[test]
    fn tags_by_name_are_told_apart_from_tags_as_they_are() {
        let own =
            reads(r#"context has tags && context.tags.hasTag("a b") && context.riskScore < 3"#);
        assert_eq!(own.tags, BTreeSet::from(["a b".to_owned()]));
        assert!(!own.any_tag && !own.whole_context);
        assert_eq!(own.facts.names().collect::<Vec<_>>(), [FactName::Tags]);
        assert_eq!(own.context, BTreeSet::from(["riskScore".to_owned()]));
        assert!(reads("context.tags.hasTag(resource.id)").any_tag);
        assert!(reads("context.tags == context.account.tags").any_tag);
        let own = reads(r#"context has account.name && resource.principal.kind == "AWS""#);
        assert!(own.facts.contains(FactName::Account));
        assert_eq!(own.finding, BTreeSet::from(["principal".to_owned()]));
    }

    #[test]
    fn what_is_used_as_a_whole_may_be_read_in_all_parts() {
        let own = reads("(if resource.isPublic then context else context).riskScore > 3");
        assert_eq!((own.facts, own.any_tag), (Facts::EVERY, true));
    }
}
