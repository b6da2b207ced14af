//! What a rule would archive if it were applied now. Nothing is written.

use ringfence_findings::broad_rule::{Breadth, breadth};
use ringfence_findings::filter::Filter;
use ringfence_findings::finding::{Finding, FindingStatus};
use ringfence_findings::sort::{OrderBy, SortBy};
use ringfence_store::list::FindingsQuery;
use ringfence_store::{Store, StoreError};
use serde::Serialize;

/// How many findings are read at once.
const PAGE: usize = 500;
/// How many are listed one by one; all are counted.
const LISTED: usize = 1_000;

/// What a rule would archive.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DryRun {
    /// Whether the rule could archive a public finding without naming `isPublic`.
    pub broad: bool,
    /// How many active findings it would archive.
    pub archives: u64,
    /// How many of them are public.
    pub public: u64,
    /// The findings, public ones first; the first thousand.
    pub findings: Vec<DryRunFinding>,
}

/// A finding that would be archived.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DryRunFinding {
    /// Its id.
    pub id: String,
    /// The resource's ARN.
    pub resource: String,
    /// Whether somebody anonymous or unknown gets in; nothing where that is no question.
    pub is_public: Option<bool>,
}

impl From<&Finding> for DryRunFinding {
    fn from(finding: &Finding) -> Self {
        Self {
            id: finding.id().to_owned(),
            resource: finding.observation.resource.clone(),
            is_public: finding.observation.is_public(),
        }
    }
}

/// What a rule with `filter` would archive of the findings of `analyzer`.
///
/// # Errors
/// Where there is no such analyzer, or the store cannot be read.
pub async fn dry_run(store: &Store, analyzer: &str, filter: &Filter) -> Result<DryRun, StoreError> {
    let mut run = DryRun {
        broad: breadth(filter) == Breadth::CouldBePublic,
        archives: 0,
        public: 0,
        findings: Vec::new(),
    };
    let (mut public, mut others) = (Vec::new(), Vec::new());
    let mut after = None;
    loop {
        let (sort, order) = (SortBy::Id, OrderBy::Asc);
        let list = FindingsQuery { filter, sort, order, after: after.as_ref(), most: PAGE };
        let page = store.list_findings(analyzer, &list).await?;
        for finding in page.items.iter().filter(|own| own.status == FindingStatus::Active) {
            run.archives += 1;
            let is_public = finding.observation.is_public() == Some(true);
            run.public += u64::from(is_public);
            let listed = if is_public { &mut public } else { &mut others };
            if listed.len() < LISTED {
                listed.push(DryRunFinding::from(finding));
            }
        }
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    public.extend(others);
    public.truncate(LISTED);
    run.findings = public;
    Ok(run)
}
