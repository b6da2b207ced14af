//! What rules would decide about the findings that are stored, without doing it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ringfence_access::inventory::{Inventory, Resource};
use ringfence_findings::filter::{Criterion, Filter};
use ringfence_findings::finding::{Finding, FindingStatus};
use ringfence_findings::sort::{OrderBy, SortBy};
use ringfence_response::decision::Decision;
use ringfence_response::partners::Partners;
use ringfence_response::record::RecordEvent;
use ringfence_response::risk_score::{RiskScore, risk_score};
use ringfence_response::rules::{RuleSet, Safety};
use ringfence_store::list::FindingsQuery;
use ringfence_store::{Store, StoreError};

use super::context::Surroundings;

/// How many findings are read at once.
const PAGE: usize = 1000;

/// What rules are tried with.
#[derive(Clone, Copy)]
pub struct DryRun<'d> {
    /// The rules.
    pub rules: &'d RuleSet,
    /// What stands below them.
    pub safety: &'d Safety,
    /// The environment, where it was read.
    pub inventory: Option<&'d Inventory>,
    /// The known partners, where there is a file of them.
    pub partners: Option<&'d Partners>,
    /// When.
    pub now: Timestamp,
}

/// What would be decided about a finding.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The finding.
    pub finding: Finding,
    /// Its risk score.
    pub risk_score: RiskScore,
    /// What would be decided.
    pub decision: Decision,
}

impl DryRun<'_> {
    /// Gives what would be decided about each active finding of every analyzer to `each`. CloudTrail is not asked, so
    /// who changed the access is not known.
    ///
    /// # Errors
    /// Where the store could not be read.
    pub async fn run(&self, store: &Store, mut each: impl FnMut(Tried)) -> Result<(), StoreError> {
        let surroundings = Surroundings {
            inventory: self.inventory,
            partners: self.partners,
            classification_tag: self.safety.classification_tag.as_deref(),
            now: self.now,
        };
        let resources: BTreeMap<&str, &Resource> = self
            .inventory
            .iter()
            .flat_map(|own| own.resources.iter())
            .map(|own| (own.arn.as_str(), own))
            .collect();
        let active = vec![FindingStatus::Active.as_str().to_owned()];
        let criterion = Criterion { eq: Some(active), ..Criterion::default() };
        let filter = Filter(BTreeMap::from([("status".to_owned(), criterion)]));
        for analyzer in store.all_analyzers().await? {
            let mut after = None;
            loop {
                let query = FindingsQuery {
                    filter: &filter,
                    sort: SortBy::Id,
                    order: OrderBy::Asc,
                    after: after.as_ref(),
                    most: PAGE,
                };
                let page = store.list_findings(&analyzer.arn, &query).await?;
                for finding in page.items {
                    let entries = store.record_of(finding.id()).await?;
                    let record: Vec<RecordEvent> =
                        entries.iter().filter_map(|own| own.event()).collect();
                    let resource = resources.get(finding.observation.resource.as_str()).copied();
                    let context = surroundings.context(&finding, resource, &record);
                    let risk_score = risk_score(&finding, &context);
                    let decision = self.rules.decide(&finding, &context, &risk_score, self.safety);
                    each(Tried { finding, risk_score, decision });
                }
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
        }
        Ok(())
    }
}
