//! Findings that AWS's own IAM Access Analyzer keeps: they are asked about, archived and checked again where they are.
//! That one is resolved is AWS's word, which comes as an event after a scan.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_accessanalyzer::Client;
use aws_sdk_accessanalyzer::operation::get_finding_v2::GetFindingV2Output;
use aws_sdk_accessanalyzer::types::{
    Criterion, Finding, FindingDetails, FindingStatusUpdate, FindingType, ResourceType,
};

use super::accounts::{Accounts, Purpose};
use super::arn::after;
use super::place::Place;
use super::write_failure::WriteFailure;
use crate::client::client;
use crate::failure::{Cause, Failure};

/// Every action that confirming a finding takes: both versions of the call take the same.
pub(super) const READ_ACTIONS: &[&str] = &[GET_FINDING];

const GET_FINDING: &str = "access-analyzer:GetFinding";

/// Every action that archiving one, and asking for another look, takes.
pub(super) const WRITE_ACTIONS: &[&str] = &[
    "access-analyzer:CreateArchiveRule",
    "access-analyzer:StartResourceScan",
    "access-analyzer:UpdateFindings",
];

/// A finding as AWS keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsFinding {
    /// Its id.
    pub id: String,
    /// `ExternalAccess`, `InternalAccess`, `UnusedIAMRole` and so on.
    pub finding_type: String,
    /// `ACTIVE`, `ARCHIVED` or `RESOLVED`.
    pub status: String,
    /// The resource's ARN.
    pub resource: String,
    /// Its CloudFormation type.
    pub resource_type: String,
    /// The account that owns it.
    pub account: String,
    /// Why it could not be analyzed, where it could not.
    pub error: Option<String>,
    /// When it appeared, in seconds since 1970.
    pub created_at: i64,
    /// When it was changed last, in seconds since 1970.
    pub updated_at: i64,
    /// Who gets in and how, where the finding is about access from outside.
    pub access: Option<AwsAccess>,
}

/// The access that a finding is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AwsAccess {
    /// Who: `{"AWS": "999988887777"}`.
    pub principal: BTreeMap<String, String>,
    /// What they may do.
    pub actions: Vec<String>,
    /// On which conditions.
    pub condition: BTreeMap<String, String>,
    /// Whether everybody may.
    pub is_public: bool,
}

/// A criterion of an archive rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArchiveCriterion {
    /// Equal to one of these.
    pub eq: Vec<String>,
    /// Equal to none of these.
    pub neq: Vec<String>,
    /// Contains one of these.
    pub contains: Vec<String>,
    /// Whether it is there.
    pub exists: Option<bool>,
}

impl Accounts {
    /// A finding as it is now, or nothing where the analyzer has no such finding.
    ///
    /// # Errors
    /// When AWS cannot be asked.
    pub async fn aws_finding(
        &self,
        analyzer_arn: &str,
        id: &str,
    ) -> Result<Option<AwsFinding>, Failure> {
        let (place, client) = self.analyzer(Purpose::Read, analyzer_arn).await?;
        let asked = client.get_finding_v2().analyzer_arn(analyzer_arn).id(id).send();
        let failure = match place.call(GET_FINDING, asked).await {
            Ok(finding) => return Ok(Some(of_second(finding))),
            Err(failure) if is_absent(&failure) => return Ok(None),
            Err(failure) => failure,
        };
        // An endpoint that has only the first version of the call.
        if failure.cause != Cause::Unintelligible {
            return Err(failure);
        }
        let asked = client.get_finding().analyzer_arn(analyzer_arn).id(id).send();
        match place.call(GET_FINDING, asked).await {
            Ok(answer) => Ok(answer.finding.map(of_first)),
            Err(second) if is_absent(&second) => Ok(None),
            Err(_) => Err(failure),
        }
    }

    /// Archives findings of an analyzer, or makes them active again.
    ///
    /// # Errors
    /// When AWS refuses.
    pub async fn update_aws_findings(
        &self,
        analyzer_arn: &str,
        ids: &[String],
        status: AwsStatus,
    ) -> Result<(), WriteFailure> {
        let (place, client) = self.analyzer(Purpose::Change, analyzer_arn).await?;
        let status = match status {
            AwsStatus::Active => FindingStatusUpdate::Active,
            AwsStatus::Archived => FindingStatusUpdate::Archived,
        };
        // The service takes no more at once.
        for ids in ids.chunks(50) {
            let asked = client.update_findings().analyzer_arn(analyzer_arn).status(status.clone());
            let asked = asked.set_ids(Some(ids.to_vec())).send();
            place.call("access-analyzer:UpdateFindings", asked).await?;
        }
        Ok(())
    }

    /// Gives an analyzer a rule that archives what comes. A rule of the name that is there already stays.
    ///
    /// # Errors
    /// When AWS refuses.
    pub async fn create_aws_archive_rule(
        &self,
        analyzer_arn: &str,
        rule_name: &str,
        filter: &BTreeMap<String, ArchiveCriterion>,
    ) -> Result<(), WriteFailure> {
        let (place, client) = self.analyzer(Purpose::Change, analyzer_arn).await?;
        let filter: HashMap<String, Criterion> =
            filter.iter().map(|(property, it)| (property.clone(), criterion(it))).collect();
        let asked = client
            .create_archive_rule()
            .analyzer_name(after(analyzer_arn, "analyzer/")?)
            .rule_name(rule_name)
            .set_filter(Some(filter))
            .send();
        let there = &["ConflictException"];
        place.call_unless("access-analyzer:CreateArchiveRule", there, asked).await?;
        Ok(())
    }

    /// Asks an analyzer to look at a resource again; what it finds comes as an event.
    ///
    /// # Errors
    /// When AWS refuses.
    pub async fn start_aws_resource_scan(
        &self,
        analyzer_arn: &str,
        resource_arn: &str,
        owner: &str,
    ) -> Result<(), WriteFailure> {
        let (place, client) = self.analyzer(Purpose::Change, analyzer_arn).await?;
        let asked = client
            .start_resource_scan()
            .analyzer_arn(analyzer_arn)
            .resource_arn(resource_arn)
            .resource_owner_account(owner)
            .send();
        place.call("access-analyzer:StartResourceScan", asked).await?;
        Ok(())
    }

    /// Where an analyzer is, by its ARN.
    async fn analyzer(&self, purpose: Purpose, arn: &str) -> Result<(Place, Client), Failure> {
        after(arn, "analyzer/")?;
        let mut parts = arn.split(':').skip(3);
        let (region, account) =
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let place = self.place(purpose, account, region).await?;
        let client = client!(place, aws_sdk_accessanalyzer);
        Ok((place, client))
    }
}

/// What a finding can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AwsStatus {
    /// It wants somebody's attention.
    Active,
    /// It is expected.
    Archived,
}

fn is_absent(failure: &Failure) -> bool {
    failure.code == "ResourceNotFoundException"
}

fn of_second(finding: GetFindingV2Output) -> AwsFinding {
    let access = finding.finding_details.iter().find_map(|details| match details {
        FindingDetails::ExternalAccessDetails(details) => Some(AwsAccess {
            principal: details.principal.clone().unwrap_or_default().into_iter().collect(),
            actions: details.action.clone().unwrap_or_default(),
            condition: details.condition.clone().into_iter().collect(),
            is_public: details.is_public.unwrap_or(false),
        }),
        _ => None,
    });
    AwsFinding {
        id: finding.id,
        finding_type: finding
            .finding_type
            .as_ref()
            .map_or("ExternalAccess", FindingType::as_str)
            .to_owned(),
        status: finding.status.as_str().to_owned(),
        resource: finding.resource.unwrap_or_default(),
        resource_type: finding.resource_type.as_str().to_owned(),
        account: finding.resource_owner_account,
        error: finding.error,
        created_at: finding.created_at.secs(),
        updated_at: finding.updated_at.secs(),
        access,
    }
}

fn of_first(finding: Finding) -> AwsFinding {
    AwsFinding {
        id: finding.id,
        finding_type: FindingType::ExternalAccess.as_str().to_owned(),
        status: finding.status.as_str().to_owned(),
        resource: finding.resource.unwrap_or_default(),
        resource_type: ResourceType::as_str(&finding.resource_type).to_owned(),
        account: finding.resource_owner_account,
        error: finding.error,
        created_at: finding.created_at.secs(),
        updated_at: finding.updated_at.secs(),
        access: Some(AwsAccess {
            principal: finding.principal.unwrap_or_default().into_iter().collect(),
            actions: finding.action.unwrap_or_default(),
            condition: finding.condition.into_iter().collect(),
            is_public: finding.is_public.unwrap_or(false),
        }),
    }
}

fn criterion(criterion: &ArchiveCriterion) -> Criterion {
    let values = |values: &[String]| (!values.is_empty()).then(|| values.to_vec());
    Criterion::builder()
        .set_eq(values(&criterion.eq))
        .set_neq(values(&criterion.neq))
        .set_contains(values(&criterion.contains))
        .set_exists(criterion.exists)
        .build()
}
