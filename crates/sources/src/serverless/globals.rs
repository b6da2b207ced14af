//! `Globals`: properties that all resources of a type share.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html>

use crate::node::{Node, NodeKind};

/// The properties of a resource with those of the globals: its own text counts before theirs, its objects are put
/// together with theirs, its lists stand behind theirs.
pub(super) fn with_globals(resource: &Node, globals: Option<&Node>) -> Node {
    let empty = Node { place: resource.place.clone(), kind: NodeKind::Map(Vec::new()) };
    let own = resource.get("Properties").unwrap_or(&empty);
    match globals {
        Some(globals) => merged(globals, own),
        None => own.clone(),
    }
}

fn merged(global: &Node, own: &Node) -> Node {
    let kind = match (&global.kind, &own.kind) {
        (NodeKind::Map(theirs), NodeKind::Map(ours))
            if !is_function(global) && !is_function(own) =>
        {
            let mut all = theirs.clone();
            for (key, value) in ours {
                match all.iter_mut().find(|(other, _)| other.name == key.name) {
                    Some((other, shared)) => {
                        *shared = merged(shared, value);
                        *other = key.clone();
                    }
                    None => all.push((key.clone(), value.clone())),
                }
            }
            NodeKind::Map(all)
        }
        (NodeKind::List(theirs), NodeKind::List(ours)) => {
            NodeKind::List(theirs.iter().chain(ours).cloned().collect())
        }
        _ => own.kind.clone(),
    };
    Node { place: own.place.clone(), kind }
}

/// Whether the value is what a function gives.
fn is_function(node: &Node) -> bool {
    match node.members() {
        [(key, _)] => key.name == "Ref" || key.name.starts_with("Fn::"),
        _ => false,
    }
}
