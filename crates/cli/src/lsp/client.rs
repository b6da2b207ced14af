//! What the editor told about itself when it connected, as far as answers depend on it.
//!
//! The message is read member by member: an editor whose other members are strange still gets an answer.

use gen_lsp_types::{MarkupContent, MarkupKind};
use serde_json::Value;

use super::position::Encoding;

/// The editor.
#[derive(Debug, Default)]
pub(super) struct Client {
    /// How it counts columns.
    pub(super) encoding: Encoding,
    /// The addresses of its folders.
    pub(super) folders: Vec<String>,
    /// Whether a completion may have places to fill in.
    pub(super) snippets: bool,
    /// Whether a diagnostic may name further places.
    pub(super) related_information: bool,
    /// Whether an edit may name the version of the document that it is for.
    pub(super) versioned_edits: bool,
    /// Whether it tells about changed files when it is asked to.
    pub(super) watches_files: bool,
    /// Whether what is shown under the cursor may be Markdown.
    markdown: bool,
}

impl Client {
    /// Reads the parameters of `initialize`.
    pub(super) fn read(parameters: &Value) -> Self {
        let fact = |path: &str| parameters.pointer(&format!("/capabilities/{path}"));
        let is_true = |path: &str| fact(path).and_then(Value::as_bool).unwrap_or(false);
        let lists = |path: &str, wanted: &str| {
            let listed = fact(path).and_then(Value::as_array);
            listed.is_some_and(|listed| listed.iter().any(|item| item == wanted))
        };
        let encoding = match lists("general/positionEncodings", "utf-8") {
            true => Encoding::Utf8,
            false => Encoding::Utf16,
        };
        Self {
            encoding,
            folders: folders(parameters),
            snippets: is_true("textDocument/completion/completionItem/snippetSupport"),
            related_information: is_true("textDocument/publishDiagnostics/relatedInformation"),
            versioned_edits: is_true("workspace/workspaceEdit/documentChanges"),
            watches_files: is_true("workspace/didChangeWatchedFiles/dynamicRegistration"),
            markdown: lists("textDocument/hover/contentFormat", "markdown"),
        }
    }

    /// A text in the form that the editor shows.
    pub(super) fn text(&self, markdown: String) -> MarkupContent {
        let kind = if self.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
        MarkupContent { kind, value: markdown }
    }
}

fn folders(parameters: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match parameters.get("workspaceFolders").and_then(Value::as_array) {
        Some(folders) => folders.iter().filter_map(|folder| text(folder.get("uri")?)).collect(),
        None => parameters.get("rootUri").and_then(text).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_what_is_there() {
        let client = Client::read(&json!({
            "rootUri": "file:///a", "workspaceFolders": [{"uri": "file:///b"}, 1],
            "capabilities": {
                "general": {"positionEncodings": ["utf-32", "utf-8"]},
                "textDocument": {"completion": {"completionItem": {"snippetSupport": true}}},
            },
        }));
        assert_eq!((client.encoding, client.snippets), (Encoding::Utf8, true));
        assert_eq!(client.folders, ["file:///b"]);
        assert_eq!(client.text("x".to_owned()).kind, MarkupKind::PlainText);
        let silent = Client::read(&json!({"rootUri": "file:///a", "capabilities": 1}));
        assert_eq!((silent.encoding, silent.folders.len()), (Encoding::Utf16, 1));
        assert_eq!(Client::read(&Value::Null).encoding, Encoding::Utf16);
    }
}
