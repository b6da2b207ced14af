//! What the editor shows about the name under the cursor.

use std::ops::Range as Bytes;

use gen_lsp_types::{Hover, Position};

use super::about;
use super::client::Client;
use super::elements::elements;
use super::open_document::OpenDocument;
use super::outline::{EntryKind, Outline};
use super::place::{Place, place};

/// About the name at a place; none where nothing is known to stand there.
pub(super) fn hover(document: &OpenDocument, position: Position, client: &Client) -> Option<Hover> {
    let offset = document.offset(position);
    let outline = Outline::new(document.text());
    let (number, entry) = outline.entries().find(|(_, entry)| {
        let is_text = matches!(entry.kind, EntryKind::String | EntryKind::UnclosedString);
        is_text && entry.bytes.start <= offset && offset < entry.bytes.end
    })?;
    let content = outline.content(entry);
    let text = outline.text_of(entry);
    let here = offset.saturating_sub(content.start);
    let (about, part) = match place(&outline, number)? {
        Place::ElementName(scope) => {
            let element = elements(scope).iter().find(|element| element.name == text)?;
            (format!("**{}**\n\n{}\n", element.name, element.about), 0..text.len())
        }
        Place::Action => match text.split_once(':') {
            Some((prefix, _)) if here <= prefix.len() && !prefix.contains(['*', '?']) => {
                (about::service(prefix), 0..prefix.len())
            }
            _ => (about::action(text), 0..text.len()),
        },
        Place::Operator => (about::condition_operator(text), 0..text.len()),
        Place::ConditionKey { .. } => (about::condition_key(text), 0..text.len()),
        Place::Resource | Place::ConditionValue { .. } => {
            let variable = variable_at(text, here)?;
            (about::condition_key(text.get(variable.clone())?), variable)
        }
        Place::Version | Place::Effect => return None,
    };
    let range = document.range(&(content.start + part.start..content.start + part.end));
    Some(Hover { contents: client.text(about).into(), range: Some(range) })
}

/// The key of the policy variable around a place: of `${aws:username, 'nobody'}` what stands before the comma.
fn variable_at(text: &str, here: usize) -> Option<Bytes<usize>> {
    text.match_indices("${").find_map(|(at, _)| {
        let start = at + 2;
        let inside = text.get(start..)?.split('}').next()?;
        let name = inside.split(',').next()?.trim_end();
        let is_here = at <= here && here <= start + inside.len();
        (is_here && !name.is_empty()).then_some(start..start + name.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_variable_around_a_place() {
        let text = "a/${aws:username, 'é'}/${x}";
        let found = |here| variable_at(text, here).map(|bytes| &text[bytes]);
        for here in [2, 3, 4, 10, 19, 21, 22] {
            assert_eq!(found(here), Some("aws:username"), "{here}");
        }
        assert_eq!((found(0), found(23)), (None, None));
        assert_eq!(found(26), Some("x"));
        assert_eq!(variable_at("${}", 2), None);
        assert_eq!(variable_at("${aws:us", 9), None);
    }
}
