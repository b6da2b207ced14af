//! Analyzed resources: what the last analysis of each resource gave.

use jiff::Timestamp;
use ringfence_findings::finding::{Finding, FindingStatus};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::database::Store;
use crate::error::{Item, StoreError};
use crate::page::{Cursor, Page};
use crate::reconciliation::Analysis;
use crate::sql::{body, json, limit, millis, query, text};
use crate::{Result, analyzers};

/// AWS's `AnalyzedResource`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AnalyzedResource {
    /// Its ARN.
    pub resource_arn: String,
    /// Its type, by CloudFormation's name.
    pub resource_type: String,
    /// The account that owns it.
    pub resource_owner_account: String,
    /// When it was first analyzed.
    pub created_at: Timestamp,
    /// When it was last analyzed.
    pub analyzed_at: Timestamp,
    /// When what the analysis gives last changed.
    pub updated_at: Timestamp,
    /// Whether somebody anonymous or unknown gets in.
    pub is_public: bool,
    /// What others can do, in order.
    pub actions: Vec<String>,
    /// By which mechanisms: the types of AWS's `FindingSource`.
    pub shared_via: Vec<String>,
    /// The status of its findings: active if one is, else archived if one is; nothing where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<FindingStatus>,
    /// The code of what kept it from being analyzed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl AnalyzedResource {
    /// What `analysis` makes of the resource, whose findings are now `findings`.
    #[must_use]
    pub fn of(
        before: Option<&Self>,
        analysis: &Analysis,
        findings: &[Finding],
        now: Timestamp,
    ) -> Self {
        let open = || findings.iter().filter(|own| own.status != FindingStatus::Resolved);
        let mut actions: Vec<String> = open()
            .flat_map(|own| own.observation.action().into_iter().flatten().cloned())
            .collect();
        actions.sort_unstable();
        actions.dedup();
        let mut shared_via: Vec<String> = open().flat_map(sources).collect();
        shared_via.sort_unstable();
        shared_via.dedup();
        let next = Self {
            resource_arn: analysis.resource.clone(),
            resource_type: analysis.resource_type.clone(),
            resource_owner_account: analysis.resource_owner_account.clone(),
            created_at: before.map_or(now, |own| own.created_at),
            analyzed_at: now,
            updated_at: before.map_or(now, |own| own.updated_at),
            is_public: open().any(|own| own.observation.is_public() == Some(true)),
            actions,
            shared_via,
            status: findings.iter().map(|own| own.status).min(),
            error: open().find_map(|own| own.observation.error().map(str::to_owned)),
        };
        let same =
            before.is_none_or(|own| Self { analyzed_at: own.analyzed_at, ..next.clone() } == *own);
        if same { next } else { Self { updated_at: now, ..next } }
    }
}

fn sources(finding: &Finding) -> Vec<String> {
    use ringfence_findings::observation::Details;
    let sources: &[Value] = match &finding.observation.details {
        Details::External(access) => &access.sources,
        Details::Internal(access) => &access.sources,
        Details::Error { .. } => &[],
    };
    let name = |own: &Value| Some(own.get("type")?.as_str()?.to_owned());
    sources.iter().filter_map(name).collect()
}

impl Store {
    /// What the last analysis of a resource gave.
    ///
    /// # Errors
    /// Where there is no such analyzer, or it has not analyzed the resource.
    pub async fn analyzed_resource(&self, analyzer: &str, arn: &str) -> Result<AnalyzedResource> {
        let mut connection = self.reader().acquire().await?;
        let (number, _) = analyzers::existing(&mut connection, analyzer).await?;
        let found = find(&mut connection, number, arn).await?;
        found.ok_or_else(|| StoreError::NotFound(Item::Resource(arn.to_owned())))
    }

    /// The resources that an analyzer has analyzed, of one type or of all, by ARN.
    ///
    /// # Errors
    /// Where there is no such analyzer.
    pub async fn list_analyzed_resources(
        &self,
        analyzer: &str,
        resource_type: Option<&str>,
        after: Option<&Cursor>,
        most: usize,
    ) -> Result<Page<AnalyzedResource>> {
        let mut connection = self.reader().acquire().await?;
        let (number, _) = analyzers::existing(&mut connection, analyzer).await?;
        let sql = match resource_type {
            Some(_) => {
                "SELECT body FROM resources WHERE analyzer = $1 AND arn > $2
                        AND resource_type = $4 ORDER BY arn LIMIT $3"
            }
            None => {
                "SELECT body FROM resources WHERE analyzer = $1 AND arn > $2
                     ORDER BY arn LIMIT $3"
            }
        };
        let mut statement = query(sql)
            .bind(number)
            .bind(after.map_or("", Cursor::name).to_owned())
            .bind(limit(most.saturating_add(1)));
        if let Some(resource_type) = resource_type {
            statement = statement.bind(text(resource_type));
        }
        let rows = statement.fetch_all(&mut *connection).await?;
        let resources = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        let cursor = |own: &AnalyzedResource| Cursor::named(&text(&own.resource_arn));
        Ok(Page::cut(resources, most, cursor))
    }

    /// Resources that were last analyzed before `start`: after a whole scan that began then, those that are gone.
    /// Oldest first, `most` at most.
    ///
    /// # Errors
    /// Where there is no such analyzer.
    pub async fn resources_analyzed_before(
        &self,
        analyzer: &str,
        start: Timestamp,
        most: usize,
    ) -> Result<Vec<AnalyzedResource>> {
        let mut connection = self.reader().acquire().await?;
        let (number, _) = analyzers::existing(&mut connection, analyzer).await?;
        let sql = "SELECT body FROM resources WHERE analyzer = $1 AND analyzed_at < $2
                   ORDER BY analyzed_at, arn LIMIT $3";
        let rows = query(sql)
            .bind(number)
            .bind(millis(start))
            .bind(limit(most))
            .fetch_all(&mut *connection)
            .await?;
        rows.iter().map(read).collect()
    }
}

pub(crate) async fn find(
    connection: &mut AnyConnection,
    analyzer: i64,
    arn: &str,
) -> Result<Option<AnalyzedResource>> {
    let sql = "SELECT body FROM resources WHERE analyzer = $1 AND arn = $2";
    let row = query(sql).bind(analyzer).bind(text(arn)).fetch_optional(connection).await?;
    row.map(|row| read(&row)).transpose()
}

pub(crate) async fn write(
    connection: &mut AnyConnection,
    analyzer: i64,
    resource: &AnalyzedResource,
) -> Result<()> {
    let sql = "INSERT INTO resources (analyzer, arn, resource_type, analyzed_at, body)
               VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (analyzer, arn) DO UPDATE SET resource_type = excluded.resource_type,
               analyzed_at = excluded.analyzed_at, body = excluded.body";
    query(sql)
        .bind(analyzer)
        .bind(text(&resource.resource_arn))
        .bind(text(&resource.resource_type))
        .bind(millis(resource.analyzed_at))
        .bind(json(resource)?)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn delete(connection: &mut AnyConnection, analyzer: i64, arn: &str) -> Result<()> {
    let sql = "DELETE FROM resources WHERE analyzer = $1 AND arn = $2";
    query(sql).bind(analyzer).bind(text(arn)).execute(connection).await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<AnalyzedResource> {
    body("an analyzed resource", row.try_get("body")?)
}
