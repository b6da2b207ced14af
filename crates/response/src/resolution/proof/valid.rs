//! That the checks of ValidatePolicy find nothing in what is written that they did not find before.

use std::collections::BTreeMap;

use ringfence_policy::PolicyType;
use ringfence_validation::{Finding, ValidatePolicyResourceType, validate};
use serde_json::{Value, json};

use super::{lists, refuted};
use crate::plan::{Claim, Edit};
use crate::resolution::strategies::Strategy;
use crate::slot::Slot;

/// Nothing new is found in the slot's policy.
pub(super) fn valid(strategy: &Strategy, edit: &Edit) -> Claim {
    if lists::is_list(&edit.slot) {
        return Claim::Proved;
    }
    let validated_as = match (&edit.slot, &strategy.policy) {
        (Slot::AccessPointPolicy { .. }, _) => Some(ValidatePolicyResourceType::S3AccessPoint),
        (_, Some(rules)) => rules.validated_as,
        (_, None) => None,
    };
    // ValidatePolicy wants a Resource of every resource policy that it does not know the kind of.
    let has_none = strategy.policy.as_ref().is_some_and(|own| (own.resources)("").is_empty());
    let counts = |own: &Finding| !(has_none && own.issue_code == "MISSING_RESOURCE");
    let found = |text: &Option<String>| match text {
        Some(text) => {
            let all = validate(text, PolicyType::ResourcePolicy, validated_as);
            all.into_iter().filter(counts).collect()
        }
        None => Vec::new(),
    };
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let before = found(&edit.before);
    for own in &before {
        *known.entry(own.issue_code).or_default() += 1;
    }
    for own in found(&edit.after) {
        match known.get_mut(own.issue_code) {
            Some(left) if *left > 0 => *left -= 1,
            _ => return refuted(say(&own), witness(&own)),
        }
    }
    Claim::Proved
}

fn say(finding: &Finding) -> String {
    format!("{}: {}", finding.issue_code, finding.details)
}

fn witness(finding: &Finding) -> Value {
    json!({ "issueCode": finding.issue_code, "findingType": finding.finding_type.as_str() })
}
