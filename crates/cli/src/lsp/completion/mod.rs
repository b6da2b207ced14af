//! What the editor offers to complete where the cursor stands.
//!
//! Each kind of name is a file; here the place is found and what they offer is turned into edits that replace the
//! name as it is typed so far, quotes added where there are none.

mod actions;
mod conditions;
mod resources;
mod words;

use std::ops::Range as Bytes;

use gen_lsp_types::{
    CompletionItem, CompletionItemKind, CompletionList, InsertTextFormat, Position, TextEdit,
};
use serde_json::json;

use super::about;
use super::client::Client;
use super::open_document::OpenDocument;
use super::outline::{Entry, EntryKind, Outline, Role};
use super::place::{Place, place, statement_actions, statement_around};

/// A name that can stand where the cursor is.
#[derive(Debug)]
struct Offer {
    /// The name; with places to fill in where `places` says so.
    name: String,
    places: Places,
    kind: CompletionItemKind,
    /// A word on what it is.
    detail: String,
    /// Offers with a smaller rank come first.
    rank: u8,
    /// What the editor may ask more about.
    topic: Option<Topic>,
}

/// Whether a name holds places to fill in, each written as `${Name}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Places {
    None,
    ToFillIn,
}

/// What a name is, for those who ask more about it.
#[derive(Clone, Copy, Debug)]
enum Topic {
    Service,
    Action,
    ConditionKey,
    Operator,
}

impl Topic {
    const ALL: [Self; 4] = [Self::Service, Self::Action, Self::ConditionKey, Self::Operator];

    fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Action => "action",
            Self::ConditionKey => "condition key",
            Self::Operator => "operator",
        }
    }
}

/// What can stand at a place.
pub(super) fn complete(
    document: &OpenDocument,
    position: Position,
    client: &Client,
) -> CompletionList {
    let offset = document.offset(position);
    let (outline, cursor) = Outline::with_cursor(document.text(), offset);
    let found = cursor.and_then(|number| {
        let target = Target::new(&outline, outline.entry(number)?, offset);
        let offers = offers(&outline, number, document.text().get(target.typed())?)?;
        Some((target, offers))
    });
    let Some((target, offers)) = found else { return CompletionList::default() };
    let item = |offer| target.item(offer, document, client);
    // A colon changes what is offered, so the editor has to ask again instead of narrowing down.
    CompletionList {
        is_incomplete: true,
        items: offers.into_iter().map(item).collect(),
        ..CompletionList::default()
    }
}

fn offers(outline: &Outline<'_>, number: usize, typed: &str) -> Option<Vec<Offer>> {
    let statement = statement_around(outline, number);
    let actions = || statement_actions(outline, statement);
    Some(match place(outline, number)? {
        Place::ElementName(scope) => words::elements(outline, number, scope),
        Place::Version => words::versions(),
        Place::Effect => words::effects(),
        Place::Action => actions::offers(typed),
        Place::Resource => resources::offers(&actions(), typed, resources::partition(outline)),
        Place::Operator => conditions::operators(),
        Place::ConditionKey { operator } => conditions::keys(&actions(), operator, typed),
        Place::ConditionValue { operator, key } => conditions::values(operator, key),
    })
}

/// The item with the text about it that the editor asks for when it shows it.
pub(super) fn resolve(mut item: CompletionItem, client: &Client) -> CompletionItem {
    let topic = item.data.as_ref().and_then(|data| {
        let named = data.get("topic")?.as_str()?;
        let topic = Topic::ALL.into_iter().find(|topic| topic.as_str() == named)?;
        Some((topic, data.get("name")?.as_str()?))
    });
    let text = topic.map(|(topic, name)| match topic {
        Topic::Service => about::service(name),
        Topic::Action => about::action(name),
        Topic::ConditionKey => about::condition_key(name),
        Topic::Operator => about::condition_operator(name),
    });
    if let Some(text) = text {
        item.documentation = Some(client.text(text).into());
    }
    item
}

/// The text that a completion replaces.
struct Target {
    bytes: Bytes<usize>,
    cursor: usize,
    /// What has to stand before and after the name.
    around: (&'static str, &'static str),
}

impl Target {
    fn new(outline: &Outline<'_>, entry: &Entry, cursor: usize) -> Self {
        let content = outline.content(entry);
        // In a string without its quote whatever follows on the line looks like a part of it.
        let rest = outline.text().get(cursor..content.end).unwrap_or_default();
        let length = rest.find([',', ' ', '\t', '{', '}', '[', ']']).unwrap_or(rest.len());
        let bytes = match entry.kind {
            EntryKind::UnclosedString => content.start..cursor + length,
            _ => content,
        };
        let around = match (entry.kind, entry.role) {
            (EntryKind::String, _) => ("", ""),
            (EntryKind::UnclosedString, _) => ("", "\""),
            (_, Role::Value) => ("\"", "\""),
            (_, Role::Name) if is_before_colon(outline.text(), entry) => ("\"", "\""),
            (_, Role::Name) => ("\"", "\": "),
        };
        Self { bytes, cursor, around }
    }

    /// The bytes of what stands before the cursor.
    fn typed(&self) -> Bytes<usize> {
        self.bytes.start..self.cursor.max(self.bytes.start)
    }

    fn item(&self, offer: Offer, document: &OpenDocument, client: &Client) -> CompletionItem {
        let (before, after) = self.around;
        let (name, format) = match (offer.places, client.snippets) {
            (Places::None, _) => (offer.name.clone(), None),
            (Places::ToFillIn, true) => (snippet(&offer.name), Some(InsertTextFormat::Snippet)),
            (Places::ToFillIn, false) => (filled(&offer.name), None),
        };
        let new_text = format!("{before}{name}{after}");
        let range = document.range(&self.bytes);
        CompletionItem {
            sort_text: Some(format!("{}{}", offer.rank, offer.name)),
            filter_text: Some(offer.name.clone()),
            data: offer.topic.map(|topic| json!({"topic": topic.as_str(), "name": offer.name})),
            label: offer.name,
            kind: Some(offer.kind),
            detail: Some(offer.detail),
            insert_text_format: format,
            text_edit: Some(TextEdit { range, new_text }.into()),
            ..CompletionItem::default()
        }
    }
}

fn is_before_colon(text: &str, entry: &Entry) -> bool {
    text.get(entry.bytes.end..).is_some_and(|rest| rest.trim_start().starts_with(':'))
}

/// The pieces of a name with places: text, and the names of the places between.
fn pieces(name: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut parts = name.split("${");
    let first = parts.next().map(|text| (text, None));
    let rest = parts.flat_map(|part| {
        let (place, text) = part.split_once('}').unwrap_or((part, ""));
        [("", Some(place)), (text, None)]
    });
    first.into_iter().chain(rest)
}

/// A name with places in the editor's own notation.
fn snippet(name: &str) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}");
    let mut number = 0;
    let piece = |(text, place): (&str, Option<&str>)| match place {
        None => escaped(text),
        Some(place) => {
            number += 1;
            format!("${{{number}:{}}}", escaped(place))
        }
    };
    pieces(name).map(piece).collect()
}

/// A name with every place filled by a wildcard.
fn filled(name: &str) -> String {
    pieces(name).map(|(text, place)| place.map_or(text, |_| "*")).collect()
}

#[cfg(test)]
mod tests;
