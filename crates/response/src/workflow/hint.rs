//! Hints that a finding may have to be looked at: our own events and those of AWS's Access Analyzer.
//!
//! A hint is never an order. It names a finding and who keeps it; whatever else an event says is only used to leave
//! out what nobody acts on. Published examples of AWS's events have spaces inside ARNs, principals written
//! `aws:arn:iam::…` and members left out, and real ones come twice and out of order.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html>

use ringfence_findings::event::Event;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::resolution::FindingKeeper;

/// A finding that may have to be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hint {
    /// Who keeps the finding.
    pub keeper: FindingKeeper,
    /// Its id: the event's `detail.id`.
    pub finding_id: String,
    /// The resource as the event names it, normalised; nothing where it does not.
    pub resource: Option<String>,
    /// What the event says has happened.
    pub news: News,
}

/// What an event says has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum News {
    /// A finding is active, or the event does not say.
    Active,
    /// A finding is resolved.
    Resolved,
}

/// What is made of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A hint.
    Hint(Hint),
    /// Nobody acts on it.
    Left {
        /// Why.
        why: &'static str,
    },
}

/// Why an event cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HintProblem {
    /// It is no JSON object.
    #[error("it is no JSON object")]
    Form,
    /// A member is missing that says what it is about.
    #[error("`{0}` is missing")]
    Missing(&'static str),
}

impl Hint {
    /// What stands for the finding: hints of one finding have the same.
    #[must_use]
    pub fn name(&self) -> String {
        let keeper = match &self.keeper {
            FindingKeeper::Ringfence { .. } => "ringfence",
            FindingKeeper::Aws { .. } => "aws",
        };
        format!("{keeper} {} {}", self.keeper.analyzer(), self.finding_id)
    }
}

/// What is made of an event of our own.
///
/// # Errors
/// Where it does not say which finding it is about.
pub fn own_event(event: &Event) -> Result<Reading, HintProblem> {
    let analyzer = event.resources.first().ok_or(HintProblem::Missing("resources"))?;
    let keeper = FindingKeeper::Ringfence { analyzer: analyzer.clone() };
    if event.detail.get("accessPreviewId").is_some() {
        return Ok(Reading::Left { why: "it is about a preview" });
    }
    read_detail(&event.detail, keeper)
}

/// What is made of a message of AWS's Access Analyzer, as it comes out of a queue behind EventBridge, or behind a
/// topic between the two.
///
/// # Errors
/// Where it is no such event, or does not say which finding of which analyzer it is about.
pub fn aws_message(message: &str) -> Result<Reading, HintProblem> {
    let mut event: Value = serde_json::from_str(message).map_err(|_| HintProblem::Form)?;
    if let Some(inner) = event.get("Message").and_then(Value::as_str) {
        event = serde_json::from_str(inner).map_err(|_| HintProblem::Form)?;
    }
    if !event.is_object() {
        return Err(HintProblem::Form);
    }
    let member = |name: &str| event.get(name).and_then(Value::as_str);
    match (member("source"), member("detail-type")) {
        (_, Some("Unused Access Finding for IAM entities")) => {
            return Ok(Reading::Left { why: "it is about unused access" });
        }
        (_, Some("Access Preview State Change")) => {
            return Ok(Reading::Left { why: "it is about a preview" });
        }
        (Some("aws.access-analyzer"), _) => {}
        // A service of ours sends the same under a source of its own: EventBridge keeps those with `aws.` to AWS.
        (Some(own), Some("Access Analyzer Finding" | "Internal Access Finding"))
            if !own.starts_with("aws.") => {}
        _ => return Ok(Reading::Left { why: "it is no event of Access Analyzer" }),
    }
    let analyzer = event.pointer("/resources/0").and_then(Value::as_str);
    let analyzer = normal_arn(analyzer.ok_or(HintProblem::Missing("resources"))?);
    let detail = event.get("detail").ok_or(HintProblem::Missing("detail"))?;
    if detail.get("accessPreviewId").is_some() {
        return Ok(Reading::Left { why: "it is about a preview" });
    }
    read_detail(detail, FindingKeeper::Aws { analyzer })
}

fn read_detail(detail: &Value, keeper: FindingKeeper) -> Result<Reading, HintProblem> {
    let member = |name: &str| detail.get(name).and_then(Value::as_str).map(str::trim);
    let id = member("id").filter(|id| !id.is_empty()).ok_or(HintProblem::Missing("detail.id"))?;
    let is_deleted = match detail.get("isDeleted") {
        Some(Value::Bool(own)) => *own,
        Some(Value::String(own)) => own.eq_ignore_ascii_case("true"),
        _ => false,
    };
    if is_deleted {
        return Ok(Reading::Left { why: "the finding is deleted" });
    }
    // Where the status is missing, the finding itself is asked for it.
    let news = match member("status").map(str::to_ascii_uppercase).as_deref() {
        Some("ACTIVE") | None => News::Active,
        Some("RESOLVED") => News::Resolved,
        Some(_) => return Ok(Reading::Left { why: "the finding is archived" }),
    };
    Ok(Reading::Hint(Hint {
        keeper,
        finding_id: id.to_ascii_lowercase(),
        resource: member("resource").map(normal_arn),
        news,
    }))
}

/// An ARN as it is meant: without white space, and with its first two parts in order.
///
/// ```
/// use ringfence_response::workflow::hint::normal_arn;
///
/// let role = "arn:aws:iam::111122223333:role/ Audit_CrossAccountRole";
/// assert_eq!(normal_arn(role), "arn:aws:iam::111122223333:role/Audit_CrossAccountRole");
/// assert_eq!(normal_arn("aws:arn:iam::999988887777:user/Alice"), "arn:aws:iam::999988887777:user/Alice");
/// ```
#[must_use]
pub fn normal_arn(text: &str) -> String {
    let dense: String = text.chars().filter(|own| !own.is_whitespace()).collect();
    match dense.split(':').collect::<Vec<_>>().as_slice() {
        [partition, "arn", rest @ ..] if partition.starts_with("aws") => {
            format!("arn:{partition}:{}", rest.join(":"))
        }
        _ => dense,
    }
}
