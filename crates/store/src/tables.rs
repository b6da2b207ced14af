//! All tables as rows of texts and numbers, copied from one database to another. Which tables and columns there are is
//! asked of the database, so a new table is copied without a word here.

use futures_util::TryStreamExt;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::backup::Copied;
use crate::database::{Backend, Scope, Store};
use crate::sql::query;
use crate::{Result, StoreError};

/// The table of the schema's version, which each database has by itself.
const OWN: &str = "schema_version";

struct Table {
    name: String,
    columns: Vec<Column>,
}

struct Column {
    name: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    /// A number that the database counts up by itself.
    Serial,
}

/// How many rows each table has.
pub(crate) async fn count(store: &Store) -> Result<Copied> {
    let mut connection = store.reader().acquire().await?;
    let mut counted = Copied::default();
    for table in tables(&mut connection, store.backend()).await? {
        let sql = format!("SELECT COUNT(*) FROM {}", quoted(&table.name));
        let rows: i64 = query(&sql).fetch_one(&mut *connection).await?.try_get(0)?;
        counted.rows.insert(table.name, u64::try_from(rows).unwrap_or_default());
    }
    Ok(counted)
}

/// Copies all rows of all tables, as they are at one moment, in one transaction. Both have the same schema.
pub(crate) async fn copy(from: &Store, to: &Store) -> Result<Copied> {
    let snapshot = match from.backend() {
        Backend::Sqlite => "BEGIN",
        Backend::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    let mut source = from.reader().begin_with(snapshot).await?;
    let mut target = to.begin(Scope::Named("schema")).await?;
    let mut copied = Copied::default();
    for table in tables(&mut source, from.backend()).await? {
        // Some rows may be there by virtue of the schema.
        let delete = format!("DELETE FROM {}", quoted(&table.name));
        query(&delete).execute(&mut *target).await?;
        let (select, insert) = (table.select(), table.insert(to.backend()));
        let mut rows = query(&select).fetch(&mut *source);
        let mut number = 0;
        while let Some(row) = rows.try_next().await? {
            table.write(&insert, &row, &mut target).await?;
            number += 1;
        }
        drop(rows);
        if let Some(serial) = table.columns.iter().find(|own| own.kind == Kind::Serial) {
            let last = last(&mut source, from.backend(), &table.name, &serial.name).await?;
            set_last(&mut target, to.backend(), &table.name, &serial.name, last).await?;
        }
        copied.rows.insert(table.name, number);
    }
    target.commit().await?;
    Ok(copied)
}

impl Table {
    fn names(&self) -> String {
        self.columns.iter().map(|own| quoted(&own.name)).collect::<Vec<_>>().join(", ")
    }

    fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.names(), quoted(&self.name))
    }

    fn insert(&self, backend: Backend) -> String {
        let has_serial = self.columns.iter().any(|own| own.kind == Kind::Serial);
        let overriding = match backend {
            Backend::Postgres if has_serial => " OVERRIDING SYSTEM VALUE",
            Backend::Postgres | Backend::Sqlite => "",
        };
        let values: Vec<String> = (1..=self.columns.len()).map(|own| format!("${own}")).collect();
        let (name, columns) = (quoted(&self.name), self.names());
        format!("INSERT INTO {name} ({columns}){overriding} VALUES ({})", values.join(", "))
    }

    async fn write(&self, insert: &str, row: &AnyRow, to: &mut AnyConnection) -> Result<()> {
        let mut statement = query(insert);
        for (index, column) in self.columns.iter().enumerate() {
            statement = match column.kind {
                Kind::Text => statement.bind(row.try_get::<Option<String>, _>(index)?),
                Kind::Number | Kind::Serial => {
                    statement.bind(row.try_get::<Option<i64>, _>(index)?)
                }
            };
        }
        statement.execute(to).await?;
        Ok(())
    }
}

/// The tables by name, their columns in order.
async fn tables(connection: &mut AnyConnection, backend: Backend) -> Result<Vec<Table>> {
    let sql = match backend {
        Backend::Sqlite => {
            "SELECT t.name, c.name, c.type, CASE WHEN c.pk = 1 AND c.type = 'INTEGER' THEN 1 ELSE 0 END
             FROM sqlite_master t JOIN pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
             ORDER BY t.name, c.cid"
        }
        Backend::Postgres => {
            "SELECT table_name::text, column_name::text, upper(data_type::text),
                    CASE WHEN is_identity = 'YES' THEN 1 ELSE 0 END
             FROM information_schema.columns WHERE table_schema = current_schema()
             ORDER BY table_name::text COLLATE \"C\", ordinal_position"
        }
    };
    let mut tables: Vec<Table> = Vec::new();
    for row in query(sql).fetch_all(&mut *connection).await? {
        let (table, name): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let (declared, serial): (String, i64) = (row.try_get(2)?, row.try_get(3)?);
        let kind = match declared.as_str() {
            _ if serial == 1 => Kind::Serial,
            "TEXT" => Kind::Text,
            "BIGINT" | "INTEGER" => Kind::Number,
            other => {
                let item = format!("the column `{name}` of `{table}`");
                return Err(StoreError::corrupt(item, format!("has the type {other}")));
            }
        };
        if table == OWN {
            continue;
        }
        let column = Column { name, kind };
        match tables.last_mut() {
            Some(last) if last.name == table => last.columns.push(column),
            _ => tables.push(Table { name: table, columns: vec![column] }),
        }
    }
    Ok(tables)
}

/// The last number that was given, also where its row is gone: numbers are not given twice.
async fn last(
    connection: &mut AnyConnection,
    backend: Backend,
    table: &str,
    column: &str,
) -> Result<i64> {
    let row = match backend {
        Backend::Sqlite => {
            let sql = "SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = $1";
            query(sql).bind(table.to_owned()).fetch_one(connection).await?
        }
        Backend::Postgres => {
            let sql = "SELECT COALESCE(pg_sequence_last_value(pg_get_serial_sequence($1, $2)::regclass), 0)";
            let names = query(sql).bind(table.to_owned()).bind(column.to_owned());
            names.fetch_one(connection).await?
        }
    };
    Ok(row.try_get(0)?)
}

async fn set_last(
    connection: &mut AnyConnection,
    backend: Backend,
    table: &str,
    column: &str,
    last: i64,
) -> Result<()> {
    if last == 0 {
        return Ok(());
    }
    match backend {
        Backend::Sqlite => {
            let delete = "DELETE FROM sqlite_sequence WHERE name = $1";
            query(delete).bind(table.to_owned()).execute(&mut *connection).await?;
            let insert = "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)";
            query(insert).bind(table.to_owned()).bind(last).execute(connection).await?;
        }
        Backend::Postgres => {
            let sql = "SELECT setval(pg_get_serial_sequence($1, $2)::regclass, $3)";
            let names = query(sql).bind(table.to_owned()).bind(column.to_owned());
            names.bind(last).fetch_one(connection).await?;
        }
    }
    Ok(())
}

/// A name as SQL takes any.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
