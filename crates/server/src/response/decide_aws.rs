//! Hints of findings that AWS keeps: confirmed by asking AWS, archived by telling AWS.

use std::collections::BTreeMap;

use futures_util::stream::{self, StreamExt as _};
use jiff::Timestamp;
use ringfence_access::external::ZoneChoice;
use ringfence_findings::finding::{Finding, FindingStatus};
use ringfence_response::record::RecordEvent;
use ringfence_store::StoreError;
use ringfence_store::conclusions::Conclusion;
use ringfence_store::hints::TakenHint;
use ringfence_store::record::NewEntry;

use super::Responder;
use super::judged::{Judged, nothing};
use super::live::Trouble;
use crate::watch::Source;

/// How many findings are asked about at once.
const AT_ONCE: usize = 8;

impl Responder {
    /// Concludes hints of findings that AWS keeps. Each by itself: what AWS refuses holds up no other.
    pub(super) async fn decide_aws(&self, hints: Vec<TakenHint>) -> Result<(), StoreError> {
        let asked = stream::iter(hints).map(async |taken| {
            let found = self.confirmed(&taken).await;
            (taken, found)
        });
        let asked: Vec<_> = asked.buffered(AT_ONCE).collect().await;
        let mut by_number = BTreeMap::new();
        let mut confirmed = Vec::new();
        for (taken, found) in asked {
            match found {
                Ok(Some(finding)) if finding.status == FindingStatus::Active => {
                    confirmed.push((taken.receipt, finding));
                    by_number.insert(taken.receipt.number, taken);
                }
                Ok(found) => self.not_active(&taken, found.as_ref()).await?,
                Err(trouble) => self.failed(&taken, &trouble).await?,
            }
        }
        for judged in self.judge(confirmed).await? {
            if let Some(taken) = by_number.get(&judged.receipt.number) {
                self.conclude_aws(taken, judged).await?;
            }
        }
        Ok(())
    }

    /// The finding that a hint names as AWS has it, once its resource is known as it is now: an event comes for what was
    /// made since everything was read.
    async fn confirmed(&self, taken: &TakenHint) -> Result<Option<Finding>, Trouble> {
        let keeper = &taken.hint.keeper;
        if !self.live.manages_analyzer(keeper)? {
            let analyzer = keeper.analyzer();
            tracing::warn!(
                analyzer,
                "a hint is left: the analyzer's account is none of those managed"
            );
            return Ok(None);
        }
        let found = self.live.aws_finding(keeper, &taken.hint.finding_id).await?;
        // Files say what they say until they are read again.
        let is_live = matches!(self.service().settings.source, Some(Source::Live { .. }));
        if let Some(finding) = found.as_ref().filter(|own| own.status == FindingStatus::Active)
            && is_live
        {
            self.live.look(&finding.observation.resource).await?;
        }
        Ok(found)
    }

    /// Nothing is to be done, but for resolutions that wait for this, and for what was done and not yet recorded.
    async fn not_active(
        &self,
        taken: &TakenHint,
        found: Option<&Finding>,
    ) -> Result<(), StoreError> {
        let store = &self.service().store;
        store.wake_resolutions(&taken.hint.finding_id, Timestamp::now()).await?;
        let mut conclusion = nothing(taken);
        if found.is_some_and(|own| own.status == FindingStatus::Archived) {
            let record = store.record_of(&taken.hint.finding_id).await?;
            let events = record.iter().filter_map(|own| own.event());
            conclusion.events.extend(archived_unrecorded(events));
        }
        store.conclude(None, &[conclusion], Timestamp::now()).await?;
        Ok(())
    }

    async fn conclude_aws(&self, taken: &TakenHint, judged: Judged) -> Result<(), StoreError> {
        let store = &self.service().store;
        let keeper = &taken.hint.keeper;
        let concluded = match self.conclude(judged, keeper, ZoneChoice::Account).await {
            Ok(conclusion) if conclusion.archived_by.is_some() => {
                // What is decided is recorded before AWS is told, so that nobody is told without a record.
                let (before, after) = archiving(conclusion);
                store.add_to_record(&before).await?;
                let archived = self.live.archive_aws(keeper, &after.finding_id).await;
                archived.map(|()| after)
            }
            concluded => concluded,
        };
        match concluded {
            Ok(conclusion) => {
                store.conclude(None, &[conclusion], Timestamp::now()).await?;
                Ok(())
            }
            Err(trouble) => self.failed(taken, &trouble).await,
        }
    }
}

/// What is recorded before a finding is archived, and what is concluded after.
fn archiving(mut conclusion: Conclusion) -> (Vec<NewEntry>, Conclusion) {
    let now = Timestamp::now();
    let mut before = Vec::new();
    for event in std::mem::take(&mut conclusion.events) {
        match event {
            RecordEvent::Archived { by } => {
                before.push(RecordEvent::Archiving { by: by.clone() });
                conclusion.events.push(RecordEvent::Archived { by });
            }
            event => before.push(event),
        }
    }
    let entry = |event| NewEntry { subject: conclusion.finding_id.clone(), event, at: now };
    let before = before.into_iter().map(entry).collect();
    (before, conclusion)
}

/// The end of what somebody began who died between telling AWS and the record.
fn archived_unrecorded(record: impl Iterator<Item = RecordEvent>) -> Option<RecordEvent> {
    let last = record.filter_map(|event| match event {
        RecordEvent::Archiving { by } => Some(Some(by)),
        RecordEvent::Archived { .. } => Some(None),
        _ => None,
    });
    last.last().flatten().map(|by| RecordEvent::Archived { by })
}
