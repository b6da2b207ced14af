//! Access as findings: the fewest, most general descriptions of who gets in under which conditions,
//! in the words of the policy itself.
//!
//! The labels of a key are "anything" and every value written for it anywhere in the policy. A request
//! is described by the smallest labels that contain its values, one a key; of the descriptions of all
//! allowed requests the most general are reported. This is the stratified abstraction of Backes et al.,
//! "Stratified Abstraction of Access Control Policies" (CAV 2020), computed in closed form: the classes
//! of each key are joined once, there are no rounds of refinement.

mod action_matcher;
mod classes;
mod join;
mod labels;

use std::collections::BTreeMap;

use ringfence_policy::{ConditionKey, PolicyDocument, Principal, RequestContext, Statement};

use crate::decide::Goal;
use crate::encode::{self, Variables};
use crate::limit::Limit;
use crate::problem::{Conjunction, ConjunctionId, Problem};
use crate::questions::{ZoneOfTrust, build, given, has_variables, outside, untrusted};
use crate::variables::{Beside, assignments_beside};
use labels::Labels;

pub use action_matcher::ActionMatcher;

/// What is asked: who outside `zone` may do what `within` describes.
#[derive(Clone, Copy, Debug)]
pub struct ExternalAccess<'p> {
    /// Each layer must allow a request; the documents of a layer are read together as one policy.
    pub layers: &'p [Vec<&'p PolicyDocument>],
    /// Documents of which only the Deny statements count.
    pub denying: &'p [&'p PolicyDocument],
    /// Who is trusted.
    pub zone: &'p ZoneOfTrust,
    /// The requests looked at: they match each of these statements; effects do not count.
    pub within: &'p [&'p Statement],
    /// Keys whose value is known for all these requests, by name in lower case; none for a key that is
    /// absent.
    pub known: &'p BTreeMap<String, Option<String>>,
    /// The keys whose conditions are reported, in AWS's spelling. All others stay part of the request.
    pub reported_keys: &'p [&'p str],
}

impl<'p> ExternalAccess<'p> {
    fn documents(&self) -> Vec<&'p PolicyDocument> {
        self.layers.iter().flatten().chain(self.denying).copied().collect()
    }
}

/// A way in, as general as it can be said.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// Who: as the policy names them; everyone where no smaller name fits.
    pub principal: Principal,
    /// Under which conditions, by key.
    pub conditions: BTreeMap<ConditionKey, String>,
    /// Whether somebody untrusted gets in this way.
    pub is_public: bool,
    /// The statements that let such requests in: position of the document among those of all layers, position
    /// of the statement.
    pub granted_by: Vec<(usize, usize)>,
    /// A request that gets in this way.
    pub witness: RequestContext,
}

/// The ways in, most general ones only, in a fixed order.
///
/// # Errors
/// The limit that kept the question from being decided.
pub fn external_access(question: &ExternalAccess<'_>) -> Result<Vec<Description>, Limit> {
    let mut ways = join::Ways::default();
    let documents = question.documents();
    let labels = Labels::collect(&documents, question.reported_keys);
    if has_variables(&documents) {
        let beside = Beside { statements: question.within, resources: &[] };
        let choices = assignments_beside(&documents, beside, question.known);
        if !choices.exact {
            return Err(Limit::Variables);
        }
        for values in choices.values {
            describe(question, &documents, &labels, &Variables::Values(values), &mut ways)?;
        }
    } else {
        describe(question, &documents, &labels, &Variables::none(), &mut ways)?;
    }
    Ok(ways.descriptions(&labels))
}

/// The conjunctions of a question that the join looks at.
struct Parts {
    /// Allow statements: position of the document, position of the statement, conjunction.
    allow: Vec<(usize, usize, ConjunctionId)>,
    /// For each layer the positions of its statements in `allow`.
    layers: Vec<Vec<usize>>,
    deny: Vec<ConjunctionId>,
    /// All of these are met.
    given: Vec<ConjunctionId>,
    untrusted: ConjunctionId,
}

fn describe(
    question: &ExternalAccess<'_>,
    documents: &[&PolicyDocument],
    labels: &Labels,
    variables: &Variables,
    ways: &mut join::Ways,
) -> Result<(), Limit> {
    let mut problem = Problem::new();
    let built = build(&mut problem, documents, variables)?;
    let mut met = vec![outside(&mut problem, question.zone)];
    for statement in question.within {
        let conjunction = encode::statement(&mut problem, statement, variables)?;
        met.push(problem.add(conjunction));
    }
    met.extend(given(&mut problem, variables));
    met.extend(known(&mut problem, question.known));
    let untrusted = untrusted(&mut problem, documents, variables)?;
    let mut allow = Vec::new();
    let mut layers = Vec::new();
    let mut document = 0;
    let mut rest = built.iter();
    for layer in question.layers {
        let first = allow.len();
        for own in rest.by_ref().take(layer.len()) {
            allow.extend(own.allow.iter().map(|(statement, id)| (document, *statement, *id)));
            document += 1;
        }
        layers.push((first..allow.len()).collect());
    }
    let mut deny: Vec<_> = built.iter().flat_map(|own| own.deny.clone()).collect();
    deny.extend(encode::impossible(&mut problem));
    let parts = Parts { allow, layers, deny, given: met, untrusted };
    // Most policies let nobody in, and one search says so.
    problem.seal();
    let mut goal = Goal {
        groups: parts.given.iter().map(|id| vec![*id]).collect(),
        avoid: parts.deny.clone(),
    };
    for layer in &parts.layers {
        let allowing = layer.iter().filter_map(|member| parts.allow.get(*member));
        goal.groups.push(allowing.map(|(.., id)| *id).collect());
    }
    match crate::decide::decide(&mut problem, &goal) {
        crate::decide::Outcome::Nothing => Ok(()),
        crate::decide::Outcome::Unknown(limit) => Err(limit),
        crate::decide::Outcome::Found(..) => {
            join::join(&mut problem, &parts, labels, variables, ways)
        }
    }
}

/// A conjunction that requests with the known values meet. Keys that no policy mentions do not matter.
fn known(problem: &mut Problem, known: &BTreeMap<String, Option<String>>) -> Option<ConjunctionId> {
    let mut conjunction = Conjunction::default();
    for (key, value) in known {
        if problem.mentions(key)
            && let encode::Part::Literal(literal) = encode::key_is(problem, key, value.as_deref())
        {
            conjunction.literals.push(literal);
        }
    }
    (!conjunction.literals.is_empty()).then(|| problem.add(conjunction))
}

/// The part of a conjunction that is about other attributes than `reported`.
fn rest(problem: &mut Problem, id: ConjunctionId, reported: &[usize]) -> ConjunctionId {
    let never = problem.is_never(id);
    let own = problem.literals(id).iter().filter(|literal| !reported.contains(&literal.attribute));
    let literals = own.copied().collect();
    problem.add(Conjunction { literals, never })
}
