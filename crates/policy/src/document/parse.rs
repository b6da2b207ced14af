//! From text to [`PolicyDocument`]: builds what it can and reports everything that is wrong.

use super::parse_condition::conditions;
use super::{
    Effect, Form, PatternElement, Polarity, PolicyDocument, Principal, PrincipalElement, Statement,
    Version,
};
use crate::diagnostic::{Diagnostic, DiagnosticKind, Diagnostics};
use crate::json::{self, Kind, Member, Value};
use crate::location::{ByteSpan, Located};
use crate::pattern::{Pattern, Variables, Wildcards};

/// A policy as far as it could be read.
#[derive(Clone, Debug)]
pub struct ParsedPolicy {
    /// What could be read. Statements with a problem may be incomplete or missing.
    pub document: PolicyDocument,
    /// Every problem, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl ParsedPolicy {
    /// The document, when nothing is wrong with it; otherwise the problems.
    ///
    /// A document with a problem must not be reasoned about: what is missing could be a Deny.
    ///
    /// # Errors
    /// All problems, at least one.
    pub fn sound(self) -> Result<PolicyDocument, Vec<Diagnostic>> {
        if self.diagnostics.is_empty() { Ok(self.document) } else { Err(self.diagnostics) }
    }
}

/// Reads a policy document from its text.
#[must_use]
pub fn parse_policy(text: &str) -> ParsedPolicy {
    let parsed = json::parse(text);
    let mut policy = policy_from_json(&parsed.value);
    policy.diagnostics.extend(parsed.diagnostics);
    policy.diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    policy
}

/// Reads a policy document from a JSON value; problems of the JSON itself are not repeated.
#[must_use]
pub fn policy_from_json(value: &Value<'_>) -> ParsedPolicy {
    let mut reader = Reader { diagnostics: Diagnostics::default(), variables: Variables::No };
    let document = reader.document(value);
    ParsedPolicy { document, diagnostics: reader.diagnostics.into_vec() }
}

/// Collects problems while the document is read.
pub(super) struct Reader {
    diagnostics: Diagnostics,
    pub(super) variables: Variables,
}

impl Reader {
    pub(super) fn report(&mut self, kind: DiagnosticKind, span: ByteSpan, message: String) {
        self.diagnostics.push(Diagnostic::new(kind, span, message));
    }

    pub(super) fn wrong_type(&mut self, value: &Value<'_>, name: &str, expected: &str) {
        if matches!(value.kind, Kind::Invalid) {
            return; // Already reported by the JSON parser.
        }
        let message = format!("`{name}` takes {expected}, not {}", value.type_name());
        self.report(DiagnosticKind::WrongType, value.span, message);
    }

    fn document(&mut self, value: &Value<'_>) -> PolicyDocument {
        let mut document = PolicyDocument {
            version: Version::Absent,
            id: None,
            statements: Vec::new(),
            statement_form: Form::List,
            span: value.span,
        };
        let Kind::Object(members) = &value.kind else {
            if !matches!(value.kind, Kind::Invalid) {
                let message = format!("a policy is a JSON object, not {}", value.type_name());
                self.report(DiagnosticKind::WrongType, value.span, message);
            }
            return document;
        };
        // The version decides how everything else is read, wherever it stands.
        if let Some(version) = value.get("Version") {
            document.version = self.version(version);
        }
        if document.version == Version::V2012_10_17 {
            self.variables = Variables::Yes;
        }
        let mut has_statement = false;
        for member in members {
            match member.key.value.as_ref() {
                "Version" => {}
                "Id" => document.id = self.string(&member.value, "Id"),
                "Statement" => {
                    has_statement = true;
                    self.statements(&member.value, &mut document);
                }
                _ => self.unknown_element(member, "a policy has Version, Id and Statement"),
            }
        }
        if !has_statement {
            let message = "the policy has no Statement".to_owned();
            self.report(DiagnosticKind::MissingElement, value.span, message);
        }
        document
    }

    fn unknown_element(&mut self, member: &Member<'_>, known: &str) {
        let message =
            format!("`{}` is not an element of the policy language; {known}", member.key.value);
        self.report(DiagnosticKind::UnknownElement, member.key.span, message);
    }

    fn string(&mut self, value: &Value<'_>, name: &str) -> Option<Located<String>> {
        match &value.kind {
            Kind::String(text) => Some(Located::new(text.to_string(), value.span)),
            _ => {
                self.wrong_type(value, name, "a string");
                None
            }
        }
    }

    fn version(&mut self, value: &Value<'_>) -> Version {
        match self.string(value, "Version").as_ref().map(|version| version.value.as_str()) {
            Some("2012-10-17") => Version::V2012_10_17,
            Some("2008-10-17") => Version::V2008_10_17,
            Some(other) => {
                let message =
                    format!("`{other}` is no version; write \"2012-10-17\" or \"2008-10-17\"");
                self.report(DiagnosticKind::InvalidValue, value.span, message);
                Version::Absent
            }
            None => Version::Absent,
        }
    }

    fn statements(&mut self, value: &Value<'_>, document: &mut PolicyDocument) {
        match &value.kind {
            Kind::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    document.statements.extend(self.statement(element, index));
                }
            }
            Kind::Object(_) => {
                document.statement_form = Form::Scalar;
                document.statements.extend(self.statement(value, 0));
            }
            _ => self.wrong_type(value, "Statement", "an object or a list of objects"),
        }
    }

    fn statement(&mut self, value: &Value<'_>, index: usize) -> Option<Statement> {
        let Kind::Object(members) = &value.kind else {
            self.wrong_type(value, "Statement", "objects");
            return None;
        };
        let mut parts = StatementParts::default();
        for member in members {
            self.statement_element(member, &mut parts);
        }
        let missing = |name: &str| format!("the statement has no {name}");
        if parts.effect.is_none() && value.get("Effect").is_none() {
            self.report(DiagnosticKind::MissingElement, value.span, missing("Effect"));
        }
        if parts.action.is_none()
            && value.get("Action").is_none()
            && value.get("NotAction").is_none()
        {
            self.report(DiagnosticKind::MissingElement, value.span, missing("Action or NotAction"));
        }
        Some(Statement {
            index,
            sid: parts.sid,
            effect: parts.effect?,
            principal: parts.principal,
            action: parts.action?,
            resource: parts.resource,
            conditions: parts.conditions,
            span: value.span,
        })
    }

    fn statement_element(&mut self, member: &Member<'_>, parts: &mut StatementParts) {
        let value = &member.value;
        match member.key.value.as_ref() {
            "Sid" => parts.sid = self.string(value, "Sid"),
            "Effect" => parts.effect = self.effect(value),
            "Principal" => self.principal(member, Polarity::Plain, parts),
            "NotPrincipal" => self.principal(member, Polarity::Not, parts),
            "Action" => self.action(member, Polarity::Plain, parts),
            "NotAction" => self.action(member, Polarity::Not, parts),
            "Resource" => self.resource(member, Polarity::Plain, parts),
            "NotResource" => self.resource(member, Polarity::Not, parts),
            "Condition" => parts.conditions = conditions(self, value),
            _ => self.unknown_element(
                member,
                "a statement has Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, \
                 NotResource and Condition",
            ),
        }
    }

    fn effect(&mut self, value: &Value<'_>) -> Option<Located<Effect>> {
        let text = self.string(value, "Effect")?;
        let effect = match text.value.as_str() {
            "Allow" => Effect::Allow,
            "Deny" => Effect::Deny,
            other => {
                let message = format!("`{other}` is no effect; write \"Allow\" or \"Deny\"");
                self.report(DiagnosticKind::InvalidValue, value.span, message);
                return None;
            }
        };
        Some(Located::new(effect, value.span))
    }

    fn both(&mut self, member: &Member<'_>, name: &str) {
        let message = format!("a statement has either {name} or Not{name}, not both");
        self.report(DiagnosticKind::Combination, member.key.span, message);
    }

    fn action(&mut self, member: &Member<'_>, polarity: Polarity, parts: &mut StatementParts) {
        if parts.action.is_some() {
            self.both(member, "Action");
        }
        parts.action = self.patterns(member, polarity, Variables::No);
    }

    fn resource(&mut self, member: &Member<'_>, polarity: Polarity, parts: &mut StatementParts) {
        if parts.resource.is_some() {
            self.both(member, "Resource");
        }
        parts.resource = self.patterns(member, polarity, self.variables);
    }

    fn patterns(
        &mut self,
        member: &Member<'_>,
        polarity: Polarity,
        variables: Variables,
    ) -> Option<PatternElement> {
        let value = &member.value;
        let form = form_of(value);
        let mut patterns = Vec::new();
        for element in one_or_many(value) {
            match &element.kind {
                Kind::String(text) => {
                    let pattern = Pattern::new(text, Wildcards::Yes, variables);
                    patterns.push(Located::new(pattern, element.span));
                }
                _ => self.wrong_type(element, &member.key.value, "a string or a list of strings"),
            }
        }
        if patterns.is_empty() && form == Form::Scalar {
            return None;
        }
        Some(PatternElement {
            polarity,
            key_span: member.key.span,
            value_span: value.span,
            form,
            patterns,
        })
    }

    fn principal(&mut self, member: &Member<'_>, polarity: Polarity, parts: &mut StatementParts) {
        if parts.principal.is_some() {
            self.both(member, "Principal");
        }
        let value = &member.value;
        let (principals, form) = match &value.kind {
            Kind::String(text) if text == "*" => {
                (vec![Located::new(Principal::Everyone, value.span)], Form::Scalar)
            }
            Kind::Object(types) => {
                (types.iter().flat_map(|kind| self.principals_of(kind)).collect(), Form::List)
            }
            Kind::String(text) => {
                let message = format!(
                    "a principal is \"*\" or an object like {{\"AWS\": …}}, not the text `{text}`"
                );
                self.report(DiagnosticKind::InvalidValue, value.span, message);
                (Vec::new(), Form::Scalar)
            }
            _ => {
                self.wrong_type(value, &member.key.value, "\"*\" or an object");
                (Vec::new(), Form::Scalar)
            }
        };
        parts.principal = Some(PrincipalElement {
            polarity,
            key_span: member.key.span,
            value_span: value.span,
            principals,
            form,
        });
    }

    fn principals_of(&mut self, member: &Member<'_>) -> Vec<Located<Principal>> {
        let kind = member.key.value.as_ref();
        if !matches!(kind, "AWS" | "Service" | "Federated" | "CanonicalUser") {
            let message = format!(
                "`{kind}` is no type of principal; there are AWS, Service, Federated, CanonicalUser"
            );
            self.report(DiagnosticKind::UnknownElement, member.key.span, message);
            return Vec::new();
        }
        let mut principals = Vec::new();
        for element in one_or_many(&member.value) {
            match &element.kind {
                Kind::String(text) => {
                    principals.push(Located::new(Principal::parse(kind, text), element.span));
                }
                _ => self.wrong_type(element, kind, "a string or a list of strings"),
            }
        }
        principals
    }
}

#[derive(Default)]
struct StatementParts {
    sid: Option<Located<String>>,
    effect: Option<Located<Effect>>,
    principal: Option<PrincipalElement>,
    action: Option<PatternElement>,
    resource: Option<PatternElement>,
    conditions: Vec<super::Condition>,
}

/// The elements of a list, or the value itself.
pub(super) fn one_or_many<'v, 't>(value: &'v Value<'t>) -> &'v [Value<'t>] {
    match &value.kind {
        Kind::Array(elements) => elements,
        _ => std::slice::from_ref(value),
    }
}

pub(super) fn form_of(value: &Value<'_>) -> Form {
    match &value.kind {
        Kind::Array(_) => Form::List,
        _ => Form::Scalar,
    }
}
