//! What people took back or rejected before: it is not done again without one of them.

use ringfence_findings::finding::Finding;
use ringfence_response::record::RecordEvent;
use ringfence_response::workflow::ResolutionState;
use ringfence_response::workflow::resolution::{Resolution, access_of};
use ringfence_store::resolutions::ResolutionFilter;

use super::Responder;
use super::live::Trouble;

/// How many resolutions of one resource are looked through.
const MOST: usize = 500;

/// What people said to the last change for the access that a finding describes.
pub(super) enum Undone {
    /// Somebody said that the access is intended: it is archived by this rule.
    Intended { who: String, rule: String },
    /// Somebody did not want it: who, and what they did.
    By(String),
    /// Nobody said anything, or there was none.
    No,
}

impl Responder {
    /// Whether somebody took back or rejected the last change for the access that a finding describes. Several findings may describe
    /// one access: a role's comes from each Region, and from each analyzer.
    pub(super) async fn undone_before(&self, finding: &Finding) -> Result<Undone, Trouble> {
        let store = &self.service().store;
        let busy = |error: ringfence_store::StoreError| Trouble::Busy(error.to_string());
        let arn = &finding.observation.resource;
        let filter = ResolutionFilter { resource: arn, ..ResolutionFilter::default() };
        let page = store.list_resolutions(&filter, None, MOST).await.map_err(busy)?;
        let access = access_of(arn, finding);
        // What nobody answered, or could not be done, says nothing of what people want.
        let is_silent = |own: &Resolution| {
            matches!(own.state, ResolutionState::Expired | ResolutionState::Failed)
        };
        let mut all = page.items.into_iter().filter(|own: &Resolution| own.access() == access);
        let Some(last) = all.find(|own| !is_silent(own)) else { return Ok(Undone::No) };
        match last.state {
            ResolutionState::RolledBack => {}
            ResolutionState::Rejected => {
                let how = last.reason.unwrap_or_else(|| "rejected".to_owned());
                return Ok(Undone::By(format!("the change was {how} before")));
            }
            ResolutionState::Proposed
            | ResolutionState::Approved
            | ResolutionState::Applying
            | ResolutionState::Applied
            | ResolutionState::Verified
            | ResolutionState::RollingBack
            | ResolutionState::Expired
            | ResolutionState::Failed => return Ok(Undone::No),
        }
        let who = last.undone_by.unwrap_or_else(|| "somebody".to_owned());
        let took_back = format!("{who} took the change back before");
        let Some(rule) = last.intended_rule else { return Ok(Undone::By(took_back)) };
        // Once: whoever makes the finding active again after that wants to be asked.
        let by = format!("rule {rule}");
        let record = store.record_of(finding.id()).await.map_err(busy)?;
        let is_archived = record.iter().filter_map(|own| own.event()).any(
            |event| matches!(event, RecordEvent::Archived { by: archived_by } if archived_by == by),
        );
        match is_archived {
            true => Ok(Undone::By(took_back)),
            false => Ok(Undone::Intended { who, rule }),
        }
    }
}
