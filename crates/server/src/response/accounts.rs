//! The world as it is: live accounts where they can be reached, else what the source says, and our own analysis.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use ringfence_access::external::ZoneChoice;
use ringfence_access::inventory::{Inventory, Resource};
use ringfence_aws::live::{Accounts, RoleDefinition, WriteFailure, Written};
use ringfence_aws::{Cause, Failure};
use ringfence_findings::analyzer::Zone;
use ringfence_findings::archive_rule::ArchiveRule;
use ringfence_findings::filter::{Criterion, Filter};
use ringfence_findings::finding::{Finding, FindingStatus};
use ringfence_response::resolution::{NotClosable, Situation, plan, slots_of};
use ringfence_response::slot::{Slot, Slots, Target};
use ringfence_response::workflow::resolution::{FindingKeeper, Resolution};
use ringfence_store::{Act, StoreError};
use serde_json::Value;

use super::live::{Live, Planned, Standing, Trouble};
use crate::service::Service;
use crate::watch;

/// The world as it is.
#[derive(Clone)]
pub(crate) struct LiveAccounts {
    pub(crate) service: Arc<Service>,
    pub(crate) accounts: Option<Accounts>,
}

/// What is said where an account would have to be written to.
pub(super) const NO_ACCOUNTS: &str =
    "no access to accounts is configured: `[response.accounts]` says how";

impl LiveAccounts {
    /// The resource with this ARN as it was read last, in its environment.
    pub(crate) fn known(&self, target: &Target) -> Option<(Arc<Inventory>, Arc<Resource>)> {
        let inventory = self.service.current()?;
        let kind = target.kind();
        let resource = {
            let mut found = inventory.resources.with_arn(&target.arn);
            let is_meant =
                |own: &&Arc<Resource>| kind.is_none_or(|kind| own.resource_type() == kind);
            Arc::clone(found.find(is_meant)?)
        };
        Some((inventory, resource))
    }

    /// Who is trusted by the analyzer that keeps a finding; by AWS's, whose zone is not known here, the account alone.
    pub(crate) async fn zone(&self, keeper: &FindingKeeper) -> Result<ZoneChoice, StoreError> {
        let FindingKeeper::Ringfence { analyzer } = keeper else { return Ok(ZoneChoice::Account) };
        let analyzer = self.service.store.analyzer(analyzer).await?;
        Ok(match analyzer.analyzer_type.zone() {
            Zone::Account => ZoneChoice::Account,
            Zone::Organization => ZoneChoice::Organization,
        })
    }

    /// A proved plan for a finding, on what the slots hold.
    pub(crate) async fn plan_for(
        &self,
        target: &Target,
        finding: &Finding,
        zone: ZoneChoice,
        slots: &Slots,
    ) -> Result<Planned, Trouble> {
        let Some((inventory, resource)) = self.known(target) else {
            let why = format!("`{}` is not in what the service watches", target.arn);
            return Err(Trouble::Busy(why));
        };
        let (slots, finding) = (slots.clone(), finding.clone());
        let planning = tokio::task::spawn_blocking(move || {
            let resource = &resource;
            let situation = Situation {
                inventory: &inventory,
                resource,
                slots: &slots,
                finding: &finding,
                zone,
            };
            plan(&situation)
        });
        match planning.await {
            Ok(Ok(plan)) => {
                let hash = plan.hash();
                Ok(Planned::Plan(Box::new(plan), hash))
            }
            Ok(Err(NotClosable::NotThere)) => Ok(Planned::Closed),
            Ok(Err(why)) => Ok(Planned::None(why.to_string())),
            Err(error) => Err(Trouble::Busy(format!("planning ended early: {error}"))),
        }
    }

    /// Looks at a resource again: in its account where that is watched, else where the source has it.
    pub(super) async fn look(&self, arn: &str) -> Result<(), Trouble> {
        let looked = Box::pin(watch::refresh(&self.service, arn)).await;
        looked.map_err(|error| Trouble::Busy(format!("it could not be analyzed again: {error}")))
    }
}

impl Live for LiveAccounts {
    async fn read(&self, target: &Target) -> Result<Slots, Trouble> {
        match &self.accounts {
            Some(accounts) => accounts.read(target).await.map_err(|failure| trouble(&failure)),
            None => match self.known(target) {
                Some((_, resource)) => Ok(slots_of(&resource)),
                None => Err(Trouble::Busy(format!("`{}` is not in the inventory", target.arn))),
            },
        }
    }

    async fn write(
        &self,
        target: &Target,
        slot: &Slot,
        before: Option<&str>,
        after: Option<&str>,
    ) -> Result<Written, Trouble> {
        let Some(accounts) = &self.accounts else {
            return Err(Trouble::Refused(NO_ACCOUNTS.to_owned()));
        };
        accounts.write(target, slot, before, after).await.map_err(write_trouble)
    }

    async fn is_active(&self, own: &Resolution) -> Result<bool, Trouble> {
        let FindingKeeper::Ringfence { analyzer } = &own.keeper else {
            let found = self.aws_finding(&own.keeper, own.finding.id()).await?;
            return Ok(found.is_some_and(|found| found.status == FindingStatus::Active));
        };
        match self.service.store.finding(analyzer, own.finding.id()).await {
            Ok(found) => Ok(found.status == FindingStatus::Active),
            Err(StoreError::NotFound(_)) => Ok(false),
            Err(error) => Err(busy(&error)),
        }
    }

    async fn plan(&self, resolution: &Resolution, slots: &Slots) -> Result<Planned, Trouble> {
        let zone = self.zone(&resolution.keeper).await.map_err(|error| busy(&error))?;
        self.plan_for(&resolution.plan.target, &resolution.finding, zone, slots).await
    }

    async fn look_again(&self, resolution: &Resolution) -> Result<Standing, Trouble> {
        let FindingKeeper::Ringfence { analyzer } = &resolution.keeper else {
            return self.aws_standing(resolution).await;
        };
        self.look(&resolution.plan.target.arn).await?;
        match self.service.store.finding(analyzer, resolution.finding.id()).await {
            Ok(finding) => Ok(match finding.status {
                FindingStatus::Resolved => Standing::Gone,
                FindingStatus::Active | FindingStatus::Archived => Standing::There,
            }),
            Err(StoreError::NotFound(_)) => Ok(Standing::Gone),
            Err(error) => Err(busy(&error)),
        }
    }

    async fn leave_archive_rule(&self, own: &Resolution, name: &str) -> Result<(), Trouble> {
        let FindingKeeper::Ringfence { analyzer } = &own.keeper else {
            return self.leave_aws_archive_rule(own, name).await;
        };
        let now = Timestamp::now();
        let rule = ArchiveRule {
            rule_name: name.to_owned(),
            filter: intended(&own.finding),
            created_at: now,
            updated_at: now,
        };
        let who = own.wish.as_ref().map_or(super::advance::WORKER, |wish| wish.who());
        let act = Act { who, operation: "CreateArchiveRule", at: now, token: None };
        match self.service.store.create_archive_rule(analyzer, &rule, &act).await {
            Ok(()) | Err(StoreError::AlreadyExists(_)) => Ok(()),
            Err(StoreError::Unavailable(error)) => Err(Trouble::Busy(error.to_string())),
            Err(error) => Err(Trouble::Refused(error.to_string())),
        }
    }

    async fn role(&self, target: &Target) -> Result<(Value, Value), Trouble> {
        let Some(accounts) = &self.accounts else {
            return Err(Trouble::Refused(NO_ACCOUNTS.to_owned()));
        };
        let (definition, uses) = accounts.role(target).await.map_err(|own| trouble(&own))?;
        let json = |value: serde_json::Result<Value>| {
            value.map_err(|error| Trouble::Refused(error.to_string()))
        };
        Ok((json(serde_json::to_value(definition))?, json(serde_json::to_value(uses))?))
    }

    async fn delete_role(&self, target: &Target, definition: &Value) -> Result<(), Trouble> {
        let Some(accounts) = &self.accounts else {
            return Err(Trouble::Refused(NO_ACCOUNTS.to_owned()));
        };
        let expected: RoleDefinition = serde_json::from_value(definition.clone())
            .map_err(|error| Trouble::Refused(error.to_string()))?;
        accounts.delete_role(target, &expected).await.map_err(write_trouble)
    }
}

/// A rule that archives exactly what a finding describes: resource type, resource, and the principal.
pub(super) fn intended(finding: &Finding) -> Filter {
    let eq = |value: &str| Criterion { eq: Some(vec![value.to_owned()]), ..Criterion::default() };
    let observation = &finding.observation;
    let mut criteria = BTreeMap::from([
        ("resourceType".to_owned(), eq(&observation.resource_type)),
        ("resource".to_owned(), eq(&observation.resource)),
    ]);
    for (kind, who) in observation.principal().into_iter().flatten() {
        criteria.insert(format!("principal.{kind}"), eq(who));
    }
    if observation.is_public() == Some(true) {
        criteria.insert("isPublic".to_owned(), eq("true"));
    }
    Filter(criteria)
}

fn busy(error: &StoreError) -> Trouble {
    Trouble::Busy(error.to_string())
}

pub(super) fn write_trouble(failure: WriteFailure) -> Trouble {
    match failure {
        WriteFailure::Changed { .. } => Trouble::Changed,
        WriteFailure::Failed(failure) => trouble(&failure),
        WriteFailure::Refused { .. }
        | WriteFailure::TooLarge { .. }
        | WriteFailure::Malformed { .. } => Trouble::Refused(failure.to_string()),
    }
}

/// What may be better later, and what will not.
pub(crate) fn trouble(failure: &Failure) -> Trouble {
    match failure.cause {
        Cause::Unreachable
        | Cause::TimedOut
        | Cause::Throttled
        | Cause::CredentialsExpired
        | Cause::Unintelligible => Trouble::Busy(failure.to_string()),
        Cause::Denied
        | Cause::NotFound
        | Cause::RegionNotEnabled
        | Cause::NoSuchService
        | Cause::CredentialsRefused
        | Cause::NoCredentials
        | Cause::Endless
        | Cause::Other => Trouble::Refused(failure.to_string()),
    }
}
