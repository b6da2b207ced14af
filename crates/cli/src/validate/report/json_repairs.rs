//! The repairs of `--fix` as JSON.

use ringfence_policy::LineIndex;
use serde::Serialize;

use crate::validate::fix::{Effect, FixedPolicy, Repair};

/// A repair, made or left alone.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RepairRecord<'r> {
    file: &'r str,
    issue_code: &'static str,
    made: bool,
    /// Where it is: in the file as it was when it is made, else in the file as it is now.
    line: usize,
    column: usize,
    removed: &'r str,
    inserted: &'r str,
    /// What it does to the requests that are allowed.
    effect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<ChangeRecord>,
}

#[derive(Serialize)]
struct ChangeRecord {
    kind: &'static str,
    witness: serde_json::Value,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Made,
    LeftAlone,
}

/// The repairs, file by file.
pub(super) fn repairs(fixed: &[FixedPolicy]) -> impl Iterator<Item = RepairRecord<'_>> {
    fixed.iter().flat_map(|own| {
        let made = records(own, &own.before, &own.made, Outcome::Made);
        made.into_iter().chain(records(own, &own.after, &own.left, Outcome::LeftAlone))
    })
}

fn records<'r>(
    own: &'r FixedPolicy,
    text: &str,
    repairs: &'r [Repair],
    outcome: Outcome,
) -> Vec<RepairRecord<'r>> {
    if repairs.is_empty() {
        return Vec::new();
    }
    let lines = LineIndex::new(text);
    let record = |repair: &'r Repair| {
        let at = lines.position(u32::try_from(repair.offset).unwrap_or(u32::MAX));
        let (reason, change) = match &repair.effect {
            Effect::Same | Effect::Spelling => (None, None),
            Effect::Unproven(reason) => (Some(reason.as_str()), None),
            Effect::NoRepair(reason) => (Some(*reason), None),
            Effect::Changes(own) => {
                let witness = own.witness.to_scenario_json();
                (None, Some(ChangeRecord { kind: own.kind.as_str(), witness }))
            }
        };
        RepairRecord {
            file: &own.file,
            issue_code: repair.issue_code,
            made: outcome == Outcome::Made,
            line: at.line,
            column: at.column,
            removed: &repair.removed,
            inserted: &repair.inserted,
            effect: repair.effect.as_str(),
            reason,
            change,
        }
    };
    repairs.iter().map(record).collect()
}
