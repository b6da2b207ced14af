//! The policies of a scenario: documents, layers, levels.

use std::sync::Arc;

use super::Reader;
use crate::diagnostic::{Diagnostic, DiagnosticKind};
use crate::document::{PolicyDocument, policy_from_json};
use crate::json::{Kind, Value};

/// Whether the statements of a policy name principals.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
#[derive(Clone, Copy)]
pub(super) enum Principals {
    /// They must: the policy is attached to a resource.
    Named,
    /// They must not: the policy is attached to whom it is about.
    Implied,
}

impl Reader {
    pub(super) fn policy(
        &mut self,
        value: &Value<'_>,
        principals: Principals,
    ) -> Arc<PolicyDocument> {
        let parsed = policy_from_json(value);
        self.diagnostics.extend(parsed.diagnostics);
        for statement in &parsed.document.statements {
            let message = match (principals, &statement.principal) {
                (Principals::Named, Some(_)) | (Principals::Implied, None) => continue,
                (Principals::Named, None) => "a statement of this policy names its principals",
                (Principals::Implied, Some(_)) => {
                    "a statement of this policy names no principals: they are whom it is attached to"
                }
            };
            let kind = DiagnosticKind::Combination;
            self.diagnostics.push(Diagnostic::new(kind, statement.span, message));
        }
        Arc::new(parsed.document)
    }

    pub(super) fn layer(
        &mut self,
        value: &Value<'_>,
        name: &str,
        principals: Principals,
    ) -> Option<Vec<Arc<PolicyDocument>>> {
        let Kind::Array(documents) = &value.kind else {
            self.wrong_type(value, name, "a list of policies");
            return None;
        };
        Some(documents.iter().map(|document| self.policy(document, principals)).collect())
    }

    pub(super) fn levels(
        &mut self,
        value: &Value<'_>,
        name: &str,
        principals: Principals,
    ) -> Option<Vec<Vec<Arc<PolicyDocument>>>> {
        let Kind::Array(levels) = &value.kind else {
            self.wrong_type(value, name, "a list of levels, each a list of policies");
            return None;
        };
        Some(levels.iter().filter_map(|level| self.layer(level, name, principals)).collect())
    }
}
