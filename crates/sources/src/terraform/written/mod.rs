//! The configuration that a plan was made of, where its files lie beside the plan: what expressions say.
//!
//! A plan names what an expression refers to, and not what it makes of that: a policy that `jsonencode` puts together with
//! an ARN that is known only after apply is as a whole "known after apply", and the expressions behind `local.*` do not
//! stand in a plan at all. The files say both. An expression counts only when it refers to what the plan says that it
//! refers to: files that have changed since, or are others, are not taken for those of the plan.

mod evaluate;
mod files;
mod functions;
mod named;
mod operators;
mod references;
mod scope;

use hcl_edit::expr::Expression;

use super::plan::Change;
use super::values::Values;
use crate::node::Node;
use crate::planned::Planned;
use evaluate::Evaluation;
pub(super) use files::Written;
use files::{File, Module};
use scope::Scope;

impl<'p> Values<'p, '_> {
    /// What the configuration makes of an attribute, as far as it is known.
    pub(super) fn written(&self, attribute: &str) -> Option<Planned> {
        let planned = self.expression(attribute)?;
        let (module, file, expression) = self.expression_of(self.change, attribute)?;
        if !references::agree(expression, planned) {
            return None;
        }
        let evaluation = Evaluation { values: self };
        let scope = Scope::of(self.change, module, file);
        Some(evaluation.expression(&scope, expression))
    }

    fn expression_of(
        &self,
        change: &Change<'_>,
        attribute: &str,
    ) -> Option<(&'p Module, &'p File, &'p Expression)> {
        let plan = self.plan;
        let module = plan.written.module(&change.module)?;
        let kind = if change.is_data { "data" } else { "resource" };
        let (file, block) = module.block(kind, &[change.resource_type, change.name])?;
        Some((module, file, &block.body.get_attribute(attribute)?.value))
    }

    /// What `local.NAME` of a module refers to, in the plan's words.
    pub(super) fn local_references(written: &Written, module: &str, name: &str) -> Vec<String> {
        let found = written.module(module).and_then(|own| own.local(name));
        found.map(|(_, expression)| references::texts(expression)).unwrap_or_default()
    }
}

/// The text of a member of a plan.
fn text<'n>(node: &'n Node, name: &str) -> Option<&'n str> {
    node.get(name).and_then(Node::as_text)
}

/// An address or key below another.
fn joined(outer: &str, inner: &str) -> String {
    if outer.is_empty() { inner.to_owned() } else { format!("{outer}.{inner}") }
}
