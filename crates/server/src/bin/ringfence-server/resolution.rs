//! `ringfence resolution`: what waits, what was done, and what people want done with it.
//!
//! Commands write what is wanted into the store; what has to be written to an account is done by the service that runs,
//! which alone has the roles for it. So commands wait until it is done, and say so where no service does it.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use ringfence_response::record::{Entry, RecordEvent};
use ringfence_response::workflow::ResolutionState;
use ringfence_response::workflow::resolution::{Resolution, Trace};
use ringfence_response::workflow::transition::Separation;
use ringfence_server::response::desk::{self, Request, Switch};
use ringfence_store::Store;
use ringfence_store::hints::HintState;
use ringfence_store::resolutions::ResolutionFilter;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::configuration;
use crate::resolution_arguments::{
    Acting, ApproveArguments, DeleteRoleArguments, Form, HintsArguments, ListArguments,
    ResolutionArguments, ResolutionCommand, RollbackArguments, StoreArguments,
};

/// How many are listed at once.
const PAGE: usize = 200;
/// How often is looked whether the service has done it.
const LOOK: Duration = Duration::from_millis(200);

pub(crate) fn run(arguments: &ResolutionArguments) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(act(&arguments.command))
}

async fn open(arguments: &StoreArguments) -> Result<Store> {
    let location = configuration::of(&arguments.data)?.data.location();
    Store::open(&location).await.context("the store cannot be opened")
}

async fn act(command: &ResolutionCommand) -> Result<()> {
    match command {
        ResolutionCommand::List(own) => list(own).await,
        ResolutionCommand::Show(own) => {
            let resolution = open(&own.store).await?.resolution(&own.id).await?;
            print(&desk::shown(&resolution))
        }
        ResolutionCommand::History(own) => {
            let store = open(&own.store).await?;
            let finding = store.resolution(&own.id).await?.finding;
            for entry in store.record_of(finding.id()).await? {
                println!("{}", entry.line());
            }
            Ok(())
        }
        ResolutionCommand::Approve(own) => approve(own).await,
        ResolutionCommand::Reject(own) => {
            one(&own.id, &Request::Reject, &own.acting, Separation::NotDemanded).await
        }
        ResolutionCommand::Rollback(own) => rollback(own).await,
        ResolutionCommand::Intended(own) => {
            one(&own.id, &Request::Intended, &own.acting, Separation::NotDemanded).await
        }
        ResolutionCommand::DeleteRole(own) => delete_role(own).await,
        ResolutionCommand::Hints(own) => hints(own).await,
        ResolutionCommand::Stop(own) => switch(&own.acting, Switch::Stop).await,
        ResolutionCommand::Start(own) => switch(&own.acting, Switch::Start).await,
    }
}

async fn list(own: &ListArguments) -> Result<()> {
    let store = open(&own.store).await?;
    let filter =
        ResolutionFilter { state: own.state, resource: &own.resource, finding: &own.finding };
    let all = all(&store, &filter).await?;
    match own.format {
        Form::Json => {
            print(&json!({ "resolutions": all.iter().map(desk::shown).collect::<Vec<_>>() }))
        }
        Form::Table => {
            for resolution in &all {
                println!("{}", desk::line(resolution).join("\t"));
            }
            Ok(())
        }
    }
}

async fn all(store: &Store, filter: &ResolutionFilter<'_>) -> Result<Vec<Resolution>> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = store.list_resolutions(filter, after.as_ref(), PAGE).await?;
        all.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

async fn approve(own: &ApproveArguments) -> Result<()> {
    let settings = configuration::of(&own.acting.store.data)?.response.unwrap_or_default();
    let separation = match own.differ || settings.approval.requester_and_approver_differ {
        true => Separation::Demanded,
        false => Separation::NotDemanded,
    };
    let request = Request::Approve { plan_hash: own.plan.clone() };
    one(&own.id, &request, &own.acting, separation).await
}

async fn one(id: &str, request: &Request, acting: &Acting, separation: Separation) -> Result<()> {
    let store = open(&acting.store).await?;
    let asked = desk::ask(&store, id, request, &acting.who, separation, None).await?;
    let done = wait(&store, asked, patience(acting.wait)).await?;
    report(&done)
}

/// Each by itself: one that cannot be undone keeps none of the others back.
async fn rollback(own: &RollbackArguments) -> Result<()> {
    let store = open(&own.acting.store).await?;
    let mut ids: BTreeSet<String> = own.ids.iter().cloned().collect();
    if let Some(since) = own.all_since {
        ids.extend(written_since(&store, since).await?);
    }
    let (mut asked, mut failed) = (Vec::new(), 0usize);
    for id in &ids {
        let who = &own.acting.who;
        let separation = Separation::NotDemanded;
        match desk::ask(&store, id, &Request::Rollback, who, separation, None).await {
            Ok(resolution) => asked.push(resolution),
            Err(error) => {
                eprintln!("{id}\t{error}");
                failed += 1;
            }
        }
    }
    let end = patience(own.acting.wait);
    for resolution in asked {
        let done = wait(&store, resolution, end).await?;
        failed += usize::from(report(&done).is_err());
    }
    match (ids.len(), failed) {
        (0, _) => {
            eprintln!("nothing was written since");
            Ok(())
        }
        (_, 0) => Ok(()),
        (all, failed) => bail!("{failed} of {all} could not be undone"),
    }
}

/// Those of which something is in an account that was written at `since` or later. The record says when.
async fn written_since(store: &Store, since: Timestamp) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for own in all(store, &ResolutionFilter::default()).await? {
        let states = [ResolutionState::Applied, ResolutionState::Verified, ResolutionState::Failed];
        if own.trace != Trace::Written || !states.contains(&own.state) || own.updated_at < since {
            continue;
        }
        let record = store.record_of(own.finding.id()).await?;
        let is_later = |entry: &Entry| entry.at.parse().is_ok_and(|at: Timestamp| at >= since);
        let mut begun = record.iter().filter(|entry| is_later(entry)).filter_map(Entry::event);
        if begun.any(|event| matches!(event, RecordEvent::Applying { resolution, .. } if resolution == own.id)) {
            found.push(own.id);
        }
    }
    Ok(found)
}

async fn delete_role(own: &DeleteRoleArguments) -> Result<()> {
    let store = open(&own.acting.store).await?;
    let separation = Separation::NotDemanded;
    let who = &own.acting.who;
    if !own.yes {
        let asked = desk::ask(&store, &own.id, &Request::LookAtRole, who, separation, None).await?;
        let seen = wait(&store, asked, patience(own.acting.wait)).await?;
        let Some(role) = &seen.role else { bail!("the service has not looked at the role yet") };
        print(&json!({ "definition": role.definition, "uses": role.uses }))?;
        eprintln!(
            "nothing was deleted: `ringfence resolution delete-role {} --yes` does it. A role that is made again has \
             another unique id: policies that name the old one do not let it in.",
            own.id
        );
        return Ok(());
    }
    let asked = desk::ask(&store, &own.id, &Request::DeleteRole, who, separation, None).await?;
    let done = wait(&store, asked, patience(own.acting.wait)).await?;
    match done.role.as_ref().and_then(|own| own.deleted_at) {
        Some(at) => {
            println!("{} was deleted at {at:.0}", done.plan.target.arn);
            eprintln!(
                "its definition is kept: `ringfence resolution show {}` prints it. A role that is made again has another \
                 unique id: policies that name the old one do not let it in.",
                own.id
            );
            Ok(())
        }
        None => bail!("the role is not deleted: {}", done.reason.unwrap_or_default()),
    }
}

/// Until when a command waits that waits for so many seconds.
fn patience(seconds: u64) -> Instant {
    Instant::now() + Duration::from_secs(seconds)
}

/// Waits until the service has done what was asked for.
async fn wait(store: &Store, asked: Resolution, end: Instant) -> Result<Resolution> {
    let mut own = asked;
    loop {
        let moving = [
            ResolutionState::Approved,
            ResolutionState::Applying,
            ResolutionState::Applied,
            ResolutionState::RollingBack,
        ];
        let is_done = own.wish.is_none() && !moving.contains(&own.state);
        if is_done || Instant::now() >= end {
            return Ok(own);
        }
        tokio::time::sleep(LOOK).await;
        own = store.resolution(&own.id).await?;
    }
}

fn report(own: &Resolution) -> Result<()> {
    let reason = own.reason.clone().map(|own| format!(": {own}")).unwrap_or_default();
    println!("{}\t{}{reason}", own.id, own.state.as_str());
    for note in own.remade.iter().filter_map(|own| own.note.as_deref()) {
        println!("\t{note}");
    }
    if own.wish.is_some() || own.state == ResolutionState::Approved {
        eprintln!("it is not done yet: a running service does it{reason}");
    }
    match own.state {
        ResolutionState::Failed => bail!("it failed{reason}"),
        _ => Ok(()),
    }
}

async fn hints(own: &HintsArguments) -> Result<()> {
    let store = open(&own.store).await?;
    if own.retry {
        let number = store.retry_hints(Timestamp::now()).await?;
        eprintln!("{number} are tried again");
    }
    let state = own.poison.then_some(HintState::Poison);
    for hint in store.list_hints(state, usize::MAX).await? {
        let state = match hint.state {
            HintState::Pending => "pending",
            HintState::Poison => "poison",
        };
        let error = hint.error.unwrap_or_default();
        println!(
            "{}\t{state}\t{}\t{}\t{error}\t{}",
            hint.number, hint.attempts, hint.name, hint.body
        );
    }
    Ok(())
}

async fn switch(acting: &Acting, switch: Switch) -> Result<()> {
    let store = open(&acting.store).await?;
    desk::stop(&store, &acting.who, switch).await?;
    match switch {
        Switch::Stop => eprintln!("nothing is changed any more; what is being written is ended"),
        Switch::Start => eprintln!("changes go on"),
    }
    Ok(())
}

fn print(value: &Value) -> Result<()> {
    println!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}
