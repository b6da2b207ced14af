//! The policies of an inventory, each as what it is there.

use ringfence_access::inventory::{
    AuthorizationDetails, Configuration, IdentityPolicies, Inventory, KmsKey, NotAnalyzed,
    Organization, OrganizationPolicyType, PolicySource, Resource, S3Bucket,
};
use ringfence_policy::PolicyType;
use ringfence_policy::location::Position;
use ringfence_validation::ValidatePolicyResourceType;

use crate::validate::subject::{Owner, SaidBy, Subject, SubjectKind, attached_to};

/// The policies that AWS itself attaches and nobody can change.
const FIXED_POLICY: &str = "p-RCPFullAWSAccess";

/// The policies of an inventory, in the order of their files, and what could not be analyzed apart from them.
pub(super) fn subjects(inventory: Inventory) -> (Vec<Subject>, Vec<NotAnalyzed>) {
    let mut policies = Policies::default();
    for account in inventory.accounts.values() {
        if let Some(details) = &account.authorization_details {
            policies.details(details);
        }
    }
    for resource in &inventory.resources {
        let before = policies.found.len();
        policies.resource(resource);
        let attached_to = resource.resource_type().as_str();
        for policy in policies.found.iter_mut().skip(before) {
            policy.subject.attached_to.get_or_insert(attached_to);
        }
    }
    if let Some(organization) = &inventory.organization {
        policies.organization(organization);
    }
    let mut found = policies.found;
    found.sort_by(|one, other| key(one).cmp(&key(other)));
    // A role is listed as a resource as well.
    found.dedup_by(|one, other| key(one) == key(other));
    let is_finding = |entry: &NotAnalyzed| {
        let Some(at) = entry.position.map(|position| position.offset) else { return false };
        let behind = found.partition_point(|policy| key(policy) <= (entry.file.as_ref(), at));
        let around = behind.checked_sub(1).and_then(|index| found.get(index));
        around
            .is_some_and(|policy| policy.subject.source.file() == &entry.file && at <= end(policy))
    };
    let mut not_analyzed = inventory.not_analyzed;
    // What is wrong with a policy is a finding about it.
    not_analyzed.retain(|entry| !is_finding(entry));
    (found.into_iter().map(|policy| policy.subject).collect(), not_analyzed)
}

/// A policy and where it starts in its file.
struct FoundPolicy {
    start: Position,
    subject: Subject,
}

fn key(policy: &FoundPolicy) -> (&str, usize) {
    (policy.subject.source.file(), policy.start.offset)
}

/// The offset behind a policy.
fn end(policy: &FoundPolicy) -> usize {
    let source = &policy.subject.source;
    let length = source.decoded().map_or(0, |text| text.len());
    source.position(u32::try_from(length).unwrap_or(u32::MAX)).offset
}

#[derive(Default)]
struct Policies {
    found: Vec<FoundPolicy>,
}

impl Policies {
    fn add(
        &mut self,
        source: &PolicySource,
        policy_type: PolicyType,
        resource_type: Option<ValidatePolicyResourceType>,
        owner: Owner,
    ) {
        let kind = SubjectKind { policy_type, resource_type, said_by: SaidBy::Environment };
        let attached_to = attached_to(kind);
        let source_of = source.clone();
        let subject =
            Subject { source: source_of, kind, owner: Some(owner), attached_to, path: None };
        self.found.push(FoundPolicy { start: source.position(0), subject });
    }

    fn details(&mut self, details: &AuthorizationDetails) {
        for user in details.users.values() {
            self.identity(&user.arn, &user.policies);
        }
        for group in details.groups.values() {
            self.identity(&group.arn, &group.policies);
        }
        for role in details.roles.values() {
            self.identity(&role.arn, &role.policies);
            self.trust(&role.arn, &role.trust_policy);
        }
        for policy in details.policies.values() {
            let owner = owner(&policy.arn, "default version");
            self.add(&policy.policy, PolicyType::IdentityPolicy, None, owner);
        }
    }

    fn identity(&mut self, arn: &str, policies: &IdentityPolicies) {
        for inline in &policies.inline {
            let owner = owner(arn, format!("inline policy `{}`", inline.name));
            self.add(&inline.policy, PolicyType::IdentityPolicy, None, owner);
        }
    }

    fn trust(&mut self, arn: &str, source: &PolicySource) {
        let attached = ValidatePolicyResourceType::RoleTrustPolicy;
        self.of_resource(Some(source), arn, "trust policy", Some(attached));
    }

    fn of_resource(
        &mut self,
        source: Option<&PolicySource>,
        arn: &str,
        policy: &str,
        attached: Option<ValidatePolicyResourceType>,
    ) {
        if let Some(source) = source {
            self.add(source, PolicyType::ResourcePolicy, attached, owner(arn, policy));
        }
    }

    fn resource(&mut self, resource: &Resource) {
        let arn = resource.arn.as_str();
        let (source, policy, attached) = match &resource.configuration {
            Configuration::S3Bucket(bucket) => return self.bucket(arn, bucket),
            Configuration::KmsKey(key) => return self.key(arn, key),
            Configuration::IamRole(role) => return self.trust(arn, &role.trust_policy),
            Configuration::S3ExpressDirectoryBucket(bucket) => {
                for (arn, point) in &bucket.access_points {
                    let source = point.access_point_policy.as_ref();
                    let before = self.found.len();
                    self.of_resource(source, arn, "access point policy", None);
                    for policy in self.found.iter_mut().skip(before) {
                        policy.subject.attached_to = Some("AWS::S3Express::AccessPoint");
                    }
                }
                (&bucket.bucket_policy, "bucket policy", None)
            }
            Configuration::LambdaFunction(own) => (&own.function_policy, "function policy", None),
            Configuration::LambdaLayerVersion(own) => (&own.layer_policy, "layer policy", None),
            Configuration::SqsQueue(own) => (&own.queue_policy, "queue policy", None),
            Configuration::SnsTopic(own) => (&own.topic_policy, "topic policy", None),
            Configuration::SecretsManagerSecret(own) => (&own.secret_policy, "secret policy", None),
            Configuration::EfsFileSystem(own) => {
                (&own.file_system_policy, "file system policy", None)
            }
            Configuration::EcrRepository(own) => {
                (&own.repository_policy, "repository policy", None)
            }
            Configuration::DynamodbTable(own) => {
                let attached = ValidatePolicyResourceType::DynamoDbTable;
                (&own.table_policy, "table policy", Some(attached))
            }
            Configuration::DynamodbStream(own) => (&own.stream_policy, "stream policy", None),
            // These are shared by lists of accounts, not by policies.
            Configuration::Ec2Snapshot(_)
            | Configuration::RdsDbSnapshot(_)
            | Configuration::RdsDbClusterSnapshot(_) => return,
        };
        self.of_resource(source.as_ref(), arn, policy, attached);
    }

    fn bucket(&mut self, arn: &str, bucket: &S3Bucket) {
        let attached = Some(ValidatePolicyResourceType::S3Bucket);
        self.of_resource(bucket.bucket_policy.as_ref(), arn, "bucket policy", attached);
        let attached = Some(ValidatePolicyResourceType::S3AccessPoint);
        for (arn, point) in &bucket.access_points {
            let source = point.access_point_policy.as_ref();
            self.of_resource(source, arn, "access point policy", attached);
        }
        let attached = Some(ValidatePolicyResourceType::S3MultiRegionAccessPoint);
        for point in &bucket.multi_region_access_points {
            let policy = "multi-region access point policy";
            self.of_resource(point.policy.as_ref(), &point.arn, policy, attached);
        }
    }

    fn key(&mut self, arn: &str, key: &KmsKey) {
        self.of_resource(key.key_policy.as_ref(), arn, "key policy", None);
    }

    fn organization(&mut self, organization: &Organization) {
        let policies = organization.policies.iter().filter(|policy| policy.id != FIXED_POLICY);
        for policy in policies {
            let policy_type = match policy.policy_type {
                OrganizationPolicyType::ServiceControlPolicy => PolicyType::ServiceControlPolicy,
                OrganizationPolicyType::ResourceControlPolicy => PolicyType::ResourceControlPolicy,
            };
            let owner = owner(&policy.id, format!("`{}`", policy.name));
            self.add(&policy.source, policy_type, None, owner);
        }
    }
}

fn owner(resource: &str, policy: impl Into<String>) -> Owner {
    Owner { resource: resource.to_owned(), policy: policy.into() }
}
