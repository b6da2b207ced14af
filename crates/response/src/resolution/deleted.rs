//! Principals that were deleted. A policy shows the unique id of such a principal (`AIDA…`, `AROA…`) in the place of its
//! ARN; the id is nobody's, and IAM and Amazon S3 refuse a policy that names one when it is written again:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>. A plan that writes the
//! policy takes them out, which takes nothing from anybody.

use ringfence_policy::{Polarity, Principal, parse_policy};

use super::candidate::Candidate;
use super::text::{self, Left};
use crate::slot::Slot;

/// The change without deleted principals in what it writes.
pub(super) fn taken_out(mut candidate: Candidate) -> Candidate {
    for edit in &mut candidate.edits {
        // Lambda is written a statement at a time.
        let is_whole = !matches!(edit.slot, Slot::FunctionPolicy | Slot::LayerPolicy);
        if let Some(after) = edit.after.as_deref().filter(|_| is_whole)
            && let Some(left) = without_deleted(after)
        {
            edit.after = Some(left);
        }
    }
    candidate
}

/// The policy as its service takes it again.
pub(super) fn writable(policy: &str) -> String {
    without_deleted(policy).unwrap_or_else(|| policy.to_owned())
}

/// The policy without them; nothing where it names none.
fn without_deleted(policy: &str) -> Option<String> {
    let document = parse_policy(policy).sound().ok()?;
    let mut left = None;
    for statement in document.statements.iter().rev() {
        let Some(element) = &statement.principal else { continue };
        let is_one = |own: &Principal| matches!(own, Principal::UniqueId(_));
        let named = element.principals.iter().any(|own| is_one(&own.value));
        if !named || element.polarity == Polarity::Not {
            continue;
        }
        let goes = |kind: &str, name: &str| is_one(&Principal::parse(kind, name));
        let text = left.as_deref().unwrap_or(policy);
        match text::without_principal(text, statement.index, &goes)? {
            Left::Text(text) => left = Some(text),
            Left::Nothing => return None,
        }
    }
    left
}
