//! What stands above all rules: the mode, the stop switch, limits and quiet hours.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::resolution::ApprovalKind;

/// How far rules may go at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    /// Decisions are recorded and told; nothing is written anywhere.
    #[default]
    Observe,
    /// Findings are archived, and plans made for approval.
    Propose,
    /// Plans whose rule resolves, and of which everything is proved, are applied at once.
    Automatic,
}

/// How many changes there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields, default)]
pub struct ChangeLimits {
    /// Changes in any 60 minutes, in all accounts together.
    pub per_hour: u32,
    /// Changes in any 60 minutes in one account.
    pub per_account_per_hour: u32,
}

impl Default for ChangeLimits {
    fn default() -> Self {
        Self { per_hour: 60, per_account_per_hour: 20 }
    }
}

/// Hours in which nothing is applied without a person, in UTC; they may go over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// The first minute.
    pub from: Time,
    /// The first minute that is not quiet any more.
    pub to: Time,
}

impl QuietHours {
    /// When the quiet that there is at `now` ends; nothing where there is none.
    #[must_use]
    pub fn end(&self, now: Timestamp) -> Option<Timestamp> {
        let local = now.to_zoned(TimeZone::UTC);
        let time = local.time();
        let is_quiet = match self.from <= self.to {
            true => self.from <= time && time < self.to,
            false => self.from <= time || time < self.to,
        };
        if !is_quiet {
            return None;
        }
        let day = match time < self.to {
            true => local.date(),
            false => local.date().tomorrow().ok()?,
        };
        day.to_datetime(self.to).to_zoned(TimeZone::UTC).ok().map(|end| end.timestamp())
    }
}

/// How many changes there were in the last 60 minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecentChanges {
    /// In all accounts.
    pub all: u32,
    /// In the account that is to be changed.
    pub in_account: u32,
}

/// Whether a change may be made now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gate {
    /// It may.
    Open,
    /// It may not.
    Closed {
        /// Why, for a person.
        why: String,
        /// When to ask again.
        until: Timestamp,
    },
}

/// What is asked before a change.
#[derive(Clone, Copy, Debug)]
pub struct GateQuestion<'a> {
    /// The mode.
    pub mode: Mode,
    /// Who stopped everything, and when; nothing where nobody did.
    pub stopped: Option<&'a str>,
    /// The limits.
    pub limits: ChangeLimits,
    /// The quiet hours.
    pub quiet: Option<QuietHours>,
    /// The changes so far.
    pub recent: RecentChanges,
    /// Who approved the change.
    pub approved_by: ApprovalKind,
}

/// How long is waited where nobody knows for how long.
const AGAIN: SignedDuration = SignedDuration::from_secs(60);

/// Whether a change may be made at `now`.
#[must_use]
pub fn gate(question: &GateQuestion<'_>, now: Timestamp) -> Gate {
    let later = now.checked_add(AGAIN).unwrap_or(Timestamp::MAX);
    let closed = |why: String, until: Timestamp| Gate::Closed { why, until };
    if let Some(stopped) = question.stopped {
        return closed(format!("stopped: {stopped}"), later);
    }
    match (question.mode, question.approved_by) {
        (Mode::Observe, _) => {
            return closed("the mode is observe: nothing is written".to_owned(), later);
        }
        (Mode::Propose, ApprovalKind::Automatic) => {
            return closed("the mode is propose: a person has to approve".to_owned(), later);
        }
        (Mode::Propose, ApprovalKind::Person) | (Mode::Automatic, _) => {}
    }
    if question.recent.all >= question.limits.per_hour {
        return closed(format!("there were {} changes in an hour", question.recent.all), later);
    }
    if question.recent.in_account >= question.limits.per_account_per_hour {
        let number = question.recent.in_account;
        return closed(format!("there were {number} changes in the account in an hour"), later);
    }
    let quiet = question.quiet.and_then(|own| own.end(now));
    match (quiet, question.approved_by) {
        (Some(end), ApprovalKind::Automatic) => closed("quiet hours".to_owned(), end),
        (Some(_), ApprovalKind::Person) | (None, _) => Gate::Open,
    }
}
