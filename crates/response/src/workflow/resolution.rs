//! A resolution: a plan on its way, with all that has to be known to go on with it after a break at any point.

use jiff::Timestamp;
use ringfence_findings::finding::Finding;
use serde::{Deserialize, Serialize};

use super::ResolutionState;
use super::due::due;
use super::remade::Remade;
use crate::context::Context;
use crate::decision::Decision;
use crate::plan::{Edit, Plan};

/// A plan on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resolution {
    /// Its id, a lower-case UUID.
    pub id: String,
    /// Who keeps the finding.
    pub keeper: FindingKeeper,
    /// The finding as it was when the plan was made.
    pub finding: Finding,
    /// What was known around it then.
    pub context: Context,
    /// What was decided, and by which rules.
    pub decision: Decision,
    /// The risk score of the finding, from 0 to 100.
    pub risk_score: u8,
    /// Who asked for it: `rule NAME`, or a person.
    pub requester: String,
    /// The plan.
    pub plan: Plan,
    /// The hash of the plan's target and edits. An approval is one of this hash.
    pub plan_hash: String,
    /// Where it stands.
    pub state: ResolutionState,
    /// Who said yes, to which plan; nothing where nobody did, or the plan has changed since.
    pub approval: Option<Approval>,
    /// Whether something of it was written to the account and not taken back.
    pub trace: Trace,
    /// What a person asked to be done with it; nothing once it is done.
    pub wish: Option<Wish>,
    /// Who had it undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<String>,
    /// The archive rule that was left when it was undone because the access was intended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intended_rule: Option<String>,
    /// What undoes it, once that has begun.
    pub undo: Vec<Edit>,
    /// What has another name since it was written again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remade: Vec<Remade>,
    /// Why it is where it is, for a person; of what failed, expired or waits.
    pub reason: Option<String>,
    /// What the role is or was, and what else uses it, once somebody thought of deleting it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<RoleSeen>,
    /// When it was proposed.
    pub created_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
    /// When an approval comes too late.
    pub expires_at: Timestamp,
    /// When approvers are reminded next; nothing where they are not any more.
    pub remind_at: Option<Timestamp>,
    /// How many reminders there were.
    pub reminders: u32,
    /// How often what was due could not be done.
    pub attempts: u32,
    /// When a worker looks at it next; nothing where only a person moves it.
    pub due: Option<Timestamp>,
}

/// Who keeps a finding, and so says what its status is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "camelCase")]
pub enum FindingKeeper {
    /// Our own store.
    Ringfence {
        /// The ARN of the analyzer.
        analyzer: String,
    },
    /// AWS's Access Analyzer.
    Aws {
        /// The ARN of the analyzer.
        analyzer: String,
    },
}

impl FindingKeeper {
    /// The ARN of the analyzer.
    #[must_use]
    pub fn analyzer(&self) -> &str {
        match self {
            Self::Ringfence { analyzer } | Self::Aws { analyzer } => analyzer,
        }
    }
}

/// Who said yes to a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Approval {
    /// `rule NAME` where rules let it be applied at once, else a person.
    pub by: String,
    /// Whether a person had to say so.
    pub kind: ApprovalKind,
    /// When.
    pub at: Timestamp,
    /// The hash of the plan.
    pub plan_hash: String,
}

/// Where an approval comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ApprovalKind {
    /// A rule that resolves, under the automatic mode, with everything proved.
    Automatic,
    /// A person.
    Person,
}

/// Whether something of a resolution is in the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Trace {
    /// Nothing is, or it was taken back.
    Nothing,
    /// Something is, or may be.
    Written,
}

/// What a person asked to be done with a resolution that was applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wish", rename_all = "camelCase")]
pub enum Wish {
    /// What was written is taken back.
    Rollback {
        /// Who asked.
        who: String,
    },
    /// The access was intended: an archive rule is left first, then what was written is taken back.
    Intended {
        /// Who asked.
        who: String,
        /// The name of the archive rule.
        rule_name: String,
    },
    /// The role is looked at: what it is, and what else uses it.
    LookAtRole {
        /// Who asked.
        who: String,
    },
    /// The role is deleted.
    DeleteRole {
        /// Who asked.
        who: String,
    },
}

/// A role that may go, with what it takes to make it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleSeen {
    /// What it is, as IAM describes it.
    pub definition: serde_json::Value,
    /// What else uses it.
    pub uses: serde_json::Value,
    /// When it was looked at.
    pub at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}

impl Wish {
    /// Who asked.
    #[must_use]
    pub fn who(&self) -> &str {
        match self {
            Self::Rollback { who }
            | Self::Intended { who, .. }
            | Self::LookAtRole { who }
            | Self::DeleteRole { who } => who,
        }
    }
}

/// What a new resolution is made of.
#[derive(Clone, Debug)]
pub struct NewResolution {
    /// Its id.
    pub id: String,
    /// Who keeps the finding.
    pub keeper: FindingKeeper,
    /// The finding.
    pub finding: Finding,
    /// What is known around it.
    pub context: Context,
    /// What was decided.
    pub decision: Decision,
    /// The risk score.
    pub risk_score: u8,
    /// Who asked for it.
    pub requester: String,
    /// The plan.
    pub plan: Plan,
    /// Its hash.
    pub plan_hash: String,
    /// Whether it waits for a person.
    pub start: Start,
    /// When an approval comes too late.
    pub expires_at: Timestamp,
    /// When approvers are reminded first.
    pub remind_at: Option<Timestamp>,
}

/// How a resolution starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// It waits for a person.
    Proposed,
    /// It is applied at once.
    Automatic,
}

impl Resolution {
    /// A resolution that has just been decided on.
    #[must_use]
    pub fn new(new: NewResolution, now: Timestamp) -> Self {
        let (state, approval) = match new.start {
            Start::Proposed => (ResolutionState::Proposed, None),
            Start::Automatic => {
                let approval = Approval {
                    by: new.requester.clone(),
                    kind: ApprovalKind::Automatic,
                    at: now,
                    plan_hash: new.plan_hash.clone(),
                };
                (ResolutionState::Approved, Some(approval))
            }
        };
        let mut own = Self {
            id: new.id,
            keeper: new.keeper,
            finding: new.finding,
            context: new.context,
            decision: new.decision,
            risk_score: new.risk_score,
            requester: new.requester,
            plan: new.plan,
            plan_hash: new.plan_hash,
            state,
            approval,
            trace: Trace::Nothing,
            wish: None,
            undone_by: None,
            intended_rule: None,
            undo: Vec::new(),
            remade: Vec::new(),
            reason: None,
            role: None,
            created_at: now,
            updated_at: now,
            expires_at: new.expires_at,
            remind_at: new.remind_at,
            reminders: 0,
            attempts: 0,
            due: None,
        };
        own.due = due(&own, now);
        own
    }

    /// What stands for the access that it closes: the resource and who gets in, on which conditions. Findings of
    /// several Regions or analyzers about one access have the same.
    #[must_use]
    pub fn access(&self) -> String {
        access_of(&self.plan.target.arn, &self.finding)
    }
}

/// What stands for the access to `arn` that a finding describes.
#[must_use]
pub fn access_of(arn: &str, finding: &Finding) -> String {
    let observation = &finding.observation;
    let said = serde_json::json!([arn, observation.principal(), observation.condition()]);
    said.to_string()
}
