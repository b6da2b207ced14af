//! What expressions refer to.

use super::plan::{Change, Plan, keys, plain};
use super::values::Values;
use crate::node::Node;

/// Variables and outputs are followed this far.
const MAX_DEPTH: usize = 16;

/// An attribute of a resource that an expression refers to.
pub(super) struct Reference<'p, 'n> {
    /// The instances that may be meant.
    pub(super) changes: Vec<&'p Change<'n>>,
    pub(super) attribute: String,
}

impl<'n> Plan<'n> {
    /// What an expression of a resource refers to; those that lead nowhere are left out.
    pub(super) fn references<'p>(
        &'p self,
        of: &Change<'n>,
        expression: Option<&Node>,
    ) -> Vec<Reference<'p, 'n>> {
        let mut found = Vec::new();
        for text in texts(expression) {
            self.follow(of, &of.module, text, MAX_DEPTH, &mut found);
        }
        found
    }

    fn follow<'p>(
        &'p self,
        of: &Change<'n>,
        module: &str,
        text: &str,
        depth: usize,
        into: &mut Vec<Reference<'p, 'n>>,
    ) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let plain_text = plain(text);
        let pieces: Vec<&str> = plain_text.split('.').collect();
        match pieces.as_slice() {
            ["each", "value", attribute @ ..] => {
                let each = self.configuration(of).and_then(|own| own.get("for_each_expression"));
                for text in texts(each) {
                    let text = std::iter::once(text).chain(attribute.iter().copied());
                    let text = text.collect::<Vec<_>>().join(".");
                    self.follow(of, module, &text, depth, into);
                }
            }
            ["var", name, ..] => {
                let Some((outer, call)) = parent(module) else { return };
                let calls = self.module(outer).and_then(|own| own.get("module_calls"));
                let call =
                    calls.and_then(|all| all.get(call)).and_then(|own| own.get("expressions"));
                for text in texts(call.and_then(|own| own.get(name))) {
                    self.follow(of, outer, text, depth, into);
                }
            }
            ["local", name, ..] => {
                for text in Values::local_references(&self.written, module, name) {
                    self.follow(of, module, &text, depth, into);
                }
            }
            ["module", name, output, ..] => {
                let inner = joined(module, &format!("module.{name}"));
                let outputs = self.module(&inner).and_then(|own| own.get("outputs"));
                let output =
                    outputs.and_then(|all| all.get(output)).and_then(|own| own.get("expression"));
                for text in texts(output) {
                    self.follow(of, &inner, text, depth, into);
                }
            }
            ["data", kind, name, attribute @ ..] => {
                let address = joined(module, &format!("data.{kind}.{name}"));
                self.found(of, text, &address, attribute, into);
            }
            [kind, name, attribute @ ..] if kind.starts_with("aws_") => {
                let address = joined(module, &format!("{kind}.{name}"));
                self.found(of, text, &address, attribute, into);
            }
            _ => {}
        }
    }

    fn found<'p>(
        &'p self,
        of: &Change<'n>,
        text: &str,
        address: &str,
        attribute: &[&str],
        into: &mut Vec<Reference<'p, 'n>>,
    ) {
        if attribute.is_empty() {
            return; // Terraform names the resource after each of its attributes.
        }
        let said = keys(text);
        let own = match said.is_empty() {
            true => self.instance(address, &keys(of.address)),
            false => None,
        };
        let changes = match own {
            Some(own) => vec![own],
            None => {
                let mut all = self.instances(address);
                let meant = |own: &&Change<'n>| keys(own.address).ends_with(&said);
                if all.iter().any(meant) {
                    all.retain(meant);
                }
                all
            }
        };
        into.push(Reference { changes, attribute: attribute.join(".") });
    }
}

/// The references that stand in an expression and in what is in it.
pub(super) fn texts(expression: Option<&Node>) -> Vec<&str> {
    let mut found = Vec::new();
    collect(expression, &mut found);
    found
}

fn collect<'e>(expression: Option<&'e Node>, into: &mut Vec<&'e str>) {
    let Some(expression) = expression else { return };
    if let Some(references) = expression.get("references") {
        into.extend(references.elements().iter().filter_map(Node::as_text));
        return;
    }
    expression.elements().iter().for_each(|own| collect(Some(own), into));
    expression.members().iter().for_each(|(_, own)| collect(Some(own), into));
}

fn joined(module: &str, rest: &str) -> String {
    if module.is_empty() { rest.to_owned() } else { format!("{module}.{rest}") }
}

/// The module around a module, and what it calls that by.
pub(super) fn parent(module: &str) -> Option<(&str, &str)> {
    match module.rsplit_once("module.") {
        Some((outer, name)) => Some((outer.trim_end_matches('.'), name)),
        None => None,
    }
}
