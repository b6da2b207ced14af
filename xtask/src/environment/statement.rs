//! Single statements, as such companies write them.

use serde_json::{Map, Value, json};

use super::organization::World;
use super::random::Random;

/// What the statements of one policy are about.
pub(super) struct Subject<'s> {
    pub(super) world: &'s World,
    /// The account that owns the resource.
    pub(super) account: usize,
    pub(super) region: &'s str,
    /// The values of Resource; none where the policies of the type have no such element.
    pub(super) resources: Vec<String>,
    pub(super) actions: &'s [&'s str],
    pub(super) services: &'s [&'s str],
}

impl Subject<'_> {
    pub(super) fn account_id(&self) -> &str {
        self.world.account_id(self.account)
    }

    fn statement(
        &self,
        effect: &str,
        sid: String,
        principal: Value,
        actions: Value,
    ) -> Map<String, Value> {
        let mut statement = Map::new();
        statement.insert("Sid".into(), sid.into());
        statement.insert("Effect".into(), effect.into());
        statement.insert("Principal".into(), principal);
        statement.insert("Action".into(), actions);
        match self.resources.as_slice() {
            [] => {}
            [only] => _ = statement.insert("Resource".into(), only.as_str().into()),
            several => _ = statement.insert("Resource".into(), json!(several)),
        }
        statement
    }

    fn allow(&self, random: &mut Random, sid: &str, principal: Value, condition: Value) -> Value {
        let sid = format!("{sid}{}", random.below(100));
        let actions = random.some(self.actions, 3);
        let mut statement = self.statement("Allow", sid, principal, json!(actions));
        if condition.is_object() {
            statement.insert("Condition".into(), condition);
        }
        statement.into()
    }

    /// All actions of the service.
    fn every_action(&self) -> Value {
        let service = self.actions.first().and_then(|action| action.split(':').next());
        format!("{}:*", service.unwrap_or("s3")).into()
    }
}

/// Lets in somebody of the organization, or a service.
pub(super) fn within_the_organization(random: &mut Random, subject: &Subject<'_>) -> Value {
    let world = subject.world;
    let own = subject.account_id().to_owned();
    let name = random.below(400);
    match random.below(if subject.services.is_empty() { 5 } else { 8 }) {
        0 => subject.allow(random, "Role", json!({ "AWS": role(&own, name) }), Value::Null),
        1 => {
            let other = world.any_account(random).to_owned();
            let condition = json!({ "StringEquals": { "aws:PrincipalOrgID": world.organization } });
            subject.allow(random, "Account", json!({ "AWS": root(&other) }), condition)
        }
        2 => {
            let roles: Vec<String> =
                (0..2 + random.below(4)).map(|_| role(world.any_account(random), name)).collect();
            subject.allow(random, "Roles", json!({ "AWS": roles }), Value::Null)
        }
        3 => {
            let condition = json!({ "StringEquals": { "aws:PrincipalOrgID": world.organization } });
            subject.allow(random, "Organization", "*".into(), condition)
        }
        4 => {
            let unit = world.unit_path_of(subject.account);
            let condition = json!({
                "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": format!("{unit}*") },
                "StringEqualsIfExists": { "aws:PrincipalAccount": [own, world.any_account(random)] },
            });
            subject.allow(random, "Unit", json!({ "AWS": "*" }), condition)
        }
        _ => {
            let service = *random.pick(subject.services);
            let source = service.split('.').next().unwrap_or("events");
            let arn = format!("arn:aws:{source}:{}:{own}:*", subject.region);
            let condition = json!({
                "ArnLike": { "aws:SourceArn": arn },
                "StringEquals": { "aws:SourceAccount": own },
            });
            subject.allow(random, "Service", json!({ "Service": service }), condition)
        }
    }
}

/// Takes away what should never happen.
pub(super) fn guard(random: &mut Random, subject: &Subject<'_>) -> Value {
    let world = subject.world;
    let (sid, condition) = match random.below(4) {
        0 => ("SecureTransport", json!({ "Bool": { "aws:SecureTransport": "false" } })),
        1 => (
            "OrganizationOnly",
            json!({
                "StringNotEqualsIfExists": { "aws:PrincipalOrgID": world.organization },
                "BoolIfExists": { "aws:PrincipalIsAWSService": "false" },
            }),
        ),
        2 => (
            "NetworkOnly",
            json!({
                "StringNotEqualsIfExists": { "aws:SourceVpce": format!("vpce-{}", random.hexadecimal(17)) },
                "NotIpAddressIfExists": { "aws:SourceIp": ["10.0.0.0/8", "203.0.113.0/24"] },
                "Bool": { "aws:ViaAWSService": "false" },
            }),
        ),
        _ => (
            "AdministratorsOnly",
            json!({ "ArnNotLike": {
                "aws:PrincipalArn": [
                    format!("arn:aws:iam::{}:role/admin-*", subject.account_id()),
                    format!("arn:aws:iam::{}:role/aws-service-role/*", subject.account_id()),
                ],
            } }),
        ),
    };
    let sid = format!("{sid}{}", random.below(100));
    let mut statement = subject.statement("Deny", sid, "*".into(), subject.every_action());
    statement.insert("Condition".into(), condition);
    statement.into()
}

/// Lets in somebody outside of the organization whom it names.
pub(super) fn for_a_partner(random: &mut Random, subject: &Subject<'_>) -> Value {
    let partner = subject.world.partner(random).to_owned();
    let number = random.below(40);
    let address = format!("198.51.100.{}/32", random.below(256));
    match random.below(5) {
        0 => subject.allow(random, "Partner", json!({ "AWS": root(&partner) }), Value::Null),
        1 => subject.allow(
            random,
            "PartnerRole",
            json!({ "AWS": role(&partner, number) }),
            Value::Null,
        ),
        2 => {
            let condition = json!({ "IpAddress": { "aws:SourceIp": [address, "192.0.2.0/24"] } });
            subject.allow(random, "PartnerNetwork", json!({ "AWS": root(&partner) }), condition)
        }
        3 => {
            let condition = json!({ "IpAddress": { "aws:SourceIp": address } });
            subject.allow(random, "Network", "*".into(), condition)
        }
        _ => {
            let organization = format!("o-{partner}");
            let condition = json!({ "StringEquals": {
                "aws:PrincipalOrgID": [subject.world.organization, organization],
            } });
            subject.allow(random, "Organizations", "*".into(), condition)
        }
    }
}

/// Lets in everyone.
pub(super) fn for_everyone(random: &mut Random, subject: &Subject<'_>) -> Value {
    let condition = match random.below(3) {
        0 => json!({ "Bool": { "aws:SecureTransport": "true" } }),
        _ => Value::Null,
    };
    subject.allow(random, "Everyone", "*".into(), condition)
}

pub(super) fn role(account: &str, number: usize) -> String {
    format!("arn:aws:iam::{account}:role/workload-{number}")
}

pub(super) fn root(account: &str) -> String {
    format!("arn:aws:iam::{account}:root")
}

pub(super) fn saml_provider(account: &str) -> String {
    format!("arn:aws:iam::{account}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE")
}

pub(super) fn github_provider(account: &str) -> String {
    format!("arn:aws:iam::{account}:oidc-provider/token.actions.githubusercontent.com")
}
