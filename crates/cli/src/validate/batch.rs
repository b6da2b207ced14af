//! `ringfence validate --batch`: AWS's request a line, AWS's findings a line.

use std::path::Path;
use std::process::ExitCode;

use ringfence_policy::PolicyType;
use ringfence_policy::json::{Kind, Value};
use ringfence_validation::{Finding, ValidatePolicyResourceType, validate};
use serde::ser::{SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};

use super::arguments::ValidateArguments;
use super::report::AwsFinding;
use crate::batch::{JobError, run_batch};
use crate::output::Output;
use crate::policy_file;

/// Answers the jobs of a file.
pub(super) fn run(
    path: &Path,
    arguments: &ValidateArguments,
    output: &Output,
) -> anyhow::Result<ExitCode> {
    let (jobs, answers) = (policy_file::open(path)?, output.open()?);
    Ok(run_batch(jobs, answers, arguments.jobs, answer)?.exit_code())
}

/// The answer to a job: the findings, in AWS's order.
struct Answer(Vec<Finding>);

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut answer = serializer.serialize_struct("Answer", 1)?;
        answer.serialize_field("findings", &Findings(&self.0))?;
        answer.end()
    }
}

struct Findings<'f>(&'f [Finding]);

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut findings = serializer.serialize_seq(Some(self.0.len()))?;
        for finding in self.0 {
            findings.serialize_element(&AwsFinding(finding))?;
        }
        findings.end()
    }
}

/// `{"id", "policyDocument": "text", "policyType", "resourceType"}`
fn answer(job: &Value<'_>, line: &str) -> Result<Answer, JobError> {
    let document = required(job, "policyDocument")?;
    let text = match &document.kind {
        Kind::String(text) => text.as_ref(),
        Kind::Object(_) => {
            let span = document.span.start as usize..document.span.end as usize;
            line.get(span).unwrap_or_default()
        }
        _ => {
            let found = document.type_name();
            let message = format!("`policyDocument` takes the text of a policy, not {found}");
            return Err(JobError::new(document.span, message));
        }
    };
    let policy_type = policy_type(required(job, "policyType")?)?;
    let resource_type = resource_type(job)?;
    Ok(Answer(validate(text, policy_type, resource_type)))
}

fn required<'v, 't>(job: &'v Value<'t>, name: &str) -> Result<&'v Value<'t>, JobError> {
    job.get(name).ok_or_else(|| JobError::new(job.span, format!("the job has no `{name}`")))
}

fn policy_type(value: &Value<'_>) -> Result<PolicyType, JobError> {
    let name = value.as_str().unwrap_or_default();
    super::arguments::policy_type(name)
        .map_err(|why| JobError::new(value.span, format!("`{name}` is no policyType: {why}")))
}

/// AWS's member is `validatePolicyResourceType`; it is read as well.
fn resource_type(job: &Value<'_>) -> Result<Option<ValidatePolicyResourceType>, JobError> {
    let named = |name| job.get(name).filter(|value| !matches!(value.kind, Kind::Null));
    let Some(value) = named("resourceType").or_else(|| named("validatePolicyResourceType")) else {
        return Ok(None);
    };
    let name = value.as_str().unwrap_or_default();
    super::arguments::resource_type(name)
        .map(Some)
        .map_err(|why| JobError::new(value.span, format!("`{name}` is no resourceType: {why}")))
}
