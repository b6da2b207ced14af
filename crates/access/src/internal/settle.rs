//! What is left of statements for the requests of one principal for one resource.
//!
//! Principal and resource settle most conditions (names, accounts, organizations, tags). A condition that
//! they settle is decided by the evaluator, with which no search can be faster; the others stay, and are
//! the question that is put to the engine.

use std::collections::BTreeMap;

use ringfence_policy::evaluate::{Match, statement_matches};
use ringfence_policy::{
    ByteSpan, Condition, ConditionKey, ContextValue, Effect, Form, Located, Pattern,
    PatternElement, Polarity, PrincipalElement, Statement, Token, Variables, Wildcards,
};
use serde_json::json;

use super::known::{Circumstances, Known};
use super::observation::PrincipalType;
use super::overlap::{covers, may_overlap};
use crate::pattern_rest::escaped;
use crate::synthetic;

/// What settling statements relied on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reliance {
    /// Values that requests have to show.
    pub(super) shown: BTreeMap<ConditionKey, ContextValue>,
    /// Keys that they must not show.
    pub(super) absent: Vec<ConditionKey>,
    /// What is left asks who the caller is.
    pub(super) caller: bool,
    /// What is left asks which resource it is, other than as a beginning of patterns.
    pub(super) resource: bool,
}

/// What is left of a statement.
#[derive(Clone, Debug)]
pub(super) enum Settled {
    /// It is about none of the requests.
    Never,
    /// It is about all of them.
    Always,
    /// It is about those that match this statement.
    Sometimes(Box<Statement>),
}

enum SettledCondition {
    Never,
    Always,
    Open(Condition),
}

enum SettledResource {
    Never,
    Always,
    Open(PatternElement),
}

impl Circumstances<'_> {
    /// What is left of `statement` for requests for something of `arns`. `sessions` is what is left of
    /// its Principal element.
    pub(super) fn settle(
        &self,
        statement: &Statement,
        sessions: Option<PrincipalElement>,
        arns: &[String],
        reliance: &mut Reliance,
    ) -> Settled {
        let resource = match &statement.resource {
            None => None,
            Some(element) => match self.settle_resource(element, arns, reliance) {
                SettledResource::Never => return Settled::Never,
                SettledResource::Always => None,
                SettledResource::Open(element) => Some(element),
            },
        };
        let mut conditions = Vec::new();
        for condition in &statement.conditions {
            match self.settle_condition(condition, reliance) {
                SettledCondition::Never => return Settled::Never,
                SettledCondition::Always => {}
                SettledCondition::Open(condition) => conditions.push(condition),
            }
        }
        if resource.is_none() && conditions.is_empty() && sessions.is_none() {
            return Settled::Always;
        }
        reliance.caller |= sessions.is_some();
        let mut left = anything();
        left.effect.clone_from(&statement.effect);
        left.index = statement.index;
        left.principal = sessions;
        left.resource = resource;
        left.conditions = conditions;
        Settled::Sometimes(Box::new(left))
    }

    fn settle_resource(
        &self,
        element: &PatternElement,
        arns: &[String],
        reliance: &mut Reliance,
    ) -> SettledResource {
        let mut left = Vec::new();
        for pattern in &element.patterns {
            match self.substitute(&pattern.value, reliance) {
                // The whole statement does not match then, under NotResource too.
                Substituted::NoValue => return SettledResource::Never,
                Substituted::Same => left.push(pattern.clone()),
                Substituted::Pattern(value) => {
                    left.push(Located::new(value, pattern.span));
                }
            }
        }
        let has_variable = left.iter().any(|own| own.value.variables().next().is_some());
        left.retain(|own| arns.iter().any(|arn| may_overlap(&own.value, arn)));
        let covered = left.iter().any(|own| arns.iter().all(|arn| covers(&own.value, arn)));
        match (element.polarity, has_variable) {
            (Polarity::Plain, _) if left.is_empty() => return SettledResource::Never,
            (Polarity::Not, _) if covered => return SettledResource::Never,
            (Polarity::Plain, false) if covered => return SettledResource::Always,
            (Polarity::Not, false) if left.is_empty() => return SettledResource::Always,
            _ => {}
        }
        let arn = self.resource.arn.as_str();
        let is_beginning = |own: &Pattern| match own.tokens() {
            [Token::Literal(text), ..] => text.starts_with(arn),
            _ => false,
        };
        reliance.resource |= has_variable || !left.iter().all(|own| is_beginning(&own.value));
        SettledResource::Open(PatternElement { patterns: left, ..element.clone() })
    }

    fn settle_condition(&self, condition: &Condition, reliance: &mut Reliance) -> SettledCondition {
        let own = self.known(&condition.key.value);
        let variables: Vec<ConditionKey> = condition
            .values
            .iter()
            .flat_map(|value| value.value.variables())
            .map(ConditionKey::new)
            .collect();
        let all_known = !matches!(own, Known::Open)
            && variables.iter().all(|key| !matches!(self.known(key), Known::Open));
        if all_known {
            let keys = variables.iter().chain([&condition.key.value]);
            return match self.holds(condition, keys, reliance) {
                Match::Matches => SettledCondition::Always,
                Match::DoesNotMatch => SettledCondition::Never,
            };
        }
        let mut left = condition.clone();
        for value in &mut left.values {
            if let Substituted::Pattern(own) = self.substitute(&value.value, reliance) {
                value.value = own;
            }
        }
        let key = condition.key.value.folded();
        reliance.caller |= CALLER_KEYS.iter().any(|own| key.starts_with(own));
        reliance.resource |= RESOURCE_KEYS.iter().any(|own| key.starts_with(own));
        if left.values.iter().any(|value| value.value.variables().next().is_some()) {
            for variable in &variables {
                self.rely_on(variable, reliance);
            }
            (reliance.caller, reliance.resource) = (true, true);
        }
        SettledCondition::Open(left)
    }

    /// Whether the condition holds; `keys` are all known.
    fn holds<'k>(
        &self,
        condition: &Condition,
        keys: impl Iterator<Item = &'k ConditionKey>,
        reliance: &mut Reliance,
    ) -> Match {
        let mut request = self.bare.clone();
        for key in keys {
            match self.known(key) {
                Known::Value(value) => drop(request.context.insert(key.clone(), value)),
                Known::Absent => {
                    request.context.insert(key.clone(), ContextValue::Many(Vec::new()));
                }
                Known::Derived | Known::Open => {}
            }
            self.rely_on(key, reliance);
        }
        let mut alone = anything();
        alone.conditions.push(condition.clone());
        statement_matches(&alone, &request)
    }

    fn rely_on(&self, key: &ConditionKey, reliance: &mut Reliance) {
        match self.known(key) {
            Known::Value(value) => drop(reliance.shown.insert(key.clone(), value)),
            Known::Absent => reliance.absent.push(key.clone()),
            Known::Derived | Known::Open => {}
        }
    }

    /// The pattern with its variables replaced, when all of them are known.
    fn substitute(&self, pattern: &Pattern, reliance: &mut Reliance) -> Substituted {
        if pattern.variables().next().is_none() {
            return Substituted::Same;
        }
        let mut text = String::new();
        for token in pattern.tokens() {
            match token {
                Token::Literal(own) => text.push_str(&escaped(own)),
                Token::AnyOne => text.push('?'),
                Token::AnyMany => text.push('*'),
                Token::Variable { key, default } => {
                    let key = ConditionKey::new(key);
                    let value = match self.known(&key) {
                        Known::Open => return Substituted::Same,
                        Known::Absent => None,
                        Known::Value(value) => single(&value),
                        Known::Derived => self.derived(&key),
                    };
                    self.rely_on(&key, reliance);
                    match value.or_else(|| default.clone()) {
                        Some(value) => text.push_str(&escaped(&value)),
                        None => return Substituted::NoValue,
                    }
                }
            }
        }
        Substituted::Pattern(Pattern::new(&text, Wildcards::Yes, Variables::Yes))
    }

    /// A statement that the principal's requests match, with what settling relied on.
    pub(super) fn own_requests(&self, reliance: &Reliance) -> Statement {
        let mut equal = serde_json::Map::new();
        let mut any = serde_json::Map::new();
        for (key, value) in &reliance.shown {
            match value {
                ContextValue::Single(text) => {
                    equal.insert(key.as_written().to_owned(), json!(escaped(text)));
                }
                ContextValue::Many(texts) => {
                    let texts: Vec<String> = texts.iter().map(|text| escaped(text)).collect();
                    any.insert(key.as_written().to_owned(), json!(texts));
                }
            }
        }
        let absent: serde_json::Map<_, _> = reliance
            .absent
            .iter()
            .map(|key| (key.as_written().to_owned(), json!("true")))
            .collect();
        let mut like = serde_json::Map::new();
        if self.principal.kind == PrincipalType::IamRole
            && let Some(id) = self.principal.unique_id.filter(|id| id.starts_with("AROA"))
        {
            like.insert("aws:userid".to_owned(), json!(format!("{}:*", escaped(id))));
        }
        let operators = [
            ("StringEquals", equal),
            ("ForAnyValue:StringEquals", any),
            ("Null", absent),
            ("StringLike", like),
        ];
        let conditions: serde_json::Map<_, _> = operators
            .into_iter()
            .filter(|(_, keys)| !keys.is_empty())
            .map(|(operator, keys)| (operator.to_owned(), json!(keys)))
            .collect();
        let who = json!({
            "Principal": {"AWS": self.principal.arn.to_string()}, "Resource": "*", "Condition": conditions,
        });
        let allow = synthetic::allow(who, &["*".to_owned()]);
        synthetic::document(&[allow]).statements.pop().unwrap_or_else(anything)
    }
}

enum Substituted {
    /// There is no variable, or one whose value is open.
    Same,
    Pattern(Pattern),
    /// A variable has neither value nor default.
    NoValue,
}

/// The keys of the caller, by their beginnings in lower case.
const CALLER_KEYS: &[&str] =
    &["aws:principal", "aws:userid", "aws:username", "aws:federatedprovider"];

/// Keys that say which resource it is.
const RESOURCE_KEYS: &[&str] =
    &["aws:resource", "s3:resourceaccount", "kms:requestalias", "kms:resourcealiases"];

fn single(value: &ContextValue) -> Option<String> {
    match value.values() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

/// A statement that every request matches.
pub(super) fn anything() -> Statement {
    let span = ByteSpan::default();
    Statement {
        index: 0,
        sid: None,
        effect: Located::new(Effect::Allow, span),
        principal: None,
        action: PatternElement {
            polarity: Polarity::Plain,
            key_span: span,
            value_span: span,
            form: Form::Scalar,
            patterns: vec![Located::new(Pattern::new("*", Wildcards::Yes, Variables::No), span)],
        },
        resource: None,
        conditions: Vec::new(),
        span,
    }
}
