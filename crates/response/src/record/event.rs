//! What can happen to a finding.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::decision::Decision;
use crate::risk_score::RiskScore;
use crate::slot::Slot;

/// What happened to a finding: the body of an entry. A `resolution` is the id of one, a `plan_hash` that of its plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum RecordEvent {
    /// It came in and was confirmed.
    Seen {
        /// The analyzer, or whoever told of it.
        source: String,
        /// The resource.
        resource: String,
        /// Its type.
        resource_type: String,
        /// The account that owns it.
        account: String,
        /// Who gets in.
        principal: BTreeMap<String, String>,
        /// Whether that is anybody; null where it is not known.
        is_public: Option<bool>,
    },
    /// What is known around it was gathered.
    Enriched {
        /// What is known.
        context: Box<Context>,
        /// How much it matters.
        risk_score: RiskScore,
    },
    /// The rules decided.
    Decided {
        /// What, by which rules, with which notes.
        decision: Decision,
    },
    /// It is about to be archived where somebody else keeps it.
    Archiving {
        /// By which rule or whom.
        by: String,
    },
    /// It was archived.
    Archived {
        /// By which rule or whom.
        by: String,
    },
    /// A plan was made.
    Planned {
        /// The resolution.
        resolution: String,
        /// The plan.
        plan_hash: String,
    },
    /// A resolution of the same access is on its way already: of another Region, or another analyzer.
    Joined {
        /// That resolution.
        resolution: String,
    },
    /// Somebody said yes.
    Approved {
        /// The resolution.
        resolution: String,
        /// The plan that was approved.
        plan_hash: String,
        /// Who.
        by: String,
    },
    /// Somebody said no.
    Rejected {
        /// The resolution.
        resolution: String,
        /// Who.
        by: String,
        /// Why.
        reason: Option<String>,
    },
    /// Nobody said anything in time, or the access was gone by itself.
    Expired {
        /// The resolution.
        resolution: String,
        /// Which of the two.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Somebody asked for something.
    Asked {
        /// The resolution.
        resolution: String,
        /// Who.
        by: String,
        /// For what: `rollback`, `intended`, `delete role`.
        what: String,
    },
    /// The plan is about to be written.
    Applying {
        /// The resolution.
        resolution: String,
        /// The plan.
        plan_hash: String,
    },
    /// The change is about to be taken back.
    RollingBack {
        /// The resolution.
        resolution: String,
        /// Who wanted it.
        by: String,
    },
    /// The role was deleted.
    RoleDeleted {
        /// The resolution.
        resolution: String,
        /// Who wanted it.
        by: String,
        /// What it was, as IAM described it.
        definition: serde_json::Value,
    },
    /// The plan was written.
    Applied {
        /// The resolution.
        resolution: String,
        /// The plan.
        plan_hash: String,
        /// The Sid that was written, where one was.
        sid: Option<String>,
    },
    /// The access is gone.
    Verified {
        /// The resolution.
        resolution: String,
    },
    /// Something was written again and has another name than before: a grant has another id.
    Remade {
        /// The resolution.
        resolution: String,
        /// What it was.
        was: Slot,
        /// What it is.
        is: Slot,
        /// What a person should know of it.
        note: Option<String>,
    },
    /// The change was taken back.
    Undone {
        /// The resolution.
        resolution: String,
        /// Who wanted it.
        by: String,
        /// How: byte by byte, or only our part.
        how: String,
    },
    /// Something did not work.
    Failed {
        /// The resolution, where there is one.
        resolution: Option<String>,
        /// What.
        why: String,
    },
    /// Somebody was told.
    Notified {
        /// The channel.
        channel: String,
        /// What was told.
        what: String,
    },
    /// A person's remark.
    Note {
        /// Who.
        by: String,
        /// What they say.
        text: String,
        /// Tags of the resource that they vouch for, with the value; null for a tag that is not there.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        tags: BTreeMap<String, Option<String>>,
    },
}
