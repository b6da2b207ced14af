//! Reads one thing again and looks at what it bears on.
//!
//! What said that it changed is not believed: the state that is read decides. So a change that is told twice, late, in
//! another order or not at all true comes to the same findings.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use ringfence_access::inventory::{Configuration, Inventory, Resource, ResourceType};
use ringfence_aws::Failure;
use ringfence_aws::collection::AccountFact;
use ringfence_findings::analyzer::Analyzer;
use ringfence_findings::observation::FindingType;
use ringfence_policy::AccountId;

use super::counters::count;
use super::current::Surroundings;
use super::scan::Absent;
use super::subject::Subject;
use super::{ScanError, environment, observe, scan, source};
use crate::service::Service;

/// How many resources are looked at in one transaction.
const BATCH: usize = 100;

/// What became of something that was to be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refreshed {
    /// It was read, and what it bears on was looked at.
    Done,
    /// It is of an account that is not watched, or nothing that is known.
    NotWatched,
}

/// The end of a look.
pub(crate) type Refreshing = Pin<Box<dyn Future<Output = Result<Refreshed, ScanError>> + Send>>;

/// Reads one thing again, and makes the findings of every analyzer agree with it.
///
/// # Errors
/// When it cannot be read now, or the store cannot be written. What is refused is no error but a finding.
pub(crate) fn subject(service: Arc<Service>, subject: Subject) -> Refreshing {
    Box::pin(async move {
        let started = Instant::now();
        let done = read_and_look(&service, &subject).await;
        let counters = &service.watch.counters;
        match &done {
            Ok(_) => {
                count(&counters.refreshed);
                let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
                counters.refresh_micros.fetch_add(micros, Ordering::Relaxed);
            }
            Err(_) => count(&counters.not_refreshed),
        }
        done
    })
}

async fn read_and_look(service: &Arc<Service>, subject: &Subject) -> Result<Refreshed, ScanError> {
    let Some(environment) = environment(service).await? else { return Ok(Refreshed::NotWatched) };
    let inventory = Arc::clone(&environment.inventory);
    drop(environment);
    if subject.account().is_some_and(|own| !is_watched(&inventory, own)) {
        return Ok(Refreshed::NotWatched);
    }
    let _turn = service.watch.reading.lock(subject).await;
    service.watch.note(subject);
    match subject {
        Subject::Resource { arn, .. } => {
            let known = inventory.resources.with_arn(arn).next().cloned();
            let account = account_of(&inventory, subject, known.as_deref());
            match (account, role_name(arn)) {
                (Some(account), Some(name)) => role(service, &account, name).await,
                (Some(account), None) => resource(service, &account, arn, known).await,
                (None, _) => Ok(Refreshed::NotWatched),
            }
        }
        Subject::Role { account, name } => role(service, account, name).await,
        Subject::Secret { .. } | Subject::AccessPoint { .. } => {
            let Some(known) = named(&inventory, subject) else { return Ok(Refreshed::NotWatched) };
            let (account, arn) = (known.account.to_string(), known.arn.clone());
            resource(service, &account, &arn, Some(known)).await
        }
        Subject::S3PublicAccessBlock { account } => {
            fact(service, account, AccountFact::S3PublicAccessBlock, None).await
        }
        Subject::EbsSnapshotBlockPublicAccess { account, region } => {
            fact(service, account, AccountFact::EbsSnapshotBlockPublicAccess, Some(region)).await
        }
        Subject::Identities { account } => {
            fact(service, account, AccountFact::AuthorizationDetails, None).await
        }
        Subject::Organization => {
            source::everything(service).await?;
            Ok(Refreshed::Done)
        }
    }
}

/// Reads a resource and looks at it.
async fn resource(
    service: &Arc<Service>,
    account: &str,
    arn: &str,
    known: Option<Arc<Resource>>,
) -> Result<Refreshed, ScanError> {
    let mut path = known.as_ref().map(|own| PathBuf::from(own.file.as_ref()));
    let mut is_noted = false;
    let mut absent = Absent::MayBeUnread;
    if let Some(live) = source::live(service).await? {
        let again = live.read_resource(account, arn, path.as_deref()).await?;
        is_noted = true;
        if again.is_gone {
            absent = Absent::Gone;
        }
        if known.is_none() && again.written.is_empty() {
            // Nothing that was known, and nothing that is there.
            return Ok(Refreshed::NotWatched);
        }
        if let Some(written) = again.written.first()
            && path.as_ref() != Some(written)
        {
            // Another place than before: the old file is gone, the new one there.
            change(service, path.take(), known.clone()).await?;
            path = Some(written.clone());
            change(service, path.take(), None).await?;
        }
    }
    match path {
        Some(_) => change(service, path, known).await?,
        // A file that is not known may be anywhere.
        None if !is_noted => source::read_files(service).await?,
        None => {}
    }
    if is_noted {
        let state = Arc::clone(service);
        let noted = move || {
            state.watch.change(Surroundings::Same, |reader, before| reader.not_read(before))
        };
        tokio::task::spawn_blocking(noted).await?;
    }
    for owner in service.store.all_analyzers().await? {
        scan::look_at(service, &owner, &[arn.to_owned()], absent).await?;
    }
    Ok(Refreshed::Done)
}

/// Puts what a resource file says now into the environment.
async fn change(
    service: &Arc<Service>,
    path: Option<PathBuf>,
    known: Option<Arc<Resource>>,
) -> Result<(), ScanError> {
    let Some(path) = path else { return Ok(()) };
    let state = Arc::clone(service);
    let changed = move || {
        state.watch.change(Surroundings::Same, |reader, before| {
            reader.resource(before, &path, known.as_deref())
        })
    };
    if !tokio::task::spawn_blocking(changed).await? {
        source::read_files(service).await?;
    }
    Ok(())
}

/// Reads a role, and looks at it and at what its account may reach.
async fn role(service: &Arc<Service>, account: &str, name: &str) -> Result<Refreshed, ScanError> {
    if let Some(live) = source::live(service).await? {
        live.read_role(account, name).await?;
    }
    account_again(service, account).await?;
    // The role itself first: whoever waits for an event waits for this one.
    let suffix = format!("/{name}");
    let role = ResourceType::IamRole;
    look_at_account(service, account, role, &Chosen::EndingWith(suffix.clone())).await?;
    look_at_account(service, account, role, &Chosen::NotEndingWith(suffix)).await?;
    look_at_reached(service, account).await?;
    Ok(Refreshed::Done)
}

/// Reads something that holds for an account as a whole, and looks at what that bears on.
async fn fact(
    service: &Arc<Service>,
    account: &str,
    fact: AccountFact,
    region: Option<&str>,
) -> Result<Refreshed, ScanError> {
    if let Some(live) = source::live(service).await? {
        live.read_fact(account, fact, region).await?;
    }
    account_again(service, account).await?;
    let resource_type = match fact {
        AccountFact::S3PublicAccessBlock => ResourceType::S3Bucket,
        AccountFact::EbsSnapshotBlockPublicAccess => ResourceType::Ec2Snapshot,
        AccountFact::AuthorizationDetails => ResourceType::IamRole,
    };
    look_at_account(service, account, resource_type, &Chosen::All).await?;
    if fact == AccountFact::AuthorizationDetails {
        look_at_reached(service, account).await?;
    }
    Ok(Refreshed::Done)
}

/// Puts what the files of an account say now into the environment.
async fn account_again(service: &Arc<Service>, account: &str) -> Result<(), ScanError> {
    let Some(id) = AccountId::new(account) else { return Ok(()) };
    let state = Arc::clone(service);
    let changed = move || {
        state.watch.change(Surroundings::Other, |reader, before| reader.account(before, &id))
    };
    if !tokio::task::spawn_blocking(changed).await? {
        source::read_files(service).await?;
    }
    Ok(())
}

/// Some of the ARNs of a type.
enum Chosen {
    All,
    EndingWith(String),
    NotEndingWith(String),
}

impl Chosen {
    fn includes(&self, arn: &str) -> bool {
        match self {
            Self::All => true,
            Self::EndingWith(end) => arn.ends_with(end.as_str()),
            Self::NotEndingWith(end) => !arn.ends_with(end.as_str()),
        }
    }
}

/// Looks at the chosen resources of one type in an account, and at those that findings know and that are gone.
async fn look_at_account(
    service: &Arc<Service>,
    account: &str,
    resource_type: ResourceType,
    chosen: &Chosen,
) -> Result<(), ScanError> {
    let Some(environment) = service.watch.current() else { return Ok(()) };
    // The roles of a live account were just asked for.
    let absent = match (source::live(service).await?, resource_type) {
        (Some(_), ResourceType::IamRole) => Absent::Gone,
        _ => Absent::MayBeUnread,
    };
    let all = environment.inventory.resources.iter();
    let own =
        all.filter(|own| own.resource_type() == resource_type && own.account.as_str() == account);
    let mut arns: Vec<String> = own.map(|own| own.arn.clone()).collect();
    let there = arns.len();
    for owner in service.store.all_analyzers().await? {
        if !observe::is_looked_at(&owner, account) {
            continue;
        }
        arns.truncate(there);
        arns.extend(known_of(service, &owner, account, resource_type, &arns).await?);
        let list: Vec<String> = arns.iter().filter(|arn| chosen.includes(arn)).cloned().collect();
        for batch in list.chunks(BATCH) {
            scan::look_at(service, &owner, batch, absent).await?;
        }
    }
    Ok(())
}

/// What an analyzer has looked at of this type in the account and is not among `there`.
async fn known_of(
    service: &Service,
    owner: &Analyzer,
    account: &str,
    resource_type: ResourceType,
    there: &[String],
) -> Result<Vec<String>, ScanError> {
    let there: std::collections::BTreeSet<&str> = there.iter().map(String::as_str).collect();
    let mut gone = Vec::new();
    let mut after = None;
    loop {
        let kind = Some(resource_type.as_str());
        let page =
            service.store.list_analyzed_resources(&owner.arn, kind, after.as_ref(), 500).await?;
        let own = page.items.into_iter().filter(|own| own.resource_owner_account == account);
        gone.extend(own.map(|own| own.resource_arn).filter(|arn| !there.contains(arn.as_str())));
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(gone),
        }
    }
}

/// Lets the analyzers of internal access look at what users and roles of the account may reach.
async fn look_at_reached(service: &Arc<Service>, account: &str) -> Result<(), ScanError> {
    let (Some(environment), Some(id)) = (service.watch.current(), AccountId::new(account)) else {
        return Ok(());
    };
    for owner in service.store.all_analyzers().await? {
        if owner.analyzer_type.finding_type() != FindingType::InternalAccess {
            continue;
        }
        let all = environment.inventory.resources.shared();
        let own = all.filter(|own| observe::is_looked_at(&owner, own.account.as_str()));
        let own: Vec<Arc<Resource>> = own.cloned().collect();
        let prepared = &service.watch.prepared;
        let arns = prepared.reached(&environment, &owner, id.clone(), own).await?;
        for batch in arns.chunks(BATCH) {
            scan::look_at(service, &owner, batch, Absent::MayBeUnread).await?;
        }
    }
    Ok(())
}

/// Whether an account is among those that are watched.
fn is_watched(inventory: &Inventory, account: &str) -> bool {
    AccountId::new(account).is_some_and(|id| inventory.accounts.contains_key(&id))
}

/// The account of a resource: what it was, what is said, or the only one there is.
fn account_of(
    inventory: &Inventory,
    subject: &Subject,
    known: Option<&Resource>,
) -> Option<String> {
    let only = || {
        let mut all = inventory.accounts.keys();
        all.next().filter(|_| all.next().is_none()).map(ToString::to_string)
    };
    let known = known.map(|own| own.account.to_string());
    known.or_else(|| subject.account().map(str::to_owned)).or_else(only)
}

fn role_name(arn: &str) -> Option<&str> {
    let role = arn.splitn(6, ':').nth(5)?.strip_prefix("role/")?;
    arn.contains(":iam:").then(|| role.rsplit('/').next())?
}

/// The resource that is meant by a name that is not its ARN.
fn named(inventory: &Inventory, subject: &Subject) -> Option<Arc<Resource>> {
    let mut all = inventory.resources.shared();
    match subject {
        Subject::Secret { account, region, name } => {
            let begins = format!(":{region}:{account}:secret:{name}-");
            all.find(|own| {
                own.arn.find(&begins).is_some_and(|at| own.arn.len() == at + begins.len() + 6)
            })
        }
        Subject::AccessPoint { account, region, name } => {
            let ends = format!(":{region}:{account}:accesspoint/{name}");
            all.find(|own| match &own.configuration {
                Configuration::S3Bucket(bucket) => {
                    bucket.access_points.keys().any(|arn| arn.ends_with(&ends))
                }
                _ => false,
            })
        }
        _ => None,
    }
    .cloned()
}

impl From<Failure> for ScanError {
    fn from(failure: Failure) -> Self {
        Self::Live(failure.to_string())
    }
}
