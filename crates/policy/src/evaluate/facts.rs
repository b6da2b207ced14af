//! What is known of a request: the context keys it gives and those that follow from caller and resource.
//!
//! Sources: [principal key values](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable)
//! and [global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
//! A key is left out where its value does not follow: unique ids (`aws:userid` of users and roles),
//! organizations, tags, networks, time.

use std::collections::BTreeMap;

use crate::account_id::AccountId;
use crate::arn::Arn;
use crate::condition_key::ConditionKey;
use crate::request::{Caller, ContextValue, RequestContext};

/// Whether a permissions boundary is attached to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Boundary {
    Attached,
    /// There is none, or nothing is known of one.
    None,
}

/// A request with everything that follows from it.
pub(super) struct Facts<'r> {
    pub(super) request: &'r RequestContext,
    pub(super) boundary: Boundary,
    derived: BTreeMap<ConditionKey, ContextValue>,
}

impl<'r> Facts<'r> {
    pub(super) fn new(request: &'r RequestContext, boundary: Boundary) -> Self {
        let mut derived = Derived(BTreeMap::new());
        derived.principal_keys(&request.caller);
        derived.request_keys(request);
        Self { request, boundary, derived: derived.0 }
    }

    /// The values of a context key; none when the request has no such key. What the request gives goes
    /// before what follows from it, so an empty list given says that the key is absent.
    pub(super) fn values(&self, key: &ConditionKey) -> &[String] {
        let value = self.request.context.get(key).or_else(|| self.derived.get(key));
        value.map_or(&[], ContextValue::values)
    }

    /// The value of a key that has exactly one.
    pub(super) fn single_value(&self, key: &str) -> Option<&str> {
        match self.values(&ConditionKey::new(key)) {
            [only] => Some(only),
            _ => None,
        }
    }

    pub(super) fn caller(&self) -> &'r Caller {
        &self.request.caller
    }

    /// The service prefix of the action, in lower case: `s3`.
    pub(super) fn service(&self) -> String {
        let action = &self.request.action;
        action.split(':').next().unwrap_or_default().to_ascii_lowercase()
    }

    /// Whether the action is `name`; upper and lower case are not told apart.
    pub(super) fn is_action(&self, name: &str) -> bool {
        self.request.action.eq_ignore_ascii_case(name)
    }

    /// The account that owns the resource, when it is known.
    pub(super) fn resource_account(&self) -> Option<AccountId> {
        resource_account(self.request)
    }

    /// The ARN of the role behind a role session, when the request gives `aws:PrincipalArn`.
    pub(super) fn given_session_role(&self) -> Option<Arn> {
        let Caller::AssumedRole { .. } = self.caller() else { return None };
        match self.request.context.get(&ConditionKey::new("aws:PrincipalArn"))?.values() {
            [only] => Arn::parse(only),
            _ => None,
        }
    }
}

fn resource_account(request: &RequestContext) -> Option<AccountId> {
    let by_arn = || Arn::parse(&request.resource).and_then(|arn| arn.account_id());
    request.resource_account.clone().or_else(by_arn)
}

struct Derived(BTreeMap<ConditionKey, ContextValue>);

impl Derived {
    fn set(&mut self, key: &str, value: impl Into<String>) {
        self.0.insert(ConditionKey::new(key), ContextValue::Single(value.into()));
    }

    fn principal_keys(&mut self, caller: &Caller) {
        if let Some(account) = caller.account() {
            self.set("aws:PrincipalAccount", account.as_str());
        }
        // Absent from unsigned requests; calls with a token of an identity provider are unsigned.
        match caller {
            Caller::Anonymous | Caller::Federated(_) => {}
            Caller::Service(_) => self.set("aws:PrincipalIsAWSService", "true"),
            Caller::Root { .. }
            | Caller::User { .. }
            | Caller::Role { .. }
            | Caller::AssumedRole { .. }
            | Caller::FederatedUser { .. }
            | Caller::CanonicalUser(_) => self.set("aws:PrincipalIsAWSService", "false"),
        }
        match caller {
            Caller::Anonymous => {
                self.set("aws:PrincipalAccount", "anonymous");
                self.set("aws:PrincipalType", "Anonymous");
                self.set("aws:userid", "anonymous");
            }
            Caller::Service(name) => {
                self.set("aws:PrincipalServiceName", name);
                let names = ContextValue::Many(vec![name.clone()]);
                self.0.insert(ConditionKey::new("aws:PrincipalServiceNamesList"), names);
            }
            Caller::Root { arn } => {
                self.set("aws:PrincipalArn", arn.to_string());
                self.set("aws:PrincipalType", "Account");
                self.set("aws:userid", &arn.account);
            }
            Caller::User { arn } => {
                self.set("aws:PrincipalArn", arn.to_string());
                self.set("aws:PrincipalType", "User");
                self.set("aws:username", last_segment(&arn.resource));
            }
            Caller::Role { arn } => {
                self.set("aws:PrincipalArn", arn.to_string());
                self.set("aws:PrincipalType", "AssumedRole");
            }
            Caller::AssumedRole { arn } => {
                self.set("aws:PrincipalType", "AssumedRole");
                if let Some(name) = arn.resource.split('/').nth(1) {
                    let Arn { partition, account, .. } = arn;
                    self.set(
                        "aws:PrincipalArn",
                        format!("arn:{partition}:iam::{account}:role/{name}"),
                    );
                }
            }
            Caller::FederatedUser { arn } => {
                self.set("aws:PrincipalArn", arn.to_string());
                self.set("aws:PrincipalType", "FederatedUser");
                let name = last_segment(&arn.resource);
                self.set("aws:userid", format!("{}:{name}", arn.account));
            }
            // Present in the trust policy's context when an OIDC provider vouches for the caller.
            Caller::Federated(provider) if !provider.contains(":saml-provider/") => {
                self.set("aws:FederatedProvider", provider);
            }
            Caller::Federated(_) | Caller::CanonicalUser(_) => {}
        }
    }

    fn request_keys(&mut self, request: &RequestContext) {
        if let Some(account) = resource_account(request) {
            self.set("aws:ResourceAccount", account.as_str());
        }
        // https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-caller-account
        let is_kms = request.action.get(..4).is_some_and(|s| s.eq_ignore_ascii_case("kms:"));
        if let Some(account) = request.caller.account().filter(|_| is_kms) {
            self.set("kms:CallerAccount", account.as_str());
        }
    }
}

/// The part of an ARN's resource behind its last `/`: the name without the path.
pub(super) fn last_segment(resource: &str) -> &str {
    resource.rsplit('/').next().unwrap_or(resource)
}
