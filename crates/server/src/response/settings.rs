//! `[response]`: how far rules may go, and how people agree.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::SignedDuration;
use ringfence_response::rules::Safety;
use ringfence_response::workflow::gate::{ChangeLimits, Mode, QuietHours};
use ringfence_response::workflow::transition::Separation;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is done about findings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ResponseSettings {
    /// How far rules may go: `observe` (nothing is written), `propose`, `automatic`.
    pub mode: ResponseMode,
    /// The folder of the rules; without one every finding is told of.
    pub rules: Option<PathBuf>,
    /// The file of known partners.
    pub partners: Option<PathBuf>,
    /// What rules may not do, and which tags may decide.
    pub safety: SafetySettings,
    /// How many changes there may be.
    pub limits: LimitSettings,
    /// Hours in which nothing is applied without a person, in UTC.
    pub quiet_hours: Option<QuietSettings>,
    /// How people agree to plans.
    pub approval: ApprovalSettings,
    /// How accounts are reached; without it plans are made and never applied.
    pub accounts: Option<AccountSettings>,
    /// The URL of an SQS queue with events of AWS's Access Analyzer.
    pub queue: Option<String>,
}

/// How far rules may go at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ResponseMode {
    /// Decisions are recorded and told; nothing is written anywhere.
    #[default]
    Observe,
    /// Findings are archived, and plans made for approval.
    Propose,
    /// Plans whose rule resolves, and of which everything is proved, are applied at once.
    Automatic,
}

impl From<ResponseMode> for Mode {
    fn from(mode: ResponseMode) -> Self {
        match mode {
            ResponseMode::Observe => Self::Observe,
            ResponseMode::Propose => Self::Propose,
            ResponseMode::Automatic => Self::Automatic,
        }
    }
}

/// What rules may not do, whatever they say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SafetySettings {
    /// The rules that may archive public findings, by id.
    pub public_archive: BTreeSet<String>,
    /// The tags that may decide about archiving and routing, each with who may set it: ARNs with `*` and `?`, `["*"]`
    /// for anybody. Whoever can tag could otherwise hide an exposure.
    pub deciding_tags: BTreeMap<String, Vec<String>>,
    /// The tag that says how sensitive the data of a resource are.
    pub classification_tag: Option<String>,
}

/// How many changes there may be in 60 minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LimitSettings {
    /// In all accounts together.
    pub changes_per_hour: u32,
    /// In one account.
    pub changes_per_account_per_hour: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self { changes_per_hour: 60, changes_per_account_per_hour: 20 }
    }
}

/// Quiet hours, in UTC; they may go over midnight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietSettings {
    /// The first minute, as `22:00`.
    pub from: String,
    /// The first minute that is not quiet any more, as `06:00`.
    pub to: String,
}

/// How people agree to plans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ApprovalSettings {
    /// The URL under which this service is reached by those who get mails; without it mails have no links.
    pub base_url: Option<String>,
    /// Who may approve by the link in a mail: the first by that of proposals and reminders, the second by that of
    /// escalations. Routes of `[notifications]` say where each kind goes.
    pub approvers: Vec<Approver>,
    /// Whether requester and approver have to differ. Approvers authenticate with a key then.
    pub requester_and_approver_differ: bool,
    /// Hours after which a proposal expires.
    pub expires_after_hours: u32,
    /// Hours between reminders; 0 for none.
    pub remind_after_hours: u32,
    /// How many reminders there are before somebody else is told.
    pub reminders: u32,
}

/// Who may approve by a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Approver {
    /// Who it is, for the record.
    pub name: String,
    /// The id of the access key with which they authenticate where that is demanded.
    #[serde(default)]
    pub key: Option<String>,
}

impl Default for ApprovalSettings {
    fn default() -> Self {
        Self {
            base_url: None,
            approvers: Vec::new(),
            requester_and_approver_differ: false,
            expires_after_hours: 72,
            remind_after_hours: 24,
            reminders: 2,
        }
    }
}

/// How accounts are reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AccountSettings {
    /// The accounts that are managed, by id; none for every account that has the roles.
    pub managed: BTreeSet<String>,
    /// The name of the role that reads, in each account.
    pub reading_role: String,
    /// The name of the role that changes, in each account.
    pub remediation_role: String,
    /// The external id of both roles.
    pub external_id: Option<String>,
    /// Whether the account whose credentials the service has is reached with these instead of the roles.
    pub own_account_by_credentials: bool,
    /// A URL in the place of AWS's own.
    pub endpoint_url: Option<String>,
    /// The Region for what has none.
    pub region: Option<String>,
    /// Seconds for which a service may go on showing the old value after it took a new one.
    pub settle_seconds: u32,
}

impl Default for AccountSettings {
    fn default() -> Self {
        Self {
            managed: BTreeSet::new(),
            reading_role: "RingfenceCollector".to_owned(),
            remediation_role: "RingfenceRemediation".to_owned(),
            external_id: None,
            own_account_by_credentials: false,
            endpoint_url: None,
            region: None,
            settle_seconds: 75,
        }
    }
}

impl ResponseSettings {
    /// The limits of changes.
    pub(crate) fn change_limits(&self) -> ChangeLimits {
        ChangeLimits {
            per_hour: self.limits.changes_per_hour,
            per_account_per_hour: self.limits.changes_per_account_per_hour,
        }
    }

    /// The quiet hours.
    ///
    /// # Errors
    /// Where they are no times.
    pub fn quiet(&self) -> Result<Option<QuietHours>, String> {
        let Some(own) = &self.quiet_hours else { return Ok(None) };
        let time = |text: &str| {
            text.parse().map_err(|_| format!("`{text}` is no time as 22:00 (quiet_hours)"))
        };
        Ok(Some(QuietHours { from: time(&own.from)?, to: time(&own.to)? }))
    }

    /// What rules may not do.
    #[must_use]
    pub fn safety(&self) -> Safety {
        let SafetySettings { public_archive, deciding_tags, classification_tag } =
            self.safety.clone();
        Safety { public_archive, deciding_tags, classification_tag }
    }

    /// Whether an account is one that is managed.
    pub(crate) fn manages(&self, account: &str) -> bool {
        let managed = self.accounts.as_ref().map(|own| &own.managed);
        managed.is_none_or(|own| own.is_empty() || own.contains(account))
    }
}

impl ApprovalSettings {
    /// Whether requester and approver have to differ.
    pub(crate) fn separation(&self) -> Separation {
        match self.requester_and_approver_differ {
            true => Separation::Demanded,
            false => Separation::NotDemanded,
        }
    }

    pub(crate) fn lifetime(&self) -> SignedDuration {
        SignedDuration::from_hours(i64::from(self.expires_after_hours))
    }

    pub(crate) fn until_reminder(&self) -> Option<SignedDuration> {
        (self.remind_after_hours > 0)
            .then(|| SignedDuration::from_hours(i64::from(self.remind_after_hours)))
    }
}
