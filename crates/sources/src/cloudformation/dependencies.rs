//! Which resources and conditions refer to which, and whether they do so in a circle.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::SourceError;
use crate::node::{Node, Place};

/// Refuses a template whose resources or conditions refer to each other in a circle, as CloudFormation does.
pub(super) fn refuse_cycles(template: &Node) -> Result<(), SourceError> {
    for (section, what) in [("Resources", "resources"), ("Conditions", "conditions")] {
        let members = template.get(section).map(Node::members).unwrap_or_default();
        let names: BTreeSet<&str> = members.iter().map(|(key, _)| key.name.as_str()).collect();
        let mut graph: BTreeMap<&str, Vec<(&str, &Place)>> = BTreeMap::new();
        for (key, node) in members {
            let mut found = Vec::new();
            match section {
                "Resources" => references(node, &names, &mut found),
                _ => conditions(node, &names, &mut found),
            }
            graph.insert(&key.name, found);
        }
        if let Some((circle, place)) = circle(&graph) {
            let path: Vec<String> = circle.iter().map(|name| format!("`{name}`")).collect();
            return Err(place
                .problem(format!("{what} refer to each other in a circle: {}", path.join(" → "))));
        }
    }
    Ok(())
}

/// The resources that a value refers to.
fn references<'t>(node: &'t Node, names: &BTreeSet<&str>, into: &mut Vec<(&'t str, &'t Place)>) {
    for (key, value) in node.members() {
        let mut add = |name: &'t str, place: &'t Place| {
            if names.contains(name) {
                into.push((name, place));
            }
        };
        match key.name.as_str() {
            "Ref" | "DependsOn" => {
                let all = if value.elements().is_empty() {
                    std::slice::from_ref(value)
                } else {
                    value.elements()
                };
                all.iter().for_each(|own| add(own.as_text().unwrap_or_default(), &own.place));
            }
            "Fn::GetAtt" => {
                let first = value.elements().first().unwrap_or(value);
                let text = first.as_text().unwrap_or_default();
                add(text.split('.').next().unwrap_or_default(), &first.place);
            }
            "Fn::Sub" => {
                let text = value.elements().first().unwrap_or(value);
                let variables = value.elements().get(1).map(Node::members).unwrap_or_default();
                sub(text.as_text().unwrap_or_default(), &text.place, &mut |name, place| {
                    if !variables.iter().any(|(key, _)| key.name == name) {
                        add(name, place);
                    }
                });
            }
            _ => {}
        }
        references(value, names, into);
    }
    node.elements().iter().for_each(|element| references(element, names, into));
}

fn sub<'t>(text: &'t str, place: &'t Place, add: &mut impl FnMut(&'t str, &'t Place)) {
    for piece in text.split("${").skip(1) {
        if let Some((name, _)) = piece.split_once('}')
            && !name.starts_with('!')
        {
            add(name.split('.').next().unwrap_or(name).trim(), place);
        }
    }
}

fn conditions<'t>(node: &'t Node, names: &BTreeSet<&str>, into: &mut Vec<(&'t str, &'t Place)>) {
    for (key, value) in node.members() {
        if key.name == "Condition"
            && let Some(name) = value.as_text()
            && names.contains(name)
        {
            into.push((name, &value.place));
        }
        conditions(value, names, into);
    }
    node.elements().iter().for_each(|element| conditions(element, names, into));
}

/// A circle, with its first name at the end again, and where it closes.
fn circle<'t>(
    graph: &BTreeMap<&'t str, Vec<(&'t str, &'t Place)>>,
) -> Option<(Vec<&'t str>, &'t Place)> {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for start in graph.keys() {
        // The way down to here, with how many of its references each name has followed.
        let mut way: Vec<(&str, usize)> = vec![(start, 0)];
        let mut open: BTreeSet<&str> = BTreeSet::from([*start]);
        while let Some((name, next)) = way.last_mut() {
            let reference = graph.get(name).and_then(|all| all.get(*next));
            *next += 1;
            match reference {
                None => {
                    open.remove(name);
                    done.insert(name);
                    way.pop();
                }
                Some((to, place)) if open.contains(to) => {
                    let from = way.iter().position(|(own, _)| own == to).unwrap_or(0);
                    let mut path: Vec<&str> = way.iter().skip(from).map(|(own, _)| *own).collect();
                    path.push(to);
                    return Some((path, place));
                }
                Some((to, _)) if !done.contains(to) => {
                    open.insert(to);
                    way.push((to, 0));
                }
                Some(_) => {}
            }
        }
    }
    None
}
