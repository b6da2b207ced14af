//! Names that SAM gives to what it makes: `Function.Alias`, `Function.Version`.

use std::collections::BTreeMap;

use crate::node::{Node, NodeKind};

/// The template with the names of what was made.
pub(super) fn renamed(mut template: Node, names: &BTreeMap<String, String>) -> Node {
    if !names.is_empty() {
        rename(&mut template, names);
    }
    template
}

fn rename(node: &mut Node, names: &BTreeMap<String, String>) {
    match &mut node.kind {
        NodeKind::List(all) => all.iter_mut().for_each(|own| rename(own, names)),
        NodeKind::Map(members) => {
            for (key, value) in members {
                match (&*key.name, &mut value.kind) {
                    ("Ref", NodeKind::Text(text)) => {
                        if let Some(name) = names.get(text) {
                            name.clone_into(text);
                        }
                    }
                    ("Fn::Sub", NodeKind::Text(text)) => sub(text, names),
                    ("Fn::Sub", NodeKind::List(parts)) => {
                        if let Some(NodeKind::Text(text)) =
                            parts.first_mut().map(|own| &mut own.kind)
                        {
                            sub(text, names);
                        }
                        parts.iter_mut().for_each(|own| rename(own, names));
                    }
                    _ => rename(value, names),
                }
            }
        }
        NodeKind::Null | NodeKind::Boolean(_) | NodeKind::Number(_) | NodeKind::Text(_) => {}
    }
}

fn sub(text: &mut String, names: &BTreeMap<String, String>) {
    for (from, to) in names {
        *text = text.replace(&format!("${{{from}}}"), &format!("${{{to}}}"));
    }
}
