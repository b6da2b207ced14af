//! Users, groups, roles and managed policies of an account, with the policies that bind them.
//!
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html>. The
//! documents of identity policies are not checked when they are read: external access does not depend on
//! them. Whoever parses one reports its problems.

use std::collections::BTreeMap;

use super::{PolicySource, Tag};

/// What IAM holds in one account.
#[derive(Clone, Debug, Default)]
pub struct AuthorizationDetails {
    /// The users, by ARN.
    pub users: BTreeMap<String, User>,
    /// The groups, by name.
    pub groups: BTreeMap<String, Group>,
    /// The roles, by ARN.
    pub roles: BTreeMap<String, Role>,
    /// The managed policies that something in the account is attached to or that it owns, by ARN.
    pub policies: BTreeMap<String, ManagedPolicy>,
}

/// A user.
#[derive(Clone, Debug)]
pub struct User {
    /// Its ARN, with its path.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Its unique id, `AIDA…`.
    pub id: Option<String>,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// The names of the groups it is in.
    pub groups: Vec<String>,
    /// Its own policies; those of its groups come on top.
    pub policies: IdentityPolicies,
    /// The ARN of the managed policy that is its permissions boundary.
    pub permissions_boundary: Option<String>,
}

/// A group.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its ARN, with its path.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Its policies.
    pub policies: IdentityPolicies,
}

/// A role. Its trust policy is also the policy of the resource `AWS::IAM::Role`.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its ARN, with its path.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Its unique id, `AROA…`.
    pub id: Option<String>,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// Its trust policy.
    pub trust_policy: PolicySource,
    /// What its sessions may do.
    pub policies: IdentityPolicies,
    /// The ARN of the managed policy that is its permissions boundary.
    pub permissions_boundary: Option<String>,
}

/// The identity policies of a user, group or role.
#[derive(Clone, Debug, Default)]
pub struct IdentityPolicies {
    /// The inline policies.
    pub inline: Vec<InlinePolicy>,
    /// The ARNs of the attached managed policies.
    pub attached: Vec<String>,
}

/// An inline policy.
#[derive(Clone, Debug)]
pub struct InlinePolicy {
    /// Its name.
    pub name: String,
    /// Its document.
    pub policy: PolicySource,
}

/// A managed policy, of AWS or of the account.
#[derive(Clone, Debug)]
pub struct ManagedPolicy {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// The document of its default version.
    pub policy: PolicySource,
}
