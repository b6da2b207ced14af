//! Is anything allowed at all in a box? The question that others are built on.

use ringfence_policy::{PolicyDocument, Statement};

use super::{Answer, Asked, Refutation, ZoneOfTrust, ask_beside, outside, untrusted};
use crate::decide::Goal;
use crate::encode;
use crate::variables::Beside;

/// A set of requests.
#[derive(Clone, Debug, Default)]
pub struct RequestBox<'b> {
    /// The requests that all these statements match; their effect does not count.
    pub matching: Vec<&'b Statement>,
    /// Only callers outside this zone.
    pub outside: Option<&'b ZoneOfTrust>,
    /// Only requests of somebody whom no fixed value of the policies describes.
    pub untrusted: bool,
}

/// `Holds` when no request of the box is allowed by every layer. A layer is a list of documents read
/// together as one policy; a Deny in any layer denies. The refutation names the statements that allow
/// in the first document of the first layer.
pub fn anything_allowed(layers: &[Vec<&PolicyDocument>], within: &RequestBox<'_>) -> Answer {
    let documents: Vec<&PolicyDocument> = layers.iter().flatten().copied().collect();
    let beside = Beside { statements: &within.matching, resources: &[] };
    let asked = ask_beside(&documents, beside, &|problem, built, variables| {
        let mut goal = Goal::default();
        let mut rest = built;
        for layer in layers {
            let (own, others) = rest.split_at_checked(layer.len()).unwrap_or((&[], &[]));
            goal.groups.push(own.iter().flat_map(super::Built::allow_ids).collect());
            rest = others;
        }
        goal.avoid = built.iter().flat_map(|own| own.deny.clone()).collect();
        for statement in &within.matching {
            let conjunction = encode::statement(problem, statement, variables)?;
            goal.groups.push(vec![problem.add(conjunction)]);
        }
        if let Some(zone) = within.outside {
            goal.groups.push(vec![outside(problem, zone)]);
        }
        if within.untrusted {
            goal.groups.push(vec![untrusted(problem, &documents, variables)?]);
        }
        Ok(vec![(0, goal)])
    });
    match asked.into_iter().next() {
        Some((_, Asked::Possible { request })) => {
            Answer::Fails(Refutation { witness: request, statements: Vec::new() })
        }
        Some((_, Asked::Unknown(limit))) => Answer::Unknown(limit),
        Some((_, Asked::Impossible)) | None => Answer::Holds,
    }
}
