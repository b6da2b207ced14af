//! What expressions refer to, in the words of a plan.

use std::collections::BTreeSet;

use hcl_edit::expr::{Expression, ForExpr, Traversal, TraversalOperator};
use hcl_edit::visit::{Visit, visit_for_expr, visit_traversal};

use crate::node::Node;
use crate::terraform::plan::plain;
use crate::terraform::references::texts as planned_texts;

/// Whether an expression refers to what a plan says that it refers to.
pub(super) fn agree(expression: &Expression, planned: &Node) -> bool {
    let written = texts(expression);
    let planned: Vec<String> = planned_texts(Some(planned)).into_iter().map(plain).collect();
    let is_part = |one: &str, whole: &str| {
        whole.strip_prefix(one).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    written.iter().all(|own| planned.iter().any(|it| is_part(it, own)))
        && planned.iter().all(|it| written.iter().any(|own| is_part(it, own)))
}

/// What an expression refers to, without indexes, each as far as names go.
pub(super) fn texts(expression: &Expression) -> Vec<String> {
    let mut found = Found::default();
    found.visit_expr(expression);
    found.texts.retain(|text| {
        let first = text.split('.').next().unwrap_or_default();
        !found.variables.contains(first)
    });
    found.texts
}

#[derive(Default)]
struct Found {
    texts: Vec<String>,
    /// Names that `for` gives.
    variables: BTreeSet<String>,
}

impl Visit for Found {
    fn visit_expr(&mut self, node: &Expression) {
        match node {
            // A name alone refers to nothing that a plan knows but in a `for`.
            Expression::Variable(_) => {}
            _ => hcl_edit::visit::visit_expr(self, node),
        }
    }

    fn visit_traversal(&mut self, node: &Traversal) {
        if let Expression::Variable(first) = &node.expr {
            let mut text = first.as_str().to_owned();
            for operator in &node.operators {
                match operator.value() {
                    TraversalOperator::GetAttr(name) => {
                        text.push('.');
                        text.push_str(name.as_str());
                    }
                    TraversalOperator::Index(_) => {}
                    _ => break,
                }
            }
            self.texts.push(text);
        }
        visit_traversal(self, node);
    }

    fn visit_for_expr(&mut self, node: &ForExpr) {
        let names = node.intro.key_var.iter().chain([&node.intro.value_var]);
        self.variables.extend(names.map(|name| name.as_str().to_owned()));
        visit_for_expr(self, node);
    }
}
