//! Scenarios: one request and the policies that apply to it, as JSON. The shape is that of
//! `docs/schemas/scenario.schema.json`.
//!
//! ```json
//! { "principal": "arn:aws:iam::111111111111:role/app", "action": "s3:GetObject",
//!   "resource": { "arn": "arn:aws:s3:::data/x", "account": "222222222222" },
//!   "context": { "aws:SourceIp": "203.0.113.9" }, "identityPolicies": [ {} ] }
//! ```

mod policies;

use std::collections::BTreeMap;

use crate::account_id::AccountId;
use crate::arn::Arn;
use crate::condition_key::ConditionKey;
use crate::diagnostic::{Diagnostic, DiagnosticKind, Diagnostics};
use crate::evaluate::PolicyStack;
use crate::json::{Kind, Member, Value};
use crate::request::{Caller, ContextValue, RequestContext};
use policies::Principals;

/// One request and the policies that apply to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The request.
    pub request: RequestContext,
    /// The policies.
    pub policies: PolicyStack,
}

/// Reads a scenario.
///
/// # Errors
/// Every problem of the scenario and of its policies, with its place in the text of `value`. Nothing is
/// evaluated then: what could not be read might be a Deny.
pub fn scenario_from_json(value: &Value<'_>) -> Result<Scenario, Vec<Diagnostic>> {
    let mut reader = Reader { diagnostics: Diagnostics::default() };
    let scenario = reader.scenario(value);
    match scenario {
        Some(scenario) if reader.diagnostics.is_empty() => Ok(scenario),
        Some(_) | None => Err(reader.diagnostics.into_vec()),
    }
}

const MEMBERS: &str = "principal, action, resource, context, managementAccount, identityPolicies, \
     permissionsBoundaries, sessionPolicies, resourcePolicy, endpointPolicies, \
     serviceControlPolicies and resourceControlPolicies";

struct Reader {
    diagnostics: Diagnostics,
}

impl Reader {
    fn report(&mut self, kind: DiagnosticKind, at: &Value<'_>, message: String) {
        self.diagnostics.push(Diagnostic::new(kind, at.span, message));
    }

    fn wrong_type(&mut self, value: &Value<'_>, name: &str, expected: &str) {
        if !matches!(value.kind, Kind::Invalid) {
            let message = format!("`{name}` takes {expected}, not {}", value.type_name());
            self.report(DiagnosticKind::WrongType, value, message);
        }
    }

    fn invalid(&mut self, value: &Value<'_>, message: String) {
        self.report(DiagnosticKind::InvalidValue, value, message);
    }

    fn scenario(&mut self, value: &Value<'_>) -> Option<Scenario> {
        let Kind::Object(members) = &value.kind else {
            self.wrong_type(value, "scenario", "an object");
            return None;
        };
        let mut request = RequestParts::default();
        let mut policies = PolicyStack::default();
        for member in members {
            self.member(member, &mut request, &mut policies);
        }
        for name in ["principal", "action"] {
            if value.get(name).is_none() {
                let message = format!("the scenario has no `{name}`");
                self.report(DiagnosticKind::MissingElement, value, message);
            }
        }
        let RequestParts { caller, action, resource, resource_account, context } = request;
        let request = RequestContext {
            caller: caller?,
            action: action?,
            resource: resource.unwrap_or_else(|| "*".to_owned()),
            resource_account,
            context,
        };
        Some(Scenario { request, policies })
    }

    fn member(
        &mut self,
        member: &Member<'_>,
        request: &mut RequestParts,
        policies: &mut PolicyStack,
    ) {
        let (name, value) = (member.key.value.as_ref(), &member.value);
        match name {
            "principal" => request.caller = self.principal(value),
            "action" => request.action = self.action(value),
            "resource" => self.resource(value, request),
            "context" => self.context(value, request),
            "managementAccount" => policies.management_account = self.account(value, name),
            "identityPolicies" => {
                policies.identity_policies = self.layer(value, name, Principals::Implied);
            }
            "permissionsBoundaries" => {
                policies.permissions_boundaries = self.layer(value, name, Principals::Implied);
            }
            "sessionPolicies" => {
                policies.session_policies = self.layer(value, name, Principals::Implied);
            }
            "resourcePolicy" => {
                policies.resource_policy = Some(self.policy(value, Principals::Named));
            }
            "endpointPolicies" => {
                policies.endpoint_policies = self.layer(value, name, Principals::Named);
            }
            "serviceControlPolicies" => {
                policies.service_control_policies = self.levels(value, name, Principals::Implied);
            }
            "resourceControlPolicies" => {
                policies.resource_control_policies = self.levels(value, name, Principals::Named);
            }
            _ => {
                let message = format!("`{name}` is no member of a scenario; there are {MEMBERS}");
                let diagnostic =
                    Diagnostic::new(DiagnosticKind::UnknownElement, member.key.span, message);
                self.diagnostics.push(diagnostic);
            }
        }
    }

    fn string<'v>(&mut self, value: &'v Value<'_>, name: &str) -> Option<&'v str> {
        if value.as_str().is_none() {
            self.wrong_type(value, name, "a string");
        }
        value.as_str()
    }

    fn principal(&mut self, value: &Value<'_>) -> Option<Caller> {
        let text = self.string(value, "principal")?;
        let caller = Caller::parse(text);
        if caller.is_none() {
            self.invalid(value, format!(
                "`{text}` is no principal; write the ARN of a user, role, role session, federated user \
                 or account root, a service such as lambda.amazonaws.com, or \"anonymous\""
            ));
        }
        caller
    }

    fn action(&mut self, value: &Value<'_>) -> Option<String> {
        let text = self.string(value, "action")?;
        match text.split_once(':') {
            Some((service, name))
                if !service.is_empty() && !name.is_empty() && !text.contains('*') =>
            {
                Some(text.to_owned())
            }
            _ => {
                let message = format!("`{text}` is no action; write one such as s3:GetObject");
                self.invalid(value, message);
                None
            }
        }
    }

    fn resource(&mut self, value: &Value<'_>, request: &mut RequestParts) {
        if !matches!(value.kind, Kind::Object(_)) {
            self.wrong_type(value, "resource", "an object with `arn` and `account`");
            return;
        }
        for member in value.members() {
            match member.key.value.as_ref() {
                "arn" => request.resource = self.resource_arn(&member.value),
                "account" => request.resource_account = self.account(&member.value, "account"),
                name => {
                    let message =
                        format!("`{name}` is no member of a resource; there are arn and account");
                    let span = member.key.span;
                    self.diagnostics.push(Diagnostic::new(
                        DiagnosticKind::UnknownElement,
                        span,
                        message,
                    ));
                }
            }
        }
    }

    fn resource_arn(&mut self, value: &Value<'_>) -> Option<String> {
        let text = self.string(value, "arn")?;
        if text != "*" && Arn::parse(text).is_none() {
            let message =
                format!("`{text}` is no ARN; write one, or \"*\" for an action without resource");
            self.invalid(value, message);
            return None;
        }
        Some(text.to_owned())
    }

    fn account(&mut self, value: &Value<'_>, name: &str) -> Option<AccountId> {
        let text = self.string(value, name)?;
        let account = AccountId::new(text);
        if account.is_none() {
            self.invalid(value, format!("`{text}` is no account id; it has twelve digits"));
        }
        account
    }

    fn context(&mut self, value: &Value<'_>, request: &mut RequestParts) {
        let Kind::Object(members) = &value.kind else {
            self.wrong_type(value, "context", "an object");
            return;
        };
        for member in members {
            let key = ConditionKey::new(&member.key.value);
            let value = match &member.value.kind {
                Kind::Array(elements) => {
                    let texts = elements.iter().filter_map(|value| self.context_text(value, &key));
                    ContextValue::Many(texts.collect())
                }
                _ => match self.context_text(&member.value, &key) {
                    Some(text) => ContextValue::Single(text),
                    None => continue,
                },
            };
            if request.context.insert(key, value).is_some() {
                let message = format!(
                    "the context key `{}` is given twice; upper and lower case are not told apart",
                    member.key.value
                );
                let span = member.key.span;
                self.diagnostics.push(Diagnostic::new(DiagnosticKind::DuplicateKey, span, message));
            }
        }
    }

    fn context_text(&mut self, value: &Value<'_>, key: &ConditionKey) -> Option<String> {
        match &value.kind {
            Kind::String(text) => Some(text.to_string()),
            Kind::Number(text) => Some((*text).to_owned()),
            Kind::Boolean(value) => Some(value.to_string()),
            Kind::Null | Kind::Array(_) | Kind::Object(_) | Kind::Invalid => {
                let expected = "a string, a number, a boolean, or a list of them";
                self.wrong_type(value, key.as_written(), expected);
                None
            }
        }
    }
}

#[derive(Default)]
struct RequestParts {
    caller: Option<Caller>,
    action: Option<String>,
    resource: Option<String>,
    resource_account: Option<AccountId>,
    context: BTreeMap<ConditionKey, ContextValue>,
}
