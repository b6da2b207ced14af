//! From a hint to what is done: the finding is confirmed, enriched, judged by the rules, and what follows is written in
//! one transaction for many of them.

use std::collections::BTreeMap;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use jiff::{SignedDuration, Timestamp};
use rayon::prelude::*;
use ringfence_access::external::ZoneChoice;
use ringfence_findings::finding::{Finding, FindingStatus};
use ringfence_response::decision::{Decision, ResponseAction};
use ringfence_response::notification::{Notification, NotificationKind};
use ringfence_response::plan::{Admission, Plan};
use ringfence_response::record::RecordEvent;
use ringfence_response::risk_score::risk_score;
use ringfence_response::workflow::gate::Mode;
use ringfence_response::workflow::resolution::{FindingKeeper, NewResolution, Resolution, Start};
use ringfence_store::StoreError;
use ringfence_store::conclusions::Conclusion;
use ringfence_store::hints::{HintReceipt, TakenHint};
use ringfence_store::outbox::RetryPolicy;
use uuid::Uuid;

use super::Responder;
use super::context::Surroundings;
use super::history::History;
use super::judged::{Judged, history, nothing, resource_of};
use super::live::{Live, Planned, Trouble};
use super::message::{Told, of_finding, reason, target_of};
use super::undone::Undone;

/// When looking at a hint failed.
const RETRY: RetryPolicy = RetryPolicy {
    first_wait: SignedDuration::from_secs(2),
    longest_wait: SignedDuration::from_secs(300),
    attempts: 10,
};
/// For more findings at once CloudTrail is not asked who changed the access: it answers twice a second.
const ASKED: usize = 20;
/// Of how many findings what is around them is gathered at once.
const AT_ONCE: usize = 4;

impl Responder {
    /// Concludes hints.
    ///
    /// # Errors
    /// Where the store does not answer; the hints come again.
    pub(crate) async fn decide(&self, hints: Vec<TakenHint>) -> Result<(), StoreError> {
        let mut own: BTreeMap<String, Vec<TakenHint>> = BTreeMap::new();
        let mut aws = Vec::new();
        for taken in hints {
            match &taken.hint.keeper {
                FindingKeeper::Ringfence { analyzer } => {
                    own.entry(analyzer.clone()).or_default().push(taken);
                }
                FindingKeeper::Aws { .. } => aws.push(taken),
            }
        }
        for (analyzer, hints) in own {
            self.decide_own(&analyzer, hints).await?;
        }
        match aws.is_empty() {
            true => Ok(()),
            false => self.decide_aws(aws).await,
        }
    }

    /// Findings of our own: confirmed by the store, in which they are what the last analysis saw.
    async fn decide_own(&self, analyzer: &str, hints: Vec<TakenHint>) -> Result<(), StoreError> {
        let store = &self.service().store;
        let ids: Vec<&str> = hints.iter().map(|own| own.hint.finding_id.as_str()).collect();
        let found = match store.findings_by_id(analyzer, &ids).await {
            Ok(found) => found,
            // The analyzer is gone, and its findings with it.
            Err(StoreError::NotFound(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        let mut findings: BTreeMap<String, Finding> =
            found.into_iter().map(|own| (own.id().to_owned(), own)).collect();
        let mut confirmed = Vec::new();
        let mut conclusions = Vec::new();
        for taken in &hints {
            let finding = findings.remove(&taken.hint.finding_id);
            match finding.filter(|own| own.status == FindingStatus::Active) {
                Some(finding) => confirmed.push((taken.receipt, finding)),
                None => conclusions.push(nothing(taken)),
            }
        }
        let keeper = FindingKeeper::Ringfence { analyzer: analyzer.to_owned() };
        let judged = self.judge(confirmed).await?;
        let zone = self.live.zone(&keeper).await.unwrap_or(ZoneChoice::Account);
        for judged in judged {
            let id = judged.finding.id().to_owned();
            match self.conclude(judged, &keeper, zone).await {
                Ok(conclusion) => conclusions.push(conclusion),
                Err(trouble) => {
                    if let Some(taken) = hints.iter().find(|own| own.hint.finding_id == id) {
                        self.failed(taken, &trouble).await?;
                    }
                }
            }
        }
        store.conclude(Some(analyzer), &conclusions, Timestamp::now()).await?;
        Ok(())
    }

    pub(super) async fn failed(
        &self,
        taken: &TakenHint,
        trouble: &Trouble,
    ) -> Result<(), StoreError> {
        let store = &self.service().store;
        let now = Timestamp::now();
        let next = store.hint_failed(taken, &trouble.to_string(), &RETRY, now).await?;
        let finding = &taken.hint.finding_id;
        match next {
            Some(at) => tracing::warn!(finding, %trouble, %at, "a hint is tried again"),
            None => tracing::error!(finding, %trouble, "a hint was set aside"),
        }
        Ok(())
    }

    /// Enriches findings and asks the rules, on all processors.
    pub(super) async fn judge(
        &self,
        confirmed: Vec<(HintReceipt, Finding)>,
    ) -> Result<Vec<Judged>, StoreError> {
        let store = &self.service().store;
        let inventory = self.service().current();
        let is_few = confirmed.len() <= ASKED;
        let asked = stream::iter(confirmed).map(async |(receipt, finding)| {
            let record: Vec<RecordEvent> =
                store.record_of(finding.id()).await?.iter().filter_map(|own| own.event()).collect();
            let known = match (&self.live.accounts, is_few) {
                (None, _) => History::missing("no access to accounts is configured"),
                (Some(_), false) => History::missing("too many findings at once to ask CloudTrail"),
                (Some(accounts), true) => {
                    let resource = resource_of(inventory.as_deref(), &finding);
                    self.history(accounts, &finding, resource).await
                }
            };
            Ok::<_, StoreError>((receipt, finding, record, known))
        });
        let asked: Vec<_> = asked.buffered(AT_ONCE).try_collect().await?;
        let in_force = self.in_force();
        let safety = self.safety.clone();
        let now = Timestamp::now();
        let judging = tokio::task::spawn_blocking(move || {
            let surroundings = Surroundings {
                inventory: inventory.as_deref(),
                partners: in_force.partners.as_deref(),
                classification_tag: safety.classification_tag.as_deref(),
                now,
            };
            let judge = |(receipt, finding, record, known): (_, Finding, Vec<_>, History)| {
                let resource = resource_of(inventory.as_deref(), &finding);
                let context = known.known_in(surroundings.context(&finding, resource, &record));
                let score = risk_score(&finding, &context);
                let decision = match &in_force.rules {
                    Some(rules) => rules.decide(&finding, &context, &score, &safety),
                    None => Decision {
                        action: ResponseAction::Notify,
                        rules: Vec::new(),
                        notes: Vec::new(),
                    },
                };
                let is_first = record.is_empty();
                Judged { receipt, finding, context, score, decision, is_first }
            };
            asked.into_par_iter().map(judge).collect::<Vec<_>>()
        });
        // A panic in there is a fault; the hints come again and are set aside in the end.
        Ok(judging.await.unwrap_or_default())
    }

    /// What follows from a judgement.
    pub(super) async fn conclude(
        &self,
        mut judged: Judged,
        keeper: &FindingKeeper,
        zone: ZoneChoice,
    ) -> Result<Conclusion, Trouble> {
        let now = Timestamp::now();
        let mode = self.terms.mode;
        let account = &judged.finding.observation.resource_owner_account;
        let mut action = judged.decision.action;
        if !self.settings().manages(account) {
            judged.decision.notes.push(format!("account {account} is none of those managed"));
            action = ResponseAction::Notify;
        }
        match (mode, action) {
            (
                Mode::Observe,
                ResponseAction::Archive | ResponseAction::Propose | ResponseAction::Resolve,
            ) => {
                let would = format!("the mode is observe, so {action:?} is only told");
                judged.decision.notes.push(would);
                action = ResponseAction::Notify;
            }
            (Mode::Propose, ResponseAction::Resolve) => action = ResponseAction::Propose,
            (Mode::Observe | Mode::Propose | Mode::Automatic, _) => {}
        }
        let mut archived_by = judged.decision.rules.first().cloned().unwrap_or_default();
        if let ResponseAction::Resolve | ResponseAction::Propose = action {
            match self.undone_before(&judged.finding).await? {
                Undone::Intended { who, rule } => {
                    let note = format!("{who} said that the access was intended");
                    judged.decision.notes.push(note);
                    archived_by = rule;
                    action = ResponseAction::Archive;
                }
                Undone::By(how) if action == ResponseAction::Resolve => {
                    judged.decision.notes.push(format!("{how}: a person has to approve it"));
                    action = ResponseAction::Propose;
                }
                Undone::By(_) | Undone::No => {}
            }
        }
        let mut conclusion = Conclusion {
            receipt: judged.receipt,
            finding_id: judged.finding.id().to_owned(),
            events: history(&judged, keeper),
            archived_by: None,
            resolution: None,
            links: Vec::new(),
            notifications: Vec::new(),
        };
        match action {
            ResponseAction::Notify => conclusion.notifications.push(self.tell(&judged, keeper)),
            ResponseAction::Archive => {
                let by = format!("rule {archived_by}");
                conclusion.events.push(RecordEvent::Archived { by });
                conclusion.archived_by = Some(archived_by);
            }
            ResponseAction::Propose | ResponseAction::Resolve => {
                let target = target_of(&judged.finding);
                let slots = self.live.read(&target).await?;
                match self.live.plan_for(&target, &judged.finding, zone, &slots).await? {
                    Planned::Plan(plan, hash) => {
                        self.begin(&mut conclusion, judged, keeper, (plan, hash), action, now);
                    }
                    Planned::Closed => {}
                    Planned::None(why) => {
                        judged.decision.notes.push(format!("there is no plan: {why}"));
                        conclusion.notifications.push(self.tell(&judged, keeper));
                        let why = format!("there is no plan: {why}");
                        conclusion.events.push(RecordEvent::Failed { resolution: None, why });
                    }
                }
            }
        }
        Ok(conclusion)
    }

    /// A resolution begins with a plan, unless the plan may never be applied.
    fn begin(
        &self,
        conclusion: &mut Conclusion,
        mut judged: Judged,
        keeper: &FindingKeeper,
        (plan, plan_hash): (Box<Plan>, String),
        action: ResponseAction,
        now: Timestamp,
    ) {
        let start = match (plan.proof.admission(), action) {
            (Admission::Never, _) => {
                let why = "the plan is not proved to close the finding without harm".to_owned();
                judged.decision.notes.push(why.clone());
                conclusion.notifications.push(self.tell(&judged, keeper));
                conclusion.events.push(RecordEvent::Failed { resolution: None, why });
                return;
            }
            (Admission::Automatic, ResponseAction::Resolve) => Start::Automatic,
            (Admission::Automatic | Admission::Approval, _) => Start::Proposed,
        };
        let approval = &self.settings().approval;
        let later = |wait: SignedDuration| now.checked_add(wait).unwrap_or(Timestamp::MAX);
        let rule = judged.decision.rules.first().cloned().unwrap_or_default();
        let resolution = Resolution::new(
            NewResolution {
                id: Uuid::new_v4().to_string(),
                keeper: keeper.clone(),
                finding: judged.finding,
                context: judged.context,
                decision: judged.decision,
                risk_score: judged.score.score,
                requester: format!("rule {rule}"),
                plan: *plan,
                plan_hash,
                start,
                expires_at: later(approval.lifetime()),
                remind_at: approval.until_reminder().map(later),
            },
            now,
        );
        let prepared = self.words().prepared(Told::Proposal, resolution.plan.sid.clone());
        conclusion.links = prepared.links(&resolution);
        conclusion.notifications = prepared.notifications(&resolution);
        conclusion.resolution = Some(Box::new(resolution));
    }

    fn tell(&self, judged: &Judged, keeper: &FindingKeeper) -> Notification {
        Notification {
            risk_score: Some(judged.score.score),
            reason: reason(&judged.decision.notes),
            ..of_finding(
                NotificationKind::NewFinding,
                &judged.finding,
                keeper.analyzer(),
                &judged.context,
                &self.safety,
                Timestamp::now(),
            )
        }
    }
}
