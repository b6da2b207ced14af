//! `Fn::Sub`.

use super::{Call, Concatenation, reference};
use crate::cloudformation::stack::{Evaluated, dynamic};
use crate::node::{Node, NodeKind};
use crate::planned::{Planned, PlannedKind};

pub(super) fn sub(call: &Call<'_>) -> Evaluated {
    let (template, variables) = match &call.argument.kind {
        NodeKind::List(parts) => match parts.as_slice() {
            [template] => (template, [].as_slice()),
            [template, variables] => (template, variables.members()),
            _ => return call.wrong("`Fn::Sub` takes a text and an object of values"),
        },
        _ => (call.argument, [].as_slice()),
    };
    let Some(text) = template.as_text() else {
        return call.wrong(format!("`Fn::Sub` takes a text, not {}", template.type_name()));
    };
    let mut found = Concatenation::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, from) = rest.split_at(at);
        let body = from.get(2..).unwrap_or_default();
        let Some((name, behind)) = body.split_once('}') else { break };
        known(&mut found, before, call);
        rest = behind;
        if let Some(literal) = name.strip_prefix('!') {
            found.push_known(&format!("${{{literal}}}"));
            continue;
        }
        let name = name.trim();
        let variable = variables.iter().find(|(key, _)| key.name == name).map(|(_, node)| node);
        let value = match variable {
            Some(node) => value_of(call, node)?,
            None => reference::of_sub(call, name)?,
        };
        let fits = value.as_ref().is_some_and(|value| found.push(value));
        if !fits {
            return call.wrong(format!("`${{{name}}}` is no text"));
        }
        if found.is_too_long() {
            return call.wrong("the text becomes too long");
        }
    }
    known(&mut found, rest, call);
    let Concatenation { texts, why } = found;
    call.of_texts(texts, why)
}

fn known(found: &mut Concatenation, text: &str, call: &Call<'_>) {
    match text.contains("{{resolve:") {
        false => found.push_known(text),
        true => {
            let kind = PlannedKind::Text(dynamic(text, call.place));
            found.push(&Planned::new(call.place, kind));
        }
    }
}

fn value_of(call: &Call<'_>, node: &Node) -> Evaluated {
    call.stack.value(node)
}
