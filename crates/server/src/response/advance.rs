//! One resolution forward, step by step, as far as it goes now.
//!
//! Each step reads where the resolution stands, asks the live state, acts, and writes the next state down. Whoever dies
//! between two of these finds on the next start what was written down, and asks the live state again: what is written
//! already is not written twice, since a slot is only ever changed from one known value to the other.

use jiff::{SignedDuration, Timestamp};
use ringfence_response::notification::Notification;
use ringfence_response::workflow::ResolutionState as State;
use ringfence_response::workflow::gate::{GateQuestion, RecentChanges};
use ringfence_response::workflow::hint::{Hint, News};
use ringfence_response::workflow::resolution::{ApprovalKind, Resolution, Trace, Wish};
use ringfence_response::workflow::transition::{Happening, Refusal};
use ringfence_store::resolutions::{Circumstances, Moved};
use ringfence_store::{Store, StoreError};

use super::live::{Live, Planned, Standing, Trouble};
use super::message::{Told, Words};
use super::terms::Terms;

/// Who acts where no person does.
pub(crate) const WORKER: &str = "ringfence";

/// How often something that may do it later is asked, before it is given up.
const ATTEMPTS: u32 = 8;
/// How often a finding is looked at again after its access was closed.
const LOOKS: u32 = 40;

/// What moving a resolution takes.
pub(crate) struct Mover<'m, L> {
    pub(crate) store: &'m Store,
    pub(crate) live: &'m L,
    pub(crate) terms: Terms,
    pub(crate) words: Words<'m>,
}

impl<L: Live> Mover<'_, L> {
    /// Moves a resolution until it is done or has to wait.
    ///
    /// # Errors
    /// Where the store does not answer; the resolution is found again later.
    pub(crate) async fn advance(&self, resolution: Resolution) -> Result<Resolution, StoreError> {
        let mut own = resolution;
        loop {
            match Box::pin(self.step(&own)).await? {
                Some(next) => own = next,
                None => return Ok(own),
            }
        }
    }

    /// One step; nothing where there is none to be done now.
    async fn step(&self, own: &Resolution) -> Result<Option<Resolution>, StoreError> {
        match (own.state, &own.wish) {
            (State::Applying, _) => self.apply(own).await,
            (State::RollingBack, _) => self.roll_back(own).await,
            (_, Some(Wish::LookAtRole { who })) => self.look_at_role(own, who).await,
            (_, Some(Wish::DeleteRole { who })) => self.delete_role(own, who).await,
            (State::Applied | State::Verified | State::Failed, Some(wish)) => {
                self.begin_undo(own, wish).await
            }
            (State::Proposed, _) => self.remind(own).await,
            (State::Approved, _) => self.begin(own).await,
            (State::Applied, None) => self.verify(own).await,
            (
                State::Rejected
                | State::Expired
                | State::Verified
                | State::RolledBack
                | State::Failed,
                _,
            ) => Ok(None),
        }
    }

    /// Approved: the plan is made and proved again on what is there now. Only the same plan, or one that a rule may
    /// apply by itself, is begun.
    async fn begin(&self, own: &Resolution) -> Result<Option<Resolution>, StoreError> {
        match self.live.is_active(own).await {
            Ok(true) => {}
            Ok(false) => return self.lapse(own).await,
            Err(trouble) => return self.give_up(own, &trouble, Trace::Nothing).await,
        }
        let slots = match self.live.read(&own.plan.target).await {
            Ok(slots) => slots,
            Err(trouble) => return self.give_up(own, &trouble, Trace::Nothing).await,
        };
        match self.live.plan(own, &slots).await {
            Ok(Planned::Plan(plan, plan_hash)) => {
                if plan_hash != own.plan_hash
                    || plan.proof.admission() != own.plan.proof.admission()
                {
                    let again = Happening::Replan { plan, plan_hash };
                    return self.go(own, &again, WORKER, Told::Proposal).await;
                }
            }
            Ok(Planned::Closed) => {
                let why = "nobody gets in that way any more".to_owned();
                return self.go(own, &Happening::Lapse { why }, WORKER, Told::Nothing).await;
            }
            Ok(Planned::None(why)) => {
                let fail = Happening::Fail { why, trace: Trace::Nothing };
                return self.go(own, &fail, WORKER, Told::Failure).await;
            }
            Err(trouble) => return self.give_up(own, &trouble, Trace::Nothing).await,
        }
        let gate = GateQuestion {
            mode: self.terms.mode,
            stopped: None,
            limits: self.terms.limits,
            quiet: self.terms.quiet,
            recent: RecentChanges::default(),
            approved_by: own.approval.as_ref().map_or(ApprovalKind::Automatic, |own| own.kind),
        };
        let circumstances = Circumstances { gate: Some(gate), ..Circumstances::of(WORKER) };
        let now = Timestamp::now();
        match self.store.move_resolution(&own.id, &Happening::Begin, &circumstances, now).await? {
            Moved::To(next) => Ok(Some(*next)),
            Moved::Closed { why, until } => self.later(own, &Happening::Wait { why, until }).await,
            // Somebody else took it and has begun: it is theirs.
            Moved::Refused(Refusal::State { .. }) | Moved::LinkSpent => Ok(None),
            Moved::Refused(refusal) => self.refused(own, &refusal).await,
        }
    }

    /// Applying: every slot from its old value to its new one; each is read again by whoever writes it.
    async fn apply(&self, own: &Resolution) -> Result<Option<Resolution>, StoreError> {
        if let Err(trouble) = self.write_all(own, &own.plan.edits).await {
            return match trouble {
                Trouble::Busy(_) if own.attempts < ATTEMPTS => self.put_off(own, &trouble).await,
                trouble => self.take_back(own, &trouble).await,
            };
        }
        self.go(own, &Happening::Written, WORKER, Told::Nothing).await
    }

    /// What of the plan is in the account is taken out again, and the resolution fails.
    async fn take_back(
        &self,
        own: &Resolution,
        trouble: &Trouble,
    ) -> Result<Option<Resolution>, StoreError> {
        let back = async {
            let edits = self.edits_back(own).await?;
            self.write_all(own, &edits).await
        };
        let (why, trace) = match back.await {
            Ok(()) => (trouble.to_string(), Trace::Nothing),
            Err(again) if own.attempts < 2 * ATTEMPTS && again != *trouble => {
                return self.put_off(own, &again).await;
            }
            Err(again) => {
                let why = format!("{trouble}; what was written could not be taken back: {again}");
                (why, Trace::Written)
            }
        };
        let next = self.go(own, &Happening::Fail { why, trace }, WORKER, Told::Failure).await?;
        if (trouble, trace) == (&Trouble::Changed, Trace::Nothing) {
            // Somebody else was quicker: the rules are asked again, on what is there now.
            let hint = Hint {
                keeper: own.keeper.clone(),
                finding_id: own.finding.id().to_owned(),
                resource: Some(own.plan.target.arn.clone()),
                news: News::Active,
            };
            self.store.put_hints(&[hint], Timestamp::now()).await?;
        }
        Ok(next)
    }

    /// Applied: the finding has to be gone.
    async fn verify(&self, own: &Resolution) -> Result<Option<Resolution>, StoreError> {
        match self.live.look_again(own).await {
            Ok(Standing::Gone) => self.go(own, &Happening::Verify, WORKER, Told::Resolved).await,
            Ok(standing) if own.attempts < LOOKS => {
                let why = match standing {
                    Standing::There => "the finding is still active",
                    Standing::Gone | Standing::NotSaidYet => "the finding's keeper is waited for",
                };
                self.put_off(own, &Trouble::Busy(why.to_owned())).await
            }
            Ok(_) => {
                let why = "the change was written, and the finding is still active".to_owned();
                let fail = Happening::Fail { why, trace: Trace::Written };
                self.go(own, &fail, WORKER, Told::Failure).await
            }
            Err(trouble) => match own.attempts < LOOKS {
                true => self.put_off(own, &trouble).await,
                false => self.give_up(own, &trouble, Trace::Written).await,
            },
        }
    }

    /// Somebody asked for it to be undone. What was intended is archived first, so that nothing triggers a second
    /// round.
    async fn begin_undo(
        &self,
        own: &Resolution,
        wish: &Wish,
    ) -> Result<Option<Resolution>, StoreError> {
        if let Wish::Intended { rule_name, .. } = wish
            && let Err(trouble) = self.live.leave_archive_rule(own, rule_name).await
        {
            return self.give_up(own, &trouble, own.trace).await;
        }
        match self.edits_back(own).await {
            Ok(edits) => {
                let begin = Happening::BeginUndo { edits };
                self.go(own, &begin, wish.who(), Told::Nothing).await
            }
            Err(trouble) => self.give_up(own, &trouble, own.trace).await,
        }
    }

    /// RollingBack: the edits that were written down; where the live state has moved on, new ones.
    async fn roll_back(&self, own: &Resolution) -> Result<Option<Resolution>, StoreError> {
        match self.write_all(own, &own.undo).await {
            Ok(()) => {}
            Err(Trouble::Changed) if own.attempts < ATTEMPTS => {
                return match self.edits_back(own).await {
                    Ok(edits) if edits != own.undo => {
                        let again = Happening::BeginUndo { edits };
                        self.go(own, &again, WORKER, Told::Nothing).await
                    }
                    Ok(_) => self.put_off(own, &Trouble::Changed).await,
                    Err(trouble) => self.give_up(own, &trouble, Trace::Written).await,
                };
            }
            Err(trouble) => return self.give_up(own, &trouble, Trace::Written).await,
        }
        // The finding comes back, and an archive rule takes it; whether that was seen already changes nothing here.
        if let Err(trouble) = self.live.look_again(own).await {
            tracing::warn!(resolution = own.id, %trouble, "the resource could not be looked at after it was undone");
        }
        let who = own.wish.as_ref().map_or(WORKER, Wish::who).to_owned();
        self.go(own, &Happening::Undone, &who, Told::Nothing).await
    }

    /// Its definition is kept before anything is deleted.
    async fn look_at_role(
        &self,
        own: &Resolution,
        who: &str,
    ) -> Result<Option<Resolution>, StoreError> {
        match self.live.role(&own.plan.target).await {
            Ok((definition, uses)) => {
                let seen = Happening::RoleSeen { definition, uses };
                self.go(own, &seen, who, Told::Nothing).await
            }
            Err(trouble) => self.put_off(own, &trouble).await,
        }
    }

    async fn delete_role(
        &self,
        own: &Resolution,
        who: &str,
    ) -> Result<Option<Resolution>, StoreError> {
        let definition = own.role.as_ref().map(|own| own.definition.clone()).unwrap_or_default();
        match self.live.delete_role(&own.plan.target, &definition).await {
            Ok(()) => {
                if let Err(trouble) = self.live.look_again(own).await {
                    tracing::warn!(resolution = own.id, %trouble, "the deleted role could not be looked at");
                }
                self.go(own, &Happening::RoleDeleted, who, Told::Nothing).await
            }
            Err(trouble) => self.put_off(own, &trouble).await,
        }
    }

    /// Proposed: the clock, and whether the access is gone by itself.
    async fn remind(&self, own: &Resolution) -> Result<Option<Resolution>, StoreError> {
        let now = Timestamp::now();
        if now >= own.expires_at {
            return self.go(own, &Happening::Expire, WORKER, Told::Escalation).await;
        }
        match self.live.is_active(own).await {
            Ok(true) => {}
            Ok(false) => return self.lapse(own).await,
            // Whoever has to say yes is reminded all the same: before anything is written it is asked again.
            Err(trouble) => {
                tracing::warn!(resolution = own.id, %trouble, "the finding's keeper did not say");
            }
        }
        if own.remind_at.is_none_or(|at| now < at) {
            // Looked at before its time, because there was news of the finding, or to ask for some.
            let until = own.next_look(now).unwrap_or(own.expires_at);
            let wait = Happening::Wait { why: String::new(), until };
            self.go(own, &wait, WORKER, Told::Nothing).await?;
            return Ok(None);
        }
        let (next, told) = self.words.after_reminder(own, now);
        self.go(own, &Happening::Reminded { next }, WORKER, told).await?;
        Ok(None)
    }

    /// The finding was closed otherwise.
    async fn lapse(&self, own: &Resolution) -> Result<Option<Resolution>, StoreError> {
        let why = "the finding is not active any more".to_owned();
        self.go(own, &Happening::Lapse { why }, WORKER, Told::Nothing).await
    }

    /// Waits where that may help, else fails.
    async fn give_up(
        &self,
        own: &Resolution,
        trouble: &Trouble,
        trace: Trace,
    ) -> Result<Option<Resolution>, StoreError> {
        match trouble {
            Trouble::Busy(_) | Trouble::Changed if own.attempts < ATTEMPTS => {
                self.put_off(own, trouble).await
            }
            trouble => {
                let why = trouble.to_string();
                let failed = Happening::Fail { why, trace };
                match own.state {
                    State::Approved | State::Applying | State::Applied | State::RollingBack => {
                        self.go(own, &failed, WORKER, Told::Failure).await
                    }
                    // A wish that cannot be fulfilled stays, and is tried again.
                    _ => self.put_off(own, trouble).await,
                }
            }
        }
    }

    async fn put_off(
        &self,
        own: &Resolution,
        trouble: &Trouble,
    ) -> Result<Option<Resolution>, StoreError> {
        let seconds = 1i64 << own.attempts.min(8);
        let wait = SignedDuration::from_secs(seconds.min(120));
        let until = Timestamp::now().checked_add(wait).unwrap_or(Timestamp::MAX);
        self.later(own, &Happening::TryAgain { why: trouble.to_string(), until }).await
    }

    async fn later(
        &self,
        own: &Resolution,
        happening: &Happening,
    ) -> Result<Option<Resolution>, StoreError> {
        tracing::info!(resolution = own.id, state = own.state.as_str(), ?happening, "put off");
        self.go(own, happening, WORKER, Told::Nothing).await?;
        Ok(None)
    }

    async fn refused(
        &self,
        own: &Resolution,
        refusal: &Refusal,
    ) -> Result<Option<Resolution>, StoreError> {
        tracing::warn!(resolution = own.id, state = own.state.as_str(), %refusal, "refused");
        let fail = Happening::Fail { why: refusal.to_string(), trace: Trace::Nothing };
        self.go(own, &fail, WORKER, Told::Failure).await
    }

    /// Lets something happen, tells of it, and gives what it led to; nothing where somebody else was quicker.
    async fn go(
        &self,
        own: &Resolution,
        happening: &Happening,
        who: &str,
        told: Told,
    ) -> Result<Option<Resolution>, StoreError> {
        let prepared = self.words.prepare(self.live, own, told).await;
        let sid = prepared.sid.clone();
        let notify = |after: &Resolution| -> Vec<Notification> { prepared.notifications(after) };
        let links = |after: &Resolution| prepared.links(after);
        let circumstances =
            Circumstances { sid, notify: &notify, links: &links, ..Circumstances::of(who) };
        let now = Timestamp::now();
        match self.store.move_resolution(&own.id, happening, &circumstances, now).await? {
            Moved::To(next) => {
                tracing::info!(resolution = next.id, state = next.state.as_str(), "resolution");
                Ok(Some(*next).filter(|next| next.state != own.state || next.due <= Some(now)))
            }
            Moved::Refused(refusal) => {
                tracing::warn!(resolution = own.id, %refusal, "somebody else moved it");
                Ok(None)
            }
            Moved::Closed { .. } | Moved::LinkSpent => Ok(None),
        }
    }
}
