//! Says which repairs were made, and which were not and why.

use ringfence_access::inventory::Embedding;
use ringfence_policy::LineIndex;

use super::effect::ChangeKind;
use super::{Destination, Effect, FixedPolicy, Repair};
use crate::request;
use crate::text::{counted, visible};
use crate::validate::checked::{CheckedPolicy, State};

/// No more of a text than this is shown.
const SHOWN: usize = 60;

/// Says it on standard error, a line for each repair and one for all.
pub(in crate::validate) fn tell(fixed: &[FixedPolicy], destination: Destination) {
    let done = match destination {
        Destination::Files => "fixed",
        Destination::Diff => "would fix",
    };
    for own in fixed {
        tell_all(done, own, &own.before, &own.made);
        tell_all("left alone", own, &own.after, &own.left);
    }
    let made: usize = fixed.iter().map(|own| own.made.len()).sum();
    let left: usize = fixed.iter().map(|own| own.left.len()).sum();
    if made + left > 0 {
        let files = counted(fixed.iter().filter(|own| own.is_changed()).count(), "file");
        let (repairs, hint) = (counted(made, "repair"), hint(fixed));
        eprintln!("{done}: {repairs} in {files}; {left} left alone{hint}");
    }
}

/// Says how many repairs there are in policies that are not rewritten.
pub(in crate::validate) fn tell_of_others(policies: &[CheckedPolicy]) {
    let is_rewritten = |own: &&CheckedPolicy| {
        own.subject.path.is_some() && own.subject.source.embedding() == Embedding::Document
    };
    let others = policies.iter().filter(|own| !is_rewritten(own));
    let count = others
        .flat_map(|own| &own.findings)
        .filter(|own| own.state == State::New && own.replacement.is_some())
        .count();
    if count > 0 {
        let repairs = counted(count, "possible repair");
        let verb = if count == 1 { "is" } else { "are" };
        eprintln!(
            "warning: {repairs} {verb} not in files that are rewritten: those hold one policy and nothing else"
        );
    }
}

/// How repairs that are left alone can be had.
fn hint(fixed: &[FixedPolicy]) -> &'static str {
    let mut left = fixed.iter().flat_map(|own| &own.left);
    match left.any(|own| matches!(own.effect, Effect::Changes(_) | Effect::Unproven(_))) {
        true => " (--unsafe-fixes makes also what changes the meaning)",
        false => "",
    }
}

fn tell_all(what: &str, own: &FixedPolicy, text: &str, repairs: &[Repair]) {
    if repairs.is_empty() {
        return;
    }
    let lines = LineIndex::new(text);
    for repair in repairs {
        let at = lines.position(u32::try_from(repair.offset).unwrap_or(u32::MAX));
        let place = format!("{}:{}:{}", own.file, at.line, at.column);
        eprintln!(
            "{what}: {} {}: {}; {}",
            visible(&place),
            repair.issue_code,
            visible(&action(&repair.removed, &repair.inserted)),
            visible(&consequence(&repair.effect))
        );
    }
}

fn action(removed: &str, inserted: &str) -> String {
    match (removed.trim(), inserted.trim()) {
        ("", inserted) => format!("insert {}", shown(inserted)),
        (removed, "") => format!("remove {}", shown(removed)),
        (removed, inserted) => format!("replace {} with {}", shown(removed), shown(inserted)),
    }
}

/// What the repair does to the requests that are allowed, in a sentence.
fn consequence(effect: &Effect) -> String {
    let change = match effect {
        Effect::Same => return "every request is answered as before".to_owned(),
        Effect::Spelling => return "only the case of letters changes".to_owned(),
        Effect::Unproven(reason) => return reason.clone(),
        Effect::NoRepair(reason) => return (*reason).to_owned(),
        Effect::Changes(change) => change,
    };
    let what = match change.kind {
        ChangeKind::AllowsMore => "the policy then allows what it did not",
        ChangeKind::AllowsLess => "the policy then no longer allows",
        ChangeKind::DeniesMore => "the policy then denies what it did not",
        ChangeKind::DeniesLess => "the policy then no longer denies",
    };
    format!("{what}: {}", request::in_a_line(&change.witness))
}

/// The beginning of a text on one line, in backticks.
fn shown(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        None => format!("`{line}`"),
        Some((end, _)) => format!("`{}…`", line.get(..end).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_done() {
        assert_eq!(action("\"s3:Get*\",\n  ", ""), "remove `\"s3:Get*\",`");
        assert_eq!(action("", " \"Version\":\n \"x\","), "insert `\"Version\": \"x\",`");
        assert_eq!(action("e", "E"), "replace `e` with `E`");
        assert_eq!(shown(&"ä".repeat(61)), format!("`{}…`", "ä".repeat(60)));
    }
}
