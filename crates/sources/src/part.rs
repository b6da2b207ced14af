//! A part of a file that is read on its own: a whole resource file, or one role of many. Knows where in
//! the file its bytes stand and gathers the policies that are found in it.

use std::sync::Arc;

use ringfence_access::inventory::{NotAnalyzed, PolicySource, place_within};
use ringfence_policy::json::{Kind, Parsed, Value};
use ringfence_policy::location::{ByteSpan, LineIndex, Position};
use ringfence_policy::{Diagnostic, DiagnosticKind};

use crate::error::{SourceError, SourceProblem};
use crate::shape::{ShapeError, Shaped, member};

/// The beginning of a file.
pub(crate) const TOP: Position = Position { line: 1, column: 0, offset: 0 };

/// A part of a file.
pub(crate) struct Part<'t> {
    file: &'t Arc<str>,
    text: &'t str,
    start: Position,
    lines: LineIndex<'t>,
    policies: Vec<FoundPolicy>,
}

/// A policy that analysis depends on.
struct FoundPolicy {
    /// What the file calls it.
    name: String,
    span: ByteSpan,
    source: PolicySource,
}

impl<'t> Part<'t> {
    /// The part of `file` with this text, which starts at `start`.
    pub(crate) fn new(file: &'t Arc<str>, text: &'t str, start: Position) -> Self {
        Self { file, text, start, lines: LineIndex::new(text), policies: Vec::new() }
    }

    pub(crate) fn file(&self) -> &'t Arc<str> {
        self.file
    }

    /// Where in the file a value of this part starts.
    pub(crate) fn position(&self, span: ByteSpan) -> Position {
        place_within(self.start, self.lines.position(span.start))
    }

    pub(crate) fn shape_error(&self, error: ShapeError) -> SourceError {
        let problem = SourceProblem::Shape(error.message);
        SourceError::at(self.file, self.position(error.span), problem)
    }

    /// The policy that a member holds, if it has any. Its problems are reported by
    /// [`Part::policy_problems`].
    pub(crate) fn policy(
        &mut self,
        object: &Value<'_>,
        name: &str,
    ) -> Shaped<Option<PolicySource>> {
        let Some(value) = member(object, name) else { return Ok(None) };
        let source = self.unchecked_policy(value, name)?;
        if let Some(source) = &source {
            let (name, source) = (name.to_owned(), source.clone());
            self.policies.push(FoundPolicy { name, span: value.span, source });
        }
        Ok(source)
    }

    /// The policy that a value is, whose problems are left to whoever parses it.
    pub(crate) fn unchecked_policy(
        &self,
        value: &Value<'_>,
        name: &str,
    ) -> Shaped<Option<PolicySource>> {
        match &value.kind {
            Kind::String(text) if text.trim().is_empty() => Ok(None),
            Kind::String(_) | Kind::Object(_) => {
                let span = value.span.start as usize..value.span.end as usize;
                let text = self.text.get(span).unwrap_or_default();
                Ok(Some(PolicySource::new(self.file, text, self.position(value.span))))
            }
            _ => {
                let message = format!(
                    "`{name}` should be a policy, as an object or a string, not {}",
                    value.type_name()
                );
                Err(ShapeError::new(value, message))
            }
        }
    }

    /// Why the text cannot be relied upon: it is not JSON.
    pub(crate) fn not_json(&self, parsed: &Parsed<'_>) -> Option<SourceError> {
        let broken = |diagnostic: &&Diagnostic| diagnostic.kind != DiagnosticKind::DuplicateKey;
        self.json_error(parsed.diagnostics.iter().filter(broken))
    }

    /// Why the text cannot be relied upon: a member stands twice. Inside of a policy that is a problem
    /// of the policy alone.
    pub(crate) fn said_twice(&self, parsed: &Parsed<'_>) -> Option<SourceError> {
        let outside = |diagnostic: &&Diagnostic| {
            !self.policies.iter().any(|policy| policy.span.contains(diagnostic.span))
        };
        self.json_error(parsed.diagnostics.iter().filter(outside))
    }

    fn json_error<'d>(
        &self,
        mut diagnostics: impl Iterator<Item = &'d Diagnostic>,
    ) -> Option<SourceError> {
        let first = diagnostics.next()?;
        let message = and_more(&first.message, diagnostics.count());
        let problem = SourceProblem::NotJson(message);
        Some(SourceError::at(self.file, self.position(first.span), problem))
    }

    /// One entry for each policy with problems; account and resource are still to be filled in.
    pub(crate) fn policy_problems(&self) -> Vec<NotAnalyzed> {
        let entry = |policy: &FoundPolicy| {
            let problems = policy.source.parse().err()?;
            let first = problems.first()?;
            let message = and_more(&first.message, problems.len() - 1);
            let reason = format!("the policy `{}` cannot be analyzed: {message}", policy.name);
            let position = Some(first.position);
            Some(NotAnalyzed { position, ..NotAnalyzed::new(self.file, reason) })
        };
        self.policies.iter().filter_map(entry).collect()
    }
}

/// The first of several messages, and how many others there are.
fn and_more(first: &str, others: usize) -> String {
    match others {
        0 => first.to_owned(),
        1 => format!("{first} (and one more problem)"),
        _ => format!("{first} (and {others} more problems)"),
    }
}
