//! The members of batch jobs that checks have in common.

use ringfence_policy::json::{self, Kind, Value};
use ringfence_policy::location::ByteSpan;
use ringfence_policy::{PolicyDocument, parse_policy, policy_from_json};

use crate::batch::JobError;

/// A member that every job of a kind has.
pub(super) fn required<'v, 't>(job: &'v Value<'t>, name: &str) -> Result<&'v Value<'t>, JobError> {
    job.get(name).ok_or_else(|| JobError::new(job.span, format!("the job has no `{name}`")))
}

/// The text of a member.
pub(super) fn string<'v>(value: &'v Value<'_>, name: &str) -> Result<&'v str, JobError> {
    value.as_str().ok_or_else(|| {
        JobError::new(value.span, format!("`{name}` takes a string, not {}", value.type_name()))
    })
}

/// The policy in a member: an object, or a string that holds one as AWS's API has it. `line` is the text
/// that the job was read from.
pub(super) fn policy(job: &Value<'_>, line: &str, name: &str) -> Result<PolicyDocument, JobError> {
    let value = required(job, name)?;
    let Kind::String(text) = &value.kind else {
        return Ok(policy_from_json(value).sound()?);
    };
    parse_policy(text).sound().map_err(|mut diagnostics| {
        let source = line.get(value.span.start as usize..value.span.end as usize);
        let place = |offset: u32| match source {
            Some(source) => {
                value.span.start as usize + json::decoded_offset_to_source(source, offset as usize)
            }
            None => value.span.start as usize,
        };
        for diagnostic in &mut diagnostics {
            let ByteSpan { start, end } = diagnostic.span;
            diagnostic.span = ByteSpan::new(place(start), place(end));
        }
        diagnostics.into()
    })
}

/// Checks the policy type of a job, if it has one. The questions are the same for both types.
pub(super) fn check_policy_type(job: &Value<'_>) -> Result<(), JobError> {
    let Some(value) = job.get("policyType") else { return Ok(()) };
    let name = string(value, "policyType")?;
    super::policy_type(name).map(|_| ()).map_err(|reason| {
        JobError::new(value.span, format!("`{name}` is no policyType here: {reason}"))
    })
}

/// The strings of a list, or of a string alone.
pub(super) fn strings(value: &Value<'_>, name: &str) -> Result<Vec<String>, JobError> {
    let elements = match &value.kind {
        Kind::Array(elements) => elements.as_slice(),
        Kind::Null => &[],
        _ => std::slice::from_ref(value),
    };
    let text = |element| string(element, name).map(str::to_owned);
    elements.iter().map(text).collect()
}
