//! Where checks put what they find.

use ringfence_policy::location::ByteSpan;
use ringfence_reasoning::Limit;

use crate::checks::{Check, UNDECIDED};
use crate::document::Document;
use crate::finding::{Replacement, Witness};
use crate::nearest::nearest;

/// A finding whose places are still bytes.
pub(crate) struct Draft {
    pub(crate) check: &'static Check,
    pub(crate) places: Vec<ByteSpan>,
    pub(crate) details: String,
    pub(crate) replacement: Option<Replacement>,
    pub(crate) witnesses: Vec<Witness>,
}

impl Draft {
    fn new(check: &'static Check, places: Vec<ByteSpan>, details: String) -> Self {
        Self { check, places, details, replacement: None, witnesses: Vec::new() }
    }
}

/// Collects the findings of one check.
pub(crate) struct Report<'r> {
    check: &'static Check,
    drafts: &'r mut Vec<Draft>,
    found: usize,
}

/// So many findings of a check say what was probably meant. The search takes a look at every candidate, and a document
/// may be wrong in a hundred thousand places.
const HINTS: usize = 100;

/// Runs one check.
pub(crate) fn run(check: &'static Check, document: &Document<'_>, drafts: &mut Vec<Draft>) {
    check.run(document, &mut Report { check, drafts, found: 0 });
}

impl Report<'_> {
    /// A finding about one place. `details` is a sentence on what is wrong and one on what to do.
    pub(crate) fn at(&mut self, place: ByteSpan, details: impl Into<String>) {
        self.at_all(vec![place], details);
    }

    /// A finding about several places, in the order in which AWS lists them; none for no place.
    pub(crate) fn at_all(&mut self, places: Vec<ByteSpan>, details: impl Into<String>) {
        self.push(places, details.into(), None);
    }

    /// A finding that putting `text` (JSON) in the place repairs.
    pub(crate) fn replace(
        &mut self,
        place: ByteSpan,
        text: impl Into<String>,
        details: impl Into<String>,
    ) {
        let replacement = Replacement { span: place, text: text.into() };
        self.push(vec![place], details.into(), Some(replacement));
    }

    /// A finding that a change somewhere else, or of a part only, repairs.
    pub(crate) fn repair(
        &mut self,
        places: Vec<ByteSpan>,
        replacement: Option<Replacement>,
        details: impl Into<String>,
    ) {
        self.push(places, details.into(), replacement);
    }

    /// A finding that requests show.
    pub(crate) fn show(
        &mut self,
        places: Vec<ByteSpan>,
        witnesses: Vec<Witness>,
        details: impl Into<String>,
    ) {
        self.push(places, details.into(), None);
        if let Some(draft) = self.drafts.last_mut() {
            draft.witnesses = witnesses;
        }
    }

    /// Says that the check could not be decided for what stands in a place.
    pub(crate) fn undecided(&mut self, place: ByteSpan, limit: Limit) {
        let details = format!(
            "`{}` was not decided here: {limit}. Say the same with fewer patterns or variables, or look at it yourself.",
            self.check.issue_code
        );
        self.drafts
            .push(Draft { check: UNDECIDED, ..Draft::new(self.check, vec![place], details) });
    }

    /// A sentence that names the candidate that was probably meant, with a space in front; empty where none is near.
    pub(crate) fn did_you_mean<'c>(
        &self,
        wanted: &str,
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> String {
        let found = if self.found < HINTS { nearest(wanted, candidates) } else { None };
        found.map_or_else(String::new, |name| format!(" Did you mean `{name}`?"))
    }

    fn push(&mut self, places: Vec<ByteSpan>, details: String, replacement: Option<Replacement>) {
        if !places.is_empty() {
            self.found += 1;
            let draft = Draft::new(self.check, places, details);
            self.drafts.push(Draft { replacement, ..draft });
        }
    }
}
