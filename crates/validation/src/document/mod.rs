//! A policy document as the checks read it: every element with the text it stands in, also where it is wrong.
//!
//! The model of the `policy` crate says what a policy means, and leaves out what means nothing: a statement
//! without Effect, an operator that does not exist. Checks are about just these, so they read this view of the
//! JSON tree instead. It borrows everything, and what costs something is worked out when a check first asks.

mod action;
mod condition;
mod element;
mod resource;
mod statement;

pub(crate) use action::ActionPattern;
pub(crate) use condition::Condition;
pub(crate) use element::{Text, one_or_many, type_name};
pub(crate) use resource::ResourcePattern;
pub(crate) use statement::{Principals, Statement};

use std::cell::OnceCell;

use ringfence_policy::catalogue::Catalogue;
use ringfence_policy::json::{Kind, Member, Parsed, Value};
use ringfence_policy::location::ByteSpan;
use ringfence_policy::{Diagnostic, DiagnosticKind, PolicyType};

use crate::meaning::Meaning;
use crate::policy_kind::{PolicyKind, ValidatePolicyResourceType};

/// A policy document.
pub(crate) struct Document<'d> {
    pub(crate) text: &'d str,
    pub(crate) root: &'d Value<'d>,
    pub(crate) kind: PolicyKind,
    /// What the JSON parser reports.
    pub(crate) diagnostics: &'d [Diagnostic],
    pub(crate) version: Option<&'d Member<'d>>,
    pub(crate) id: Option<&'d Member<'d>>,
    /// The Statement member.
    pub(crate) statement: Option<&'d Member<'d>>,
    /// The statements that are objects, in the order of the text.
    pub(crate) statements: Vec<Statement<'d>>,
    meaning: OnceCell<Result<Meaning, Diagnostic>>,
}

impl<'d> Document<'d> {
    pub(crate) fn read(
        text: &'d str,
        parsed: &'d Parsed<'d>,
        policy_type: PolicyType,
        resource_type: Option<ValidatePolicyResourceType>,
    ) -> Self {
        let root = &parsed.value;
        let named = |name: &str| root.members().iter().find(|member| member.key.value == name);
        let statement = named("Statement");
        let values = statement.map_or(&[][..], |member| one_or_many(&member.value));
        let objects = values.iter().filter(|value| matches!(value.kind, Kind::Object(_)));
        let statements: Vec<_> = objects.map(Statement::read).collect();
        let mut kind = PolicyKind::new(policy_type, resource_type);
        // AWS sees a trust policy by its statements: `validate-policy` without a resource type applies the checks
        // of trust policies in the example of
        // https://docs.aws.amazon.com/cli/latest/reference/accessanalyzer/validate-policy.html
        if kind == PolicyKind::Resource(None) && is_role_trust(&statements) {
            kind = PolicyKind::RoleTrust;
        }
        Self {
            text,
            root,
            kind,
            diagnostics: &parsed.diagnostics,
            version: named("Version"),
            id: named("Id"),
            statement,
            statements,
            meaning: OnceCell::new(),
        }
    }

    /// What the policy means, or the first thing that is wrong with it: a policy with a mistake cannot be reasoned
    /// about, because what is missing could be a Deny.
    pub(crate) fn meaning(&self) -> Result<&Meaning, &Diagnostic> {
        self.meaning.get_or_init(|| Meaning::read(self.root, self.diagnostics)).as_ref()
    }

    /// Whether the text is JSON.
    pub(crate) fn is_readable(&self) -> bool {
        !self.diagnostics.iter().any(|diagnostic| match diagnostic.kind {
            DiagnosticKind::Syntax | DiagnosticKind::Nesting => true,
            DiagnosticKind::DuplicateKey
            | DiagnosticKind::WrongType
            | DiagnosticKind::UnknownElement
            | DiagnosticKind::MissingElement
            | DiagnosticKind::InvalidValue
            | DiagnosticKind::Combination => false,
        })
    }

    /// Whether `${…}` is a variable here: only in version 2012-10-17.
    pub(crate) fn has_variables(&self) -> bool {
        self.version.and_then(|member| member.value.as_str()) == Some("2012-10-17")
    }

    /// The whole document.
    pub(crate) fn span(&self) -> ByteSpan {
        self.root.span
    }

    /// The statements that allow something.
    pub(crate) fn allow_statements(&self) -> impl Iterator<Item = &Statement<'d>> {
        self.statements.iter().filter(|statement| statement.is_allow())
    }

    /// The statements that deny something.
    pub(crate) fn deny_statements(&self) -> impl Iterator<Item = &Statement<'d>> {
        self.statements.iter().filter(|statement| statement.is_deny())
    }

    /// Every condition key of every statement, with its operator and values.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &Condition<'d>> {
        self.statements.iter().flat_map(|statement| &statement.conditions)
    }

    /// The same with their statements.
    pub(crate) fn conditions_of_statements(
        &self,
    ) -> impl Iterator<Item = (&Statement<'d>, &Condition<'d>)> {
        self.statements
            .iter()
            .flat_map(|statement| statement.conditions.iter().map(move |c| (statement, c)))
    }

    /// Every Action and NotAction pattern.
    pub(crate) fn actions(&self) -> impl Iterator<Item = &ActionPattern<'d>> {
        self.statements.iter().flat_map(Statement::action_patterns)
    }

    /// Every Resource and NotResource pattern.
    pub(crate) fn resources(&self) -> impl Iterator<Item = &ResourcePattern<'d>> {
        self.statements.iter().flat_map(Statement::resource_patterns)
    }
}

/// The service catalogue.
pub(crate) fn catalogue() -> &'static Catalogue {
    Catalogue::embedded()
}

/// Whether the statements are those of a trust policy: no resources, and nothing but actions of AWS STS.
fn is_role_trust(statements: &[Statement<'_>]) -> bool {
    !statements.is_empty()
        && statements.iter().all(|statement| {
            let mut actions = statement.action_patterns().peekable();
            statement.resource.is_none()
                && statement.not_resource.is_none()
                && actions.peek().is_some()
                && actions.all(|action| action.is_of("sts"))
        })
}
