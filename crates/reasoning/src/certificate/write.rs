//! Certificates as JSON.

use ringfence_policy::{PolicyDocument, Statement, Token, Version, to_canonical_json};
use serde_json::{Value, json};

use super::{Certificate, Claim, Element, Lemma, Reference, Said, VERSION};
use crate::question::Question;
use crate::questions::{Access, ZoneOfTrust};

/// The value of the member `format`.
pub(super) const FORMAT: &str = "ringfence-certificate";

impl Certificate {
    /// The certificate in the form that [`Certificate::parse`] reads.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let names: Vec<String> = self.claim.documents().into_iter().map(|(name, _)| name).collect();
        let lemma = |lemma: &Lemma| {
            let said = lemma.impossible.iter().map(|said| said_json(said, &names));
            json!({ "impossible": said.collect::<Vec<_>>() })
        };
        json!({
            "format": FORMAT,
            "version": VERSION,
            "claim": self.claim.to_json(),
            "lemmas": self.lemmas.iter().map(lemma).collect::<Vec<_>>(),
        })
    }
}

impl Claim {
    /// The claim as a certificate writes it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::NoNewAccess { existing, new } => no_new_access(existing, new),
            Self::AccessNotGranted { policy, accesses } => access_not_granted(policy, accesses),
            Self::NoPublicAccess { policy } => no_public_access(policy),
            Self::NoAccessFromOutside { policy, zone } => no_access_from_outside(policy, zone),
            Self::NothingAllowed { layers, matching, outside, untrusted } => {
                let layer = |own: &Vec<PolicyDocument>| own.iter().map(to_canonical_json).collect();
                let layers: Vec<Vec<Value>> = layers.iter().map(layer).collect();
                nothing_allowed(&layers, &to_canonical_json(matching), outside.as_ref(), *untrusted)
            }
        }
    }
}

/// The claim that `question` is answered by `Holds`.
pub(super) fn claim(question: &Question<'_>) -> Value {
    match question {
        Question::NoNewAccess { existing, new } => no_new_access(existing, new),
        Question::AccessNotGranted { policy, accesses } => access_not_granted(policy, accesses),
        Question::NoPublicAccess { policy } => no_public_access(policy),
        Question::NoAccessFromOutside { policy, zone } => no_access_from_outside(policy, zone),
        Question::AnythingAllowed { layers, within } => {
            let layer =
                |own: &Vec<&PolicyDocument>| own.iter().map(|d| to_canonical_json(d)).collect();
            let layers: Vec<Vec<Value>> = layers.iter().map(layer).collect();
            let matching = to_canonical_json(&document_of(&within.matching));
            nothing_allowed(&layers, &matching, within.outside, within.untrusted)
        }
    }
}

fn no_new_access(existing: &PolicyDocument, new: &PolicyDocument) -> Value {
    json!({
        "check": "no-new-access",
        "existing": to_canonical_json(existing),
        "new": to_canonical_json(new),
    })
}

fn access_not_granted(policy: &PolicyDocument, accesses: &[Access]) -> Value {
    let access = |own: &Access| json!({ "actions": own.actions, "resources": own.resources });
    json!({
        "check": "access-not-granted",
        "policy": to_canonical_json(policy),
        "access": accesses.iter().map(access).collect::<Vec<_>>(),
    })
}

fn no_public_access(policy: &PolicyDocument) -> Value {
    json!({ "check": "no-public-access", "policy": to_canonical_json(policy) })
}

fn no_access_from_outside(policy: &PolicyDocument, own: &ZoneOfTrust) -> Value {
    json!({ "check": "outside", "policy": to_canonical_json(policy), "zone": zone(own) })
}

fn nothing_allowed(
    layers: &[Vec<Value>],
    matching: &Value,
    outside: Option<&ZoneOfTrust>,
    untrusted: bool,
) -> Value {
    json!({
        "check": "nothing-allowed",
        "layers": layers,
        "matching": matching,
        "zone": outside.map(zone),
        "untrusted": untrusted,
    })
}

fn zone(zone: &ZoneOfTrust) -> Value {
    json!({
        "accounts": *zone.accounts,
        "organization": zone.organization,
        "canonicalUsers": zone.canonical_users,
    })
}

/// A document of these statements, of the version in which they were read: variables and their escapes
/// are read as such in one only.
fn document_of(statements: &[&Statement]) -> PolicyDocument {
    let mut patterns = statements.iter().flat_map(|statement| {
        let resources = statement.resource.iter().flat_map(|element| &element.patterns);
        resources.chain(statement.conditions.iter().flat_map(|condition| &condition.values))
    });
    let stands_for_itself = |token: &Token| match token {
        Token::Literal(text) => text.contains("${"),
        Token::AnyOne | Token::AnyMany | Token::Variable { .. } => false,
    };
    let variables = patterns.any(|pattern| {
        pattern.value.text().contains("${") && !pattern.value.tokens().iter().any(stands_for_itself)
    });
    PolicyDocument {
        version: if variables { Version::V2012_10_17 } else { Version::Absent },
        id: None,
        statements: statements.iter().map(|statement| (*statement).clone()).collect(),
        statement_form: ringfence_policy::Form::List,
        span: ringfence_policy::ByteSpan::default(),
    }
}

fn said_json(said: &Said, documents: &[String]) -> Value {
    let Said { reference, met } = said;
    match reference {
        Reference::Statement { document, statement, element } => {
            let own = json!({
                "document": documents.get(*document), "statement": statement, "met": met,
            });
            with_members(element_json(element), own)
        }
        Reference::Access { access, element } => {
            with_members(element_json(element), json!({ "access": access, "met": met }))
        }
        Reference::Fact(fact) => json!({ "fact": fact.as_str(), "met": met }),
    }
}

/// An object with the members of another behind its own.
fn with_members(mut object: Value, more: Value) -> Value {
    if let (Value::Object(own), Value::Object(more)) = (&mut object, more) {
        own.extend(more);
    }
    object
}

fn element_json(element: &Element) -> Value {
    let condition = |name: &str, operator: String, key: &str| json!({ "element": name, "operator": operator, "key": key });
    match element {
        Element::Action => json!({ "element": "Action" }),
        Element::Resource => json!({ "element": "Resource" }),
        Element::Principal => json!({ "element": "Principal" }),
        Element::Condition { operator, key } => condition("Condition", operator.to_string(), key),
        Element::FixedValues { operator, key } => {
            condition("FixedValues", operator.to_string(), key)
        }
    }
}
