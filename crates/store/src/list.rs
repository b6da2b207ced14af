//! Lists of findings: filtered, sorted, page by page.

mod criteria;
mod path;

use std::time::{Duration, Instant};

use ringfence_findings::filter::Filter;
use ringfence_findings::finding::Finding;
use ringfence_findings::sort::{OrderBy, SortBy};
use sqlx::{AnyConnection, Row};

use crate::database::{Backend, Store};
use crate::page::{Cursor, Key, Page};
use crate::sql::{limit, millis, text};
use crate::{Result, analyzers, finding_rows};
use criteria::Sql;
use path::{Path, Walk};

/// What to list.
#[derive(Clone, Copy, Debug)]
pub struct FindingsQuery<'a> {
    /// Which findings. Must have passed `Filter::check` for lists: what a key means nothing for is met by nothing.
    pub filter: &'a Filter,
    /// In which order.
    pub sort: SortBy,
    /// In which direction; ids too, where the rest is equal.
    pub order: OrderBy,
    /// Behind which finding.
    pub after: Option<&'a Cursor>,
    /// How many at most, and at least one.
    pub most: usize,
}

/// How many findings are tested in one statement.
const WINDOW: usize = 1_000;
/// How many windows are tested for one page, at the most.
const WINDOWS: usize = 10;
/// After this time no further window is begun.
const PATIENCE: Duration = Duration::from_millis(8);

impl Store {
    /// A page of an analyzer's findings. Only so many findings are tested for one page, from 1,000 to 10,000, as time
    /// allows: where hardly any meets several criteria that many meet each, a page may be short, or have nothing, although
    /// there is a next one.
    ///
    /// # Errors
    /// Where there is no such analyzer.
    pub async fn list_findings(
        &self,
        analyzer: &str,
        list: &FindingsQuery<'_>,
    ) -> Result<Page<Finding>> {
        let mut connection = self.reader().acquire().await?;
        let (number, _) = analyzers::existing(&mut connection, analyzer).await?;
        let list = FindingsQuery { most: list.most.max(1), ..*list };
        let lister = Lister { backend: self.backend(), number, list: &list };
        match path::choose(&mut connection, self.backend(), number, &list).await? {
            Path::Few(name) => lister.few(&mut connection, &name).await,
            Path::Walk(walk) => lister.walk(&mut connection, &walk).await,
        }
    }
}

/// The place of `finding` in a list sorted by `sort`.
#[must_use]
pub fn cursor(finding: &Finding, sort: SortBy) -> Cursor {
    let key = match sort {
        SortBy::UpdatedAt => Key::Number(millis(finding.updated_at)),
        SortBy::CreatedAt => Key::Number(millis(finding.created_at)),
        SortBy::AnalyzedAt => Key::Number(millis(finding.analyzed_at)),
        SortBy::Id
        | SortBy::Resource
        | SortBy::ResourceType
        | SortBy::ResourceOwnerAccount
        | SortBy::Status => Key::Text(text(&sort.key(finding))),
    };
    Cursor { key, id: text(finding.id()) }
}

struct Lister<'a> {
    backend: Backend,
    number: i64,
    list: &'a FindingsQuery<'a>,
}

impl Lister<'_> {
    /// The page, from the few findings that the criterion `name` leads to.
    async fn few(&self, connection: &mut AnyConnection, name: &str) -> Result<Page<Finding>> {
        let criterion = self.list.filter.0.get(name);
        let led = criterion.and_then(|own| path::few(self.backend, self.number, name, own));
        let Some(mut sql) = led else { return Ok(Page { items: Vec::new(), next: None }) };
        // In SQLite the rows are read along the index at once; what leads through another table is joined, in the
        // order in which the tables of a cross join are written.
        sql.text = match (self.backend, sql.text.strip_prefix("SELECT f.id ")) {
            (Backend::Sqlite, Some(rest)) => format!("SELECT f.body {rest}"),
            _ => format!(
                "WITH few AS MATERIALIZED ({}) SELECT f.body FROM few CROSS JOIN findings f
             WHERE f.analyzer = $1 AND f.id = few.id",
                sql.text
            ),
        };
        self.criteria(&mut sql, None);
        self.range(&mut sql, self.list.after, None);
        self.order(&mut sql, self.list.most.saturating_add(1), 0);
        let findings = read(sql, connection).await?;
        Ok(Page::cut(findings, self.list.most, |own| cursor(own, self.list.sort)))
    }

    /// The page, from the findings along the index of `walk`, window by window.
    async fn walk(&self, connection: &mut AnyConnection, walk: &Walk) -> Result<Page<Finding>> {
        let (most, start) = (self.list.most, Instant::now());
        let (mut found, mut after) = (Vec::new(), self.list.after.cloned());
        for _ in 0..WINDOWS {
            let end = self.window_end(connection, walk, after.as_ref()).await?;
            let mut sql = self.along(walk, "f.body");
            self.criteria(&mut sql, walk.lead.as_deref());
            self.range(&mut sql, after.as_ref(), end.as_ref());
            self.order(&mut sql, most.saturating_add(1).saturating_sub(found.len()), 0);
            found.extend(read(sql, connection).await?);
            if found.len() > most || end.is_none() {
                return Ok(Page::cut(found, most, |own| cursor(own, self.list.sort)));
            }
            after = end;
            if start.elapsed() > PATIENCE {
                break;
            }
        }
        Ok(Page { items: found, next: after })
    }

    /// The last place of the window behind `after`; nothing where the list ends within it or all of it is listed.
    async fn window_end(
        &self,
        connection: &mut AnyConnection,
        walk: &Walk,
        after: Option<&Cursor>,
    ) -> Result<Option<Cursor>> {
        if self.list.filter.0.is_empty() {
            return Ok(None);
        }
        let mut sql = self.along(walk, &format!("{} AS sort_key, f.id AS sort_id", self.column()));
        self.range(&mut sql, after, None);
        self.order(&mut sql, 1, WINDOW - 1);
        let rows = sql.rows(connection).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let key = match self.list.sort {
            SortBy::UpdatedAt | SortBy::CreatedAt | SortBy::AnalyzedAt => {
                Key::Number(row.try_get("sort_key")?)
            }
            _ => Key::Text(row.try_get("sort_key")?),
        };
        Ok(Some(Cursor { key, id: row.try_get("sort_id")? }))
    }

    /// Findings along an index, and what it begins with.
    fn along(&self, walk: &Walk, columns: &str) -> Sql {
        let mut sql = Sql::new(self.backend);
        let by = path::indexed_by(self.backend, walk.index);
        let analyzer = sql.value(Key::Number(self.number));
        sql.push(&format!("SELECT {columns} FROM findings f{by} WHERE f.analyzer = {analyzer}"));
        let lead = walk.lead.as_ref().and_then(|name| self.list.filter.0.get_key_value(name));
        if let Some((name, criterion)) = lead {
            sql.criterion(name, criterion);
        }
        sql
    }

    fn criteria(&self, sql: &mut Sql, except: Option<&str>) {
        for (name, criterion) in &self.list.filter.0 {
            if Some(name.as_str()) != except {
                sql.criterion(name, criterion);
            }
        }
    }

    fn column(&self) -> &'static str {
        match self.list.sort {
            SortBy::UpdatedAt => "f.updated_at",
            SortBy::CreatedAt => "f.created_at",
            SortBy::AnalyzedAt => "f.analyzed_at",
            SortBy::Id => "f.id",
            SortBy::Resource => "f.resource",
            SortBy::ResourceType => "f.resource_type",
            SortBy::ResourceOwnerAccount => "f.resource_owner_account",
            SortBy::Status => "f.status",
        }
    }

    /// Behind `after`, up to and with `end`.
    fn range(&self, sql: &mut Sql, after: Option<&Cursor>, end: Option<&Cursor>) {
        let (behind, up_to) = match self.list.order {
            OrderBy::Asc => (">", "<="),
            OrderBy::Desc => ("<", ">="),
        };
        for (place, than) in [(after, behind), (end, up_to)] {
            let Some(place) = place else { continue };
            let clause = match self.list.sort {
                SortBy::Id => {
                    let id = sql.value(Key::Text(place.id.clone()));
                    format!(" AND f.id {than} {id}")
                }
                _ => {
                    let key = sql.value(place.key.clone());
                    let id = sql.value(Key::Text(place.id.clone()));
                    format!(" AND ({}, f.id) {than} ({key}, {id})", self.column())
                }
            };
            sql.push(&clause);
        }
    }

    fn order(&self, sql: &mut Sql, most: usize, skip: usize) {
        let direction = match self.list.order {
            OrderBy::Asc => "ASC",
            OrderBy::Desc => "DESC",
        };
        let order = match self.list.sort {
            SortBy::Id => format!("f.id {direction}"),
            _ => format!("{} {direction}, f.id {direction}", self.column()),
        };
        sql.push(&format!(" ORDER BY {order} LIMIT {} OFFSET {}", limit(most), limit(skip)));
    }
}

async fn read(sql: Sql, connection: &mut AnyConnection) -> Result<Vec<Finding>> {
    sql.rows(connection).await?.iter().map(finding_rows::read).collect()
}
