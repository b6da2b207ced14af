//! `Fn::FindInMap`.

use super::{Call, moved};
use crate::cloudformation::stack::Evaluated;
use crate::node::Node;
use crate::planned::{Planned, PlannedKind, Text, Unknown};

pub(super) fn find_in_map(call: &Call<'_>) -> Evaluated {
    let arguments = call.arguments("a mapping and two keys", 3..=4)?;
    let (Some(map), Some(first), Some(second)) =
        (arguments.first(), arguments.get(1), arguments.get(2))
    else {
        return Ok(None);
    };
    let (map, first, second) =
        (call.stack.text(map)?, call.stack.text(first)?, call.stack.text(second)?);
    let default = arguments.get(3).and_then(|own| own.get("DefaultValue"));
    let unknown = [&map, &first, &second].into_iter().find_map(|text| text.first_unknown());
    let maps = call.stack.template.get("Mappings");
    let mut found: Vec<&Node> = Vec::new();
    for map in maps.into_iter().flat_map(|all| matching(all, &map)) {
        for level in matching(map, &first) {
            found.extend(matching(level, &second));
        }
    }
    let mut values = Vec::new();
    for node in found {
        values.extend(call.stack.value(node)?.map(|value| moved(&value, call.place)));
    }
    match (values.len(), unknown, default) {
        (_, Some(why), default) => several(call, values, why, default),
        (0, None, Some(default)) => call.stack.value(default),
        (0, None, None) => call.wrong(format!(
            "the mapping `{}` has no `{}`, `{}`",
            map.pattern(),
            first.pattern(),
            second.pattern()
        )),
        (_, None, _) => Ok(values.into_iter().next()),
    }
}

fn several(
    call: &Call<'_>,
    mut values: Vec<Planned>,
    why: &Unknown,
    default: Option<&Node>,
) -> Evaluated {
    if let Some(default) = default {
        values.extend(call.stack.value(default)?);
    }
    match values.is_empty() {
        true => call.known(PlannedKind::Unknown(why.clone())),
        false => call.known(PlannedKind::OneOf(values, why.clone())),
    }
}

/// The members that a key with unknown parts may mean.
fn matching<'t>(node: &'t Node, key: &Text) -> Vec<&'t Node> {
    let members = node.members().iter();
    match key.as_known() {
        Some(name) => members.filter(|(own, _)| own.name == name).map(|(_, value)| value).collect(),
        None => members.map(|(_, value)| value).collect(),
    }
}
