//! What was concluded of hints: recorded, told, and done, in one transaction for many of them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ringfence_findings::finding::{ArchivedBy, StatusUpdate};
use ringfence_response::notification::Notification;
use ringfence_response::record::RecordEvent;
use ringfence_response::workflow::resolution::Resolution;
use sqlx::AnyConnection;

use crate::Result;
use crate::act::Act;
use crate::approval_links::ApprovalLink;
use crate::database::{Scope, Store};
use crate::hints::HintReceipt;
use crate::record::{self, NewEntry};
use crate::{analyzers, approval_links, finding_rows, hints, notifications, resolutions};

/// What was concluded of one hint.
#[derive(Clone, Debug)]
pub struct Conclusion {
    /// The hint, which is done with.
    pub receipt: HintReceipt,
    /// The finding's id.
    pub finding_id: String,
    /// What the record has of it.
    pub events: Vec<RecordEvent>,
    /// The rule that archives a finding of our own, which is archived.
    pub archived_by: Option<String>,
    /// A resolution that begins.
    pub resolution: Option<Box<Resolution>>,
    /// Links for it.
    pub links: Vec<ApprovalLink>,
    /// What people are told.
    pub notifications: Vec<Notification>,
}

impl Store {
    /// Writes what was concluded of hints about findings of one analyzer of our own, or of analyzers of AWS (nothing).
    /// Where a resolution of the same access is open already, none begins and nobody is told again; the record says
    /// so. Gives the ids of resolutions that begin.
    ///
    /// # Errors
    /// Where it could not be written: nothing is then.
    pub async fn conclude(
        &self,
        analyzer: Option<&str>,
        conclusions: &[Conclusion],
        now: Timestamp,
    ) -> Result<Vec<String>> {
        let scope = analyzer.map_or(Scope::Named("response"), Scope::Analyzer);
        let mut transaction = self.begin(scope).await?;
        let mut begun = Vec::new();
        let mut entries = Vec::new();
        for conclusion in conclusions {
            begun.extend(conclude(&mut transaction, conclusion, &mut entries, now).await?);
        }
        if let Some(analyzer) = analyzer {
            archive(&mut transaction, analyzer, conclusions, now).await?;
        }
        // Last, since on PostgreSQL it takes a lock of its own.
        record::append_all(&mut transaction, self.backend(), &entries).await?;
        transaction.commit().await?;
        Ok(begun)
    }
}

async fn conclude(
    connection: &mut AnyConnection,
    conclusion: &Conclusion,
    entries: &mut Vec<NewEntry>,
    now: Timestamp,
) -> Result<Option<String>> {
    hints::done(connection, conclusion.receipt, now).await?;
    let mut note = |event: RecordEvent| {
        entries.push(NewEntry { subject: conclusion.finding_id.clone(), event, at: now });
    };
    conclusion.events.iter().cloned().for_each(&mut note);
    if let Some(resolution) = &conclusion.resolution {
        if let Some(open) = resolutions::insert(connection, resolution).await? {
            note(RecordEvent::Joined { resolution: open });
            return Ok(None);
        }
        let plan_hash = resolution.plan_hash.clone();
        note(RecordEvent::Planned { resolution: resolution.id.clone(), plan_hash });
    }
    for link in &conclusion.links {
        approval_links::insert(connection, link).await?;
    }
    for notification in &conclusion.notifications {
        notifications::put(connection, notification).await?;
    }
    Ok(conclusion.resolution.as_ref().map(|own| own.id.clone()))
}

/// Archives findings that rules archive. One that is not active any more stays as it is.
async fn archive(
    connection: &mut AnyConnection,
    analyzer: &str,
    conclusions: &[Conclusion],
    now: Timestamp,
) -> Result<()> {
    let rules: BTreeMap<&str, &str> = conclusions
        .iter()
        .filter_map(|own| Some((own.finding_id.as_str(), own.archived_by.as_deref()?)))
        .collect();
    if rules.is_empty() {
        return Ok(());
    }
    let (number, owner) = analyzers::existing(connection, analyzer).await?;
    for (id, rule) in rules {
        let Some(before) = finding_rows::find(connection, number, id).await? else { continue };
        let by = ArchivedBy::Rule { rule_name: rule.to_owned() };
        let Some(after) = before.updated(StatusUpdate::Archived, by, now) else { continue };
        let who = format!("rule {rule}");
        let act = Act { who: &who, operation: "Archive", at: now, token: None };
        finding_rows::replace(connection, number, &before, &after).await?;
        finding_rows::tell(connection, &owner, &after, now).await?;
        finding_rows::note(connection, &act, &before, &after).await?;
    }
    Ok(())
}
