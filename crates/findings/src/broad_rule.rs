//! Archive rules that could hide a public exposure.
//!
//! A rule that archives whatever a resource type has, or everything that is public, takes findings out of sight that
//! nobody has judged. <https://github.com/elastic/detection-rules/issues/6561>

use serde::{Deserialize, Serialize};

use crate::filter::Filter;
use crate::observation::FindingType;

/// What is done about rules that could archive a public finding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BroadRules {
    /// Nothing.
    Off,
    /// They are accepted, and it is said which rule and which findings.
    #[default]
    Warn,
    /// They are refused unless they name `isPublic`.
    Enforce,
}

/// How a rule stands to public findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breadth {
    /// No public finding meets its filter.
    NeverPublic,
    /// It names `isPublic`, so its author has thought of it, and archives public findings.
    SaysPublic,
    /// It could archive a public finding without naming it.
    CouldBePublic,
}

/// How a rule with `filter` stands to public findings. Public findings are of external access, have no error, and
/// their principal is everyone (`*`).
#[must_use]
pub fn breadth(filter: &Filter) -> Breadth {
    let public = |key: &str| match key {
        "isPublic" => Some(Some("true")),
        "findingType" => Some(Some(FindingType::ExternalAccess.as_str())),
        "principal.AWS" => Some(Some("*")),
        "error" | "principal.Federated" | "principal.CanonicalUser" => Some(None),
        "accessType"
        | "principalType"
        | "principalOwnerAccount"
        | "serviceControlPolicyRestriction" => Some(None),
        _ => None,
    };
    let excluded = filter
        .0
        .iter()
        .any(|(key, criterion)| public(key).is_some_and(|value| !criterion.admits(value)));
    match (excluded, filter.0.contains_key("isPublic")) {
        (true, _) => Breadth::NeverPublic,
        (false, true) => Breadth::SaysPublic,
        (false, false) => Breadth::CouldBePublic,
    }
}
