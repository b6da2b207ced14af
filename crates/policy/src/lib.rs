//! What a policy says: the model of a policy document, its parser with the place of every token, its
//! printer, the evaluator for one request, and the service catalogue.
//!
//! Pure: no files, no clock, no environment. Broken policies are input, not failure: reading gives the
//! model that could be built and every problem with its place. What policies mean for every request at
//! once is left to the `reasoning` crate, which shares nothing with the evaluator but this model.

pub mod catalogue;
pub mod evaluate;
pub mod json;
pub mod location;

mod account_id;
mod arn;
mod condition_key;
mod condition_operator;
mod diagnostic;
mod document;
mod pattern;
mod policy_type;
mod request;
mod scenario;

pub use account_id::AccountId;
pub use arn::{Arn, Partition};
pub use condition_key::ConditionKey;
pub use condition_operator::{Comparison, ConditionOperator, IfExists, Qualifier};
pub use diagnostic::{Diagnostic, DiagnosticKind};
pub use document::{
    Condition, Effect, Form, ParsedPolicy, PatternElement, Polarity, PolicyDocument, Principal,
    PrincipalElement, Statement, Version, parse_policy, policy_from_json, to_canonical_json,
};
pub use location::{ByteSpan, LineIndex, Located, Location, PathElement, Position, Span};
pub use pattern::{Pattern, Token, Variables, Wildcards};
pub use policy_type::PolicyType;
pub use request::{Caller, ContextValue, RequestContext};
pub use scenario::{Scenario, scenario_from_json};
