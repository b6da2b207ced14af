//! Archive rules that could hide a public exposure: accepted and told of, or refused, as the configuration says.
//!
//! `warn` changes no answer, so clients that know nothing of this keep working. What is told names the rule and the findings: in
//! the log, and in the audit log as `ringfence:BroadArchiveRule`. `ringfence doctor` reads the rules themselves.

use ringfence_findings::archive_rule::ArchiveRule;
use ringfence_findings::broad_rule::{Breadth, BroadRules, breadth};
use ringfence_findings::filter::{Criterion, Filter};
use ringfence_findings::finding::{ArchivedBy, Finding, FindingStatus};
use ringfence_findings::observation::FindingType;
use ringfence_findings::reconcile::Change;
use ringfence_findings::sort::{OrderBy, SortBy};
use ringfence_store::list::FindingsQuery;
use ringfence_store::{Act, Store, StoreError};
use serde_json::json;

use crate::api::Exception;
use crate::service::{Call, Service};

/// What the audit log calls it.
const OPERATION: &str = "ringfence:BroadArchiveRule";
/// How many findings are named.
const NAMED: usize = 100;

/// A rule that is to be told of once what makes or applies it is done.
#[must_use]
pub(crate) struct Broad {
    subject: String,
    filter: Filter,
    findings: Vec<String>,
}

/// Judges a rule of an analyzer of this type; `analyzer` is nothing where it is made with the rule.
///
/// # Errors
/// `ValidationException` where such rules are refused.
pub(crate) async fn judge(
    call: &Call<'_>,
    finding_type: FindingType,
    (arn, analyzer): (&str, Option<&str>),
    name: &str,
    filter: &Filter,
) -> Result<Option<Broad>, Exception> {
    let setting = call.service.settings.broad_rules;
    let is_broad =
        finding_type == FindingType::ExternalAccess && breadth(filter) == Breadth::CouldBePublic;
    match setting {
        BroadRules::Off => Ok(None),
        BroadRules::Warn | BroadRules::Enforce if !is_broad => Ok(None),
        BroadRules::Enforce => {
            let message = format!(
                "the rule `{name}` could archive a public finding: name `isPublic` in it, `{{\"eq\": [\"false\"]}}` where \
                 it is not meant to"
            );
            Err(Exception::field("filter", message))
        }
        BroadRules::Warn => {
            let findings = match analyzer {
                Some(analyzer) => public(&call.service.store, analyzer, filter).await?,
                None => Vec::new(),
            };
            let subject = format!("{arn}/archive-rule/{name}");
            Ok(Some(Broad { subject, filter: filter.clone(), findings }))
        }
    }
}

/// Judges a rule of an analyzer that is there.
///
/// # Errors
/// As [`judge`], and where there is no such analyzer.
pub(crate) async fn judge_existing(
    call: &Call<'_>,
    analyzer: &str,
    name: &str,
    filter: &Filter,
) -> Result<Option<Broad>, Exception> {
    let owner = call.service.store.analyzer(analyzer).await?;
    let finding_type = owner.analyzer_type.finding_type();
    judge(call, finding_type, (analyzer, Some(analyzer)), name, filter).await
}

impl Broad {
    /// Tells of the rule, which `operation` has made, changed or applied.
    pub(crate) async fn tell(
        self,
        call: &Call<'_>,
        operation: &'static str,
    ) -> Result<(), Exception> {
        let Self { subject, filter, findings } = self;
        tracing::warn!(
            rule = subject,
            operation,
            key = call.key.id,
            findings = findings.join(","),
            "an archive rule could hide a public exposure: it does not name isPublic"
        );
        let who = call.key.user_arn();
        let act = Act { who: &who, operation: OPERATION, at: call.now, token: None };
        let said = json!({ "operation": operation, "filter": filter, "publicFindings": findings });
        Ok(call.service.store.note(&act, &subject, &said).await?)
    }
}

/// Tells of public findings that a scan has just made and a broad rule has archived.
pub(crate) async fn told_of(
    service: &Service,
    analyzer: &str,
    changes: &[Change],
    now: jiff::Timestamp,
) -> Result<(), StoreError> {
    if service.settings.broad_rules == BroadRules::Off {
        return Ok(());
    }
    for change in changes {
        let (Change::Create(finding) | Change::Status { finding, .. }) = change else { continue };
        let Some(name) = archived_public(finding) else { continue };
        let rule: ArchiveRule = match service.store.archive_rule(analyzer, name).await {
            Ok(rule) if breadth(&rule.filter) == Breadth::CouldBePublic => rule,
            // It has been changed or deleted meanwhile; the audit log has that.
            Ok(_) | Err(StoreError::NotFound(_)) => continue,
            Err(error) => return Err(error),
        };
        let subject = format!("{analyzer}/archive-rule/{name}");
        tracing::warn!(
            rule = subject,
            finding = finding.id(),
            resource = finding.observation.resource,
            "an archive rule that does not name isPublic archived a public finding"
        );
        let act = Act { who: "ringfence", operation: OPERATION, at: now, token: None };
        let said = json!({ "filter": rule.filter, "publicFindings": [finding.id()] });
        service.store.note(&act, &subject, &said).await?;
    }
    Ok(())
}

/// The rule that archived a public finding.
fn archived_public(finding: &Finding) -> Option<&str> {
    match &finding.archived_by {
        Some(ArchivedBy::Rule { rule_name, .. })
            if finding.status == FindingStatus::Archived
                && finding.observation.is_public() == Some(true) =>
        {
            Some(rule_name)
        }
        _ => None,
    }
}

/// The active public findings that meet a filter which does not name `isPublic`.
async fn public(store: &Store, analyzer: &str, filter: &Filter) -> Result<Vec<String>, StoreError> {
    let eq = |value: &str| Criterion { eq: Some(vec![value.to_owned()]), ..Criterion::default() };
    let mut narrowed = filter.clone();
    narrowed.0.insert("isPublic".to_owned(), eq("true"));
    narrowed.0.insert("status".to_owned(), eq(FindingStatus::Active.as_str()));
    let list = FindingsQuery {
        filter: &narrowed,
        sort: SortBy::Id,
        order: OrderBy::Asc,
        after: None,
        most: NAMED,
    };
    let page = store.list_findings(analyzer, &list).await?;
    Ok(page.items.iter().map(|own| own.id().to_owned()).collect())
}
