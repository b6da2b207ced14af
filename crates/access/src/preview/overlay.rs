//! Puts planned resources upon those that there are.

use std::collections::{BTreeMap, BTreeSet};

use super::PlannedChange;
use crate::inventory::{Assumption, Configuration, Inventory, Resource, ResourceType};

/// Tags that CloudFormation puts on what it makes.
const STACK_NAME: &str = "aws:cloudformation:stack-name";
const LOGICAL_ID: &str = "aws:cloudformation:logical-id";

/// A change upon an environment.
pub(super) struct Overlay<'e> {
    /// The environment as it will be, with the planned resources only.
    pub(super) inventory: Inventory,
    /// The existing resources that the change is about.
    pub(super) replaced: Vec<&'e Resource>,
}

pub(super) fn overlay(existing: &Inventory, change: PlannedChange) -> Overlay<'_> {
    let PlannedChange { inventory: mut planned, deletes, stack } = change;
    let by_arn: BTreeMap<(ResourceType, &str), &Resource> = existing
        .resources
        .iter()
        .map(|own| ((own.resource_type(), own.arn.as_str()), own))
        .collect();
    let mut replaced: Vec<&Resource> = Vec::new();
    let mut taken: BTreeSet<(ResourceType, &str)> = BTreeSet::new();
    for resource in &mut planned.resources {
        let old = by_arn
            .get(&(resource.resource_type(), resource.arn.as_str()))
            .copied()
            .or_else(|| of_form(existing, resource, stack.as_deref()));
        let Some(old) = old.filter(|old| taken.insert((old.resource_type(), &old.arn))) else {
            continue;
        };
        replaced.push(old);
        if old.arn != resource.arn {
            let key = (resource.arn.clone(), resource.position);
            let assumptions = planned.assumptions.remove(&key).unwrap_or_default();
            planned.assumptions.insert((old.arn.clone(), resource.position), assumptions);
            resource.arn.clone_from(&old.arn);
        }
        if resource.tags.is_empty() {
            resource.tags.clone_from(&old.tags);
        }
        let kept = keep(resource, old);
        let key = (old.arn.clone(), resource.position);
        planned.assumptions.entry(key).or_default().extend(kept);
    }
    for old in &existing.resources {
        let goes = deletes.contains(&old.arn)
            || stack.as_deref().is_some_and(|stack| old.tag(STACK_NAME) == Some(stack));
        if goes && taken.insert((old.resource_type(), &old.arn)) {
            replaced.push(old);
        }
    }
    surroundings(existing, &mut planned);
    planned.arrange();
    Overlay { inventory: planned, replaced }
}

/// The one existing resource that a resource with a name that is not known may be.
fn of_form<'e>(
    existing: &'e Inventory,
    planned: &Resource,
    stack: Option<&str>,
) -> Option<&'e Resource> {
    if !planned.arn.contains(['*', '?']) {
        return None;
    }
    let mut fitting = existing.resources.iter().filter(|old| {
        old.resource_type() == planned.resource_type()
            && old.account == planned.account
            && matches(planned.arn.as_bytes(), old.arn.as_bytes())
            && match (old.tag(STACK_NAME), stack) {
                (Some(own), Some(stack)) => own == stack,
                _ => true,
            }
    });
    let first = fitting.next()?;
    let only = fitting.next().is_none();
    // Without a name of its own, the form of a key's ARN is that of all keys.
    let is_told = first.tag(LOGICAL_ID).is_some() || is_named(&planned.arn);
    (only && is_told).then_some(first)
}

/// Whether the resource part of the ARN says more than the type.
fn is_named(arn: &str) -> bool {
    let resource = arn.splitn(6, ':').nth(5).unwrap_or_default();
    let name = resource.rsplit(['/', ':']).next().unwrap_or_default();
    name.trim_end_matches(['*', '?', '-']).len() > 3
}

/// Whether the pattern matches the text.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, rest) => rest.is_none(),
        (Some((b'*', rest)), next) => {
            matches(rest, text) || next.is_some_and(|(_, behind)| matches(pattern, behind))
        }
        (Some((one, rest)), Some((own, behind))) => {
            (*one == b'?' || one == own) && matches(rest, behind)
        }
        (Some(_), None) => false,
    }
}

/// Keeps of the existing resource what the plan says nothing about; gives what that is.
fn keep(planned: &mut Resource, old: &Resource) -> Vec<Assumption> {
    let is_kept = match (&mut planned.configuration, &old.configuration) {
        (Configuration::S3Bucket(new), Configuration::S3Bucket(old)) => {
            new.owner_id.clone_from(&old.owner_id);
            for (arn, point) in &old.access_points {
                new.access_points.entry(arn.clone()).or_insert_with(|| point.clone());
            }
            if new.multi_region_access_points.is_empty() {
                new.multi_region_access_points.clone_from(&old.multi_region_access_points);
            }
            take(&mut new.bucket_policy, &old.bucket_policy)
        }
        (Configuration::KmsKey(new), Configuration::KmsKey(old)) => {
            for alias in &old.aliases {
                if !new.aliases.contains(alias) {
                    new.aliases.push(alias.clone());
                }
            }
            let grants = old.grants.iter().filter(|own| !new.grants.contains(own));
            new.grants.extend(grants.cloned().collect::<Vec<_>>());
            take(&mut new.key_policy, &old.key_policy)
        }
        (Configuration::LambdaFunction(new), Configuration::LambdaFunction(old)) => {
            new.function_url_auth_type = new.function_url_auth_type.or(old.function_url_auth_type);
            take(&mut new.function_policy, &old.function_policy)
        }
        (
            Configuration::S3ExpressDirectoryBucket(new),
            Configuration::S3ExpressDirectoryBucket(old),
        ) => take(&mut new.bucket_policy, &old.bucket_policy),
        (Configuration::SqsQueue(new), Configuration::SqsQueue(old)) => {
            take(&mut new.queue_policy, &old.queue_policy)
        }
        (Configuration::SnsTopic(new), Configuration::SnsTopic(old)) => {
            take(&mut new.topic_policy, &old.topic_policy)
        }
        (Configuration::SecretsManagerSecret(new), Configuration::SecretsManagerSecret(old)) => {
            take(&mut new.secret_policy, &old.secret_policy)
        }
        (Configuration::EfsFileSystem(new), Configuration::EfsFileSystem(old)) => {
            take(&mut new.file_system_policy, &old.file_system_policy)
        }
        (Configuration::EcrRepository(new), Configuration::EcrRepository(old)) => {
            take(&mut new.repository_policy, &old.repository_policy)
        }
        (Configuration::DynamodbTable(new), Configuration::DynamodbTable(old)) => {
            take(&mut new.table_policy, &old.table_policy)
        }
        _ => false,
    };
    let kept = Assumption {
        file: std::sync::Arc::clone(&planned.file),
        position: planned.position,
        reason: "the plan gives it no policy, and the one that there is is taken to stay"
            .to_owned(),
        statement: None,
    };
    if is_kept { vec![kept] } else { Vec::new() }
}

fn take<T: Clone>(new: &mut Option<T>, old: &Option<T>) -> bool {
    if new.is_some() || old.is_none() {
        return false;
    }
    new.clone_from(old);
    true
}

/// Accounts and organization stay as they are.
fn surroundings(existing: &Inventory, planned: &mut Inventory) {
    planned.partition = existing.partition;
    planned.organization.clone_from(&existing.organization);
    for (id, account) in &existing.accounts {
        match planned.accounts.get_mut(id) {
            Some(own) => {
                let set = own.s3_public_access_block;
                let details = own.authorization_details.take();
                *own = account.clone();
                own.s3_public_access_block = set.or(account.s3_public_access_block);
                own.authorization_details =
                    details.or_else(|| account.authorization_details.clone());
            }
            None => {
                planned.accounts.insert(id.clone(), account.clone());
            }
        }
    }
}
