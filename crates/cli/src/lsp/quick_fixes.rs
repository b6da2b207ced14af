//! Repairs that the editor offers: the replacement that comes with a finding.

use std::collections::HashMap;

use gen_lsp_types::{
    CodeAction, CodeActionKind, OptionalVersionedTextDocumentIdentifier, Range, TextDocumentEdit,
    TextDocumentIdentifier, TextEdit, Uri, WorkspaceEdit,
};
use ringfence_policy::ByteSpan;

use super::client::Client;
use super::diagnostics::Reported;
use super::open_document::OpenDocument;

/// Titles show no more of a text than this.
const SHOWN: usize = 60;

/// The repairs of what is reported somewhere in `range`.
pub(super) fn quick_fixes(
    document: &OpenDocument,
    reported: &[Reported],
    range: Range,
    client: &Client,
) -> Vec<CodeAction> {
    let touches = |place: Range| place.start <= range.end && range.start <= place.end;
    reported
        .iter()
        .filter(|reported| touches(reported.diagnostic.range))
        .filter_map(|reported| quick_fix(document, reported, client))
        .collect()
}

fn quick_fix(document: &OpenDocument, reported: &Reported, client: &Client) -> Option<CodeAction> {
    let replacement = reported.replacement.as_ref()?;
    let ByteSpan { start, end } = replacement.span;
    let bytes = usize::try_from(start).ok()?..usize::try_from(end).ok()?;
    let before = document.text().get(bytes.clone())?;
    let edit = TextEdit { range: document.range(&bytes), new_text: replacement.text.clone() };
    Some(CodeAction {
        title: title(before, &replacement.text),
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: Some(vec![reported.diagnostic.clone()]),
        is_preferred: Some(true),
        edit: Some(workspace_edit(document, edit, client)),
        ..CodeAction::default()
    })
}

fn workspace_edit(document: &OpenDocument, edit: TextEdit, client: &Client) -> WorkspaceEdit {
    let uri = Uri(document.uri.clone());
    if !client.versioned_edits {
        let changes = Some(HashMap::from([(uri, vec![edit])]));
        return WorkspaceEdit { changes, ..WorkspaceEdit::default() };
    }
    let text_document = OptionalVersionedTextDocumentIdentifier {
        version: Some(document.version),
        text_document_identifier: TextDocumentIdentifier { uri },
    };
    let change = TextDocumentEdit { text_document, edits: vec![edit.into()] };
    WorkspaceEdit { document_changes: Some(vec![change.into()]), ..WorkspaceEdit::default() }
}

fn title(before: &str, after: &str) -> String {
    match (before.trim(), after.trim()) {
        ("", after) => format!("Insert {}", shown(after)),
        (before, "") => format!("Remove {}", shown(before)),
        (_, after) => format!("Replace with {}", shown(after)),
    }
}

/// The beginning of a text on one line.
fn shown(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        None => line,
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_say_what_happens() {
        assert_eq!(title("\"a\"", "\"b\""), "Replace with \"b\"");
        assert_eq!(title("", " \"Version\":\n  \"x\","), "Insert \"Version\": \"x\",");
        assert_eq!(title("\"a\",", ""), "Remove \"a\",");
        assert_eq!(shown(&"ä".repeat(61)), format!("{}…", "ä".repeat(60)));
    }
}
