//! Findings that AWS's Access Analyzer keeps: confirmed, archived and looked at again by asking AWS. Their status is
//! AWS's word.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use ringfence_aws::live::{ArchiveCriterion, AwsFinding, AwsStatus, WriteFailure};
use ringfence_findings::finding::{Finding, FindingStatus};
use ringfence_findings::observation::{Details, ExternalAccess, FindingType, Observation};
use ringfence_response::workflow::hint::normal_arn;
use ringfence_response::workflow::resolution::{FindingKeeper, Resolution};

use super::accounts::{LiveAccounts, NO_ACCOUNTS, intended, trouble, write_trouble};
use super::live::{Live as _, Standing, Trouble};

/// For how long AWS is asked about a finding: others wait meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);

impl LiveAccounts {
    /// A finding as AWS has it now; nothing where there is none, or its account is none of ours.
    pub(super) async fn aws_finding(
        &self,
        keeper: &FindingKeeper,
        id: &str,
    ) -> Result<Option<Finding>, Trouble> {
        let Some(accounts) = &self.accounts else {
            return Err(Trouble::Busy(NO_ACCOUNTS.to_owned()));
        };
        let asking = accounts.aws_finding(keeper.analyzer(), id);
        let found = tokio::time::timeout(PATIENCE, asking).await;
        let found = found.map_err(|_| Trouble::Busy("AWS did not answer in time".to_owned()))?;
        let found = found.map_err(|own| trouble(&own))?;
        Ok(found.filter(|own| accounts.manages(&own.account)).map(|own| finding(own, keeper)))
    }

    /// Whether the account of an analyzer of AWS's is one that is managed.
    pub(super) fn manages_analyzer(&self, keeper: &FindingKeeper) -> Result<bool, Trouble> {
        let Some(accounts) = &self.accounts else {
            return Err(Trouble::Busy(NO_ACCOUNTS.to_owned()));
        };
        let account = keeper.analyzer().split(':').nth(4).unwrap_or_default();
        Ok(accounts.manages(account))
    }

    /// Archives a finding.
    pub(super) async fn archive_aws(
        &self,
        keeper: &FindingKeeper,
        id: &str,
    ) -> Result<(), Trouble> {
        let Some(accounts) = &self.accounts else {
            return Err(Trouble::Busy(NO_ACCOUNTS.to_owned()));
        };
        let ids = [id.to_owned()];
        let done = accounts.update_aws_findings(keeper.analyzer(), &ids, AwsStatus::Archived);
        done.await.map_err(write_trouble)
    }

    /// Asks AWS to look at a resource again, and what it says of the finding by now.
    pub(super) async fn aws_standing(&self, own: &Resolution) -> Result<Standing, Trouble> {
        let Some(accounts) = &self.accounts else {
            return Err(Trouble::Busy(NO_ACCOUNTS.to_owned()));
        };
        let (analyzer, target) = (own.keeper.analyzer(), &own.plan.target);
        let started =
            accounts.start_aws_resource_scan(analyzer, &target.arn, &target.account).await;
        match started {
            Ok(()) => {}
            // It is asked again soon, and AWS looks by itself as well.
            Err(WriteFailure::Failed(failure)) => {
                tracing::warn!(resolution = own.id, %failure, "a scan could not be started");
            }
            Err(failure) => return Err(write_trouble(failure)),
        }
        Ok(match self.aws_finding(&own.keeper, own.finding.id()).await? {
            None => Standing::Gone,
            Some(finding) => match finding.status {
                FindingStatus::Resolved => Standing::Gone,
                FindingStatus::Active | FindingStatus::Archived => Standing::NotSaidYet,
            },
        })
    }

    /// Leaves an archive rule at AWS's analyzer.
    pub(super) async fn leave_aws_archive_rule(
        &self,
        own: &Resolution,
        name: &str,
    ) -> Result<(), Trouble> {
        let Some(accounts) = &self.accounts else {
            return Err(Trouble::Busy(NO_ACCOUNTS.to_owned()));
        };
        let criterion = |eq: Option<Vec<String>>| ArchiveCriterion {
            eq: eq.unwrap_or_default(),
            ..ArchiveCriterion::default()
        };
        let filter: BTreeMap<String, ArchiveCriterion> = intended(&own.finding)
            .0
            .into_iter()
            .map(|(key, own)| (key, criterion(own.eq)))
            .collect();
        let made = accounts.create_aws_archive_rule(own.keeper.analyzer(), name, &filter).await;
        match made {
            Err(WriteFailure::Failed(failure)) if failure.code == "ConflictException" => {}
            made => made.map_err(write_trouble)?,
        }
        // A rule archives what comes. What is active still, since AWS has not looked yet, does not come.
        match self.is_active(own).await? {
            true => self.archive_aws(&own.keeper, own.finding.id()).await,
            false => Ok(()),
        }
    }
}

/// AWS's finding in the shape of our own.
fn finding(own: AwsFinding, keeper: &FindingKeeper) -> Finding {
    let time = |seconds| Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    let (created_at, updated_at) = (time(own.created_at), time(own.updated_at));
    let region = match own.resource_type.as_str() {
        "AWS::IAM::Role" => "global",
        _ => keeper.analyzer().split(':').nth(3).unwrap_or_default(),
    };
    let details = match (own.error, own.access) {
        (None, Some(access)) => Details::External(ExternalAccess {
            principal: access
                .principal
                .into_iter()
                .map(|(kind, who)| (kind, normal_arn(&who)))
                .collect(),
            action: access.actions,
            condition: access.condition,
            is_public: access.is_public,
            ..ExternalAccess::default()
        }),
        (error, _) => Details::Error {
            finding_type: FindingType::ExternalAccess,
            code: error.unwrap_or_else(|| "NOT_EXTERNAL".to_owned()),
            message: format!("the finding is of the type {}", own.finding_type),
        },
    };
    Finding {
        observation: Observation {
            id: own.id,
            resource: normal_arn(&own.resource),
            resource_type: own.resource_type,
            resource_owner_account: own.account,
            region: region.to_owned(),
            details,
        },
        status: match own.status.as_str() {
            "RESOLVED" => FindingStatus::Resolved,
            "ARCHIVED" => FindingStatus::Archived,
            _ => FindingStatus::Active,
        },
        archived_by: None,
        created_at,
        analyzed_at: updated_at,
        updated_at,
    }
}
