//! Findings as rows: written together with their conditions, counts and events, so that none of them is forgotten.

use jiff::Timestamp;
use ringfence_findings::analyzer::Analyzer;
use ringfence_findings::event::{Existence, finding_event};
use ringfence_findings::field::Field;
use ringfence_findings::finding::{Finding, FindingStatus};
use serde_json::json;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, Row};

use crate::act::Act;
use crate::sql::{body, json as write_json, millis, query, text};
use crate::{Result, outbox};

/// The columns that copy a field, in the order of the statements below.
pub(crate) const FIELDS: [(&str, Field<'static>); 15] = [
    ("resource", Field::Resource),
    ("resource_type", Field::ResourceType),
    ("resource_owner_account", Field::ResourceOwnerAccount),
    ("status", Field::Status),
    ("finding_type", Field::FindingType),
    ("is_public", Field::IsPublic),
    ("error", Field::Error),
    ("resource_control_policy_restriction", Field::ResourceControlPolicyRestriction),
    ("service_control_policy_restriction", Field::ServiceControlPolicyRestriction),
    ("access_type", Field::AccessType),
    ("principal_type", Field::PrincipalType),
    ("principal_owner_account", Field::PrincipalOwnerAccount),
    ("principal_aws", Field::Principal("AWS")),
    ("principal_federated", Field::Principal("Federated")),
    ("principal_canonical_user", Field::Principal("CanonicalUser")),
];

const INSERT: &str = "INSERT INTO findings (
    resource, resource_type, resource_owner_account, status, finding_type, is_public, error,
    resource_control_policy_restriction, service_control_policy_restriction, access_type,
    principal_type, principal_owner_account, principal_aws, principal_federated,
    principal_canonical_user, created_at, analyzed_at, updated_at, body, analyzer, id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
            $20, $21)";

const UPDATE: &str = "UPDATE findings SET
    resource = $1, resource_type = $2, resource_owner_account = $3, status = $4, finding_type = $5,
    is_public = $6, error = $7, resource_control_policy_restriction = $8,
    service_control_policy_restriction = $9, access_type = $10, principal_type = $11,
    principal_owner_account = $12, principal_aws = $13, principal_federated = $14,
    principal_canonical_user = $15, created_at = $16, analyzed_at = $17, updated_at = $18, body = $19
    WHERE analyzer = $20 AND id = $21";

/// The finding with this id, unless there is none.
pub(crate) async fn find(
    connection: &mut AnyConnection,
    analyzer: i64,
    id: &str,
) -> Result<Option<Finding>> {
    let sql = "SELECT body FROM findings WHERE analyzer = $1 AND id = $2";
    let row = query(sql).bind(analyzer).bind(text(id)).fetch_optional(connection).await?;
    row.map(|row| read(&row)).transpose()
}

/// The finding with this id of the analyzer with this ARN, unless there is none: one question to the database.
pub(crate) async fn find_in(
    connection: &mut AnyConnection,
    analyzer: &str,
    id: &str,
) -> Result<Option<Finding>> {
    let sql = "SELECT f.body FROM analyzers a JOIN findings f ON f.analyzer = a.number
               WHERE a.arn = $1 AND a.deleting = 0 AND f.id = $2";
    let row = query(sql).bind(text(analyzer)).bind(text(id)).fetch_optional(connection).await?;
    row.map(|row| read(&row)).transpose()
}

/// The findings of a resource, by id.
pub(crate) async fn of_resource(
    connection: &mut AnyConnection,
    analyzer: i64,
    resource: &str,
) -> Result<Vec<Finding>> {
    let sql = "SELECT body FROM findings WHERE analyzer = $1 AND resource = $2 ORDER BY id";
    let rows = query(sql).bind(analyzer).bind(text(resource)).fetch_all(connection).await?;
    rows.iter().map(read).collect()
}

pub(crate) fn read(row: &AnyRow) -> Result<Finding> {
    body("a finding", row.try_get("body")?)
}

/// Writes a new finding.
pub(crate) async fn insert(
    connection: &mut AnyConnection,
    analyzer: i64,
    finding: &Finding,
) -> Result<()> {
    bind(INSERT, analyzer, finding)?.execute(&mut *connection).await?;
    insert_conditions(connection, analyzer, finding).await?;
    count(connection, analyzer, finding, 1).await
}

/// Writes `after` in the place of `before`, which has the same id.
pub(crate) async fn replace(
    connection: &mut AnyConnection,
    analyzer: i64,
    before: &Finding,
    after: &Finding,
) -> Result<()> {
    bind(UPDATE, analyzer, after)?.execute(&mut *connection).await?;
    if before.observation.condition() != after.observation.condition() {
        delete_conditions(connection, analyzer, before.id()).await?;
        insert_conditions(connection, analyzer, after).await?;
    }
    if place(before) != place(after) {
        count(connection, analyzer, before, -1).await?;
        count(connection, analyzer, after, 1).await?;
    }
    Ok(())
}

/// Takes a finding away.
pub(crate) async fn delete(
    connection: &mut AnyConnection,
    analyzer: i64,
    finding: &Finding,
) -> Result<()> {
    let sql = "DELETE FROM findings WHERE analyzer = $1 AND id = $2";
    query(sql).bind(analyzer).bind(text(finding.id())).execute(&mut *connection).await?;
    delete_conditions(connection, analyzer, finding.id()).await?;
    count(connection, analyzer, finding, -1).await
}

/// Puts into the outbox what `finding` has become.
pub(crate) async fn tell(
    connection: &mut AnyConnection,
    analyzer: &Analyzer,
    finding: &Finding,
    now: Timestamp,
) -> Result<()> {
    let event = finding_event(analyzer, finding, Existence::Stored, now);
    outbox::put(connection, finding.id(), &event).await
}

/// Puts into the outbox that `finding` is gone.
pub(crate) async fn tell_deleted(
    connection: &mut AnyConnection,
    analyzer: &Analyzer,
    finding: &Finding,
    now: Timestamp,
) -> Result<()> {
    let event = finding_event(analyzer, finding, Existence::Deleted, now);
    outbox::put(connection, finding.id(), &event).await
}

/// Writes to the audit log what an act made of a finding's status.
pub(crate) async fn note(
    connection: &mut AnyConnection,
    act: &Act<'_>,
    before: &Finding,
    after: &Finding,
) -> Result<()> {
    let said = |own: &Finding| json!({ "status": own.status, "archivedBy": own.archived_by });
    act.note(connection, after.id(), Some(&said(before)), Some(&said(after))).await
}

fn bind<'q>(
    sql: &'q str,
    analyzer: i64,
    finding: &Finding,
) -> Result<Query<'q, Any, AnyArguments<'q>>> {
    let mut statement = query(sql);
    for (_, field) in FIELDS {
        statement = statement.bind(field.of(finding).map(text));
    }
    Ok(statement
        .bind(millis(finding.created_at))
        .bind(millis(finding.analyzed_at))
        .bind(millis(finding.updated_at))
        .bind(write_json(finding)?)
        .bind(analyzer)
        .bind(text(finding.id())))
}

async fn insert_conditions(
    connection: &mut AnyConnection,
    analyzer: i64,
    finding: &Finding,
) -> Result<()> {
    let sql = "INSERT INTO conditions (analyzer, name, value, id) VALUES ($1, $2, $3, $4)
               ON CONFLICT DO NOTHING";
    for (name, value) in finding.observation.condition().into_iter().flatten() {
        query(sql)
            .bind(analyzer)
            .bind(text(&name.to_ascii_lowercase()))
            .bind(text(value))
            .bind(text(finding.id()))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn delete_conditions(connection: &mut AnyConnection, analyzer: i64, id: &str) -> Result<()> {
    let sql = "DELETE FROM conditions WHERE analyzer = $1 AND id = $2";
    query(sql).bind(analyzer).bind(text(id)).execute(connection).await?;
    Ok(())
}

/// Where a finding counts: its type of resource and its kind, as in `Statistics`.
fn place(finding: &Finding) -> (&str, &'static str) {
    let kind = match (finding.status, finding.observation.is_public()) {
        (FindingStatus::Archived, _) => "archived",
        (FindingStatus::Resolved, _) => "resolved",
        (FindingStatus::Active, _) if finding.is_error() => "active_errors",
        (FindingStatus::Active, Some(true)) => "active_public",
        (FindingStatus::Active, Some(false) | None) => "active_not_public",
    };
    (&finding.observation.resource_type, kind)
}

async fn count(
    connection: &mut AnyConnection,
    analyzer: i64,
    finding: &Finding,
    by: i64,
) -> Result<()> {
    let (resource_type, kind) = place(finding);
    let sql = "INSERT INTO counts (analyzer, resource_type, kind, number) VALUES ($1, $2, $3, $4)
               ON CONFLICT (analyzer, resource_type, kind)
               DO UPDATE SET number = counts.number + excluded.number";
    query(sql)
        .bind(analyzer)
        .bind(text(resource_type))
        .bind(kind)
        .bind(by)
        .execute(connection)
        .await?;
    Ok(())
}
