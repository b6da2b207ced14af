//! Filters as SQL: exactly what `Filter::admits` says.

use ringfence_findings::field::{Field, Use};
use ringfence_findings::filter::Criterion;
use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection};

use crate::Result;
use crate::database::Backend;
use crate::finding_rows::FIELDS;
use crate::page::Key;
use crate::sql::{query, text};

/// A statement as it grows, with the values of its placeholders.
pub(super) struct Sql {
    backend: Backend,
    pub(super) text: String,
    values: Vec<Key>,
}

impl Sql {
    pub(super) fn new(backend: Backend) -> Self {
        Self { backend, text: String::new(), values: Vec::new() }
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The placeholder of `value`.
    pub(super) fn value(&mut self, value: Key) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    pub(super) async fn rows(
        self,
        connection: &mut AnyConnection,
    ) -> Result<Vec<sqlx::any::AnyRow>> {
        let mut statement: Query<'_, Any, AnyArguments<'_>> = query(&self.text);
        for value in self.values {
            statement = match value {
                Key::Number(number) => statement.bind(number),
                Key::Text(own) => statement.bind(own),
            };
        }
        Ok(statement.fetch_all(connection).await?)
    }

    /// ` AND …` for a criterion of the findings `f`.
    pub(super) fn criterion(&mut self, name: &str, criterion: &Criterion) {
        let clause = match Field::parse(name, Use::List) {
            Some(Field::Id) => self.tests("f.id", criterion),
            Some(Field::Condition(key)) => self.condition(key, criterion),
            Some(field) => match column(field) {
                Some(column) => self.tests(&format!("f.{column}"), criterion),
                // What only findings of previews have.
                None => truth(criterion.admits(None)).to_owned(),
            },
            None => truth(false).to_owned(),
        };
        self.push(" AND ");
        self.push(&clause);
    }

    /// The column is one of these.
    pub(super) fn among(&mut self, column: &str, values: &[String]) -> String {
        let places: Vec<String> =
            values.iter().map(|own| self.value(Key::Text(text(own)))).collect();
        match places.as_slice() {
            [] => truth(false).to_owned(),
            [one] => format!("{column} = {one}"),
            more => format!("{column} IN ({})", more.join(", ")),
        }
    }

    fn tests(&mut self, column: &str, criterion: &Criterion) -> String {
        let mut all = Vec::new();
        if let Some(values) = &criterion.eq {
            all.push(self.among(column, values));
        }
        if let Some(values) = &criterion.neq {
            let among = self.among(column, values);
            all.push(format!("({column} IS NULL OR NOT ({among}))"));
        }
        if let Some(values) = &criterion.contains {
            all.push(self.contains(column, values));
        }
        if let Some(exists) = criterion.exists {
            all.push(format!("{column} IS {}NULL", if exists { "NOT " } else { "" }));
        }
        both(&all)
    }

    fn contains(&mut self, column: &str, values: &[String]) -> String {
        let function = match self.backend {
            Backend::Sqlite => "instr",
            Backend::Postgres => "strpos",
        };
        let mut tests = Vec::new();
        for value in values {
            let place = self.value(Key::Text(text(value)));
            tests.push(format!("{function}({column}, {place}) > 0"));
        }
        match tests.is_empty() {
            true => truth(false).to_owned(),
            false => format!("({})", tests.join(" OR ")),
        }
    }

    /// A finding has at most one value for a condition key, in a table of its own.
    fn condition(&mut self, key: &str, criterion: &Criterion) -> String {
        let name = self.value(Key::Text(condition_name(key)));
        let of = format!(
            "EXISTS (SELECT 1 FROM conditions c
             WHERE c.analyzer = f.analyzer AND c.id = f.id AND c.name = {name}"
        );
        let mut all = Vec::new();
        if let Some(values) = &criterion.eq {
            let among = self.among("c.value", values);
            all.push(format!("{of} AND {among})"));
        }
        if let Some(values) = &criterion.neq {
            let among = self.among("c.value", values);
            all.push(format!("NOT {of} AND {among})"));
        }
        if let Some(values) = &criterion.contains {
            let contains = self.contains("c.value", values);
            all.push(format!("{of} AND {contains})"));
        }
        if let Some(exists) = criterion.exists {
            all.push(format!("{}{of})", if exists { "" } else { "NOT " }));
        }
        both(&all)
    }
}

/// The column of `findings` that copies `field`.
pub(super) fn column(field: Field<'_>) -> Option<&'static str> {
    FIELDS.iter().find(|(_, own)| *own == field).map(|(column, _)| *column)
}

/// A condition key as the table has it.
pub(super) fn condition_name(key: &str) -> String {
    text(&key.to_ascii_lowercase())
}

fn both(all: &[String]) -> String {
    match all {
        [] => truth(true).to_owned(),
        all => all.join(" AND "),
    }
}

fn truth(holds: bool) -> &'static str {
    if holds { "1 = 1" } else { "1 = 0" }
}
