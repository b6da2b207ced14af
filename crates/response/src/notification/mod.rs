//! What people are told about a finding, and how it reads: in mails, chats and topics.
//!
//! A [`Notification`] holds facts and no text. Templates make texts of it ([`render()`]), a channel's form makes a
//! message of these, and [`Routes`] say which channels get it. What comes from outside (tags, aliases, names of
//! accounts, ARNs in events) is shown as it is and never read: not as markup, not as a template, not as a header.

mod aws_cli;
mod channel_form;
mod clean;
mod instructions;
mod render;
mod route;
mod sample;
mod templates;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::{AccessChange, AccountContext};
use crate::plan::Means;
use crate::slot::Target;

pub use aws_cli::{AddedStatements, added_statements};
pub use channel_form::{slack, teams};
pub use clean::{clean, clean_line};
pub use render::{Rendered, render, render_digest};
pub use route::{Match, Route, Routes};
pub use sample::sample;
pub use templates::{TemplateError, Templates};

/// Why somebody is told.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum NotificationKind {
    /// A finding is there that was not before.
    NewFinding,
    /// A plan waits for approval.
    Proposal,
    /// A plan was written, and the finding is gone.
    Resolved,
    /// A plan still waits for approval.
    Reminder,
    /// Nobody said anything about a plan in time.
    Escalation,
    /// Something could not be done.
    Failure,
}

impl NotificationKind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::NewFinding,
        Self::Proposal,
        Self::Resolved,
        Self::Reminder,
        Self::Escalation,
        Self::Failure,
    ];

    /// The name that its templates have.
    #[must_use]
    pub fn template(self) -> &'static str {
        match self {
            Self::NewFinding => "new-finding",
            Self::Proposal => "proposal",
            Self::Resolved => "resolved",
            Self::Reminder => "reminder",
            Self::Escalation => "escalation",
            Self::Failure => "failure",
        }
    }

    /// The kind whose templates have this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.template() == name)
    }
}

/// Facts that somebody is told. Members that are not known are empty or nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    /// What makes it this one: queued twice, it is sent once. A finding's or resolution's id with what happened, as
    /// `RESOLUTION/resolved` or `RESOLUTION/reminder/2`.
    pub id: String,
    /// Why somebody is told.
    pub kind: NotificationKind,
    /// When it happened.
    pub at: Timestamp,
    /// The finding.
    pub finding_id: String,
    /// The analyzer that has it.
    pub analyzer_arn: String,
    /// The resource.
    pub target: Target,
    /// Who gets in: an ARN, an account, `*`.
    pub principal: String,
    /// What they may do.
    pub actions: Vec<String>,
    /// Whether everybody gets in.
    pub is_public: bool,
    /// From 0 to 100.
    pub risk_score: Option<u8>,
    /// The resource's tags.
    pub tags: BTreeMap<String, String>,
    /// The account that owns the resource.
    pub account: Option<AccountContext>,
    /// Who gave the access.
    pub changed_by: Option<AccessChange>,
    /// The plan, of those that are about one.
    pub resolution: Option<ResolutionFacts>,
    /// Why: what a rule said, what failed. For a person.
    pub reason: Option<String>,
}

/// What is told of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResolutionFacts {
    /// The resolution's id, which commands take.
    pub id: String,
    /// How the access is taken away.
    pub means: Means,
    /// The Sid of the statement that is added, or, of a resolved finding, that was read back after it was written.
    pub sid: Option<String>,
    /// The policies to which statements were added, where nothing else was done.
    #[serde(default)]
    pub added: Vec<AddedStatements>,
    /// What it does, for a person: one line each.
    pub summary: Vec<String>,
    /// The hash of the plan that is shown: what is approved is this plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_hash: Option<String>,
    /// Where it can be approved.
    pub approval_url: Option<String>,
    /// Until when.
    pub expires_at: Option<Timestamp>,
}
