//! Archive rules that could hide a public exposure, and what they have hidden.

use std::collections::BTreeMap;

use ringfence_findings::archive_rule::ArchiveRule;
use ringfence_findings::broad_rule::{Breadth, BroadRules, breadth};
use ringfence_findings::filter::{Criterion, Filter};
use ringfence_findings::finding::ArchivedBy;
use ringfence_findings::observation::FindingType;
use ringfence_findings::sort::{OrderBy, SortBy};
use ringfence_store::list::FindingsQuery;
use ringfence_store::{Store, StoreError};

use super::{Check, told};

const RULES: &str = "archive rules";
/// More than an analyzer may have.
const ALL: usize = 1_000;
/// How many public findings are looked at, and how many are named for each rule.
const LOOKED_AT: usize = 1_000;
const NAMED: usize = 5;

pub(super) async fn check(store: &Store, setting: BroadRules) -> Check {
    let broad = match broad(store).await {
        Ok(broad) => broad,
        Err(error) => return Check::problem(RULES, told(&error)),
    };
    if broad.is_empty() {
        return Check::ok(RULES, "none could hide a public exposure unsaid");
    }
    let message = broad.join("; ");
    match setting {
        BroadRules::Off => Check::ok(RULES, message),
        BroadRules::Warn => Check::warning(RULES, message),
        BroadRules::Enforce => Check::problem(RULES, message),
    }
}

async fn broad(store: &Store) -> Result<Vec<String>, StoreError> {
    let mut all = Vec::new();
    for analyzer in store.all_analyzers().await? {
        if analyzer.analyzer_type.finding_type() != FindingType::ExternalAccess {
            continue;
        }
        let rules = store.list_archive_rules(&analyzer.arn, None, ALL).await?.items;
        let is_broad = |own: &ArchiveRule| breadth(&own.filter) == Breadth::CouldBePublic;
        let broad: Vec<ArchiveRule> = rules.into_iter().filter(is_broad).collect();
        if broad.is_empty() {
            continue;
        }
        let hidden = hidden(store, &analyzer.arn).await?;
        for rule in broad {
            let arn = format!("{}/archive-rule/{}", analyzer.arn, rule.rule_name);
            let ids = hidden.get(&rule.rule_name).map(Vec::as_slice).unwrap_or_default();
            let named: Vec<&str> = ids.iter().take(NAMED).map(String::as_str).collect();
            all.push(match ids.len() {
                0 => format!("`{arn}` does not name isPublic; it has hidden nothing public so far"),
                number => format!(
                    "`{arn}` does not name isPublic and has archived {number} public findings: {}{}",
                    named.join(", "),
                    if number > NAMED { ", …" } else { "" }
                ),
            });
        }
    }
    Ok(all)
}

/// The public findings that are archived, by the rule that did it.
async fn hidden(
    store: &Store,
    analyzer: &str,
) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
    let eq = |value: &str| Criterion { eq: Some(vec![value.to_owned()]), ..Criterion::default() };
    let filter = Filter(BTreeMap::from([
        ("isPublic".to_owned(), eq("true")),
        ("status".to_owned(), eq("ARCHIVED")),
    ]));
    let list = FindingsQuery {
        filter: &filter,
        sort: SortBy::Id,
        order: OrderBy::Asc,
        after: None,
        most: LOOKED_AT,
    };
    let mut hidden: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for finding in store.list_findings(analyzer, &list).await?.items {
        if let Some(ArchivedBy::Rule { rule_name, .. }) = &finding.archived_by {
            hidden.entry(rule_name.clone()).or_default().push(finding.id().to_owned());
        }
    }
    Ok(hidden)
}
