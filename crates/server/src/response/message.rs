//! What people are told of a resolution, with the link by which they approve.

use jiff::Timestamp;
use ringfence_findings::finding::Finding;
use ringfence_response::context::Context;
use ringfence_response::notification::{
    Notification, NotificationKind, ResolutionFacts, added_statements,
};
use ringfence_response::plan::{Claim, Means, Plan};
use ringfence_response::rules::Safety;
use ringfence_response::slot::Target;
use ringfence_response::workflow::ResolutionState;
use ringfence_response::workflow::resolution::Resolution;
use ringfence_store::approval_links::ApprovalLink;

use super::links::{self, Token};
use super::live::Live;
use super::settings::ApprovalSettings;
use crate::keys::MasterKey;

/// What is told of a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Nothing,
    /// Only where the resolution waits for a person afterwards.
    Proposal,
    Resolved,
    Reminder,
    Escalation,
    Failure,
}

/// What it takes to tell somebody something.
#[derive(Clone, Copy)]
pub(crate) struct Words<'w> {
    pub(crate) approval: &'w ApprovalSettings,
    pub(crate) safety: &'w Safety,
    pub(crate) master: &'w MasterKey,
}

/// What is told once the move is made.
pub(crate) struct Prepared<'w> {
    words: Words<'w>,
    told: Told,
    secret: Option<String>,
    /// The Sid that was read back.
    pub(crate) sid: Option<String>,
}

impl<'w> Words<'w> {
    /// Prepares what is told: reads back what was written, and makes what is secret in a link.
    pub(crate) async fn prepare(
        &self,
        live: &impl Live,
        own: &Resolution,
        told: Told,
    ) -> Prepared<'w> {
        let sid = match told {
            Told::Resolved => read_back(live, &own.plan).await,
            _ => own.plan.sid.clone(),
        };
        self.prepared(told, sid)
    }

    /// The same where nothing was written yet.
    pub(crate) fn prepared(&self, told: Told, sid: Option<String>) -> Prepared<'w> {
        let secret = match told {
            Told::Proposal | Told::Reminder | Told::Escalation => links::secret(),
            Told::Nothing | Told::Resolved | Told::Failure => None,
        };
        Prepared { words: *self, told, secret, sid }
    }

    /// When the reminder after this one is due, and whether this one goes to somebody else already.
    pub(crate) fn after_reminder(
        &self,
        own: &Resolution,
        now: Timestamp,
    ) -> (Option<Timestamp>, Told) {
        let wait = self.approval.until_reminder();
        match (wait, own.reminders < self.approval.reminders) {
            (Some(wait), true) => (now.checked_add(wait).ok(), Told::Reminder),
            (_, true | false) => (None, Told::Escalation),
        }
    }
}

async fn read_back(live: &impl Live, plan: &Plan) -> Option<String> {
    let sid = plan.sid.clone()?;
    let slots = live.read(&plan.target).await.ok()?;
    slots.values().flatten().any(|text| text.contains(&sid)).then_some(sid)
}

impl Prepared<'_> {
    fn token(&self, after: &Resolution) -> Option<Token> {
        if after.state != ResolutionState::Proposed {
            return None;
        }
        self.words.approval.base_url.as_ref()?;
        let approvers = &self.words.approval.approvers;
        let approver = match self.told {
            Told::Escalation => approvers.get(1).or(approvers.first()),
            _ => approvers.first(),
        };
        Some(Token::new(after, &approver?.name, self.secret.as_deref()?))
    }

    /// The links that are kept.
    pub(crate) fn links(&self, after: &Resolution) -> Vec<ApprovalLink> {
        self.token(after).iter().map(Token::kept).collect()
    }

    /// What is told of the resolution that it has become.
    pub(crate) fn notifications(&self, after: &Resolution) -> Vec<Notification> {
        // A plan may come back, with another link, and an undoing may fail after the change has: each is told.
        let at = after.updated_at.as_millisecond();
        let (kind, what) = match self.told {
            Told::Nothing => return Vec::new(),
            Told::Proposal if after.state != ResolutionState::Proposed => return Vec::new(),
            Told::Proposal => {
                let plan = after.plan_hash.get(..12).unwrap_or(&after.plan_hash);
                (NotificationKind::Proposal, format!("proposal/{plan}/{at}"))
            }
            Told::Resolved => (NotificationKind::Resolved, "resolved".to_owned()),
            Told::Reminder => (NotificationKind::Reminder, format!("reminder/{}", after.reminders)),
            Told::Escalation => {
                let state = after.state.as_str().to_ascii_lowercase();
                (NotificationKind::Escalation, format!("escalation/{state}"))
            }
            Told::Failure => (NotificationKind::Failure, format!("failure/{at}")),
        };
        let approval_url = self.token(after).and_then(|token| {
            let base = self.words.approval.base_url.as_deref()?.trim_end_matches('/');
            Some(format!("{base}{}?token={}", links::PATH, token.sign(self.words.master)))
        });
        let resolution = ResolutionFacts {
            id: after.id.clone(),
            means: after.plan.means,
            sid: self.sid.clone(),
            added: added_statements(&after.plan),
            summary: summary(&after.plan),
            plan_hash: Some(after.plan_hash.clone()),
            approval_url,
            expires_at: (after.state == ResolutionState::Proposed).then_some(after.expires_at),
        };
        vec![Notification {
            id: format!("{}/{what}", after.id),
            risk_score: Some(after.risk_score),
            resolution: Some(resolution),
            reason: after.reason.clone().or_else(|| reason(&after.decision.notes)),
            target: after.plan.target.clone(),
            ..of_finding(
                kind,
                &after.finding,
                after.keeper.analyzer(),
                &after.context,
                self.words.safety,
                after.updated_at,
            )
        }]
    }
}

/// What is told of a finding.
pub(crate) fn of_finding(
    kind: NotificationKind,
    finding: &Finding,
    analyzer: &str,
    context: &Context,
    safety: &Safety,
    at: Timestamp,
) -> Notification {
    let observation = &finding.observation;
    let principal = observation.principal().and_then(|own| own.values().next().cloned());
    Notification {
        id: format!("{}/{}/{}", finding.id(), kind.template(), finding.updated_at),
        kind,
        at,
        finding_id: finding.id().to_owned(),
        analyzer_arn: analyzer.to_owned(),
        target: target_of(finding),
        principal: principal.unwrap_or_default(),
        actions: observation.action().unwrap_or_default().to_vec(),
        is_public: observation.is_public() == Some(true),
        risk_score: None,
        tags: safety.trusted_tags(finding, context),
        account: context.account.known().cloned(),
        changed_by: context.changed_by.known().cloned(),
        resolution: None,
        reason: None,
    }
}

/// The resource of a finding.
pub(crate) fn target_of(finding: &Finding) -> Target {
    let observation = &finding.observation;
    Target {
        resource_type: observation.resource_type.clone(),
        arn: observation.resource.clone(),
        account: observation.resource_owner_account.clone(),
        region: observation.region.clone(),
    }
}

/// Notes as one text; nothing where there are none.
pub(crate) fn reason(notes: &[String]) -> Option<String> {
    (!notes.is_empty()).then(|| notes.join("; "))
}

/// What a plan does, for a person: one line each.
pub(crate) fn summary(plan: &Plan) -> Vec<String> {
    let means = match plan.means {
        Means::Deny => "a statement that denies the principal is added",
        Means::ConditionalDeny => {
            "a statement is added that denies everybody but the zone of trust and AWS services"
        }
        Means::Removal => "what lets the principal in is taken out",
        Means::Block => "public access is blocked",
    };
    let mut lines = vec![means.to_owned()];
    if let Some(sid) = &plan.sid {
        lines.push(format!("the statement's Sid is {sid}"));
    }
    if let Claim::Refuted { what, .. } = &plan.proof.keeps {
        lines.push(format!("somebody inside loses access: {what}"));
    }
    if let Claim::Unknown { why } = &plan.proof.keeps {
        lines.push(format!("whether somebody inside loses access is not known: {why}"));
    }
    lines
}
