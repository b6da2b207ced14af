//! The way to a page of findings, so that the work is bounded whatever the filter asks.
//!
//! A criterion that few findings meet (a rare principal, a resource, a condition) leads: those findings are read and
//! sorted. Otherwise findings are met in the order of the list, along an index that begins with what one criterion
//! asks for if there is one, and tested one by one. Which values are rare is looked up for each list, by counting up
//! to a limit in an index; statistics that databases keep can be old or know averages only.

use ringfence_findings::field::{Field, Use};
use ringfence_findings::filter::Criterion;
use ringfence_findings::sort::SortBy;
use sqlx::{AnyConnection, Row};

use super::FindingsQuery;
use super::criteria::{Sql, column, condition_name};
use crate::Result;
use crate::database::Backend;
use crate::page::Key;
use crate::sql::limit;

/// How many findings are few enough to be read and sorted.
pub(super) const FEW: usize = 2_000;

/// The way to a page.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Path {
    /// The criterion with this key leads to few findings.
    Few(String),
    /// Along an index in the order of the list.
    Walk(Walk),
}

/// An index in the order of the list.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Walk {
    /// The index.
    pub(super) index: &'static str,
    /// The key of the criterion that the index begins with: one value of a column.
    pub(super) lead: Option<String>,
}

/// The indexes for the default order that begin with a column, those first that tell more findings apart.
const LEADS: [(&str, &str); 8] = [
    ("error", "findings_error_updated"),
    ("principal_canonical_user", "findings_canonical_updated"),
    ("principal_federated", "findings_federated_updated"),
    ("principal_aws", "findings_aws_updated"),
    ("resource_owner_account", "findings_owner_updated"),
    ("is_public", "findings_public_updated"),
    ("resource_type", "findings_type_updated"),
    ("status", "findings_status_updated"),
];

/// Columns whose indexes have only the findings that have a value.
const PARTIAL: [&str; 4] =
    ["error", "principal_canonical_user", "principal_federated", "principal_aws"];

/// The way to the page that `list` asks for.
pub(super) async fn choose(
    connection: &mut AnyConnection,
    backend: Backend,
    analyzer: i64,
    list: &FindingsQuery<'_>,
) -> Result<Path> {
    let mut best: Option<(i64, &str)> = None;
    for (name, criterion) in &list.filter.0 {
        let Some(mut sql) = few(backend, analyzer, name, criterion) else { continue };
        sql.push(&format!(" LIMIT {}", limit(FEW) + 1));
        sql.text = format!("SELECT COUNT(*) FROM ({}) few", sql.text);
        let rows = sql.rows(connection).await?;
        let found: i64 = rows.first().map(|row| row.try_get(0)).transpose()?.unwrap_or_default();
        if found <= limit(FEW) && best.is_none_or(|(least, _)| found < least) {
            best = Some((found, name));
        }
    }
    Ok(match best {
        Some((_, name)) => Path::Few(name.to_owned()),
        None => Path::Walk(walk(list)),
    })
}

/// The ids of the findings that the criterion can lead to along an index; nothing where none helps.
pub(super) fn few(
    backend: Backend,
    analyzer: i64,
    name: &str,
    criterion: &Criterion,
) -> Option<Sql> {
    let mut sql = Sql::new(backend);
    let analyzer = sql.value(Key::Number(analyzer));
    match Field::parse(name, Use::List)? {
        Field::Condition(key) => {
            if criterion.eq.is_none()
                && criterion.contains.is_none()
                && criterion.exists != Some(true)
            {
                return None;
            }
            let key = sql.value(Key::Text(condition_name(key)));
            sql.push(&format!(
                "SELECT c.id FROM conditions c WHERE c.analyzer = {analyzer} AND c.name = {key}"
            ));
            if let Some(values) = &criterion.eq {
                let among = sql.among("c.value", values);
                sql.push(&format!(" AND {among}"));
            }
        }
        field => {
            let (column, index) = leading_index(field)?;
            let clause = match &criterion.eq {
                Some(values) if values.is_empty() => return None,
                Some(values) => sql.among(&format!("f.{column}"), values),
                None if PARTIAL.contains(&column)
                    && (criterion.contains.is_some() || criterion.exists == Some(true)) =>
                {
                    format!("f.{column} IS NOT NULL")
                }
                None => return None,
            };
            let by = indexed_by(backend, index);
            sql.push(&format!(
                "SELECT f.id FROM findings f{by} WHERE f.analyzer = {analyzer} AND {clause}"
            ));
        }
    }
    Some(sql)
}

/// The column of a field and an index that begins with it.
fn leading_index(field: Field<'_>) -> Option<(&'static str, &'static str)> {
    match field {
        Field::Id => Some(("id", "findings_id")),
        Field::Resource => Some(("resource", "findings_resource")),
        field => {
            let column = column(field)?;
            LEADS.iter().find(|(own, _)| *own == column).copied()
        }
    }
}

/// The words that make SQLite use an index: it would prefer any with one more equality, even where it has to sort all
/// that it finds then.
pub(super) fn indexed_by(backend: Backend, index: &str) -> String {
    match backend {
        Backend::Sqlite => format!(" INDEXED BY {index}"),
        Backend::Postgres => String::new(),
    }
}

fn walk(list: &FindingsQuery<'_>) -> Walk {
    let single = |wanted: &str| {
        list.filter.0.iter().find(|(name, criterion)| {
            let own = Field::parse(name, Use::List).and_then(column);
            own == Some(wanted) && criterion.eq.as_ref().is_some_and(|own| own.len() == 1)
        })
    };
    let lead = LEADS.iter().find_map(|(column, index)| Some((single(column)?.0, *index)));
    if let (SortBy::UpdatedAt, Some((name, index))) = (list.sort, lead) {
        return Walk { index, lead: Some(name.clone()) };
    }
    let index = match list.sort {
        SortBy::UpdatedAt => "findings_updated_at",
        SortBy::CreatedAt => "findings_created_at",
        SortBy::AnalyzedAt => "findings_analyzed_at",
        SortBy::Id => "findings_id",
        SortBy::Resource => "findings_resource",
        SortBy::ResourceType => "findings_resource_type",
        SortBy::ResourceOwnerAccount => "findings_resource_owner_account",
        SortBy::Status => "findings_status",
    };
    Walk { index, lead: None }
}
