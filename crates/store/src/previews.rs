//! Access previews and their findings.

use jiff::Timestamp;
use ringfence_findings::analyzer::Analyzer;
use ringfence_findings::event::{PreviewState, preview_event};
use ringfence_findings::preview::PreviewFinding;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::act::Act;
use crate::database::{Scope, Store};
use crate::error::{Item, StoreError};
use crate::page::{Cursor, Key, Page};
use crate::sql::{body, json, limit, millis, query, text};
use crate::{Result, analyzers, outbox};

/// How many previews an analyzer may have made within an hour.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-quotas.html>
pub const PREVIEWS_PER_HOUR: usize = 1000;
const HOUR: i64 = 60 * 60 * 1000;

/// AWS's `AccessPreview`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessPreview {
    /// Its id, a lower-case UUID.
    pub id: String,
    /// The ARN of its analyzer.
    pub analyzer_arn: String,
    /// The proposed configurations by ARN, as they are on the wire.
    pub configurations: Value,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Where it stands.
    pub status: PreviewStatus,
    /// AWS's code of why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<String>,
}

/// Where a preview stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PreviewStatus {
    /// It is being worked out.
    Creating,
    /// Its findings are there.
    Completed,
    /// It could not be worked out.
    Failed,
}

impl PreviewStatus {
    /// AWS's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Creating => "CREATING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
        }
    }
}

impl Store {
    /// Keeps a preview with its findings, and gives its id; on a repetition that of the first. An event tells of it.
    ///
    /// # Errors
    /// Where there is no such analyzer, or it has made 1,000 previews within the hour.
    pub async fn create_access_preview(
        &self,
        preview: &AccessPreview,
        findings: &[PreviewFinding],
        act: &Act<'_>,
    ) -> Result<String> {
        let mut transaction = self.begin(Scope::Analyzer(&preview.analyzer_arn)).await?;
        if let Some(id) = act.earlier(&mut transaction).await? {
            return Ok(id);
        }
        let (number, owner) = analyzers::existing(&mut transaction, &preview.analyzer_arn).await?;
        within_quota(&mut transaction, number, act.at).await?;
        let sql = "INSERT INTO previews (id, analyzer, created_at, body) VALUES ($1, $2, $3, $4)";
        query(sql)
            .bind(text(&preview.id))
            .bind(number)
            .bind(millis(preview.created_at))
            .bind(json(preview)?)
            .execute(&mut *transaction)
            .await?;
        insert_findings(&mut transaction, &preview.id, findings).await?;
        tell(&mut transaction, &owner, None, preview, act.at).await?;
        act.note(&mut transaction, &preview.id, None::<&AccessPreview>, Some(preview)).await?;
        act.remember(&mut transaction, &preview.id).await?;
        transaction.commit().await?;
        Ok(preview.id.clone())
    }

    /// Says what became of a preview that was being worked out. An event tells of its new status.
    ///
    /// # Errors
    /// Where there is no such preview.
    pub async fn finish_access_preview(
        &self,
        preview: &AccessPreview,
        findings: &[PreviewFinding],
        now: Timestamp,
    ) -> Result<()> {
        let mut transaction = self.begin(Scope::Analyzer(&preview.analyzer_arn)).await?;
        let (_, owner) = analyzers::existing(&mut transaction, &preview.analyzer_arn).await?;
        let before = existing(&mut transaction, &preview.analyzer_arn, &preview.id).await?;
        let sql = "UPDATE previews SET body = $1 WHERE id = $2";
        query(sql).bind(json(preview)?).bind(text(&preview.id)).execute(&mut *transaction).await?;
        let sql = "DELETE FROM preview_findings WHERE preview = $1";
        query(sql).bind(text(&preview.id)).execute(&mut *transaction).await?;
        insert_findings(&mut transaction, &preview.id, findings).await?;
        if before.status != preview.status {
            tell(&mut transaction, &owner, Some(before.status), preview, now).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// A preview of an analyzer.
    ///
    /// # Errors
    /// Where there is no such analyzer or preview.
    pub async fn access_preview(&self, analyzer: &str, id: &str) -> Result<AccessPreview> {
        let mut connection = self.reader().acquire().await?;
        existing(&mut connection, analyzer, id).await
    }

    /// The previews of an analyzer, newest first.
    ///
    /// # Errors
    /// Where there is no such analyzer.
    pub async fn list_access_previews(
        &self,
        analyzer: &str,
        after: Option<&Cursor>,
        most: usize,
    ) -> Result<Page<AccessPreview>> {
        let mut connection = self.reader().acquire().await?;
        let (number, _) = analyzers::existing(&mut connection, analyzer).await?;
        let sql = "SELECT body FROM previews WHERE analyzer = $1 AND (created_at, id) < ($2, $3)
                   ORDER BY created_at DESC, id DESC LIMIT $4";
        let (at, id) = after.map_or((i64::MAX, ""), |own| (own.number(), &own.id));
        let rows = query(sql)
            .bind(number)
            .bind(at)
            .bind(id.to_owned())
            .bind(limit(most.saturating_add(1)))
            .fetch_all(&mut *connection)
            .await?;
        let previews = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        Ok(Page::cut(previews, most, |own: &AccessPreview| Cursor {
            key: Key::Number(millis(own.created_at)),
            id: own.id.clone(),
        }))
    }

    /// The findings of a preview that `admits` lets pass, in the order of the preview.
    ///
    /// # Errors
    /// Where there is no such analyzer or preview.
    pub async fn list_preview_findings(
        &self,
        analyzer: &str,
        id: &str,
        admits: impl Fn(&PreviewFinding) -> bool + Send,
        after: Option<&Cursor>,
        most: usize,
    ) -> Result<Page<PreviewFinding>> {
        let mut connection = self.reader().acquire().await?;
        existing(&mut connection, analyzer, id).await?;
        let sql = "SELECT position, body FROM preview_findings
                   WHERE preview = $1 AND position > $2 ORDER BY position";
        let rows = query(sql)
            .bind(text(id))
            .bind(after.map_or(-1, Cursor::number))
            .fetch_all(&mut *connection)
            .await?;
        let mut found = Vec::new();
        for row in &rows {
            let finding: PreviewFinding = body("a finding of a preview", row.try_get("body")?)?;
            if admits(&finding) {
                found.push((row.try_get::<i64, _>("position")?, finding));
            }
            if found.len() > most {
                break;
            }
        }
        let cursor =
            |own: &(i64, PreviewFinding)| Cursor { key: Key::Number(own.0), id: String::new() };
        let page = Page::cut(found, most, cursor);
        Ok(Page { items: page.items.into_iter().map(|own| own.1).collect(), next: page.next })
    }
}

async fn within_quota(connection: &mut AnyConnection, analyzer: i64, now: Timestamp) -> Result<()> {
    let sql = "SELECT COUNT(*) FROM previews WHERE analyzer = $1 AND created_at > $2";
    let row = query(sql).bind(analyzer).bind(millis(now) - HOUR).fetch_one(connection).await?;
    let there: i64 = row.try_get(0)?;
    match usize::try_from(there).is_ok_and(|there| there < PREVIEWS_PER_HOUR) {
        true => Ok(()),
        false => Err(StoreError::QuotaExceeded {
            what: "access previews of an analyzer in an hour",
            limit: PREVIEWS_PER_HOUR,
        }),
    }
}

/// Puts into the outbox what `preview` has become.
async fn tell(
    connection: &mut AnyConnection,
    analyzer: &Analyzer,
    before: Option<PreviewStatus>,
    preview: &AccessPreview,
    now: Timestamp,
) -> Result<()> {
    let resources = preview.configurations.as_object().into_iter().flatten();
    let state = PreviewState {
        id: &preview.id,
        configured_resources: resources.map(|(arn, _)| arn.as_str()).collect(),
        created_at: preview.created_at,
        previous_status: before.map(PreviewStatus::as_str),
        status: preview.status.as_str(),
        reason: preview.status_reason.as_deref(),
    };
    outbox::put(connection, &preview.id, &preview_event(analyzer, &state, now)).await
}

async fn insert_findings(
    connection: &mut AnyConnection,
    preview: &str,
    findings: &[PreviewFinding],
) -> Result<()> {
    let sql = "INSERT INTO preview_findings (preview, position, body) VALUES ($1, $2, $3)";
    for (position, finding) in (0i64..).zip(findings) {
        query(sql)
            .bind(text(preview))
            .bind(position)
            .bind(json(finding)?)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn existing(
    connection: &mut AnyConnection,
    analyzer: &str,
    id: &str,
) -> Result<AccessPreview> {
    let (number, _) = analyzers::existing(connection, analyzer).await?;
    let sql = "SELECT body FROM previews WHERE id = $1 AND analyzer = $2";
    let row = query(sql).bind(text(id)).bind(number).fetch_optional(connection).await?;
    let row = row.ok_or_else(|| StoreError::NotFound(Item::AccessPreview(id.to_owned())))?;
    read(&row)
}

fn read(row: &AnyRow) -> Result<AccessPreview> {
    body("an access preview", row.try_get("body")?)
}
