//! Statements: one definition each, so that a model can be read against the policy.

use ringfence_policy::{Effect, Pattern, Polarity, PrincipalElement, Statement};

use super::Unsupported;
use super::caller::Caller;
use super::condition::Meaning;
use super::keys::{Keys, Value};
use super::patterns::{Case, Piece, Place, matches, pieces};
use super::terms::{Term, all_of, any_of, not, string};

/// What a variable stands for.
pub(super) struct Variable {
    pub(super) text: Term,
    pub(super) may_hold_colon: bool,
    /// It has a value.
    pub(super) has_value: Term,
}

/// Collects definitions and assertions.
pub(super) struct Writer {
    pub(super) keys: Keys,
    pub(super) caller: Caller,
    body: String,
}

impl Writer {
    pub(super) fn new(keys: Keys, caller: Caller) -> Self {
        Self { keys, caller, body: String::new() }
    }

    /// Gives a term a name; the name.
    pub(super) fn define(&mut self, name: &str, term: &str) -> Term {
        self.body.push_str(&format!("(define-fun {name} () Bool {term})\n"));
        name.to_owned()
    }

    pub(super) fn assert(&mut self, comment: &str, term: &str) {
        self.body.push_str(&format!("; {comment}\n(assert {term})\n"));
    }

    /// The whole file.
    pub(super) fn finish(self, header: &str) -> String {
        let keys = self.keys.declarations();
        let caller = self.caller.declarations();
        format!(
            "{header}(set-logic ALL)\n(set-option :produce-models true)\n\
             ; The action in lower case: policies do not tell its case.\n(declare-const action String)\n\
             (declare-const resource String)\n; The caller.\n{caller}; The context keys.\n{keys}\
             ; The statements: which requests each matches.\n{}(check-sat)\n(get-model)\n",
            self.body
        )
    }

    /// Defines the requests that `statement` matches as `name`.
    pub(super) fn statement(
        &mut self,
        name: &str,
        statement: &Statement,
    ) -> Result<Term, Unsupported> {
        let mut terms = Vec::new();
        let actions: Vec<&Pattern> = statement.action.patterns.iter().map(|p| &p.value).collect();
        terms.push(signed(statement.action.polarity, self.any_action(&actions)?));
        if let Some(element) = &statement.resource {
            let patterns: Vec<&Pattern> = element.patterns.iter().map(|p| &p.value).collect();
            let mut have_values = Vec::new();
            let any = self.any_resource_with(&patterns, &mut have_values)?;
            terms.push(signed(element.polarity, any));
            // A variable without a value makes the statement not match, under NotResource too.
            terms.extend(have_values);
        }
        if let Some(element) = &statement.principal {
            terms.push(self.principal(element, statement.effect.value)?);
        }
        for condition in &statement.conditions {
            terms.push(self.condition(condition, Meaning::AsWritten)?);
        }
        Ok(self.define(name, &all_of(terms)))
    }

    fn principal(
        &mut self,
        element: &PrincipalElement,
        effect: Effect,
    ) -> Result<Term, Unsupported> {
        Ok(match (element.polarity, effect) {
            (Polarity::Plain, _) => self.caller.is_named_in(&element.principals)?,
            (Polarity::Not, Effect::Allow) => not(&self.caller.is_named_in(&element.principals)?),
            (Polarity::Not, Effect::Deny) => not(&self.caller.is_exempt(&element.principals)?),
        })
    }

    /// One of the patterns matches the action. Case does not count, so the action is in lower case and so
    /// are the patterns; an upper case letter in its place would be a letter like any that no pattern has.
    pub(super) fn any_action(&mut self, patterns: &[&Pattern]) -> Result<Term, Unsupported> {
        let terms = patterns.iter().map(|pattern| {
            let pieces = pieces(pattern, Place::Text, |_, _| Ok((String::new(), false)))?;
            matches("action", &pieces, Case::Lower)
        });
        Ok(any_of(terms.collect::<Result<Vec<_>, _>>()?))
    }

    /// One of the patterns, which hold no variables, matches the resource.
    pub(super) fn any_resource(&mut self, patterns: &[&Pattern]) -> Result<Term, Unsupported> {
        self.any_resource_with(patterns, &mut Vec::new())
    }

    fn any_resource_with(
        &mut self,
        patterns: &[&Pattern],
        have_values: &mut Vec<Term>,
    ) -> Result<Term, Unsupported> {
        let mut terms = Vec::new();
        for pattern in patterns {
            let pieces: Vec<Piece> = pieces(pattern, Place::Resource, |key, default| {
                let variable = self.variable(key, default)?;
                have_values.push(variable.has_value);
                Ok((variable.text, variable.may_hold_colon))
            })?;
            terms.push(matches("resource", &pieces, Case::Sensitive)?);
        }
        Ok(any_of(terms))
    }

    /// The value of a policy variable: that of its key when it has exactly one, else the default.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>
    pub(super) fn variable(
        &mut self,
        key: &str,
        default: Option<&str>,
    ) -> Result<Variable, Unsupported> {
        let (present, text, may_hold_colon) = if super::caller::is_caller_key(key) {
            let own = self.caller.key(key);
            (own.present, own.text, own.may_hold_colon)
        } else {
            let texts: Vec<Term> = self
                .keys
                .values(key)
                .into_iter()
                .filter_map(|value| match value {
                    Value::Text(term) => Some(term),
                    _ => None,
                })
                .collect();
            let same = texts.windows(2).map(|pair| format!("(= {})", pair.join(" ")));
            let present = all_of([self.keys.present(key)].into_iter().chain(same));
            (present, texts.first().cloned().unwrap_or_default(), true)
        };
        Ok(match default {
            None => Variable { text, may_hold_colon, has_value: present },
            Some(default) => Variable {
                text: format!("(ite {present} {text} {})", string(default)?),
                may_hold_colon: may_hold_colon || default.contains(':'),
                has_value: "true".to_owned(),
            },
        })
    }
}

fn signed(polarity: Polarity, term: Term) -> Term {
    match polarity {
        Polarity::Plain => term,
        Polarity::Not => not(&term),
    }
}
