#![doc = include_str!("s3_bucket.md")]

use ringfence_policy::PolicyDocument;
use ringfence_reasoning::{Answer, Limit, check_no_public_access};

use super::{Unit, question};
use crate::external::{Analysis, Obstacle, Outcome, Sourced};
use crate::inventory::{
    Configuration, NetworkOrigin, ObjectOwnership, PolicySource, PublicAccessBlock, Resource,
    ResourceType, S3Bucket,
};
use crate::observation::Source;
use crate::question::{ActionOn, Origin, Place, Question, ways};
use crate::s3::access_point::{Door, actions_through, only_from};
use crate::s3::request_keys::{self, RequestKeys};
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
    outcome: Outcome<'a>,
}

/// The restriction of Block Public Access on a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Restricted {
    /// The policy is public and only the owner's account and AWS services get in.
    Yes,
    No,
}

fn analyze<'a>(analysis: &Analysis<'a>, resource: &'a Resource) -> Outcome<'a> {
    let Configuration::S3Bucket(bucket) = &resource.configuration else {
        return Outcome::default();
    };
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
        outcome: Outcome::default(),
    };
    own.access_list();
    if own.policy_restriction() == Restricted::No {
        own.direct();
        own.access_points();
        delegation::delegated(&mut own);
    }
    own.outcome
}

pub(crate) fn either(one: PublicAccessBlock, other: PublicAccessBlock) -> PublicAccessBlock {
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
    fn direct(&mut self) {
        let Some(layer) = self.policy_layer() else { return };
        let actions = self.actions.clone();
        let analysis = self.analysis;
        let mut asked = question(analysis, self.resource, vec![layer], &actions);
        without(&mut asked, &request_keys::OF_BUCKETS);
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
        without(&mut asked, &request_keys::OF_BUCKETS);
        let ways = self.ask(&asked, &Source::BucketAcl);
        self.note(ways);
    }

    fn access_points(&mut self) {
        let bucket = self.bucket;
        for (arn, point) in &bucket.access_points {
            let block = point.public_access_block.unwrap_or(PublicAccessBlock {
                block_public_acls: true,
                ignore_public_acls: true,
                block_public_policy: true,
                restrict_public_buckets: true,
            });
            let policy = point.access_point_policy.as_ref();
            self.access_point(arn, policy, block, &point.network_origin);
        }
        for point in &bucket.multi_region_access_points {
            let block = point.public_access_block.unwrap_or_default();
            let policy = point.policy.as_ref();
            self.access_point(&point.arn, policy, block, &NetworkOrigin::Internet);
        }
    }

    fn access_point(
        &mut self,
        arn: &str,
        policy: Option<&'a PolicySource>,
        block: PublicAccessBlock,
        origin: &NetworkOrigin,
    ) {
        let (Some(source), Some((bucket_source, bucket_policy))) = (policy, self.policy.clone())
        else {
            return;
        };
        let Ok(document) = source.parse() else {
            return self.outcome.1.push(Obstacle::Policy(source));
        };
        // One of a VPC never counts as public, whatever its policy says.
        let restricted = || restriction(either(block, self.block), &document) == Restricted::Yes;
        if *origin == NetworkOrigin::Internet && restricted() {
            return;
        }
        let door = Door { access_point: arn, bucket: &self.resource.arn };
        let Ok(document) = door.on_bucket(document) else {
            return self.outcome.1.push(Obstacle::Limit(Limit::Variables));
        };
        let keys = RequestKeys::through(request_keys::OF_BUCKETS, arn, origin);
        let layers = vec![
            vec![Origin { document: keys.resolve(document), place: Place::Policy(source) }],
            vec![Origin {
                document: keys.resolve(bucket_policy),
                place: Place::Policy(bucket_source),
            }],
        ];
        let network = only_from(origin);
        let actions = actions_through(&self.actions);
        let analysis = self.analysis;
        let mut asked = question(analysis, self.resource, layers, &actions);
        asked.denying = network.iter().collect();
        let mut ways = self.ask(&asked, &Source::S3AccessPoint(arn.to_owned()));
        for way in ways.iter_mut().map(|sourced| &mut sourced.way) {
            door.name_resource(way);
            keys.say(way);
        }
        self.note(ways);
    }
}

/// Requests do not have these keys.
pub(super) fn without(asked: &mut Question<'_>, keys: &[&str]) {
    asked.known.extend(keys.iter().map(|key| (key.to_lowercase(), None)));
}
