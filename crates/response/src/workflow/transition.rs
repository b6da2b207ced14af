//! What moves a resolution from one state to the next, and what does not.

use jiff::Timestamp;

use super::ResolutionState as State;
use super::due::due;
use super::remade::Remade;
use super::resolution::{Approval, ApprovalKind, Resolution, RoleSeen, Trace, Wish};
use crate::plan::{Admission, Edit, Plan};

/// Something that happens to a resolution.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// A person says yes to the plan with this hash.
    Approve {
        /// Who.
        who: String,
        /// The hash of the plan that they saw.
        plan_hash: String,
        /// Whether the one who asked may approve.
        separation: Separation,
    },
    /// A person says no.
    Reject {
        /// Who.
        who: String,
    },
    /// The clock.
    Expire,
    /// The access is gone although nothing was written.
    Lapse {
        /// How that was seen.
        why: String,
    },
    /// The plan was made again, from what is there now.
    Replan {
        /// The plan.
        plan: Box<Plan>,
        /// Its hash.
        plan_hash: String,
    },
    /// Writing begins.
    Begin,
    /// Everything was written and read back.
    Written,
    /// The finding is gone.
    Verify,
    /// It cannot go on. `trace` says what is left in the account.
    Fail {
        /// Why, for a person.
        why: String,
        /// What is left in the account.
        trace: Trace,
    },
    /// Somebody asks for something.
    Ask(Wish),
    /// Undoing begins, by these edits.
    BeginUndo {
        /// What is written.
        edits: Vec<Edit>,
    },
    /// Something that was written again has another name than before.
    Remade(Remade),
    /// Everything was undone and read back.
    Undone,
    /// The role was looked at.
    RoleSeen {
        /// What it is.
        definition: serde_json::Value,
        /// What else uses it.
        uses: serde_json::Value,
    },
    /// The role is gone.
    RoleDeleted,
    /// What is due has to wait for something else, as for an hour that is not quiet.
    Wait {
        /// For what; empty where there is nothing to say of it.
        why: String,
        /// Until when.
        until: Timestamp,
    },
    /// What was due was tried and did not work, and is tried again: this is counted.
    TryAgain {
        /// Why.
        why: String,
        /// Until when.
        until: Timestamp,
    },
    /// Approvers were reminded.
    Reminded {
        /// When next; nothing for never.
        next: Option<Timestamp>,
    },
}

/// Whether the one who asked for a resolution may approve it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separation {
    /// They may not.
    Demanded,
    /// They may.
    NotDemanded,
}

/// Why something that happens does not move a resolution.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It does not fit the state.
    #[error("a resolution that is {state} cannot be {verb}")]
    State {
        /// The state's name.
        state: &'static str,
        /// What was tried.
        verb: &'static str,
    },
    /// The plan is another one than the one that was seen.
    #[error("the plan has changed since: look at it again")]
    OtherPlan,
    /// It is too late.
    #[error("the time for an approval is over")]
    TooLate,
    /// It is too early.
    #[error("the time for an approval is not over yet")]
    TooEarly,
    /// The one who asked must not approve.
    #[error("`{0}` asked for it, and somebody else has to approve")]
    SamePerson(String),
    /// Not everything is proved that has to be.
    #[error("the plan is not proved to close the finding without harm: it cannot be applied")]
    NotProved,
    /// Nothing of it is in the account.
    #[error("nothing of it was written, so there is nothing to undo")]
    NothingWritten,
    /// Something else was asked for before.
    #[error("something else was asked for before and is not done yet")]
    AskedBefore,
    /// It is about something else than a role.
    #[error("the resource is no role")]
    NoRole,
    /// What else uses the role was not shown yet, nor its definition kept.
    #[error("the role was not looked at yet: what else uses it has to be seen first")]
    RoleNotSeen,
}

impl Resolution {
    /// The resolution after something happened to it.
    ///
    /// # Errors
    /// Where that does not fit; nothing is to be changed then.
    pub fn after(&self, happening: &Happening, now: Timestamp) -> Result<Self, Refusal> {
        let mut next = self.clone();
        next.updated_at = now;
        match (self.state, happening) {
            (State::Proposed, Happening::Approve { who, plan_hash, separation }) => {
                self.check_approval(who, plan_hash, *separation, now)?;
                next.state = State::Approved;
                next.approval = Some(Approval {
                    by: who.clone(),
                    kind: ApprovalKind::Person,
                    at: now,
                    plan_hash: plan_hash.clone(),
                });
                next.reason = None;
            }
            (State::Proposed | State::Approved, Happening::Reject { who }) => {
                next.state = State::Rejected;
                next.reason = Some(format!("rejected by {who}"));
            }
            (State::Proposed, Happening::Expire) => {
                if now < self.expires_at {
                    return Err(Refusal::TooEarly);
                }
                next.state = State::Expired;
                next.reason = Some("nobody approved it in time".to_owned());
            }
            (State::Proposed | State::Approved, Happening::Lapse { why }) => {
                next.state = State::Expired;
                next.reason = Some(why.clone());
            }
            (State::Proposed | State::Approved, Happening::Replan { plan, plan_hash }) => {
                next.replan(plan, plan_hash, now);
            }
            (State::Approved, Happening::Begin) => {
                if self.approval.as_ref().is_none_or(|own| own.plan_hash != self.plan_hash) {
                    return Err(Refusal::OtherPlan);
                }
                if !self.is_admitted() {
                    return Err(Refusal::NotProved);
                }
                next.state = State::Applying;
                next.trace = Trace::Written;
                next.reason = None;
            }
            (State::Applying, Happening::Written) => next.state = State::Applied,
            (State::Applied, Happening::Verify) => {
                next.state = State::Verified;
                next.reason = None;
            }
            (
                State::Approved | State::Applying | State::Applied | State::RollingBack,
                Happening::Fail { why, trace },
            ) => {
                next.state = State::Failed;
                next.reason = Some(why.clone());
                next.trace = *trace;
                next.wish = None;
            }
            (_, Happening::Ask(wish)) => next.ask(wish)?,
            (State::Applied | State::Verified | State::Failed, Happening::BeginUndo { edits }) => {
                self.check_undo()?;
                next.state = State::RollingBack;
                next.undo.clone_from(edits);
            }
            (State::RollingBack, Happening::BeginUndo { edits }) => next.undo.clone_from(edits),
            (State::Applying | State::RollingBack, Happening::Remade(remade)) => {
                next.remake(remade);
            }
            (State::RollingBack, Happening::Undone) => {
                next.state = State::RolledBack;
                next.trace = Trace::Nothing;
                next.undone_by = self.wish.as_ref().map(|wish| wish.who().to_owned());
                next.intended_rule = match &self.wish {
                    Some(Wish::Intended { rule_name, .. }) => Some(rule_name.clone()),
                    _ => None,
                };
                next.wish = None;
                next.reason = None;
            }
            (_, Happening::RoleSeen { definition, uses }) => {
                next.role = Some(RoleSeen {
                    definition: definition.clone(),
                    uses: uses.clone(),
                    at: now,
                    deleted_at: None,
                });
                next.wish = None;
            }
            (_, Happening::RoleDeleted) => {
                let Some(role) = &mut next.role else { return Err(Refusal::RoleNotSeen) };
                role.deleted_at = Some(now);
                next.wish = None;
                next.trace = Trace::Nothing;
                next.reason = Some("the role was deleted".to_owned());
                if matches!(self.state, State::Proposed | State::Approved) {
                    next.state = State::Expired;
                }
            }
            (_, Happening::Wait { why, until } | Happening::TryAgain { why, until }) => {
                if !why.is_empty() {
                    next.reason = Some(why.clone());
                }
                let tried = u32::from(matches!(happening, Happening::TryAgain { .. }));
                next.attempts = self.attempts.saturating_add(tried);
                next.due = Some(*until);
                return Ok(next);
            }
            (State::Proposed, Happening::Reminded { next: at }) => {
                next.remind_at = *at;
                next.reminders = self.reminders.saturating_add(1);
            }
            (state, happening) => {
                return Err(Refusal::State { state: state.as_str(), verb: verb(happening) });
            }
        }
        if next.state != self.state {
            next.attempts = 0;
        }
        next.due = due(&next, now);
        Ok(next)
    }

    /// Whether the plan may be applied with the approval that it has.
    #[must_use]
    pub fn is_admitted(&self) -> bool {
        match (self.plan.proof.admission(), self.approval.as_ref().map(|own| own.kind)) {
            (Admission::Automatic, Some(_)) | (Admission::Approval, Some(ApprovalKind::Person)) => {
                true
            }
            (Admission::Never, _)
            | (Admission::Automatic, None)
            | (Admission::Approval, None | Some(ApprovalKind::Automatic)) => false,
        }
    }

    fn check_approval(
        &self,
        who: &str,
        plan_hash: &str,
        separation: Separation,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        if plan_hash != self.plan_hash {
            return Err(Refusal::OtherPlan);
        }
        if now >= self.expires_at {
            return Err(Refusal::TooLate);
        }
        if separation == Separation::Demanded && who == self.requester {
            return Err(Refusal::SamePerson(who.to_owned()));
        }
        match self.plan.proof.admission() {
            Admission::Automatic | Admission::Approval => Ok(()),
            Admission::Never => Err(Refusal::NotProved),
        }
    }

    /// The same plan proved again leaves the approval; another one needs its own, unless rules approve it.
    fn replan(&mut self, plan: &Plan, plan_hash: &str, now: Timestamp) {
        let is_same = self.plan_hash == plan_hash;
        self.plan = plan.clone();
        plan_hash.clone_into(&mut self.plan_hash);
        let kind = self.approval.as_ref().map(|own| own.kind);
        let stays = match (kind, plan.proof.admission()) {
            (_, Admission::Never) | (None, _) => false,
            (Some(ApprovalKind::Automatic), admission) => admission == Admission::Automatic,
            (Some(ApprovalKind::Person), _) => is_same,
        };
        if !stays {
            if self.approval.take().is_some() {
                self.reason = Some("the resource has changed since the approval".to_owned());
            }
            self.state = State::Proposed;
            return;
        }
        if let Some(approval) = self.approval.as_mut().filter(|_| !is_same) {
            plan_hash.clone_into(&mut approval.plan_hash);
            approval.at = now;
        }
    }

    fn ask(&mut self, wish: &Wish) -> Result<(), Refusal> {
        if self.wish.as_ref().is_some_and(|own| own != wish) {
            return Err(Refusal::AskedBefore);
        }
        match wish {
            Wish::Rollback { .. } | Wish::Intended { .. } => self.check_undo()?,
            Wish::LookAtRole { .. } | Wish::DeleteRole { .. }
                if self.plan.target.resource_type != "AWS::IAM::Role" =>
            {
                return Err(Refusal::NoRole);
            }
            Wish::DeleteRole { .. } if self.role.is_none() => return Err(Refusal::RoleNotSeen),
            Wish::LookAtRole { .. } | Wish::DeleteRole { .. } => match self.state {
                State::Applying | State::RollingBack => {
                    let verb = "asked for another change";
                    return Err(Refusal::State { state: self.state.as_str(), verb });
                }
                _ => {}
            },
        }
        self.wish = Some(wish.clone());
        Ok(())
    }

    fn check_undo(&self) -> Result<(), Refusal> {
        match (self.state, self.trace) {
            (State::Applied | State::Verified | State::Failed, Trace::Written) => Ok(()),
            (State::Proposed | State::Approved | State::Rejected | State::Expired, _)
            | (State::Applied | State::Verified | State::Failed, Trace::Nothing) => {
                Err(Refusal::NothingWritten)
            }
            (State::Applying | State::RollingBack | State::RolledBack, _) => {
                Err(Refusal::State { state: self.state.as_str(), verb: "undone" })
            }
        }
    }
}

fn verb(happening: &Happening) -> &'static str {
    match happening {
        Happening::Approve { .. } => "approved",
        Happening::Reject { .. } => "rejected",
        Happening::Expire | Happening::Lapse { .. } => "expired",
        Happening::Replan { .. } => "planned again",
        Happening::Begin | Happening::Written => "applied",
        Happening::Verify => "verified",
        Happening::Fail { .. } => "failed",
        Happening::Ask(_) => "asked for something",
        Happening::BeginUndo { .. } | Happening::Remade(_) | Happening::Undone => "undone",
        Happening::RoleSeen { .. } | Happening::RoleDeleted => "ended by deleting its role",
        Happening::Wait { .. } | Happening::TryAgain { .. } => "put off",
        Happening::Reminded { .. } => "reminded of",
    }
}
