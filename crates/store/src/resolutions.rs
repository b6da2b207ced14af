//! Resolutions: made, moved from state to state, found again after a break.
//!
//! A move, its entry in the record and what people are told of it are one transaction, decided on what is stored
//! inside of it.

use jiff::{SignedDuration, Timestamp};
use ringfence_response::notification::Notification;
use ringfence_response::workflow::ResolutionState;
use ringfence_response::workflow::gate::{Gate, GateQuestion, RecentChanges, gate};
use ringfence_response::workflow::resolution::Resolution;
use ringfence_response::workflow::transition::{Happening, Refusal};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::Result;
use crate::approval_links::{self, ApprovalLink, LinkUse};
use crate::database::{Backend, Scope, Store};
use crate::error::{Item, StoreError};
use crate::notifications;
use crate::page::{Cursor, Page};
use crate::record::{self, NewEntry};
use crate::resolution_record;
use crate::sql::{body, json, limit, millis, query, text};

/// The setting that says who stopped all changes, and when; empty where nobody did.
pub const STOPPED: &str = "response.stopped";

/// What a list of resolutions is about; what is nothing or empty admits all.
#[derive(Clone, Debug, Default)]
pub struct ResolutionFilter<'a> {
    /// Those in this state.
    pub state: Option<ResolutionState>,
    /// Those of the resource with this ARN.
    pub resource: &'a str,
    /// Those of the finding with this id.
    pub finding: &'a str,
}

/// What comes with something that happens to a resolution.
pub struct Circumstances<'a> {
    /// Who brought it about, for the record.
    pub who: &'a str,
    /// The Sid that was read back after it was written.
    pub sid: Option<String>,
    /// What people are told of the resolution that it has become.
    pub notify: &'a (dyn Fn(&Resolution) -> Vec<Notification> + Sync),
    /// Links to send for the plan that it has now.
    pub links: &'a (dyn Fn(&Resolution) -> Vec<ApprovalLink> + Sync),
    /// The digest of the link that is used up by it.
    pub by_link: Option<&'a str>,
    /// What is asked before a change; how many changes there were is read here.
    pub gate: Option<GateQuestion<'a>>,
}

impl<'a> Circumstances<'a> {
    /// Nothing but somebody.
    #[must_use]
    pub fn of(who: &'a str) -> Self {
        Self {
            who,
            sid: None,
            notify: &|_| Vec::new(),
            links: &|_| Vec::new(),
            by_link: None,
            gate: None,
        }
    }
}

/// What became of something that happens to a resolution.
#[derive(Clone, Debug, PartialEq)]
pub enum Moved {
    /// It is this now.
    To(Box<Resolution>),
    /// It does not fit.
    Refused(Refusal),
    /// It may not be changed now.
    Closed {
        /// Why.
        why: String,
        /// When to ask again.
        until: Timestamp,
    },
    /// The link was used before, or is too old.
    LinkSpent,
}

impl Store {
    /// The resolution with this id.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn resolution(&self, id: &str) -> Result<Resolution> {
        let mut connection = self.reader().acquire().await?;
        existing(&mut connection, id).await
    }

    /// Resolutions, newest first.
    ///
    /// # Errors
    /// Where they could not be read.
    pub async fn list_resolutions(
        &self,
        filter: &ResolutionFilter<'_>,
        after: Option<&Cursor>,
        most: usize,
    ) -> Result<Page<Resolution>> {
        let sql = "SELECT body FROM resolutions WHERE ($1 = '' OR state = $1)
                   AND ($2 = '' OR resource = $2) AND ($3 = '' OR finding = $3)
                   AND (created_at < $4 OR (created_at = $4 AND id < $5))
                   ORDER BY created_at DESC, id DESC LIMIT $6";
        let (before, id) = match after {
            Some(cursor) => (cursor.number(), cursor.id.clone()),
            None => (i64::MAX, String::new()),
        };
        let rows = query(sql)
            .bind(filter.state.map_or("", ResolutionState::as_str))
            .bind(text(filter.resource))
            .bind(text(filter.finding))
            .bind(before)
            .bind(id)
            .bind(limit(most.saturating_add(1)))
            .fetch_all(self.reader())
            .await?;
        let all = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        Ok(Page::cut(all, most, |own: &Resolution| Cursor {
            key: crate::page::Key::Number(millis(own.created_at)),
            id: own.id.clone(),
        }))
    }

    /// Lets something happen to a resolution.
    ///
    /// # Errors
    /// Where there is no such resolution. Nothing is written then, nor where it is refused.
    pub async fn move_resolution(
        &self,
        id: &str,
        happening: &Happening,
        circumstances: &Circumstances<'_>,
        now: Timestamp,
    ) -> Result<Moved> {
        let mut transaction = self.begin(Scope::Named("response")).await?;
        let before = existing(&mut transaction, id).await?;
        if let Some(question) = &circumstances.gate {
            let closed = ask(&mut transaction, &before, question, now).await?;
            if let Some(closed) = closed {
                return Ok(closed);
            }
        }
        let after = match before.after(happening, now) {
            Ok(after) => after,
            Err(refusal) => return Ok(Moved::Refused(refusal)),
        };
        if let Some(digest) = circumstances.by_link {
            match approval_links::use_up(&mut transaction, digest, now).await? {
                LinkUse::Used => {}
                LinkUse::Spent => return Ok(Moved::LinkSpent),
            }
        }
        replace(&mut transaction, &after).await?;
        if *happening == Happening::Begin {
            count_change(&mut transaction, &after, now).await?;
        }
        for link in (circumstances.links)(&after) {
            approval_links::insert(&mut transaction, &link).await?;
        }
        for notification in (circumstances.notify)(&after) {
            notifications::put(&mut transaction, &notification).await?;
        }
        if let Some(event) = resolution_record::recorded(&after, happening, circumstances) {
            let entry = NewEntry { subject: after.finding.id().to_owned(), event, at: now };
            record::append(&mut transaction, self.backend(), &entry).await?;
        }
        transaction.commit().await?;
        Ok(Moved::To(Box::new(after)))
    }

    /// Takes resolutions that are due, oldest first. Nobody else gets them until `lease` is over, unless they move.
    ///
    /// # Errors
    /// Where they could not be read or written.
    pub async fn take_resolutions(
        &self,
        now: Timestamp,
        lease: SignedDuration,
        most: usize,
    ) -> Result<Vec<Resolution>> {
        let due = "SELECT 1 FROM resolutions WHERE due <= $1 LIMIT 1";
        if query(due).bind(millis(now)).fetch_optional(self.reader()).await?.is_none() {
            return Ok(Vec::new());
        }
        let mut transaction = self.begin(Scope::Named("response")).await?;
        let sql = "UPDATE resolutions SET due = $1 WHERE id IN (
                       SELECT id FROM resolutions WHERE due <= $2 ORDER BY due, id LIMIT $3)
                   RETURNING body";
        let until = now.checked_add(lease).unwrap_or(Timestamp::MAX);
        let rows = query(sql)
            .bind(millis(until))
            .bind(millis(now))
            .bind(limit(most))
            .fetch_all(&mut *transaction)
            .await?;
        let mut taken = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        taken.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
        transaction.commit().await?;
        Ok(taken)
    }

    /// Ends the leases of a process that is gone. On PostgreSQL, where another process may hold them, they end by
    /// themselves.
    ///
    /// # Errors
    /// Where it could not be written.
    pub async fn release_leases(&self, now: Timestamp) -> Result<()> {
        match self.backend() {
            Backend::Postgres => return Ok(()),
            Backend::Sqlite => {}
        }
        let mut transaction = self.begin(Scope::Named("response")).await?;
        for sql in [
            "UPDATE resolutions SET due = $1 WHERE due > $1 AND state <> 'Proposed'",
            "UPDATE hints SET next_attempt = $1 WHERE next_attempt > $1 AND state = 'pending'",
        ] {
            query(sql).bind(millis(now)).execute(&mut *transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Makes resolutions of a finding due that wait for the finding's keeper.
    ///
    /// # Errors
    /// Where it could not be written.
    pub async fn wake_resolutions(&self, finding: &str, now: Timestamp) -> Result<()> {
        let mut transaction = self.begin(Scope::Named("response")).await?;
        let sql = "UPDATE resolutions SET due = $1
                   WHERE finding = $2 AND state IN ('Applied', 'Proposed', 'Approved')";
        query(sql).bind(millis(now)).bind(text(finding)).execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// Makes resolutions due that are approved and wait, since changes go on.
    ///
    /// # Errors
    /// Where it could not be written.
    pub async fn wake_approved(&self, now: Timestamp) -> Result<()> {
        let mut transaction = self.begin(Scope::Named("response")).await?;
        let sql = "UPDATE resolutions SET due = $1 WHERE state = 'Approved' AND due > $1";
        query(sql).bind(millis(now)).execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }
}

/// Whether the gate is closed, and why.
async fn ask(
    connection: &mut AnyConnection,
    resolution: &Resolution,
    question: &GateQuestion<'_>,
    now: Timestamp,
) -> Result<Option<Moved>> {
    let sql = "SELECT COUNT(*), COALESCE(SUM(CASE WHEN account = $1 THEN 1 ELSE 0 END), 0)
               FROM changes WHERE at > $2";
    let hour = now.checked_sub(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MIN);
    let row = query(sql)
        .bind(text(&resolution.plan.target.account))
        .bind(millis(hour))
        .fetch_one(&mut *connection)
        .await?;
    let (all, in_account): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    let number = |own: i64| u32::try_from(own).unwrap_or(u32::MAX);
    let sql = "SELECT value FROM settings WHERE name = $1";
    let stopped = query(sql).bind(STOPPED).fetch_optional(connection).await?;
    let stopped: Option<String> = stopped.map(|row| row.try_get(0)).transpose()?;
    let question = GateQuestion {
        stopped: stopped.as_deref().filter(|own| !own.is_empty()).or(question.stopped),
        recent: RecentChanges { all: number(all), in_account: number(in_account) },
        ..*question
    };
    Ok(match gate(&question, now) {
        Gate::Open => None,
        Gate::Closed { why, until } => Some(Moved::Closed { why, until }),
    })
}

async fn count_change(
    connection: &mut AnyConnection,
    resolution: &Resolution,
    now: Timestamp,
) -> Result<()> {
    let sql = "INSERT INTO changes (at, account, resolution) VALUES ($1, $2, $3)";
    query(sql)
        .bind(millis(now))
        .bind(text(&resolution.plan.target.account))
        .bind(text(&resolution.id))
        .execute(connection)
        .await?;
    Ok(())
}

/// Writes a new resolution unless one of the same access is open. Gives the id of that one.
pub(crate) async fn insert(
    connection: &mut AnyConnection,
    resolution: &Resolution,
) -> Result<Option<String>> {
    let sql = "INSERT INTO resolutions (finding, resource, account, access, state, is_open, due,
               created_at, updated_at, body, id)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";
    if bind(sql, resolution)?.execute(&mut *connection).await?.rows_affected() == 1 {
        return Ok(None);
    }
    let sql = "SELECT id FROM resolutions WHERE access = $1 AND is_open = 1";
    let row = query(sql).bind(text(&resolution.access())).fetch_optional(connection).await?;
    let open: Option<String> = row.map(|row| row.try_get(0)).transpose()?;
    Ok(Some(open.unwrap_or_default()))
}

async fn replace(connection: &mut AnyConnection, resolution: &Resolution) -> Result<()> {
    let sql = "UPDATE resolutions SET finding = $1, resource = $2, account = $3, access = $4,
               state = $5, is_open = $6, due = $7, created_at = $8, updated_at = $9, body = $10
               WHERE id = $11";
    bind(sql, resolution)?.execute(connection).await?;
    Ok(())
}

fn bind<'q>(
    sql: &'q str,
    own: &Resolution,
) -> Result<sqlx::query::Query<'q, sqlx::Any, sqlx::any::AnyArguments<'q>>> {
    Ok(query(sql)
        .bind(text(own.finding.id()))
        .bind(text(&own.plan.target.arn))
        .bind(text(&own.plan.target.account))
        .bind(text(&own.access()))
        .bind(own.state.as_str())
        .bind(i64::from(own.state.is_open()))
        .bind(own.due.map(millis))
        .bind(millis(own.created_at))
        .bind(millis(own.updated_at))
        .bind(json(own)?)
        .bind(text(&own.id)))
}

async fn existing(connection: &mut AnyConnection, id: &str) -> Result<Resolution> {
    let sql = "SELECT body FROM resolutions WHERE id = $1";
    let row = query(sql).bind(text(id)).fetch_optional(connection).await?;
    row.as_ref().map_or(Err(StoreError::NotFound(Item::Resolution(id.to_owned()))), read)
}

fn read(row: &AnyRow) -> Result<Resolution> {
    body("a resolution", row.try_get("body")?)
}
