//! The checks of ValidatePolicy, and some that go beyond them: what is wrong, risky or superfluous in one policy, and
//! where.
//!
//! [`validate`] reads a policy and gives findings with the issue codes, types and locations that AWS's
//! `ValidatePolicy` gives; the wording is Ringfence's own. [`validate_beyond_aws`] adds the checks that AWS does not
//! have. One check is one file and one page under `checks/`.
//!
//! AWS's checks look at what the policy says, statement by statement, and at the service catalogue. Ringfence's own
//! ask the `reasoning` crate what the policy means for every request. Pure: no files, no clock, no environment.
//!
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicy.html>

pub mod checks;

mod arn;
mod attachment;
mod caller_keys;
mod cidr;
mod dates;
mod document;
mod duplicate_sids;
mod federation;
mod finding;
mod glob;
mod lone_star;
mod meaning;
mod nearest;
mod numbers;
mod policy_kind;
mod redundancy;
mod regions;
mod repair;
mod report;
mod role_permissions;
mod same_statement;
mod sensitive_keys;
mod service_principal;
mod size;
mod source_ip;
mod tag_keys;
mod unique_ids;
mod variables;

pub use checks::{Check, checks};
pub use finding::{Finding, FindingType, Origin, Replacement, Witness};
pub use policy_kind::ValidatePolicyResourceType;

use ringfence_policy::PolicyType;
use ringfence_policy::json;
use ringfence_policy::location::LineIndex;

use checks::UNREADABLE;
use document::Document;
use report::Draft;

/// What ValidatePolicy says about a policy, in AWS's order: by the offset of the first location, then by issue code.
///
/// `resource_type` says what a resource policy will be attached to; AWS takes it for [`PolicyType::ResourcePolicy`]
/// only, and for other types it changes nothing here. A text that is not JSON gives findings like any other problem;
/// nothing else is then looked at, because what could not be read might change every other answer.
#[must_use]
pub fn validate(
    text: &str,
    policy_type: PolicyType,
    resource_type: Option<ValidatePolicyResourceType>,
) -> Vec<Finding> {
    run(text, policy_type, resource_type, checks::aws_checks())
}

/// What [`validate`] says, and what the checks of Ringfence's own say, in the same order.
///
/// The latter reason about what the policy means, which takes a policy without mistakes; what they could not decide
/// is a finding of its own.
#[must_use]
pub fn validate_beyond_aws(
    text: &str,
    policy_type: PolicyType,
    resource_type: Option<ValidatePolicyResourceType>,
) -> Vec<Finding> {
    run(text, policy_type, resource_type, checks())
}

fn run(
    text: &str,
    policy_type: PolicyType,
    resource_type: Option<ValidatePolicyResourceType>,
    checks: impl Iterator<Item = &'static Check>,
) -> Vec<Finding> {
    let parsed = json::parse(text);
    let document = Document::read(text, &parsed, policy_type, resource_type);
    let mut drafts = Vec::new();
    for check in checks {
        if document.is_readable() || check.issue_code == UNREADABLE {
            report::run(check, &document, &mut drafts);
        }
    }
    // The sort is stable: findings of one check at one place stay in the order of their discovery.
    drafts.sort_by_key(|draft| {
        (draft.places.first().map(|place| place.start), draft.check.issue_code)
    });
    if drafts.is_empty() {
        return Vec::new();
    }
    let lines = LineIndex::new(text);
    drafts.into_iter().map(|draft| locate(draft, &parsed.value, &lines)).collect()
}

fn locate(draft: Draft, root: &json::Value<'_>, lines: &LineIndex<'_>) -> Finding {
    Finding {
        issue_code: draft.check.issue_code,
        origin: draft.check.origin(),
        finding_type: draft.check.finding_type,
        details: draft.details,
        locations: draft.places.iter().map(|place| lines.location(root, *place)).collect(),
        suggestion: draft.replacement,
        witnesses: draft.witnesses,
    }
}

impl Finding {
    /// Where to read more about its check: see [`Check::learn_more_link`].
    #[must_use]
    pub fn learn_more_link(&self) -> String {
        checks::learn_more_link(self.issue_code, self.finding_type)
    }
}
