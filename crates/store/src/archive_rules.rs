//! Archive rules of analyzers, and applying them to the findings that are there.

use ringfence_findings::archive_rule::ArchiveRule;
use ringfence_findings::filter::Filter;
use ringfence_findings::sort::{OrderBy, SortBy};
use sqlx::{AnyConnection, Row};

use crate::act::Act;
use crate::database::{Scope, Store};
use crate::error::{Item, StoreError};
use crate::list::FindingsQuery;
use crate::page::{Cursor, Page};
use crate::sql::{body, json, limit, query, text};
use crate::{Result, analyzers, finding_rows};

/// How many rules an analyzer may have.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-quotas.html>
const RULES: usize = 100;
/// How many findings a rule is applied to in one transaction.
const BATCH: usize = 500;

impl Store {
    /// Makes an archive rule. Findings that are there already stay as they are.
    ///
    /// # Errors
    /// Where there is no such analyzer, it has a rule of that name, or as many as it may have.
    pub async fn create_archive_rule(
        &self,
        analyzer: &str,
        rule: &ArchiveRule,
        act: &Act<'_>,
    ) -> Result<()> {
        let mut transaction = self.begin(Scope::Analyzer(analyzer)).await?;
        if act.earlier::<()>(&mut transaction).await?.is_some() {
            return Ok(());
        }
        let (number, _) = analyzers::existing(&mut transaction, analyzer).await?;
        insert(&mut transaction, number, rule).await?;
        act.note(
            &mut transaction,
            &subject(analyzer, &rule.rule_name),
            None::<&ArchiveRule>,
            Some(rule),
        )
        .await?;
        act.remember(&mut transaction, &()).await?;
        Ok(transaction.commit().await?)
    }

    /// Gives an archive rule another filter.
    ///
    /// # Errors
    /// Where there is no such analyzer or rule.
    pub async fn update_archive_rule(
        &self,
        analyzer: &str,
        name: &str,
        filter: &Filter,
        act: &Act<'_>,
    ) -> Result<()> {
        let mut transaction = self.begin(Scope::Analyzer(analyzer)).await?;
        if act.earlier::<()>(&mut transaction).await?.is_some() {
            return Ok(());
        }
        let (number, _) = analyzers::existing(&mut transaction, analyzer).await?;
        let before = existing(&mut transaction, number, name).await?;
        let after = ArchiveRule { filter: filter.clone(), updated_at: act.at, ..before.clone() };
        let sql = "UPDATE archive_rules SET body = $1 WHERE analyzer = $2 AND name = $3";
        query(sql)
            .bind(json(&after)?)
            .bind(number)
            .bind(text(name))
            .execute(&mut *transaction)
            .await?;
        act.note(&mut transaction, &subject(analyzer, name), Some(&before), Some(&after)).await?;
        act.remember(&mut transaction, &()).await?;
        Ok(transaction.commit().await?)
    }

    /// Deletes an archive rule. What it archived stays archived.
    ///
    /// # Errors
    /// Where there is no such analyzer or rule.
    pub async fn delete_archive_rule(
        &self,
        analyzer: &str,
        name: &str,
        act: &Act<'_>,
    ) -> Result<()> {
        let mut transaction = self.begin(Scope::Analyzer(analyzer)).await?;
        if act.earlier::<()>(&mut transaction).await?.is_some() {
            return Ok(());
        }
        let (number, _) = analyzers::existing(&mut transaction, analyzer).await?;
        let before = existing(&mut transaction, number, name).await?;
        let sql = "DELETE FROM archive_rules WHERE analyzer = $1 AND name = $2";
        query(sql).bind(number).bind(text(name)).execute(&mut *transaction).await?;
        act.note(&mut transaction, &subject(analyzer, name), Some(&before), None::<&ArchiveRule>)
            .await?;
        act.remember(&mut transaction, &()).await?;
        Ok(transaction.commit().await?)
    }

    /// An archive rule.
    ///
    /// # Errors
    /// Where there is no such analyzer or rule.
    pub async fn archive_rule(&self, analyzer: &str, name: &str) -> Result<ArchiveRule> {
        let mut connection = self.reader().acquire().await?;
        let (number, _) = analyzers::existing(&mut connection, analyzer).await?;
        existing(&mut connection, number, name).await
    }

    /// The archive rules of an analyzer, by name.
    ///
    /// # Errors
    /// Where there is no such analyzer.
    pub async fn list_archive_rules(
        &self,
        analyzer: &str,
        after: Option<&Cursor>,
        most: usize,
    ) -> Result<Page<ArchiveRule>> {
        let mut connection = self.reader().acquire().await?;
        let (number, _) = analyzers::existing(&mut connection, analyzer).await?;
        let sql = "SELECT body FROM archive_rules WHERE analyzer = $1 AND name > $2
                   ORDER BY name LIMIT $3";
        let rows = query(sql)
            .bind(number)
            .bind(after.map_or("", Cursor::name).to_owned())
            .bind(limit(most.saturating_add(1)))
            .fetch_all(&mut *connection)
            .await?;
        let rules = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        Ok(Page::cut(rules, most, |own: &ArchiveRule| Cursor::named(&own.rule_name)))
    }

    /// Applies an archive rule to the active findings that are there, and gives how many it archived. Each batch of
    /// findings is one transaction; a call that was interrupted can be made again.
    ///
    /// # Errors
    /// Where there is no such analyzer or rule.
    pub async fn apply_archive_rule(
        &self,
        analyzer: &str,
        name: &str,
        act: &Act<'_>,
    ) -> Result<u64> {
        let mut transaction = self.begin(Scope::Analyzer(analyzer)).await?;
        if let Some(archived) = act.earlier(&mut transaction).await? {
            return Ok(archived);
        }
        let (number, _) = analyzers::existing(&mut transaction, analyzer).await?;
        let filter = existing(&mut transaction, number, name).await?.filter;
        transaction.rollback().await?;
        let (mut after, mut archived) = (None, 0);
        loop {
            let list = FindingsQuery {
                filter: &filter,
                sort: SortBy::Id,
                order: OrderBy::Asc,
                after: after.as_ref(),
                most: BATCH,
            };
            let page = self.list_findings(analyzer, &list).await?;
            let ids: Vec<&str> = page.items.iter().map(|own| own.id()).collect();
            archived += self.apply_to(analyzer, name, &ids, act).await?;
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        let mut transaction = self.begin(Scope::Analyzer(analyzer)).await?;
        if act.earlier::<u64>(&mut transaction).await?.is_none() {
            act.remember(&mut transaction, &archived).await?;
        }
        transaction.commit().await?;
        Ok(archived)
    }

    /// Applies the rule as it is now to the findings as they are now.
    async fn apply_to(
        &self,
        analyzer: &str,
        name: &str,
        ids: &[&str],
        act: &Act<'_>,
    ) -> Result<u64> {
        if ids.is_empty() {
            return Ok(0);
        }
        let mut transaction = self.begin(Scope::Analyzer(analyzer)).await?;
        let (number, owner) = analyzers::existing(&mut transaction, analyzer).await?;
        let rule = existing(&mut transaction, number, name).await?;
        let mut archived = 0;
        for id in ids {
            let Some(before) = finding_rows::find(&mut transaction, number, id).await? else {
                continue;
            };
            let Some(after) = rule.applied(&before, act.at) else { continue };
            finding_rows::replace(&mut transaction, number, &before, &after).await?;
            finding_rows::tell(&mut transaction, &owner, &after, act.at).await?;
            finding_rows::note(&mut transaction, act, &before, &after).await?;
            archived += 1;
        }
        transaction.commit().await?;
        Ok(archived)
    }
}

fn subject(analyzer: &str, rule: &str) -> String {
    format!("{analyzer}/archive-rule/{rule}")
}

/// All rules of an analyzer, by name.
pub(crate) async fn all(connection: &mut AnyConnection, analyzer: i64) -> Result<Vec<ArchiveRule>> {
    let sql = "SELECT body FROM archive_rules WHERE analyzer = $1 ORDER BY name";
    query(sql).bind(analyzer).fetch_all(connection).await?.iter().map(read).collect()
}

pub(crate) async fn insert(
    connection: &mut AnyConnection,
    analyzer: i64,
    rule: &ArchiveRule,
) -> Result<()> {
    let sql = "SELECT COUNT(*) FROM archive_rules WHERE analyzer = $1";
    let there: i64 = query(sql).bind(analyzer).fetch_one(&mut *connection).await?.try_get(0)?;
    if usize::try_from(there).is_ok_and(|there| there >= RULES) {
        let what = "archive rules of an analyzer";
        return Err(StoreError::QuotaExceeded { what, limit: RULES });
    }
    let sql = "INSERT INTO archive_rules (analyzer, name, body) VALUES ($1, $2, $3)";
    let written = query(sql)
        .bind(analyzer)
        .bind(text(&rule.rule_name))
        .bind(json(rule)?)
        .execute(connection)
        .await;
    match written.map_err(StoreError::from) {
        Err(error) if error.is_duplicate() => {
            Err(StoreError::AlreadyExists(Item::ArchiveRule(rule.rule_name.clone())))
        }
        other => other.map(|_| ()),
    }
}

async fn existing(
    connection: &mut AnyConnection,
    analyzer: i64,
    name: &str,
) -> Result<ArchiveRule> {
    let sql = "SELECT body FROM archive_rules WHERE analyzer = $1 AND name = $2";
    let row = query(sql).bind(analyzer).bind(text(name)).fetch_optional(connection).await?;
    let row = row.ok_or_else(|| StoreError::NotFound(Item::ArchiveRule(name.to_owned())))?;
    read(&row)
}

fn read(row: &sqlx::any::AnyRow) -> Result<ArchiveRule> {
    body("an archive rule", row.try_get("body")?)
}
