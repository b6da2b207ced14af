//! The elements of a policy, each with a sentence.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>

use super::place::Scope;

/// An element and what it is for.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
}

/// The elements that can stand in a place, in the order in which policies have them.
pub(super) fn elements(scope: Scope) -> &'static [Element] {
    match scope {
        Scope::Policy => POLICY,
        Scope::Statement => STATEMENT,
        Scope::Principal => PRINCIPAL,
    }
}

const fn element(name: &'static str, about: &'static str) -> Element {
    Element { name, about }
}

const POLICY: &[Element] = &[
    element(
        "Version",
        "The version of the policy language: `2012-10-17`. Without it the version of 2008 counts, which has no \
         policy variables.",
    ),
    element("Id", "A name for the policy. It has no effect."),
    element("Statement", "The statements, one or a list. Each allows or denies something."),
];

const STATEMENT: &[Element] = &[
    element("Sid", "A name for the statement. It has no effect, and stands once in a policy."),
    element(
        "Effect",
        "`Allow` or `Deny`. What no statement allows is denied, and no Allow helps against a Deny.",
    ),
    element("Principal", "Who the statement is about. Policies of resources and roles have it."),
    element(
        "NotPrincipal",
        "Everybody else than these. With `Deny` only, and a condition on `aws:PrincipalArn` says it better.",
    ),
    element(
        "Action",
        "What the statement is about: `service:Name`, with `*` and `?` as wildcards.",
    ),
    element("NotAction", "Every action except these, those of services yet to come included."),
    element("Resource", "Which resources the statement is about: ARNs with `*` and `?`, or `*`."),
    element("NotResource", "Every resource except these."),
    element(
        "Condition",
        "When the statement counts. All operators and all keys must hold; of a key's values, one.",
    ),
];

const PRINCIPAL: &[Element] = &[
    element(
        "AWS",
        "Accounts, users, roles and sessions, by ARN or account number; `*` is everybody.",
    ),
    element("Service", "AWS services, such as `lambda.amazonaws.com`."),
    element(
        "Federated",
        "Identity providers: the ARN of one in IAM, or a name such as `accounts.google.com`.",
    ),
    element("CanonicalUser", "An account by its canonical user ID. Policies of Amazon S3 know it."),
];
