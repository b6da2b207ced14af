//! What is wrong with a text that should be a policy.

use crate::location::ByteSpan;

/// What kind of problem a [`Diagnostic`] reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiagnosticKind {
    /// The text is not JSON at this place.
    Syntax,
    /// Arrays and objects are nested deeper than [`crate::json::MAX_DEPTH`].
    Nesting,
    /// A member name stands twice in one object.
    DuplicateKey,
    /// A value has a JSON type that the element does not take.
    WrongType,
    /// An element, principal type or operator that the policy language does not have.
    UnknownElement,
    /// An element that every statement or policy needs is absent.
    MissingElement,
    /// The JSON type is right and the value is not.
    InvalidValue,
    /// Two elements that exclude each other stand in one statement.
    Combination,
}

/// One problem, where it is, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind of problem.
    pub kind: DiagnosticKind,
    /// The bytes it is about.
    pub span: ByteSpan,
    /// What was wrong and what is expected, for a person.
    pub message: String,
}

impl Diagnostic {
    /// A problem of `kind` at `span`.
    pub fn new(kind: DiagnosticKind, span: ByteSpan, message: impl Into<String>) -> Self {
        Self { kind, span, message: message.into() }
    }
}

/// No more diagnostics than this are kept for one text; one behind them says that more were left out.
pub const MAX_DIAGNOSTICS: usize = 1000;

/// The problems of one text, as many of them as somebody might read.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics(Vec<Diagnostic>); // INVARIANT: no longer than MAX_DIAGNOSTICS + 1.

impl Diagnostics {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        if self.0.len() < MAX_DIAGNOSTICS {
            self.0.push(diagnostic);
        } else if self.0.len() == MAX_DIAGNOSTICS {
            let message = "more problems follow that are not listed";
            self.0.push(Diagnostic { message: message.to_owned(), ..diagnostic });
        }
    }

    pub(crate) fn into_vec(self) -> Vec<Diagnostic> {
        self.0
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, all: I) {
        all.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }
}
