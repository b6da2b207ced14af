#![doc = include_str!("validate_policy.md")]

use ringfence_policy::location::{Location, PathElement, Position};
use ringfence_validation::{Finding, FindingType, ValidatePolicyResourceType, validate};
use serde_json::Value;

use super::{Operation, compute, read, reply};
use crate::api::Exception;
use crate::api::types;
use crate::authorization::Target;
use crate::pagination::Page;
use crate::service::Call;

const NAME: &str = "ValidatePolicy";

pub(super) const OPERATION: Operation = Operation {
    name: NAME,
    action: "ValidatePolicy",
    target: Target::Any,
    differs: "details are Ringfence's own sentences, in English whatever `locale` says",
    answer: |call, input| Box::pin(async move { reply(run(call, input).await?) }),
};

async fn run(call: &Call<'_>, input: Value) -> Result<types::ValidatePolicyResponse, Exception> {
    let page = Page::read(call, NAME, &input)?;
    let input: types::ValidatePolicyRequest = read(input)?;
    let policy_type = match input.policy_type {
        types::PolicyType::IdentityPolicy => ringfence_policy::PolicyType::IdentityPolicy,
        types::PolicyType::ResourcePolicy => ringfence_policy::PolicyType::ResourcePolicy,
        types::PolicyType::ServiceControlPolicy => {
            ringfence_policy::PolicyType::ServiceControlPolicy
        }
        types::PolicyType::ResourceControlPolicy => {
            ringfence_policy::PolicyType::ResourceControlPolicy
        }
    };
    let resource_type = input
        .validate_policy_resource_type
        .and_then(|own| ValidatePolicyResourceType::parse(own.as_str()));
    let document = input.policy_document;
    let found = compute(move || validate(&document, policy_type, resource_type)).await?;
    // The findings of one policy are always the same: their number is the place between pages.
    let numbered: Vec<(usize, Finding)> = found.into_iter().enumerate().collect();
    let (found, next_token) = page.cut(call, numbered, |(number, _)| format!("{number:09}"));
    let findings = found.into_iter().map(|(_, finding)| wire(finding)).collect();
    Ok(types::ValidatePolicyResponse { findings, next_token })
}

fn wire(finding: Finding) -> types::ValidatePolicyFinding {
    types::ValidatePolicyFinding {
        learn_more_link: finding.learn_more_link(),
        finding_details: finding.details,
        finding_type: match finding.finding_type {
            FindingType::Error => types::ValidatePolicyFindingType::Error,
            FindingType::SecurityWarning => types::ValidatePolicyFindingType::SecurityWarning,
            FindingType::Warning => types::ValidatePolicyFindingType::Warning,
            FindingType::Suggestion => types::ValidatePolicyFindingType::Suggestion,
        },
        issue_code: finding.issue_code.to_owned(),
        locations: finding.locations.into_iter().map(location).collect(),
    }
}

fn location(own: Location) -> types::Location {
    let element = |element| match element {
        PathElement::Index(index) => types::PathElement::Index(number(index)),
        PathElement::Key(name) => types::PathElement::Key(name),
        PathElement::Value(name) => types::PathElement::Value(name),
    };
    types::Location {
        path: own.path.into_iter().map(element).collect(),
        span: types::Span { start: position(own.span.start), end: position(own.span.end) },
    }
}

fn position(own: Position) -> types::Position {
    let Position { line, column, offset } = own;
    types::Position { line: number(line), column: number(column), offset: number(offset) }
}

fn number(own: usize) -> i64 {
    i64::try_from(own).unwrap_or(i64::MAX)
}
