#![doc = include_str!("../../../../docs/risk-score.md")]

mod factors;

use ringfence_findings::finding::Finding;
use serde::{Deserialize, Serialize};

use crate::context::Context;

pub(crate) use factors::levels;

/// How much a finding matters, and what that is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RiskScore {
    /// The sum of the contributions, 0 to 100.
    pub score: u8,
    /// What it is made of, always the same factors in the same order.
    pub contributions: Vec<Contribution>,
}

/// A part of a risk score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contribution {
    /// What is counted: `principal`, `accessLevels`, `condition`, `data`, `acquaintance`.
    pub factor: String,
    /// Points.
    pub points: u8,
    /// The most points that the factor gives.
    pub most: u8,
    /// What they were given for.
    pub why: String,
}

impl RiskScore {
    /// The score of these contributions.
    #[must_use]
    pub fn of(contributions: Vec<Contribution>) -> Self {
        let sum: u16 = contributions.iter().map(|own| u16::from(own.points)).sum();
        Self { score: u8::try_from(sum.min(100)).unwrap_or(100), contributions }
    }

    /// The score as it would be if `factor` gave all its points.
    #[must_use]
    pub fn worst_in(&self, factor: &str) -> u8 {
        let missing: u16 = self
            .contributions
            .iter()
            .filter(|own| own.factor == factor)
            .map(|own| u16::from(own.most.saturating_sub(own.points)))
            .sum();
        u8::try_from((u16::from(self.score) + missing).min(100)).unwrap_or(100)
    }
}

/// The factor of what the data in the resource are.
pub const DATA: &str = "data";

/// The risk score of `finding`, as far as `context` is known. More access never lowers it, and what is not known
/// never counts for less than what is known to be harmless.
#[must_use]
pub fn risk_score(finding: &Finding, context: &Context) -> RiskScore {
    RiskScore::of(vec![
        factors::principal(finding),
        factors::access_levels(finding),
        factors::condition(finding),
        factors::data(context),
        factors::acquaintance(finding, context),
    ])
}

#[cfg(test)]
mod tests;
