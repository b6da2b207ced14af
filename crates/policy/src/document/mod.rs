//! The model of a policy document: what every other part of Ringfence reads.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

mod parse;
mod parse_condition;
mod principal;
mod print;

pub use parse::{ParsedPolicy, parse_policy, policy_from_json};
pub use principal::{Principal, PrincipalElement};
pub use print::to_canonical_json;

use crate::condition_key::ConditionKey;
use crate::condition_operator::ConditionOperator;
use crate::location::{ByteSpan, Located};
use crate::pattern::Pattern;

/// The version of the policy language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// `2012-10-17`: policy variables work.
    V2012_10_17,
    /// `2008-10-17`, written.
    V2008_10_17,
    /// No Version element: read as 2008-10-17.
    Absent,
}

/// What a statement does with the requests it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Allows them, unless something denies them.
    Allow,
    /// Denies them, whatever allows them.
    Deny,
}

/// Whether an element is written plain or with `Not` in front.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Polarity {
    /// `Action`, `Resource`, `Principal`.
    Plain,
    /// `NotAction`, `NotResource`, `NotPrincipal`.
    Not,
}

/// Whether a value that may be one or many is written alone or as a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// `"x"`
    Scalar,
    /// `["x"]`
    List,
}

/// A policy document.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyDocument {
    /// The version of the language.
    pub version: Version,
    /// The document's id; no meaning of its own.
    pub id: Option<Located<String>>,
    /// The statements, in the order of the text.
    pub statements: Vec<Statement>,
    /// Whether Statement is a list or a single object.
    pub statement_form: Form,
    /// The whole document.
    pub span: ByteSpan,
}

/// One statement: the requests that match all its elements are allowed or denied.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Where it stands among the statements, from 0; AWS's `statementIndex`.
    pub index: usize,
    /// The statement's name.
    pub sid: Option<Located<String>>,
    /// Allow or Deny.
    pub effect: Located<Effect>,
    /// Principal or NotPrincipal; absent in identity policies and SCPs.
    pub principal: Option<PrincipalElement>,
    /// Action or NotAction.
    pub action: PatternElement,
    /// Resource or NotResource; absent in role trust policies.
    pub resource: Option<PatternElement>,
    /// The conditions, all of which a request must meet.
    pub conditions: Vec<Condition>,
    /// The whole statement.
    pub span: ByteSpan,
}

/// Action, NotAction, Resource or NotResource: a request matches when one of the patterns does, or
/// with `Not` when none does.
#[derive(Clone, Debug, PartialEq)]
pub struct PatternElement {
    /// Plain or `Not`.
    pub polarity: Polarity,
    /// The element's name.
    pub key_span: ByteSpan,
    /// The element's value: the string, or the list with its brackets.
    pub value_span: ByteSpan,
    /// One string or a list.
    pub form: Form,
    /// The patterns, in the order of the text.
    pub patterns: Vec<Located<Pattern>>,
}

/// One operator applied to one key: `"StringEquals": {"aws:SourceVpc": […]}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The operator.
    pub operator: Located<ConditionOperator>,
    /// The context key.
    pub key: Located<ConditionKey>,
    /// The key's value: the string, or the list with its brackets.
    pub value_span: ByteSpan,
    /// One value or a list.
    pub form: Form,
    /// The values, as text: `true` and `5` are read as `"true"` and `"5"`. Wildcards and variables are
    /// read into tokens where the operator knows them.
    pub values: Vec<Located<Pattern>>,
}

impl PolicyDocument {
    /// The Allow statements.
    pub fn allow_statements(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(|statement| statement.effect.value == Effect::Allow)
    }

    /// The Deny statements.
    pub fn deny_statements(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(|statement| statement.effect.value == Effect::Deny)
    }
}

impl Statement {
    /// The statement's Sid, when it has one that is not empty.
    #[must_use]
    pub fn sid(&self) -> Option<&str> {
        self.sid.as_ref().map(|sid| sid.value.as_str()).filter(|sid| !sid.is_empty())
    }
}
