//! What is known of every request of one principal for one resource: the values of condition keys.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use std::collections::BTreeMap;

use ringfence_policy::{AccountId, ConditionKey, ContextValue, RequestContext};

use super::observation::PrincipalType;
use super::principal::{Principal, Tags};
use super::target::service;
use crate::inventory::{Configuration, Organization, Resource};

/// What is known of a key.
pub(super) enum Known {
    /// It follows from the caller and the resource.
    Derived,
    /// It has this value.
    Value(ContextValue),
    Absent,
    /// Requests differ in it.
    Open,
}

/// A principal and a resource.
pub(super) struct Circumstances<'c> {
    pub(super) principal: &'c Principal<'c>,
    pub(super) resource: &'c Resource,
    organization: Option<&'c Organization>,
    /// A request of the principal for the resource that says nothing else.
    pub(super) bare: RequestContext,
}

impl<'c> Circumstances<'c> {
    pub(super) fn new(
        principal: &'c Principal<'c>,
        resource: &'c Resource,
        organization: Option<&'c Organization>,
    ) -> Self {
        let bare = RequestContext {
            caller: principal.caller(),
            action: format!("{}:*", service(resource)),
            resource: resource.arn.clone(),
            resource_account: Some(resource.account.clone()),
            context: BTreeMap::new(),
        };
        Self { principal, resource, organization, bare }
    }

    /// The organization's paths of an account, where it is known to belong to it.
    fn org_path(&self, account: &AccountId) -> Option<(&str, &str)> {
        let organization = self.organization?;
        Some((&organization.id, organization.org_path(account)?))
    }

    /// What is known of `key`.
    pub(super) fn known(&self, key: &ConditionKey) -> Known {
        let one = |text: &str| Known::Value(ContextValue::Single(text.to_owned()));
        let many = |text: &str| Known::Value(ContextValue::Many(vec![text.to_owned()]));
        let is_user = self.principal.kind == PrincipalType::IamUser;
        let (caller, owner) = (self.principal.account, &self.resource.account);
        match key.folded() {
            "aws:principalarn"
            | "aws:principalaccount"
            | "aws:principaltype"
            | "aws:principalisawsservice"
            | "aws:resourceaccount" => Known::Derived,
            "aws:username" if is_user => Known::Derived,
            "aws:username" | "aws:principalservicename" | "aws:principalservicenameslist" => {
                Known::Absent
            }
            "aws:federatedprovider" if is_user => Known::Absent,
            "aws:userid" if is_user => {
                let known = self.principal.unique_id.filter(|id| id.starts_with("AIDA"));
                known.map_or(Known::Open, one)
            }
            "aws:principalorgid" => self.org_path(caller).map_or(Known::Open, |(id, _)| one(id)),
            "aws:principalorgpaths" => {
                self.org_path(caller).map_or(Known::Open, |(_, path)| many(path))
            }
            "aws:resourceorgid" => self.org_path(owner).map_or(Known::Open, |(id, _)| one(id)),
            "aws:resourceorgpaths" => {
                self.org_path(owner).map_or(Known::Open, |(_, path)| many(path))
            }
            "kms:calleraccount" => match service(self.resource) {
                "kms" => Known::Derived,
                _ => Known::Absent,
            },
            "aws:requestedregion" => self.requested_region().map_or(Known::Open, one),
            // What comes through an access point is not looked at here.
            key if ABSENT_KEYS.contains(&key) => Known::Absent,
            "s3:resourceaccount" if service(self.resource) == "s3" => one(owner.as_str()),
            folded => match folded.split_once('/') {
                Some(("aws:principaltag", name)) => self.principal_tag(name),
                Some(("aws:resourcetag", name)) => self.resource_tag(name),
                _ => Known::Open,
            },
        }
    }

    /// A resource is reached by its Region's endpoint. Roles are assumed in any, and copies of a snapshot
    /// are asked for where they are made:
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion>.
    fn requested_region(&self) -> Option<&str> {
        match self.resource.configuration {
            Configuration::IamRole(_)
            | Configuration::Ec2Snapshot(_)
            | Configuration::RdsDbSnapshot(_)
            | Configuration::RdsDbClusterSnapshot(_) => None,
            _ => Some(self.resource.region.as_ref()).filter(|region| *region != "global"),
        }
    }

    /// Names of tags in keys are compared without regard to case.
    fn principal_tag(&self, name: &str) -> Known {
        let Tags::Fixed(tags) = &self.principal.tags else { return Known::Open };
        let mut tags = tags.iter().filter(|tag| tag.key.to_lowercase() == name);
        match (tags.next(), tags.next()) {
            (None, _) => Known::Absent,
            (Some(tag), None) => Known::Value(ContextValue::Single(tag.value.clone())),
            // Which of two names that differ in case is meant, AWS does not say.
            (Some(_), Some(_)) => Known::Open,
        }
    }

    /// Nothing tells a resource without tags from one whose tags were not read, and general purpose
    /// buckets show tags only where that was switched on:
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging.html>.
    fn resource_tag(&self, name: &str) -> Known {
        let is_bucket = matches!(self.resource.configuration, Configuration::S3Bucket(_));
        if is_bucket || self.resource.tags.is_empty() {
            return Known::Open;
        }
        let mut tags = self.resource.tags.iter().filter(|tag| tag.key.to_lowercase() == name);
        match (tags.next(), tags.next()) {
            (None, _) => Known::Absent,
            (Some(tag), None) => Known::Value(ContextValue::Single(tag.value.clone())),
            (Some(_), Some(_)) => Known::Open,
        }
    }

    /// The value of a key that follows from caller and resource.
    pub(super) fn derived(&self, key: &ConditionKey) -> Option<String> {
        let arn = &self.principal.arn;
        match key.folded() {
            "aws:principalarn" => Some(arn.to_string()),
            "aws:principalaccount" | "kms:calleraccount" => Some(arn.account.clone()),
            "aws:principaltype" => Some(match self.principal.kind {
                PrincipalType::IamUser => "User".to_owned(),
                PrincipalType::IamRole => "AssumedRole".to_owned(),
            }),
            "aws:principalisawsservice" => Some("false".to_owned()),
            "aws:resourceaccount" => Some(self.resource.account.to_string()),
            "aws:username" => arn.resource.rsplit('/').next().map(str::to_owned),
            _ => None,
        }
    }
}

/// Only requests through access points show these.
const ABSENT_KEYS: &[&str] = &[
    "s3:accesspointnetworkorigin",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
    "s3express:accesspointnetworkorigin",
    "s3express:dataaccesspointaccount",
    "s3express:dataaccesspointarn",
];
