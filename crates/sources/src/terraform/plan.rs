//! The parts of a plan.

use std::collections::BTreeMap;

use super::written::Written;
use crate::error::SourceError;
use crate::node::{Node, NodeKind, Place};

/// A plan.
pub(super) struct Plan<'n> {
    pub(super) root: &'n Node,
    pub(super) changes: Vec<Change<'n>>,
    /// Where the changes of an address without keys are, and that of one instance.
    by_address: BTreeMap<String, Vec<usize>>,
    by_instance: BTreeMap<(String, Vec<&'n str>), usize>,
    /// The configuration that it was made of, where that can be read.
    pub(super) written: Written,
}

/// A resource that is there after the plan, goes with it, or is read.
pub(super) struct Change<'n> {
    pub(super) address: &'n str,
    /// The address without the keys of instances.
    pub(super) plain_address: String,
    /// The address of its module, without the keys of instances; empty for the root.
    pub(super) module: String,
    pub(super) resource_type: &'n str,
    pub(super) name: &'n str,
    pub(super) is_data: bool,
    pub(super) is_delete: bool,
    pub(super) before: Option<&'n Node>,
    pub(super) after: Option<&'n Node>,
    pub(super) unknown: Option<&'n Node>,
    pub(super) place: &'n Place,
}

impl<'n> Plan<'n> {
    pub(super) fn new(root: &'n Node) -> Result<Self, SourceError> {
        let version = root.get("format_version");
        let Some(version) = version else {
            let message = "this is no Terraform plan: it has no `format_version`; give what `terraform show -json \
                           PLANFILE` prints";
            return Err(root.place.problem(message));
        };
        let text = version.as_text().unwrap_or_default();
        if !matches!(text.split('.').next(), Some("0" | "1")) {
            return Err(version.place.problem(format!(
                "the plan has the format version `{text}`; this program reads 0.1 to 1.x, which Terraform 0.12 and \
                 later write"
            )));
        }
        let Some(changes) = root.get("resource_changes") else {
            let is_plan = root.get("planned_values").is_some();
            return match is_plan {
                true => Ok(Self::of(root, Vec::new())),
                false => Err(root.place.problem(
                    "this is no Terraform plan but a state: it has no `resource_changes`; give what `terraform show \
                     -json PLANFILE` prints",
                )),
            };
        };
        Ok(Self::of(root, changes.elements().iter().filter_map(change).collect()))
    }

    fn of(root: &'n Node, changes: Vec<Change<'n>>) -> Self {
        let mut by_address: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut by_instance = BTreeMap::new();
        for (index, own) in changes.iter().enumerate().filter(|(_, own)| !own.is_delete) {
            by_address.entry(own.plain_address.clone()).or_default().push(index);
            by_instance.insert((own.plain_address.clone(), keys(own.address)), index);
        }
        Self { root, changes, by_address, by_instance, written: Written::default() }
    }

    /// The instance with these keys of the resource with this address.
    pub(super) fn instance(&self, address: &str, keys: &[&'n str]) -> Option<&Change<'n>> {
        let index = self.by_instance.get(&(address.to_owned(), keys.to_vec()))?;
        self.changes.get(*index)
    }

    /// All instances of the resource with this address.
    pub(super) fn instances(&self, address: &str) -> Vec<&Change<'n>> {
        let all = self.by_address.get(address).into_iter().flatten();
        all.filter_map(|index| self.changes.get(*index)).collect()
    }

    /// The configuration of a module by its address.
    pub(super) fn module(&self, address: &str) -> Option<&'n Node> {
        let mut module = self.root.get("configuration")?.get("root_module")?;
        for name in address.split('.').filter(|piece| !piece.is_empty() && *piece != "module") {
            module = module.get("module_calls")?.get(name)?.get("module")?;
        }
        Some(module)
    }

    /// The configuration of a resource.
    pub(super) fn configuration(&self, change: &Change<'_>) -> Option<&'n Node> {
        let mode = if change.is_data { "data" } else { "managed" };
        let all = self.module(&change.module)?.get("resources")?.elements().iter();
        let text = |node: &'n Node, name: &str| node.get(name).and_then(Node::as_text);
        let mut found = all.filter(|own| {
            text(own, "type") == Some(change.resource_type)
                && text(own, "name") == Some(change.name)
                && text(own, "mode") == Some(mode)
        });
        found.next()
    }
}

fn change(node: &Node) -> Option<Change<'_>> {
    let change = node.get("change")?;
    let actions: Vec<&str> =
        change.get("actions")?.elements().iter().filter_map(Node::as_text).collect();
    let text = |name: &str| node.get(name).and_then(Node::as_text);
    let address = text("address")?;
    // What is there may be known only after apply, all of it: an empty object.
    let known = |name: &str| change.get(name).filter(|own| matches!(own.kind, NodeKind::Map(_)));
    Some(Change {
        address,
        plain_address: plain(address),
        module: plain(text("module_address").unwrap_or_default()),
        resource_type: text("type")?,
        name: text("name")?,
        is_data: text("mode") == Some("data"),
        is_delete: actions == ["delete"],
        before: known("before"),
        after: known("after"),
        unknown: change.get("after_unknown"),
        place: &node.place,
    })
}

/// An address without the keys of instances, `["a"]` or `[0]`.
pub(super) fn plain(address: &str) -> String {
    let mut text = String::new();
    let mut rest = address;
    while let Some(at) = rest.find('[') {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        let end = match from.starts_with("[\"") {
            true => from.find("\"]").map(|end| end + 2),
            false => from.find(']').map(|end| end + 1),
        };
        rest = end.and_then(|end| from.get(end..)).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

/// The keys of instances in an address.
pub(super) fn keys(address: &str) -> Vec<&str> {
    address.split('[').skip(1).filter_map(|piece| piece.split(']').next()).collect()
}
