//! `authorization-details.json`: the roles of an account, a few users, a group, managed policies.

use serde_json::{Value, json};

use super::organization::World;
use super::policy::{Exposure, document, exposure};
use super::random::Random;
use super::statement::{github_provider, role, root, saml_provider};

pub(super) fn of(random: &mut Random, world: &World, account: usize, roles: usize) -> Value {
    let id = world.account_id(account);
    let managed = format!("arn:aws:iam::{id}:policy/read-only-data");
    let roles: Vec<Value> =
        (0..roles).map(|number| role_detail(random, world, id, number, &managed)).collect();
    let users: Vec<Value> = (0..random.below(8)).map(|number| user_detail(id, number)).collect();
    let read_only = document(vec![json!({
        "Effect": "Allow", "Action": ["s3:Get*", "s3:List*", "dynamodb:Get*"], "Resource": "*",
    })]);
    json!({
        "UserDetailList": users,
        "GroupDetailList": [{
            "Path": "/", "GroupName": "readers", "GroupId": "AGPAREADERS0000000001",
            "Arn": format!("arn:aws:iam::{id}:group/readers"), "CreateDate": CREATED, "GroupPolicyList": [],
            "AttachedManagedPolicies": [{ "PolicyName": "read-only-data", "PolicyArn": managed }],
        }],
        "RoleDetailList": roles,
        "Policies": [{
            "PolicyName": "read-only-data", "PolicyId": "ANPAREADONLY000000001", "Arn": managed, "Path": "/",
            "DefaultVersionId": "v1", "AttachmentCount": 1, "PermissionsBoundaryUsageCount": 0,
            "IsAttachable": true, "CreateDate": CREATED, "UpdateDate": CREATED,
            "PolicyVersionList": [{
                "Document": read_only, "VersionId": "v1", "IsDefaultVersion": true, "CreateDate": CREATED,
            }],
        }],
    })
}

const CREATED: &str = "2024-05-02T08:00:00+00:00";

fn user_detail(account: &str, number: usize) -> Value {
    json!({
        "Path": "/", "UserName": format!("user-{number}"), "UserId": format!("AIDAUSER{number:012}"),
        "Arn": format!("arn:aws:iam::{account}:user/user-{number}"), "CreateDate": CREATED,
        "GroupList": ["readers"], "UserPolicyList": [], "AttachedManagedPolicies": [], "Tags": [],
    })
}

fn role_detail(
    random: &mut Random,
    world: &World,
    account: &str,
    number: usize,
    managed: &str,
) -> Value {
    let permissions = document(vec![
        json!({
            "Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"],
            "Resource": [format!("arn:aws:s3:::bucket-{number}"), format!("arn:aws:s3:::bucket-{number}/*")],
        }),
        json!({
            "Sid": "Write", "Effect": "Allow", "Action": ["sqs:SendMessage", "kms:GenerateDataKey"],
            "Resource": format!("arn:aws:sqs:eu-central-1:{account}:queue-{number}"),
            "Condition": { "Bool": { "aws:SecureTransport": "true" } },
        }),
    ]);
    json!({
        "Path": "/", "RoleName": format!("workload-{number}"), "RoleId": format!("AROAROLE{number:012}"),
        "Arn": role(account, number), "CreateDate": CREATED,
        "AssumeRolePolicyDocument": document(trust(random, world, account)),
        "InstanceProfileList": [],
        "RolePolicyList": [{ "PolicyName": "inline", "PolicyDocument": permissions }],
        "AttachedManagedPolicies": [{ "PolicyName": "read-only-data", "PolicyArn": managed }],
        "Tags": [{ "Key": "owner", "Value": "platform" }],
        "RoleLastUsed": {},
    })
}

/// The statements of a trust policy.
fn trust(random: &mut Random, world: &World, account: &str) -> Vec<Value> {
    let assume = |principal: Value, condition: Value| {
        let mut statement =
            json!({ "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" });
        if !condition.is_null()
            && let Some(members) = statement.as_object_mut()
        {
            members.insert("Condition".to_owned(), condition);
        }
        statement
    };
    let inside = match random.below(20) {
        0..=11 => {
            let services = ["lambda.amazonaws.com", "ec2.amazonaws.com", "ecs-tasks.amazonaws.com"];
            assume(json!({ "Service": random.pick(&services) }), Value::Null)
        }
        12..=14 => assume(
            json!({ "AWS": root(account) }),
            json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } }),
        ),
        15 | 16 => {
            let other = role(world.any_account(random), random.below(200));
            assume(json!({ "AWS": other }), Value::Null)
        }
        17 => json!({
            "Effect": "Allow", "Principal": { "Federated": saml_provider(account) },
            "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
            "Condition": { "StringEquals": { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
        }),
        18 => github(
            account,
            json!({
                "StringEquals": { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
                "StringLike": { "token.actions.githubusercontent.com:sub": "repo:example/service:ref:refs/heads/main" },
            }),
        ),
        _ => assume(
            "*".into(),
            json!({ "StringEquals": { "aws:PrincipalOrgID": world.organization } }),
        ),
    };
    let partner = world.partner(random).to_owned();
    match exposure(random) {
        Exposure::Inside => vec![inside],
        Exposure::Partner if random.permille(800) => {
            let id = format!("customer-{}", random.below(1000));
            vec![
                inside,
                assume(
                    json!({ "AWS": root(&partner) }),
                    json!({ "StringEquals": { "sts:ExternalId": id } }),
                ),
            ]
        }
        Exposure::Partner => vec![github(
            account,
            json!({
                "StringEquals": { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
            }),
        )],
        Exposure::Public => vec![assume(json!({ "AWS": "*" }), Value::Null)],
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it becomes part of the document")]
fn github(account: &str, condition: Value) -> Value {
    json!({
        "Effect": "Allow", "Principal": { "Federated": github_provider(account) },
        "Action": "sts:AssumeRoleWithWebIdentity", "Condition": condition,
    })
}
