//! How much a way in matters: a number from 0 to 100 with what it is made of.
//!
//! The weights are Ringfence's own. More access never lowers the number: each contribution grows with
//! what it counts.

use ringfence_policy::catalogue::AccessLevel;

use crate::internal::{InternalAccessType, PrincipalType};
use crate::observation::ObservedPrincipal;

/// A risk score and its contributions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Risk {
    /// The sum of the contributions, 0 to 100.
    pub score: u8,
    /// What the score is made of, in a fixed order.
    pub contributions: Vec<Contribution>,
}

/// A part of a risk score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// What is counted: `principal`, `accessLevels`, `condition`.
    pub factor: &'static str,
    /// Points.
    pub points: u8,
}

/// The risk of a way in.
#[must_use]
pub fn risk(
    principal: &ObservedPrincipal,
    is_public: bool,
    levels: &[AccessLevel],
    conditions: usize,
) -> Risk {
    let principal = match principal {
        _ if is_public => 40,
        ObservedPrincipal::Aws(text) if text == "*" => 25,
        ObservedPrincipal::Federated(_) => 25,
        ObservedPrincipal::Aws(text) if !text.starts_with("arn:") => 20,
        ObservedPrincipal::Aws(_) | ObservedPrincipal::CanonicalUser(_) => 15,
    };
    sum(principal, levels, conditions)
}

/// The risk of what a principal inside the zone of trust can do. Whoever is inside counts for less than
/// whoever is outside; a user's credentials last.
#[must_use]
pub fn internal_risk(
    access: InternalAccessType,
    principal: PrincipalType,
    levels: &[AccessLevel],
    conditions: usize,
) -> Risk {
    let account = match access {
        InternalAccessType::IntraAccount => 2,
        InternalAccessType::IntraOrg => 6,
    };
    let credentials = match principal {
        PrincipalType::IamRole => 0,
        PrincipalType::IamUser => 4,
    };
    sum(account + credentials, levels, conditions)
}

fn sum(principal: u8, levels: &[AccessLevel], conditions: usize) -> Risk {
    let worst = levels.iter().map(|level| match level {
        AccessLevel::PermissionsManagement => 40,
        AccessLevel::Write => 30,
        AccessLevel::Read => 25,
        AccessLevel::Tagging => 15,
        AccessLevel::List => 10,
    });
    let access = worst.max().unwrap_or(0);
    let unconditional = if conditions == 0 { 20 } else { 5 };
    let contributions = vec![
        Contribution { factor: "principal", points: principal },
        Contribution { factor: "accessLevels", points: access },
        Contribution { factor: "condition", points: unconditional },
    ];
    Risk { score: contributions.iter().map(|part| part.points).sum(), contributions }
}
