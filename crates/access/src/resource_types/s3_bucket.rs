#![doc = include_str!("s3_bucket.md")]

use ringfence_policy::PolicyDocument;
use ringfence_reasoning::{Answer, check_no_public_access};

use super::{Unit, question};
use crate::external::{Analysis, Obstacle, Outcome, Sourced};
use crate::inventory::{
    Configuration, NetworkOrigin, ObjectOwnership, PolicySource, PublicAccessBlock, Resource,
    ResourceType, S3Bucket,
};
use crate::observation::Source;
use crate::question::{ActionOn, Origin, Place, Question, ways};
use crate::s3::access_point::{name_resource, only_from, through, with_resource_as_condition};
use crate::s3::{acl, delegation};
use crate::synthetic;

pub(super) const UNIT: Unit = Unit { resource_type: ResourceType::S3Bucket, analyze };

/// What the parts of a bucket's analysis share.
pub(crate) struct BucketAnalysis<'b, 'a> {
    pub(crate) analysis: &'b Analysis<'a>,
    pub(crate) resource: &'a Resource,
    pub(crate) bucket: &'a S3Bucket,
    /// The bucket policy with where it stands.
    pub(crate) policy: Option<(&'a PolicySource, PolicyDocument)>,
    pub(crate) actions: Vec<ActionOn>,
    /// Block Public Access of the account and the bucket together.
    pub(crate) block: PublicAccessBlock,
    /// Block Public Access of the account alone, which access points have in common.
    account_block: PublicAccessBlock,
    outcome: Outcome<'a>,
}

/// The restriction of Block Public Access on a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Restricted {
    /// The policy is public and only the owner's account and AWS services get in.
    Yes,
    No,
}

fn analyze<'a>(analysis: &Analysis<'a>, resource: &'a Resource) -> Outcome<'a> {
    let Configuration::S3Bucket(bucket) = &resource.configuration else { return Outcome::default() };
    let policy = match bucket.bucket_policy.as_ref().map(|source| (source, source.parse())) {
        Some((source, Ok(document))) => Some((source, document)),
        // Its Deny statements bind access lists and access points too, so nothing is known.
        Some((source, Err(_))) => return (Vec::new(), vec![Obstacle::Policy(source)]),
        None => None,
    };
    let account = analysis.inventory().accounts.get(&resource.account);
    let account_block =
        account.and_then(|account| account.s3_public_access_block).unwrap_or_default();
    let mut own = BucketAnalysis {
        analysis,
        resource,
        bucket,
        policy,
        actions: analysis.actions_on(ResourceType::S3Bucket, |name| match name {
            "bucket" => Some(resource.arn.clone()),
            "object" => Some(format!("{}/*", resource.arn)),
            _ => None,
        }),
        block: either(account_block, bucket.public_access_block),
        account_block,
        outcome: Outcome::default(),
    };
    let restricted = own.policy_restriction();
    own.direct(restricted);
    own.access_list();
    own.access_points(restricted);
    delegation::delegated(&mut own, restricted);
    own.outcome
}

fn either(one: PublicAccessBlock, other: PublicAccessBlock) -> PublicAccessBlock {
    PublicAccessBlock {
        block_public_acls: one.block_public_acls || other.block_public_acls,
        ignore_public_acls: one.ignore_public_acls || other.ignore_public_acls,
        block_public_policy: one.block_public_policy || other.block_public_policy,
        restrict_public_buckets: one.restrict_public_buckets || other.restrict_public_buckets,
    }
}

/// RestrictPublicBuckets judges a policy as a whole: if it is public, named accounts are cut off too.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>
fn restriction(block: PublicAccessBlock, policy: &PolicyDocument) -> Restricted {
    // A policy of which it is not known whether it is public counts as not held back.
    match block.restrict_public_buckets.then(|| check_no_public_access(policy)) {
        Some(Answer::Fails(_)) => Restricted::Yes,
        Some(Answer::Holds | Answer::Unknown(_)) | None => Restricted::No,
    }
}

impl<'a> BucketAnalysis<'_, 'a> {
    fn policy_restriction(&self) -> Restricted {
        let policy = self.policy.as_ref();
        policy.map_or(Restricted::No, |(_, document)| restriction(self.block, document))
    }

    fn policy_layer(&self) -> Option<Vec<Origin<'a>>> {
        let (source, document) = self.policy.as_ref()?;
        Some(vec![Origin { document: document.clone(), place: Place::Policy(source) }])
    }

    /// Decides a question and notes the ways in under `source`.
    pub(crate) fn ask(&mut self, question: &Question<'_>, source: &Source) -> Vec<Sourced> {
        match ways(question) {
            Ok(ways) => {
                let sourced = |way| Sourced { way, source: Some(source.clone()) };
                ways.into_iter().map(sourced).collect()
            }
            Err(limit) => {
                self.outcome.1.push(Obstacle::Limit(limit));
                Vec::new()
            }
        }
    }

    pub(crate) fn note(&mut self, ways: Vec<Sourced>) {
        self.outcome.0.extend(ways);
    }

    /// Requests for the bucket itself, not through an access point.
    fn direct(&mut self, restricted: Restricted) {
        let Some(layer) = self.policy_layer() else { return };
        if restricted == Restricted::Yes {
            return;
        }
        let actions = self.actions.clone();
        let analysis = self.analysis;
        let mut asked = question(analysis, self.resource, vec![layer], &actions);
        for key in delegation::KEYS {
            asked.known.insert(key.to_lowercase(), None);
        }
        let ways = self.ask(&asked, &Source::Policy);
        self.note(ways);
    }

    fn access_list(&mut self) {
        if self.bucket.object_ownership == ObjectOwnership::BucketOwnerEnforced {
            return;
        }
        let ignore = match self.block.ignore_public_acls {
            true => acl::IgnorePublicAcls::Yes,
            false => acl::IgnorePublicAcls::No,
        };
        let grants = acl::grants(self.bucket, self.resource, ignore);
        if grants.document.statements.is_empty() {
            return;
        }
        let denying = self.policy.as_ref().map(|(_, document)| synthetic::denying(document));
        let actions = acl::acl_actions(&self.resource.arn);
        let analysis = self.analysis;
        let mut asked = question(analysis, self.resource, vec![vec![grants]], &actions);
        asked.denying = denying.iter().collect();
        for key in delegation::KEYS {
            asked.known.insert(key.to_lowercase(), None);
        }
        let ways = self.ask(&asked, &Source::BucketAcl);
        self.note(ways);
    }

    fn access_points(&mut self, restricted: Restricted) {
        let bucket = self.bucket;
        for (arn, point) in &bucket.access_points {
            let block = point.public_access_block.unwrap_or(PublicAccessBlock {
                block_public_acls: true,
                ignore_public_acls: true,
                block_public_policy: true,
                restrict_public_buckets: true,
            });
            let policy = point.access_point_policy.as_ref();
            self.access_point(arn, policy, block, &point.network_origin, restricted);
        }
        for point in &bucket.multi_region_access_points {
            let block = point.public_access_block.unwrap_or_default();
            let policy = point.policy.as_ref();
            self.access_point(&point.arn, policy, block, &NetworkOrigin::Internet, restricted);
        }
    }

    fn access_point(
        &mut self,
        arn: &str,
        policy: Option<&'a PolicySource>,
        block: PublicAccessBlock,
        origin: &NetworkOrigin,
        restricted: Restricted,
    ) {
        let (Some(source), Some(bucket_layer)) = (policy, self.policy_layer()) else { return };
        let document = match source.parse() {
            Ok(document) => document,
            Err(_) => return self.outcome.1.push(Obstacle::Policy(source)),
        };
        let block = either(block, self.account_block);
        if restricted == Restricted::Yes || restriction(block, &document) == Restricted::Yes {
            return;
        }
        let document = with_resource_as_condition(document);
        let layer = vec![Origin { document, place: Place::Policy(source) }];
        let network = only_from(origin);
        let actions = self.actions.clone();
        let analysis = self.analysis;
        let mut asked = question(analysis, self.resource, vec![layer, bucket_layer], &actions);
        asked.denying = network.iter().collect();
        asked.within.extend(through(arn));
        let account = arn.split(':').nth(4).unwrap_or("").to_owned();
        let via = match origin {
            NetworkOrigin::Internet => "Internet",
            NetworkOrigin::Vpc(_) => "VPC",
        };
        let known = [
            ("s3:dataaccesspointarn", arn),
            ("s3:dataaccesspointaccount", account.as_str()),
            ("s3:accesspointnetworkorigin", via),
        ];
        asked.known.extend(known.map(|(key, value)| (key.to_owned(), Some(value.to_owned()))));
        let mut ways = self.ask(&asked, &Source::S3AccessPoint(arn.to_owned()));
        ways.iter_mut().for_each(|sourced| name_resource(&mut sourced.way));
        self.note(ways);
    }
}
