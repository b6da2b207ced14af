//! Lists of findings: filtered, sorted, page by page.

use ringfence_findings::field::{Field, Use};
use ringfence_findings::filter::{Criterion, Filter};
use ringfence_findings::finding::Finding;
use ringfence_findings::sort::{OrderBy, SortBy};

use crate::database::{Backend, Store};
use crate::finding_rows::{self, FIELDS};
use crate::page::{Cursor, Key, Page};
use crate::sql::{limit, millis, query, text};
use crate::{Result, analyzers};

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
    /// How many at most.
    pub most: usize,
}

impl Store {
    /// A page of an analyzer's findings.
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
        let mut sql = Sql::new(self.backend(), number);
        for (name, criterion) in &list.filter.0 {
            sql.criterion(Field::parse(name, Use::List), criterion);
        }
        sql.order(list);
        let mut statement = query(&sql.text);
        for value in sql.values {
            statement = match value {
                Key::Number(number) => statement.bind(number),
                Key::Text(own) => statement.bind(own),
            };
        }
        let rows = statement.fetch_all(&mut *connection).await?;
        let findings = rows.iter().map(finding_rows::read).collect::<Result<Vec<_>>>()?;
        Ok(Page::cut(findings, list.most, |own| cursor(own, list.sort)))
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

/// A statement as it grows.
struct Sql {
    backend: Backend,
    text: String,
    values: Vec<Key>,
}

impl Sql {
    fn new(backend: Backend, analyzer: i64) -> Self {
        let text = "SELECT body FROM findings f WHERE f.analyzer = $1".to_owned();
        Self { backend, text, values: vec![Key::Number(analyzer)] }
    }

    /// The placeholder of `value`.
    fn value(&mut self, value: Key) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    fn texts(&mut self, values: &[String]) -> Vec<String> {
        values.iter().map(|own| self.value(Key::Text(text(own)))).collect()
    }

    fn criterion(&mut self, field: Option<Field<'_>>, criterion: &Criterion) {
        let clause = match field {
            Some(Field::Id) => self.tests("f.id", criterion),
            Some(Field::Condition(key)) => self.condition(key, criterion),
            Some(field) => match FIELDS.iter().find(|(_, own)| *own == field) {
                Some((column, _)) => self.tests(&format!("f.{column}"), criterion),
                // What only previews have.
                None => missing(criterion).to_owned(),
            },
            None => "1 = 0".to_owned(),
        };
        self.text.push_str(" AND ");
        self.text.push_str(&clause);
    }

    /// What `Criterion::admits` says of a column.
    fn tests(&mut self, column: &str, criterion: &Criterion) -> String {
        let mut all = Vec::new();
        if let Some(values) = &criterion.eq {
            all.push(match self.texts(values).as_slice() {
                [] => "1 = 0".to_owned(),
                [one] => format!("{column} = {one}"),
                more => format!("{column} IN ({})", more.join(", ")),
            });
        }
        if let Some(values) = criterion.neq.as_ref().filter(|own| !own.is_empty()) {
            let values = self.texts(values).join(", ");
            all.push(format!("({column} IS NULL OR {column} NOT IN ({values}))"));
        }
        if let Some(values) = &criterion.contains {
            let any = self.contains(column, values);
            all.push(any);
        }
        if let Some(exists) = criterion.exists {
            all.push(format!("{column} IS {}NULL", if exists { "NOT " } else { "" }));
        }
        match all.is_empty() {
            true => "1 = 1".to_owned(),
            false => all.join(" AND "),
        }
    }

    fn contains(&mut self, column: &str, values: &[String]) -> String {
        let function = match self.backend {
            Backend::Sqlite => "instr",
            Backend::Postgres => "strpos",
        };
        let tests: Vec<String> = self
            .texts(values)
            .into_iter()
            .map(|value| format!("{function}({column}, {value}) > 0"))
            .collect();
        match tests.is_empty() {
            true => "1 = 0".to_owned(),
            false => format!("({})", tests.join(" OR ")),
        }
    }

    /// What `Criterion::admits` says of a condition: at most one value, in a table of its own.
    fn condition(&mut self, key: &str, criterion: &Criterion) -> String {
        let name = self.value(Key::Text(text(&key.to_ascii_lowercase())));
        let of = format!(
            "SELECT c.id FROM conditions c WHERE c.analyzer = f.analyzer AND c.name = {name}"
        );
        let mut all = Vec::new();
        let positive = Criterion { neq: None, exists: None, ..criterion.clone() };
        if positive.eq.is_some() || positive.contains.is_some() {
            let tests = self.tests("c.value", &positive);
            all.push(format!("f.id IN ({of} AND {tests})"));
        }
        if let Some(values) = criterion.neq.as_ref().filter(|own| !own.is_empty()) {
            let values = self.texts(values).join(", ");
            all.push(format!("f.id NOT IN ({of} AND c.value IN ({values}))"));
        }
        if let Some(exists) = criterion.exists {
            all.push(format!("f.id {}IN ({of})", if exists { "" } else { "NOT " }));
        }
        match all.is_empty() {
            true => "1 = 1".to_owned(),
            false => all.join(" AND "),
        }
    }

    fn order(&mut self, list: &FindingsQuery<'_>) {
        let column = match list.sort {
            SortBy::UpdatedAt => "f.updated_at",
            SortBy::CreatedAt => "f.created_at",
            SortBy::AnalyzedAt => "f.analyzed_at",
            SortBy::Id => "f.id",
            SortBy::Resource => "f.resource",
            SortBy::ResourceType => "f.resource_type",
            SortBy::ResourceOwnerAccount => "f.resource_owner_account",
            SortBy::Status => "f.status",
        };
        let (than, direction) = match list.order {
            OrderBy::Asc => (">", "ASC"),
            OrderBy::Desc => ("<", "DESC"),
        };
        if let Some(after) = list.after {
            let key = match (list.sort, &after.key) {
                (SortBy::Id, _) => None,
                (_, key) => Some(self.value(key.clone())),
            };
            let id = self.value(Key::Text(after.id.clone()));
            let clause = match key {
                Some(key) => format!(" AND ({column}, f.id) {than} ({key}, {id})"),
                None => format!(" AND f.id {than} {id}"),
            };
            self.text.push_str(&clause);
        }
        let most = self.value(Key::Number(limit(list.most.saturating_add(1))));
        let order = match list.sort {
            SortBy::Id => format!("f.id {direction}"),
            _ => format!("{column} {direction}, f.id {direction}"),
        };
        self.text.push_str(&format!(" ORDER BY {order} LIMIT {most}"));
    }
}

/// What `criterion` says of a field that findings never have.
fn missing(criterion: &Criterion) -> &'static str {
    match criterion.admits(None) {
        true => "1 = 1",
        false => "1 = 0",
    }
}
