//! A policy that is to be checked, and what is known about it.

use std::path::PathBuf;

use ringfence_access::inventory::PolicySource;
use ringfence_policy::PolicyType;
use ringfence_policy::json::{self, Value};
use ringfence_validation::ValidatePolicyResourceType;

/// A policy that is to be checked.
#[derive(Debug)]
pub(crate) struct Subject {
    /// Its text and its place.
    pub(crate) source: PolicySource,
    /// As what it is checked.
    pub(crate) kind: SubjectKind,
    /// Whose it is, where a file holds several.
    pub(crate) owner: Option<Owner>,
    /// CloudFormation's name of what it is attached to, where that is known.
    pub(crate) attached_to: Option<&'static str>,
    /// The file that holds it and nothing else, as the command line names it; `-` for standard input.
    pub(crate) path: Option<PathBuf>,
}

/// As what a policy is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SubjectKind {
    /// Its type.
    pub(crate) policy_type: PolicyType,
    /// What it is attached to, where the checks know that.
    pub(crate) resource_type: Option<ValidatePolicyResourceType>,
    /// Who says so.
    pub(crate) said_by: SaidBy,
}

/// Who says what type a policy has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SaidBy {
    /// The command line or the configuration.
    User,
    /// The environment it is part of.
    Environment,
    /// Nobody; it looks like it.
    Guess,
}

/// What a policy belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The ARN of a user, group, role, policy or resource; the id of an organization's policy.
    pub(crate) resource: String,
    /// Which of its policies: `trust policy`, ``inline policy `read` ``.
    pub(crate) policy: String,
}

impl SubjectKind {
    /// What a policy looks like: one whose statements name principals is a resource policy.
    pub(crate) fn guess(text: &str) -> Self {
        let policy_type = match names_principals(&json::parse(text).value) {
            true => PolicyType::ResourcePolicy,
            false => PolicyType::IdentityPolicy,
        };
        Self { policy_type, resource_type: None, said_by: SaidBy::Guess }
    }

    /// The same as people call it: `identity policy`, `policy of AWS::S3::Bucket`.
    pub(crate) fn describe(self) -> String {
        match (self.policy_type, self.resource_type) {
            (PolicyType::IdentityPolicy, _) => "identity policy".to_owned(),
            (PolicyType::ServiceControlPolicy, _) => "service control policy".to_owned(),
            (PolicyType::ResourceControlPolicy, _) => "resource control policy".to_owned(),
            (PolicyType::ResourcePolicy, None) => "resource policy".to_owned(),
            (PolicyType::ResourcePolicy, Some(ValidatePolicyResourceType::RoleTrustPolicy)) => {
                "role trust policy".to_owned()
            }
            (PolicyType::ResourcePolicy, Some(attached)) => {
                format!("policy of {}", attached.as_str())
            }
        }
    }
}

/// CloudFormation's name of what a policy of this kind is attached to, as far as the kind says it.
pub(crate) fn attached_to(kind: SubjectKind) -> Option<&'static str> {
    kind.resource_type.map(ValidatePolicyResourceType::as_str)
}

/// Whether a statement of a policy names principals, which those of identity policies do not.
pub(crate) fn names_principals(document: &Value<'_>) -> bool {
    let statement =
        document.members().iter().find(|member| member.key.value.eq_ignore_ascii_case("Statement"));
    let Some(statement) = statement.map(|member| &member.value) else { return false };
    let elements = match statement.elements() {
        [] => std::slice::from_ref(statement),
        elements => elements,
    };
    let is_principal =
        |name: &str| ["Principal", "NotPrincipal"].iter().any(|own| own.eq_ignore_ascii_case(name));
    elements.iter().flat_map(Value::members).any(|member| is_principal(member.key.value.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_that_names_principals_is_a_resource_policy() {
        let of = |text| SubjectKind::guess(text).policy_type;
        for text in [
            r#"{"Statement": {"Principal": "*"}}"#,
            r#"{"Statement": [{}, {"NotPrincipal": {}}]}"#,
            r#"{"statement": [{"principal": "*"}]}"#,
            r#"{"Statement": [{"Principal": "*"}"#,
        ] {
            assert_eq!(of(text), PolicyType::ResourcePolicy, "{text}");
        }
        for text in ["", "[]", r#"{"Statement": {"Action": "Principal"}}"#, r#"{"Principal": 1}"#] {
            assert_eq!(of(text), PolicyType::IdentityPolicy, "{text}");
        }
    }
}
