//! The evaluator: one concrete request against the policies that apply to it.
//!
//! It is written to be read as the specification of what a policy means, and every rule cites the page of
//! AWS that states it. It is simple rather than fast, and it shares nothing with the `reasoning` crate but
//! the model, so that each of the two can check the other.
//!
//! From the inside out: a condition operator (`condition_operators`) compares values; an
//! element (`elements`) of a statement matches a request or not; a [statement](statement_matches) matches
//! when all its elements do; a [document](document_decision) allows when an Allow statement matches and no
//! Deny statement does; a layer (`layers`) of the stack binds a request or not and allows what its documents
//! allow together; and [`decide()`] combines the layers.
//!
//! Unknown operators, broken patterns and the like never reach this module: a document with a problem is
//! not evaluated at all (see [`crate::ParsedPolicy::sound`]).

mod address;
mod condition;
mod condition_operator_pages;
mod condition_operators;
mod decide;
mod document;
mod elements;
mod facts;
mod glob;
mod instant;
mod layers;
mod service_rules;
mod stack;
mod statement;

#[cfg(test)]
mod tests;

pub use condition_operator_pages::condition_operator_pages;
pub use decide::decide;
pub use document::{Decision, document_decision};
pub use layers::resource_control_policies::SERVICES as RESOURCE_CONTROL_POLICY_SERVICES;
pub use stack::{Layer, Outcome, PolicyStack, Reason, StatementReference};
pub use statement::{Match, statement_matches};
