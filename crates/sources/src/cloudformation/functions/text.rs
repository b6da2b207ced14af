//! `Fn::Join`, `Fn::Split`, `Fn::Select`, `Fn::Base64`, `Fn::Length` and `Fn::ToJsonString`.

use super::{Call, Concatenation, moved};
use crate::cloudformation::stack::Evaluated;
use crate::planned::{Planned, PlannedKind, Text, Unknown, to_json_text};

pub(super) fn join(call: &Call<'_>) -> Evaluated {
    let [delimiter, list] = call.arguments("a delimiter and a list", 2..=2)? else {
        return Ok(None);
    };
    let delimiter = delimiter.as_text().unwrap_or_default();
    let Some(list) = call.stack.value(list)? else { return call.wrong("`Fn::Join` takes a list") };
    let elements = match &list.kind {
        PlannedKind::List(elements) => elements,
        PlannedKind::Unknown(why) | PlannedKind::OneOf(_, why) => {
            return call.known(PlannedKind::Unknown(why.clone()));
        }
        _ => return call.wrong("`Fn::Join` takes a list"),
    };
    let mut found = Concatenation::new();
    for (number, element) in elements.iter().enumerate() {
        found.push_known(if number > 0 { delimiter } else { "" });
        if !found.push(element) {
            return call.wrong("`Fn::Join` joins texts; here is something else");
        }
        if found.is_too_long() {
            return call.wrong("the text becomes too long");
        }
    }
    let Concatenation { texts, why } = found;
    call.of_texts(texts, why)
}

pub(super) fn split(call: &Call<'_>) -> Evaluated {
    let [delimiter, source] = call.arguments("a delimiter and a text", 2..=2)? else {
        return Ok(None);
    };
    let delimiter = delimiter.as_text().unwrap_or_default();
    if delimiter.is_empty() {
        return call.wrong("`Fn::Split` takes a delimiter that is not empty");
    }
    let text = call.stack.text(source)?;
    if let Some(unknown) = text.unknowns().find(|own| may_hold_anything(own)) {
        return call.known(PlannedKind::Unknown(unknown.clone()));
    }
    let piece = |piece: Text| Planned::new(call.place, PlannedKind::Text(piece));
    call.known(PlannedKind::List(text.split(delimiter).into_iter().map(piece).collect()))
}

/// Names that AWS chooses hold no delimiter; what a user or another stack gives may.
fn may_hold_anything(unknown: &Unknown) -> bool {
    unknown.identity().contains(':')
}

pub(super) fn select(call: &Call<'_>) -> Evaluated {
    let [index, list] = call.arguments("a position and a list", 2..=2)? else { return Ok(None) };
    let index = call.stack.text(index)?;
    let Some(list) = call.stack.value(list)? else {
        return call.wrong("`Fn::Select` takes a list");
    };
    let elements = match &list.kind {
        PlannedKind::List(elements) => elements,
        PlannedKind::Unknown(why) | PlannedKind::OneOf(_, why) => {
            return call.known(PlannedKind::Unknown(why.clone()));
        }
        _ => return call.wrong("`Fn::Select` takes a list"),
    };
    match (index.as_known(), index.first_unknown()) {
        (None, Some(why)) => {
            let all = elements.iter().map(|own| moved(own, call.place)).collect();
            call.known(PlannedKind::OneOf(all, why.clone()))
        }
        (index, _) => {
            let found = index.and_then(|text| text.trim().parse::<usize>().ok());
            match found.and_then(|index| elements.get(index)) {
                Some(found) => call.moved(found),
                None => call.wrong(format!(
                    "`Fn::Select` takes a position in the list, which has {} elements",
                    elements.len()
                )),
            }
        }
    }
}

pub(super) fn base64(call: &Call<'_>) -> Evaluated {
    use base64::Engine as _;
    let text = call.stack.text(call.argument)?;
    match (text.as_known(), text.first_unknown()) {
        (None, Some(why)) => call.known(PlannedKind::Unknown(why.clone())),
        (text, _) => {
            let encoded =
                base64::engine::general_purpose::STANDARD.encode(text.unwrap_or_default());
            call.known(PlannedKind::Text(Text::known(encoded)))
        }
    }
}

pub(super) fn length(call: &Call<'_>) -> Evaluated {
    let value = call.stack.value(call.argument)?;
    match value.as_ref().map(|own| &own.kind) {
        Some(PlannedKind::List(all)) => call.known(PlannedKind::Number(all.len().to_string())),
        Some(PlannedKind::Unknown(why) | PlannedKind::OneOf(_, why)) => {
            call.known(PlannedKind::Unknown(why.clone()))
        }
        _ => call.wrong("`Fn::Length` takes a list"),
    }
}

pub(super) fn to_json_string(call: &Call<'_>) -> Evaluated {
    match call.stack.value(call.argument)? {
        Some(value) => call.known(PlannedKind::Text(to_json_text(&value))),
        None => call.wrong("`Fn::ToJsonString` takes a list or an object"),
    }
}
