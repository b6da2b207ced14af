//! Questions as SMT-LIB 2.6, for any solver to answer: `unsat` is `Holds`, `sat` is `Fails`.
//!
//! <https://smt-lib.org/theories-UnicodeStrings.shtml>
//!
//! Written straight from the model of the policies. What the engine makes of them (attributes, atoms,
//! automata) is not used, so that a solver is a witness of its own: it would have to make the engine's
//! mistake a second time. Only the definition of a fixed value, which is part of what "public" means, is
//! shared with the question.
//!
//! The text is the same for the same question, names each statement, and holds nothing outside the
//! standard.

mod caller;
mod caller_parts;
mod condition;
mod keys;
mod patterns;
mod statement;
mod terms;
mod values;

use ringfence_policy::{
    Effect, Pattern, PolicyDocument, Principal, Statement, Variables, Wildcards,
};
use thiserror::Error;

use crate::question::Question;
use crate::questions::{Access, RequestBox, ZoneOfTrust, fixed_part};
use caller::Caller;
use condition::Meaning;
use keys::Keys;
use statement::Writer;
use terms::{Term, all_of, any_of, not};

/// Why a question cannot be written in SMT-LIB.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unsupported {
    /// A key has values of one type, and policies compare it as more than one.
    #[error("the key `{0}` is compared as text and as another type at once")]
    MixedTypes(String),
    /// The theory of strings has no way to ignore case in a text that is not known.
    #[error("`{0}` holds a policy variable and is compared without regard to case")]
    FoldedVariable(String),
    /// A variable may bring colons along, and the fields of the pattern then depend on its value.
    #[error("the fields of the ARN pattern `{0}` depend on the value of a policy variable")]
    VariableField(String),
    /// SMT-LIB has characters up to U+2FFFF only.
    #[error("SMT-LIB has no character U+{0:X}")]
    Character(u32),
}

/// One file that a solver answers with `sat` when a request exists for which the question fails, and
/// with `unsat` when it holds. The same question gives the same text.
///
/// # Errors
/// What SMT-LIB cannot express of the policies, or what has no agreed meaning.
pub fn export(question: &Question<'_>) -> Result<String, Unsupported> {
    let policies = policies(question);
    let extra = boxes(question);
    let statements = || policies.iter().flat_map(|(_, policy)| &policy.statements);
    let keys = Keys::new(statements().chain(extra))?;
    let mut writer = Writer::new(keys, Caller::new(statements()));
    let asked = ask(&mut writer, question, &policies)?;
    writer.assert("The request that is asked for.", &asked);
    Ok(writer.finish(&header(question)))
}

fn header(question: &Question<'_>) -> String {
    let text = match question {
        Question::NoNewAccess { .. } => {
            "Does the new policy allow a request that the existing one does not?"
        }
        Question::AccessNotGranted { .. } => "Does the policy allow any of the listed access?",
        Question::NoPublicAccess { .. } => "Does the policy let in somebody whom it does not fix?",
        Question::NoAccessFromOutside { .. } => {
            "Does the policy let in somebody outside the zone of trust?"
        }
        Question::AnythingAllowed { .. } => "Do all layers allow some request of the box?",
    };
    format!("; {text}\n; sat: yes, by the request of the model. unsat: no.\n")
}

/// The documents of a question with the names that they have in the text.
fn policies<'q>(question: &Question<'q>) -> Vec<(String, &'q PolicyDocument)> {
    match question {
        Question::NoNewAccess { existing, new } => {
            vec![("existing".to_owned(), *existing), ("new".to_owned(), *new)]
        }
        Question::AccessNotGranted { policy, .. }
        | Question::NoPublicAccess { policy }
        | Question::NoAccessFromOutside { policy, .. } => vec![("policy".to_owned(), *policy)],
        Question::AnythingAllowed { layers, .. } => {
            let layer = |(layer, documents): (usize, &'q Vec<&'q PolicyDocument>)| {
                let named = move |(document, policy): (usize, &&'q PolicyDocument)| {
                    (format!("layer-{layer}-{document}"), *policy)
                };
                documents.iter().enumerate().map(named).collect::<Vec<_>>()
            };
            layers.iter().enumerate().flat_map(layer).collect()
        }
    }
}

fn boxes<'q>(question: &Question<'q>) -> Vec<&'q Statement> {
    match question {
        Question::AnythingAllowed { within, .. } => within.matching.clone(),
        Question::NoNewAccess { .. }
        | Question::AccessNotGranted { .. }
        | Question::NoPublicAccess { .. }
        | Question::NoAccessFromOutside { .. } => Vec::new(),
    }
}

/// The terms of one document.
struct Document {
    allows: Term,
    denies: Term,
}

impl Document {
    fn allowed(&self) -> Term {
        all_of([self.allows.clone(), not(&self.denies)])
    }
}

fn document(
    writer: &mut Writer,
    name: &str,
    policy: &PolicyDocument,
) -> Result<Document, Unsupported> {
    let (mut allows, mut denies) = (Vec::new(), Vec::new());
    for own in &policy.statements {
        let (list, effect) = match own.effect.value {
            Effect::Allow => (&mut allows, "allow"),
            Effect::Deny => (&mut denies, "deny"),
        };
        list.push(writer.statement(&format!("{name}.{effect}.{}", own.index), own)?);
    }
    let allows = writer.define(&format!("{name}.allows"), &any_of(allows));
    let denies = writer.define(&format!("{name}.denies"), &any_of(denies));
    Ok(Document { allows, denies })
}

fn ask(
    writer: &mut Writer,
    question: &Question<'_>,
    policies: &[(String, &PolicyDocument)],
) -> Result<Term, Unsupported> {
    let documents = policies
        .iter()
        .map(|(name, policy)| document(writer, name, policy))
        .collect::<Result<Vec<_>, _>>()?;
    let allowed: Vec<Term> = documents.iter().map(Document::allowed).collect();
    let own = || all_of(allowed.clone());
    Ok(match question {
        Question::NoNewAccess { .. } => match allowed.as_slice() {
            [existing, new] => all_of([new.clone(), not(existing)]),
            _ => any_of([]),
        },
        Question::AccessNotGranted { accesses, .. } => {
            all_of([own(), any_access(writer, accesses)?])
        }
        Question::NoPublicAccess { .. } => all_of([own(), untrusted(writer, policies)?]),
        Question::NoAccessFromOutside { zone, .. } => all_of([own(), outside(writer, zone)?]),
        Question::AnythingAllowed { layers, within } => {
            let mut rest = documents.as_slice();
            let mut terms: Vec<Term> = documents.iter().map(|d| not(&d.denies)).collect();
            for layer in *layers {
                let (own, others) = rest.split_at_checked(layer.len()).unwrap_or((&[], &[]));
                terms.push(any_of(own.iter().map(|document| document.allows.clone())));
                rest = others;
            }
            terms.extend(inside(writer, within, policies)?);
            all_of(terms)
        }
    })
}

fn inside(
    writer: &mut Writer,
    within: &RequestBox<'_>,
    policies: &[(String, &PolicyDocument)],
) -> Result<Vec<Term>, Unsupported> {
    let mut terms = Vec::new();
    for (index, statement) in within.matching.iter().enumerate() {
        terms.push(writer.statement(&format!("box.{index}"), statement)?);
    }
    if let Some(zone) = within.outside {
        terms.push(outside(writer, zone)?);
    }
    if within.untrusted {
        terms.push(untrusted(writer, policies)?);
    }
    Ok(terms)
}

fn any_access(writer: &mut Writer, accesses: &[Access]) -> Result<Term, Unsupported> {
    let mut boxes = Vec::new();
    let read = |text: &String| Pattern::new(text, Wildcards::Yes, Variables::No);
    for access in accesses {
        let actions: Vec<Pattern> = access.actions.iter().map(read).collect();
        let resources: Vec<Pattern> = access.resources.iter().map(read).collect();
        let mut terms = Vec::new();
        if !actions.is_empty() {
            terms.push(writer.any_action(&actions.iter().collect::<Vec<_>>())?);
        }
        if !resources.is_empty() {
            terms.push(writer.any_resource(&resources.iter().collect::<Vec<_>>())?);
        }
        boxes.push(all_of(terms));
    }
    Ok(any_of(boxes))
}

/// The caller is outside `zone`.
fn outside(writer: &mut Writer, zone: &ZoneOfTrust) -> Result<Term, Unsupported> {
    let trusted = writer.caller.trusted(
        zone.accounts.iter(),
        zone.organization.as_deref(),
        zone.canonical_users.iter(),
    )?;
    Ok(not(&trusted))
}

/// No fixed value of the policies describes the request.
fn untrusted(
    writer: &mut Writer,
    policies: &[(String, &PolicyDocument)],
) -> Result<Term, Unsupported> {
    let statements = || policies.iter().flat_map(|(_, policy)| &policy.statements);
    let mut terms = vec![writer.caller.is_nobody_in_particular()];
    for element in statements().filter_map(|statement| statement.principal.as_ref()) {
        for named in element.principals.iter().filter(|named| named.value != Principal::Everyone) {
            terms.push(not(&writer.caller.is_named(&named.value)?));
        }
    }
    for fixed in statements().flat_map(|statement| &statement.conditions).filter_map(fixed_part) {
        terms.push(writer.condition(&fixed, Meaning::HasNone)?);
    }
    Ok(writer.define("untrusted", &all_of(terms)))
}
