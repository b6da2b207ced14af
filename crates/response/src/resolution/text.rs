//! Changes of a policy's text that keep every other byte of it.
//!
//! A statement that is added follows the text it is added to: its line breaks, its indentation, its spaces.

use ringfence_policy::json::{self, Kind};
use ringfence_policy::location::ByteSpan;
use serde_json::Value;

/// What is left of a policy when something is taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// A policy.
    Text(String),
    /// No statement.
    Nothing,
}

/// A statement as it stands in a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Written<'t> {
    /// Its bytes.
    pub(super) text: &'t str,
    /// What they say.
    pub(super) value: Value,
}

/// The statements of a policy, in order; nothing where the text is no policy.
pub(super) fn statements(text: &str) -> Option<Vec<Written<'_>>> {
    let list = Statements::of(text)?;
    let written = |span: &ByteSpan| {
        let text = slice(text, *span)?;
        Some(Written { text, value: serde_json::from_str(text).ok()? })
    };
    list.spans.iter().map(written).collect()
}

/// A policy of these statements.
pub(super) fn policy(statements: &[Value]) -> String {
    serde_json::json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

/// The policy with the statements behind its own.
pub(super) fn append(text: &str, new: &[Value]) -> Option<String> {
    let list = Statements::of(text)?;
    let layout = list.layout(text);
    let new: Vec<String> = new.iter().map(|own| layout.print(own)).collect();
    list.appended(text, &layout, new.iter().map(String::as_str))
}

/// The policy with statements, as they are written, behind its own.
pub(super) fn append_written(text: &str, new: &[&str]) -> Option<String> {
    let list = Statements::of(text)?;
    let layout = list.layout(text);
    list.appended(text, &layout, new.iter().copied())
}

/// The policy with one statement written otherwise.
pub(super) fn replace(text: &str, index: usize, new: &str) -> Option<String> {
    let span = *Statements::of(text)?.spans.get(index)?;
    Some(format!("{}{new}{}", text.get(..span.start as usize)?, text.get(span.end as usize..)?))
}

/// The policy without the statements at these positions.
pub(super) fn without(text: &str, out: &[usize]) -> Option<Left> {
    let list = Statements::of(text)?;
    if (0..list.spans.len()).all(|index| out.contains(&index)) {
        return Some(Left::Nothing);
    }
    cut(text, &list.spans, out).map(Left::Text)
}

/// The policy without those principals of one statement that `goes` names by type and text; without the statement where
/// it has no other principal.
pub(super) fn without_principal(
    text: &str,
    index: usize,
    goes: &dyn Fn(&str, &str) -> bool,
) -> Option<Left> {
    let parsed = json::parse(text);
    let list = parsed.value.get("Statement")?;
    let statement = match &list.kind {
        Kind::Array(elements) => elements.get(index)?,
        _ => list,
    };
    // Whoever NotPrincipal lets in is not named, and cannot be taken out alone.
    let Some(principal) = statement.get("Principal") else { return without(text, &[index]) };
    if let Some(everyone) = principal.as_str() {
        return match goes("AWS", everyone) {
            true => without(text, &[index]),
            false => None,
        };
    }
    let mut text = text.to_owned();
    let members = principal.members();
    let mut gone = Vec::new();
    // From the end on, so that the places of what stands before stay.
    for (place, member) in members.iter().enumerate().rev() {
        let kind = member.key.value.as_ref();
        let names: Vec<(ByteSpan, &str)> = match &member.value.kind {
            Kind::Array(all) => {
                all.iter().filter_map(|own| Some((own.span, own.as_str()?))).collect()
            }
            _ => member.value.as_str().map(|own| (member.value.span, own)).into_iter().collect(),
        };
        let out: Vec<usize> = names
            .iter()
            .enumerate()
            .filter_map(|(at, (_, name))| goes(kind, name).then_some(at))
            .collect();
        if out.len() == names.len() {
            gone.push(place);
        } else if !out.is_empty() {
            let spans: Vec<ByteSpan> = names.iter().map(|(span, _)| *span).collect();
            text = cut(&text, &spans, &out)?;
        }
    }
    if gone.len() == members.len() {
        return without(&text, &[index]);
    }
    if gone.is_empty() {
        return Some(Left::Text(text));
    }
    // Some lists may be shorter now.
    let parsed = json::parse(&text);
    let list = parsed.value.get("Statement")?;
    let statement = match &list.kind {
        Kind::Array(elements) => elements.get(index)?,
        _ => list,
    };
    let members = statement.get("Principal")?.members();
    let spans: Vec<ByteSpan> = members
        .iter()
        .map(|own| ByteSpan { start: own.key.span.start, end: own.value.span.end })
        .collect();
    cut(&text, &spans, &gone).map(Left::Text)
}

/// The text without some of a list's entries, and without the comma and the white space that go with each. At least one
/// entry stays.
fn cut(text: &str, entries: &[ByteSpan], out: &[usize]) -> Option<String> {
    let kept = |place: usize| !out.contains(&place);
    let last_kept = (0..entries.len()).rev().find(|place| kept(*place))?;
    let mut result = String::with_capacity(text.len());
    let mut from = 0;
    for (place, entry) in entries.iter().enumerate() {
        if kept(place) {
            continue;
        }
        if place < last_kept {
            let next = entries.get(place + 1)?;
            result += text.get(from..entry.start as usize)?;
            from = next.start as usize;
        } else {
            // All from here on go, with the comma behind the last that stays.
            result += text.get(from..entries.get(last_kept)?.end as usize)?;
            from = entries.last()?.end as usize;
            break;
        }
    }
    result += text.get(from..)?;
    Some(result)
}

fn slice(text: &str, span: ByteSpan) -> Option<&str> {
    text.get(span.start as usize..span.end as usize)
}

/// Where the statements of a policy stand.
struct Statements {
    whole: ByteSpan,
    spans: Vec<ByteSpan>,
    is_list: bool,
}

/// How statements are written.
struct Layout {
    /// What stands between two of them.
    between: String,
    /// The line break and the indentation of the closing brace; nothing where a statement is one line.
    line: Option<String>,
    /// One step of indentation.
    step: String,
    /// What stands behind a comma or colon.
    gap: &'static str,
    /// What stands inside of braces on one line.
    inside: &'static str,
}

impl Statements {
    fn of(text: &str) -> Option<Self> {
        let parsed = json::parse(text);
        if !parsed.diagnostics.is_empty() {
            return None;
        }
        let list = parsed.value.get("Statement")?;
        match &list.kind {
            Kind::Array(all) => Some(Self {
                whole: list.span,
                spans: all.iter().map(|own| own.span).collect(),
                is_list: true,
            }),
            Kind::Object(_) => {
                Some(Self { whole: list.span, spans: vec![list.span], is_list: false })
            }
            _ => None,
        }
    }

    fn appended<'n>(
        &self,
        text: &str,
        layout: &Layout,
        new: impl Iterator<Item = &'n str>,
    ) -> Option<String> {
        let before = text.get(..self.whole.start as usize)?;
        let own = slice(text, self.whole)?;
        let after = text.get(self.whole.end as usize..)?;
        let (head, tail) = match (self.is_list, self.spans.last()) {
            (true, Some(last)) => own.split_at_checked((last.end - self.whole.start) as usize)?,
            (true, None) => ("[", "]"),
            (false, _) => (own, "]"),
        };
        let mut result = before.to_owned();
        if !self.is_list {
            result.push('[');
        }
        result += head;
        for (place, statement) in new.enumerate() {
            if place > 0 || !self.spans.is_empty() {
                result += &layout.between;
            }
            result += statement;
        }
        result += tail;
        Some(result + after)
    }

    fn layout(&self, text: &str) -> Layout {
        let is_spaced = text.contains("\": ") || text.contains("\" : ");
        let gap = if is_spaced { " " } else { "" };
        let break_of = |own: &str| if own.contains("\r\n") { "\r\n" } else { "\n" };
        let one_line = |between: String, inside| Layout {
            between,
            line: None,
            step: String::new(),
            gap,
            inside,
        };
        let Some(last) = self.spans.last() else { return one_line(format!(",{gap}"), "") };
        let own = slice(text, *last).unwrap_or_default();
        let inside = if own.starts_with("{ ") { " " } else { "" };
        let indent = indent_before(text, last.start);
        let between = match (indent, self.is_list) {
            (Some(indent), true) => format!(",{}{indent}", break_of(text)),
            _ => match self.spans.as_slice() {
                [.., one, other] => {
                    let found = text.get(one.end as usize..other.start as usize);
                    found.map_or_else(|| format!(",{gap}"), str::to_owned)
                }
                _ => format!(",{gap}"),
            },
        };
        if !own.contains('\n') {
            return one_line(between, inside);
        }
        let base = line_indent(text, last.start);
        let first = own.find('"').and_then(|at| u32::try_from(at).ok());
        let first = first.and_then(|at| indent_before(text, last.start + at));
        let step = first.and_then(|inner| inner.strip_prefix(base)).filter(|own| !own.is_empty());
        Layout {
            between,
            line: Some(format!("{}{base}", break_of(text))),
            step: step.unwrap_or("  ").to_owned(),
            gap,
            inside,
        }
    }
}

/// The white space between the start of the line and `at`, where nothing else stands there.
fn indent_before(text: &str, at: u32) -> Option<&str> {
    let before = text.get(..at as usize)?;
    let line = before.rfind('\n').map(|end| end + 1)?;
    let indent = before.get(line..)?;
    indent.bytes().all(|own| own == b' ' || own == b'\t').then_some(indent)
}

/// The white space at the start of the line on which `at` is.
fn line_indent(text: &str, at: u32) -> &str {
    let before = text.get(..at as usize).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(line..).unwrap_or_default();
    let end = line.find(|own: char| own != ' ' && own != '\t').unwrap_or(0);
    line.get(..end).unwrap_or_default()
}

impl Layout {
    fn print(&self, value: &Value) -> String {
        let mut text = String::new();
        self.value(value, 0, &mut text);
        text
    }

    fn value(&self, value: &Value, depth: usize, text: &mut String) {
        match value {
            Value::Object(members) if !members.is_empty() => {
                text.push('{');
                for (place, (key, own)) in members.iter().enumerate() {
                    self.separate(place, depth + 1, self.inside, text);
                    *text += &format!(
                        "{}:{}",
                        json::escape(key),
                        if self.line.is_some() { " " } else { self.gap }
                    );
                    self.value(own, depth + 1, text);
                }
                self.close(depth, self.inside, text);
                text.push('}');
            }
            Value::Array(all) if !all.is_empty() => {
                text.push('[');
                for (place, own) in all.iter().enumerate() {
                    self.separate(place, depth + 1, "", text);
                    self.value(own, depth + 1, text);
                }
                self.close(depth, "", text);
                text.push(']');
            }
            other => *text += &other.to_string(),
        }
    }

    fn separate(&self, place: usize, depth: usize, inside: &str, text: &mut String) {
        if place > 0 {
            text.push(',');
        }
        match &self.line {
            Some(line) => *text += &format!("{line}{}", self.step.repeat(depth)),
            None => *text += if place > 0 { self.gap } else { inside },
        }
    }

    fn close(&self, depth: usize, inside: &str, text: &mut String) {
        match &self.line {
            Some(line) => *text += &format!("{line}{}", self.step.repeat(depth)),
            None => *text += inside,
        }
    }
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
