//! A finding that rules have judged, and what the record has of that.

use std::sync::Arc;

use ringfence_access::inventory::{Inventory, Resource};
use ringfence_findings::finding::Finding;
use ringfence_response::context::Context;
use ringfence_response::decision::Decision;
use ringfence_response::record::RecordEvent;
use ringfence_response::risk_score::RiskScore;
use ringfence_response::workflow::resolution::FindingKeeper;
use ringfence_store::conclusions::Conclusion;
use ringfence_store::hints::{HintReceipt, TakenHint};

use super::message::target_of;

/// A finding that rules have judged.
pub(super) struct Judged {
    pub(super) receipt: HintReceipt,
    pub(super) finding: Finding,
    pub(super) context: Context,
    pub(super) score: RiskScore,
    pub(super) decision: Decision,
    pub(super) is_first: bool,
}

/// The resource of a finding as it was read last.
pub(super) fn resource_of<'i>(
    inventory: Option<&'i Inventory>,
    finding: &'i Finding,
) -> Option<&'i Resource> {
    let kind = target_of(finding).kind();
    let mut found = inventory?.resources.with_arn(&finding.observation.resource);
    found.find(|own| kind.is_none_or(|kind| own.resource_type() == kind)).map(Arc::as_ref)
}

/// Nothing is to be done: the finding is not active, or not there.
pub(super) fn nothing(taken: &TakenHint) -> Conclusion {
    Conclusion {
        receipt: taken.receipt,
        finding_id: taken.hint.finding_id.clone(),
        events: Vec::new(),
        archived_by: None,
        resolution: None,
        links: Vec::new(),
        notifications: Vec::new(),
    }
}

/// What the record has of a judgement.
pub(super) fn history(judged: &Judged, keeper: &FindingKeeper) -> Vec<RecordEvent> {
    let observation = &judged.finding.observation;
    let seen = RecordEvent::Seen {
        source: keeper.analyzer().to_owned(),
        resource: observation.resource.clone(),
        resource_type: observation.resource_type.clone(),
        account: observation.resource_owner_account.clone(),
        principal: observation.principal().cloned().unwrap_or_default(),
        is_public: observation.is_public(),
    };
    let enriched = RecordEvent::Enriched {
        context: Box::new(judged.context.clone()),
        risk_score: judged.score.clone(),
    };
    let decided = RecordEvent::Decided { decision: judged.decision.clone() };
    match judged.is_first {
        true => vec![seen, enriched, decided],
        false => vec![enriched, decided],
    }
}
