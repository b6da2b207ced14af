//! Statements that hand out a permission over roles, `iam:PassRole` or `iam:CreateServiceLinkedRole`, on too much.
//!
//! Twelve checks ask the same question in different combinations: how the statement comes to allow the action, and
//! how it comes to cover every role.

use ringfence_policy::Comparison;
use ringfence_policy::location::ByteSpan;

use crate::arn;
use crate::document::{Condition, Document, ResourcePattern, Statement};
use crate::glob;

/// A permission over roles.
#[derive(Clone, Copy)]
pub(crate) struct RolePermission {
    /// The action.
    pub(crate) action: &'static str,
    /// The condition key that limits it to services.
    service_key: &'static str,
}

/// Passing a role to a service.
pub(crate) const PASS_ROLE: RolePermission =
    RolePermission { action: "iam:PassRole", service_key: "iam:PassedToService" };

/// Creating a service-linked role.
pub(crate) const CREATE_SERVICE_LINKED_ROLE: RolePermission =
    RolePermission { action: "iam:CreateServiceLinkedRole", service_key: "iam:AWSServiceName" };

/// How a statement comes to allow the action.
#[derive(Clone, Copy)]
pub(crate) enum Allowed {
    /// It names the action.
    Named,
    /// A pattern with a wildcard matches the action.
    Wildcard,
    /// NotAction leaves the action out.
    NotAction,
}

/// How a statement comes to cover every role.
#[derive(Clone, Copy)]
pub(crate) enum Covered {
    /// A resource pattern matches every role.
    Star,
    /// NotResource names exceptions only.
    NotResource,
}

impl RolePermission {
    /// The places of each grant: the action's, then the resource's.
    pub(crate) fn grants(
        self,
        document: &Document<'_>,
        allowed: Allowed,
        covered: Covered,
    ) -> Vec<Vec<ByteSpan>> {
        let mut grants = Vec::new();
        for statement in document.allow_statements() {
            let Some(resource) = covered.place(statement) else { continue };
            if statement.conditions.iter().any(|condition| self.is_limited_by(condition)) {
                continue;
            }
            let actions = self.places(statement, allowed);
            grants.extend(actions.into_iter().map(|action| vec![action, resource]));
        }
        grants
    }

    fn places(self, statement: &Statement<'_>, allowed: Allowed) -> Vec<ByteSpan> {
        match allowed {
            Allowed::Named => {
                let named = statement.actions().iter().filter(|action| action.is(self.action));
                named.map(|action| action.text.span).collect()
            }
            Allowed::Wildcard => {
                let wild = statement.actions().iter().filter(|action| action.has_wildcard());
                let wild = wild.filter(|action| action.matches(self.action));
                wild.map(|action| action.text.span).collect()
            }
            Allowed::NotAction => match &statement.not_action {
                Some(element) if !element.patterns.iter().any(|a| a.matches(self.action)) => {
                    vec![element.value.span]
                }
                _ => Vec::new(),
            },
        }
    }

    /// Whether the condition names the services. AWS's answers on its own managed policies: a value that begins with
    /// a wildcard names none, and an operator with IfExists is taken when it has one value outside of a list.
    fn is_limited_by(self, condition: &Condition<'_>) -> bool {
        let positive = matches!(
            condition.comparison(),
            Some(
                Comparison::StringEquals
                    | Comparison::StringEqualsIgnoreCase
                    | Comparison::StringLike
            )
        );
        condition.is_key(self.service_key)
            && positive
            && !(condition.if_exists() && condition.is_list())
            && !condition.values().any(|value| value.value.starts_with(['*', '?']))
    }
}

impl Covered {
    fn place(self, statement: &Statement<'_>) -> Option<ByteSpan> {
        match self {
            Self::Star => {
                let star = statement.resources().iter().find(|resource| is_every_role(resource))?;
                Some(star.text.span)
            }
            Self::NotResource => Some(statement.not_resource.as_ref()?.value.span),
        }
    }
}

/// Whether the pattern matches every role, of every account or of one. `role/Service*` does not: services name their
/// roles by a convention.
fn is_every_role(resource: &ResourcePattern<'_>) -> bool {
    if resource.is_everything() {
        return true;
    }
    let (partition, account) = match resource.arn {
        Some(arn) => (arn.partition, arn.account),
        None => ("aws", ""),
    };
    let partition = if arn::is_plain(partition) { partition } else { "aws" };
    let account = if account.is_empty() { "*" } else { account };
    glob::covers(resource.text.value, &format!("arn:{partition}:iam::{account}:role/*"))
}
