//! What the record has of a resolution's moves.

use ringfence_response::plan::Edit;
use ringfence_response::record::RecordEvent;
use ringfence_response::workflow::resolution::{Resolution, Wish};
use ringfence_response::workflow::transition::Happening;

use crate::resolutions::Circumstances;

/// What the record has of a move; nothing of being put off or reminded of.
pub(crate) fn recorded(
    after: &Resolution,
    happening: &Happening,
    circumstances: &Circumstances<'_>,
) -> Option<RecordEvent> {
    let resolution = after.id.clone();
    let plan_hash = after.plan_hash.clone();
    let by = circumstances.who.to_owned();
    let reason = after.reason.clone();
    Some(match happening {
        Happening::Approve { .. } => RecordEvent::Approved { resolution, plan_hash, by },
        Happening::Reject { .. } => RecordEvent::Rejected { resolution, by, reason: None },
        Happening::Expire | Happening::Lapse { .. } => RecordEvent::Expired { resolution, reason },
        Happening::Replan { .. } => RecordEvent::Planned { resolution, plan_hash },
        Happening::Begin => RecordEvent::Applying { resolution, plan_hash },
        Happening::Written => {
            RecordEvent::Applied { resolution, plan_hash, sid: circumstances.sid.clone() }
        }
        Happening::Verify => RecordEvent::Verified { resolution },
        Happening::Fail { why, .. } => {
            RecordEvent::Failed { resolution: Some(resolution), why: why.clone() }
        }
        Happening::Ask(wish) => {
            let what = match wish {
                Wish::Rollback { .. } => "rollback",
                Wish::Intended { .. } => "intended",
                Wish::LookAtRole { .. } => "look at role",
                Wish::DeleteRole { .. } => "delete role",
            };
            RecordEvent::Asked { resolution, by, what: what.to_owned() }
        }
        Happening::BeginUndo { .. } => RecordEvent::RollingBack { resolution, by },
        Happening::Remade(own) => RecordEvent::Remade {
            resolution,
            was: own.was.clone(),
            is: own.is.clone(),
            note: own.note.clone(),
        },
        Happening::Undone => RecordEvent::Undone { resolution, by, how: how(after).to_owned() },
        Happening::RoleDeleted => {
            let definition = after.role.as_ref().map(|own| own.definition.clone());
            let definition = definition.unwrap_or_default();
            RecordEvent::RoleDeleted { resolution, by, definition }
        }
        Happening::RoleSeen { .. }
        | Happening::Wait { .. }
        | Happening::TryAgain { .. }
        | Happening::Reminded { .. } => return None,
    })
}

/// How a plan was undone: byte by byte where every edit of the plan has its reverse, but for what has another name.
fn how(own: &Resolution) -> &'static str {
    if !own.remade.is_empty() {
        return "what was there before was made again, under other ids";
    }
    let is_reverse = |edit: &Edit| {
        own.plan.edits.iter().any(|plan| {
            plan.slot == edit.slot && plan.before == edit.after && plan.after == edit.before
        })
    };
    match own.undo.iter().all(is_reverse) {
        true => "what was there before is back, byte by byte",
        false => "only what the plan wrote was taken out",
    }
}
