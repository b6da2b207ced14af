//! What a check says: AWS's members, and a witness.

use ringfence_policy::{ContextValue, PolicyDocument, RequestContext, Statement};
use ringfence_reasoning::wording::{UNKNOWN, Wording};
use ringfence_reasoning::{Answer, Refutation};
use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

/// The answer of a check.
#[derive(Debug, Serialize)]
pub(crate) struct CheckAnswer {
    pub(crate) result: CheckResult,
    pub(crate) message: &'static str,
    pub(crate) reasons: Vec<Reason>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "scenario")]
    pub(crate) witness: Option<RequestContext>,
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum CheckResult {
    Pass,
    Fail,
    /// Not decided; counts as failed.
    Unknown,
}

/// A statement that makes the check fail, or the limit that was hit: AWS's `ReasonSummary`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reason {
    pub(crate) description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) statement_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) statement_id: Option<String>,
}

impl CheckAnswer {
    /// Words the engine's answer about `policy`.
    pub(crate) fn new(answer: Answer, policy: &PolicyDocument, wording: &Wording) -> Self {
        match answer {
            Answer::Holds => Self {
                result: CheckResult::Pass,
                message: wording.pass,
                reasons: Vec::new(),
                witness: None,
            },
            Answer::Fails(Refutation { witness, statements }) => {
                let statements = statements.iter().filter_map(|at| policy.statements.get(*at));
                Self {
                    result: CheckResult::Fail,
                    message: wording.fail,
                    reasons: statements.map(|own| Reason::about(own, wording)).collect(),
                    witness: Some(witness),
                }
            }
            Answer::Unknown(limit) => Self {
                result: CheckResult::Unknown,
                message: UNKNOWN,
                reasons: vec![Reason {
                    description: format!("A limit was reached: {limit}."),
                    statement_index: None,
                    statement_id: None,
                }],
                witness: None,
            },
        }
    }

    /// Whether it was decided.
    pub(crate) fn is_decided(&self) -> bool {
        match self.result {
            CheckResult::Pass | CheckResult::Fail => true,
            CheckResult::Unknown => false,
        }
    }

    /// Whether the check passed. One that is not decided did not.
    pub(crate) fn passes(&self) -> bool {
        match self.result {
            CheckResult::Pass => true,
            CheckResult::Fail | CheckResult::Unknown => false,
        }
    }
}

impl Reason {
    fn about(statement: &Statement, wording: &Wording) -> Self {
        Self {
            description: wording.reason(statement),
            statement_index: Some(statement.index),
            statement_id: statement.sid().map(str::to_owned),
        }
    }
}

impl CheckResult {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::Unknown => "UNKNOWN",
        }
    }
}

/// The same as [`RequestContext::to_scenario_json`] without a tree in between: batches write many.
fn scenario<S: Serializer>(
    witness: &Option<RequestContext>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let Some(request) = witness else { return serializer.serialize_none() };
    let mut scenario = serializer.serialize_struct("Scenario", 4)?;
    scenario.serialize_field("principal", &request.caller.to_text())?;
    scenario.serialize_field("action", &request.action)?;
    scenario.serialize_field("resource", &Resource(request))?;
    scenario.serialize_field("context", &Context(request))?;
    scenario.end()
}

struct Resource<'r>(&'r RequestContext);

impl Serialize for Resource<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut resource = serializer.serialize_map(None)?;
        resource.serialize_entry("arn", &self.0.resource)?;
        if let Some(account) = &self.0.resource_account {
            resource.serialize_entry("account", account.as_str())?;
        }
        resource.end()
    }
}

struct Context<'r>(&'r RequestContext);

impl Serialize for Context<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut context = serializer.serialize_map(Some(self.0.context.len()))?;
        for (key, value) in &self.0.context {
            context.serialize_key(key.as_written())?;
            match value {
                ContextValue::Single(text) => context.serialize_value(text)?,
                ContextValue::Many(texts) => context.serialize_value(texts)?,
            }
        }
        context.end()
    }
}
