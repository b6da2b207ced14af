//! Analyzers: made within the quota, tagged, configured, deleted with all they have.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ringfence_findings::analyzer::{Analyzer, AnalyzerStatus, AnalyzerType};
use ringfence_findings::archive_rule::ArchiveRule;
use serde_json::Value;
use sqlx::{AnyConnection, Row};

use crate::act::Act;
use crate::database::{Scope, Store};
use crate::error::{Item, StoreError};
use crate::page::{Cursor, Page};
use crate::sql::{body, json, limit, query, text};
use crate::{Result, archive_rules};

/// How many tags a resource may have.
/// <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>
pub(crate) const TAGS: usize = 50;

impl Store {
    /// Makes an analyzer with its first archive rules, and gives its ARN.
    ///
    /// # Errors
    /// Where the account has one of that name in the Region, or as many of its type as it may have.
    pub async fn create_analyzer(
        &self,
        analyzer: &Analyzer,
        rules: &[ArchiveRule],
        act: &Act<'_>,
    ) -> Result<String> {
        let mut transaction = self.begin(Scope::Account(&analyzer.account)).await?;
        if let Some(arn) = act.earlier(&mut transaction).await? {
            return Ok(arn);
        }
        if find(&mut transaction, &analyzer.arn).await?.is_some() {
            return Err(StoreError::AlreadyExists(Item::Analyzer(analyzer.arn.clone())));
        }
        within_quota(&mut transaction, analyzer).await?;
        let sql =
            "INSERT INTO analyzers (arn, account, region, name, analyzer_type, deleting, body)
                   VALUES ($1, $2, $3, $4, $5, 0, $6) RETURNING number";
        let row = query(sql)
            .bind(text(&analyzer.arn))
            .bind(text(&analyzer.account))
            .bind(text(&analyzer.region))
            .bind(text(&analyzer.name))
            .bind(analyzer.analyzer_type.as_str())
            .bind(json(analyzer)?)
            .fetch_one(&mut *transaction)
            .await?;
        let number: i64 = row.try_get(0)?;
        for rule in rules {
            archive_rules::insert(&mut transaction, number, rule).await?;
        }
        act.note(&mut transaction, &analyzer.arn, None::<&Analyzer>, Some(analyzer)).await?;
        act.remember(&mut transaction, &analyzer.arn).await?;
        transaction.commit().await?;
        Ok(analyzer.arn.clone())
    }

    /// The analyzer with this ARN.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn analyzer(&self, arn: &str) -> Result<Analyzer> {
        let mut connection = self.reader().acquire().await?;
        Ok(existing(&mut connection, arn).await?.1)
    }

    /// The analyzers of an account and Region, of one type or of all, by name.
    ///
    /// # Errors
    /// Where they could not be read.
    pub async fn list_analyzers(
        &self,
        account: &str,
        region: &str,
        analyzer_type: Option<AnalyzerType>,
        after: Option<&Cursor>,
        most: usize,
    ) -> Result<Page<Analyzer>> {
        let sql = "SELECT body FROM analyzers
                   WHERE deleting = 0 AND account = $1 AND region = $2 AND name > $3
                   AND ($4 = '' OR analyzer_type = $4) ORDER BY name LIMIT $5";
        let rows = query(sql)
            .bind(text(account))
            .bind(text(region))
            .bind(after.map_or("", Cursor::name).to_owned())
            .bind(analyzer_type.map_or("", AnalyzerType::as_str))
            .bind(limit(most.saturating_add(1)))
            .fetch_all(self.reader())
            .await?;
        let all = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        Ok(Page::cut(all, most, |own: &Analyzer| Cursor::named(&own.name)))
    }

    /// Every analyzer, by ARN.
    ///
    /// # Errors
    /// Where they could not be read.
    pub async fn all_analyzers(&self) -> Result<Vec<Analyzer>> {
        let sql = "SELECT body FROM analyzers WHERE deleting = 0 ORDER BY arn";
        query(sql).fetch_all(self.reader()).await?.iter().map(read).collect()
    }

    /// Gives an analyzer another configuration.
    ///
    /// # Errors
    /// Where there is no such analyzer.
    pub async fn configure_analyzer(
        &self,
        arn: &str,
        configuration: Option<Value>,
        act: &Act<'_>,
    ) -> Result<Analyzer> {
        self.change_analyzer(arn, act, |analyzer| {
            analyzer.configuration = configuration;
            Ok(())
        })
        .await
    }

    /// Says where an analyzer stands, and by AWS's code why it does not analyze.
    ///
    /// # Errors
    /// Where there is no such analyzer.
    pub async fn set_analyzer_status(
        &self,
        arn: &str,
        status: AnalyzerStatus,
        reason: Option<&str>,
    ) -> Result<()> {
        let mut transaction = self.begin(Scope::Analyzer(arn)).await?;
        let (number, mut analyzer) = existing(&mut transaction, arn).await?;
        analyzer.status = status;
        analyzer.status_reason = reason.map(str::to_owned);
        write(&mut transaction, number, &analyzer).await?;
        Ok(transaction.commit().await?)
    }

    /// Gives an analyzer these tags besides those it has.
    ///
    /// # Errors
    /// Where there is no such analyzer, or it would have more than 50.
    pub async fn tag_analyzer(
        &self,
        arn: &str,
        tags: &BTreeMap<String, String>,
        act: &Act<'_>,
    ) -> Result<Analyzer> {
        self.change_analyzer(arn, act, |analyzer| {
            analyzer.tags.extend(tags.clone());
            match analyzer.tags.len() {
                0..=TAGS => Ok(()),
                _ => Err(StoreError::QuotaExceeded { what: "tags of an analyzer", limit: TAGS }),
            }
        })
        .await
    }

    /// Takes the tags with these keys from an analyzer.
    ///
    /// # Errors
    /// Where there is no such analyzer.
    pub async fn untag_analyzer(
        &self,
        arn: &str,
        keys: &[String],
        act: &Act<'_>,
    ) -> Result<Analyzer> {
        self.change_analyzer(arn, act, |analyzer| {
            analyzer.tags.retain(|key, _| !keys.contains(key));
            Ok(())
        })
        .await
    }

    async fn change_analyzer(
        &self,
        arn: &str,
        act: &Act<'_>,
        change: impl FnOnce(&mut Analyzer) -> Result<()> + Send,
    ) -> Result<Analyzer> {
        let mut transaction = self.begin(Scope::Analyzer(arn)).await?;
        let (number, before) = existing(&mut transaction, arn).await?;
        let mut after = before.clone();
        change(&mut after)?;
        if after != before {
            write(&mut transaction, number, &after).await?;
            act.note(&mut transaction, arn, Some(&before), Some(&after)).await?;
        }
        transaction.commit().await?;
        Ok(after)
    }

    /// Deletes an analyzer with its rules, resources, previews and findings. An event tells of each finding that it is
    /// deleted. The analyzer is gone at once; its findings go in batches, which [`Store::finish_deletions`] ends if the
    /// process is stopped meanwhile.
    ///
    /// # Errors
    /// Where there is no such analyzer.
    pub async fn delete_analyzer(&self, arn: &str, act: &Act<'_>) -> Result<()> {
        let mut transaction = self.begin(Scope::Analyzer(arn)).await?;
        if act.earlier::<()>(&mut transaction).await?.is_some() {
            return Ok(());
        }
        let (number, analyzer) = existing(&mut transaction, arn).await?;
        let sql = "UPDATE analyzers SET deleting = 1 WHERE number = $1";
        query(sql).bind(number).execute(&mut *transaction).await?;
        act.note(&mut transaction, arn, Some(&analyzer), None::<&Analyzer>).await?;
        act.remember(&mut transaction, &()).await?;
        transaction.commit().await?;
        self.finish_deletion(number, &analyzer, act.at).await
    }

    /// Ends what an interrupted [`Store::delete_analyzer`] began.
    ///
    /// # Errors
    /// Where it could not be written.
    pub async fn finish_deletions(&self, now: Timestamp) -> Result<()> {
        let sql = "SELECT number, body FROM analyzers WHERE deleting = 1 ORDER BY number";
        for row in query(sql).fetch_all(self.reader()).await? {
            let analyzer: Analyzer = body("an analyzer", row.try_get("body")?)?;
            self.finish_deletion(row.try_get("number")?, &analyzer, now).await?;
        }
        Ok(())
    }

    async fn finish_deletion(
        &self,
        number: i64,
        analyzer: &Analyzer,
        now: Timestamp,
    ) -> Result<()> {
        while self.delete_findings_of(number, analyzer, now).await? > 0 {}
        let mut transaction = self.begin(Scope::Analyzer(&analyzer.arn)).await?;
        let previews = "DELETE FROM preview_findings
                        WHERE preview IN (SELECT id FROM previews WHERE analyzer = $1)";
        query(previews).bind(number).execute(&mut *transaction).await?;
        for sql in [
            "DELETE FROM previews WHERE analyzer = $1",
            "DELETE FROM archive_rules WHERE analyzer = $1",
            "DELETE FROM resources WHERE analyzer = $1",
            "DELETE FROM counts WHERE analyzer = $1",
            "DELETE FROM analyzers WHERE number = $1",
        ] {
            query(sql).bind(number).execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// The analyzer with its number, unless there is none.
pub(crate) async fn find(
    connection: &mut AnyConnection,
    arn: &str,
) -> Result<Option<(i64, Analyzer)>> {
    let sql = "SELECT number, body FROM analyzers WHERE arn = $1 AND deleting = 0";
    let row = query(sql).bind(text(arn)).fetch_optional(connection).await?;
    row.map(|row| Ok((row.try_get("number")?, body(arn, row.try_get("body")?)?))).transpose()
}

/// The analyzer with its number.
pub(crate) async fn existing(connection: &mut AnyConnection, arn: &str) -> Result<(i64, Analyzer)> {
    let found = find(connection, arn).await?;
    found.ok_or_else(|| StoreError::NotFound(Item::Analyzer(arn.to_owned())))
}

pub(crate) async fn write(
    connection: &mut AnyConnection,
    number: i64,
    analyzer: &Analyzer,
) -> Result<()> {
    let sql = "UPDATE analyzers SET body = $1 WHERE number = $2";
    query(sql).bind(json(analyzer)?).bind(number).execute(connection).await?;
    Ok(())
}

fn read(row: &sqlx::any::AnyRow) -> Result<Analyzer> {
    body("an analyzer", row.try_get("body")?)
}

async fn within_quota(connection: &mut AnyConnection, analyzer: &Analyzer) -> Result<()> {
    let sql = "SELECT COUNT(*) FROM analyzers
               WHERE deleting = 0 AND account = $1 AND region = $2 AND analyzer_type = $3";
    let row = query(sql)
        .bind(text(&analyzer.account))
        .bind(text(&analyzer.region))
        .bind(analyzer.analyzer_type.as_str())
        .fetch_one(connection)
        .await?;
    let there: i64 = row.try_get(0)?;
    let quota = analyzer.analyzer_type.quota();
    match usize::try_from(there).is_ok_and(|there| there < quota) {
        true => Ok(()),
        false => Err(StoreError::QuotaExceeded {
            what: "analyzers of the type in the account and Region",
            limit: quota,
        }),
    }
}
