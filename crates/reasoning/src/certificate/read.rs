//! Certificates from JSON. What is not as the form says is an error: nothing is skipped or guessed.

use std::collections::BTreeSet;
use std::sync::Arc;

use ringfence_policy::json::{self, Kind, Value};
use ringfence_policy::{ConditionOperator, PolicyDocument, policy_from_json};
use thiserror::Error;

use super::write::FORMAT;
use super::{Certificate, Claim, Element, Fact, Lemma, Reference, Said, VERSION};
use crate::questions::{Access, ZoneOfTrust};

/// Why a text is no certificate.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{place}` {problem}")]
pub struct Unreadable {
    /// The way to it, from the top.
    pub place: String,
    /// What is wrong.
    pub problem: String,
}

impl Certificate {
    /// Reads a certificate.
    ///
    /// # Errors
    /// The text is no JSON, or not of the form that `docs/schemas/certificate.schema.json` describes.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        let parsed = json::parse(text);
        if let Some(problem) = parsed.diagnostics.first() {
            let message = format!("is no sound JSON: {}", problem.message);
            return Err(Unreadable { place: "certificate".to_owned(), problem: message });
        }
        let top = At { place: "certificate".to_owned(), value: &parsed.value };
        top.only(&["format", "version", "claim", "lemmas"])?;
        let format = top.member("format")?;
        if format.text()? != FORMAT {
            return Err(format.error("is not \"ringfence-certificate\""));
        }
        let version = top.member("version")?;
        if version.number()? != usize::try_from(VERSION).unwrap_or(0) {
            return Err(version.error("is a version that is not known here; 1 is"));
        }
        let claim = read_claim(&top.member("claim")?)?;
        let names: Vec<String> = claim.documents().into_iter().map(|(name, _)| name).collect();
        let lemma = |at: At<'_>| {
            at.only(&["impossible"])?;
            let impossible = at.member("impossible")?.list(|at| said(&at, &names))?;
            Ok(Lemma { impossible })
        };
        let lemmas = top.member("lemmas")?.list(lemma)?;
        Ok(Self { claim, lemmas })
    }
}

/// Reads a claim as [`Claim::to_json`] writes it.
pub(super) fn claim(text: &str) -> Result<Claim, Unreadable> {
    let parsed = json::parse(text);
    read_claim(&At { place: "claim".to_owned(), value: &parsed.value })
}

fn read_claim(at: &At<'_>) -> Result<Claim, Unreadable> {
    let policy = || at.member("policy")?.policy();
    let check = at.member("check")?;
    match check.text()?.as_str() {
        "no-new-access" => {
            at.only(&["check", "existing", "new"])?;
            let existing = at.member("existing")?.policy()?;
            Ok(Claim::NoNewAccess { existing, new: at.member("new")?.policy()? })
        }
        "access-not-granted" => {
            at.only(&["check", "policy", "access"])?;
            let access = |at: At<'_>| {
                at.only(&["actions", "resources"])?;
                let texts = |name| at.member(name)?.list(|at| at.text());
                Ok(Access { actions: texts("actions")?, resources: texts("resources")? })
            };
            let accesses = at.member("access")?.list(access)?;
            Ok(Claim::AccessNotGranted { policy: policy()?, accesses })
        }
        "no-public-access" => {
            at.only(&["check", "policy"])?;
            Ok(Claim::NoPublicAccess { policy: policy()? })
        }
        "outside" => {
            at.only(&["check", "policy", "zone"])?;
            let zone = zone(&at.member("zone")?)?;
            Ok(Claim::NoAccessFromOutside { policy: policy()?, zone })
        }
        "nothing-allowed" => {
            at.only(&["check", "layers", "matching", "zone", "untrusted"])?;
            let layers = at.member("layers")?.list(|layer| layer.list(|own| own.policy()))?;
            let outside = at.member("zone")?.unless_null().map(|at| zone(&at)).transpose()?;
            let untrusted = at.member("untrusted")?.truth()?;
            let matching = at.member("matching")?.policy()?;
            Ok(Claim::NothingAllowed { layers, matching, outside, untrusted })
        }
        _ => Err(check.error("is no check that is known here")),
    }
}

fn zone(at: &At<'_>) -> Result<ZoneOfTrust, Unreadable> {
    at.only(&["accounts", "organization", "canonicalUsers"])?;
    let texts = |name| -> Result<BTreeSet<String>, Unreadable> {
        Ok(at.member(name)?.list(|at| at.text())?.into_iter().collect())
    };
    let organization = at.member("organization")?.unless_null().map(|at| at.text()).transpose()?;
    Ok(ZoneOfTrust {
        accounts: Arc::new(texts("accounts")?),
        organization,
        canonical_users: texts("canonicalUsers")?,
    })
}

fn said(at: &At<'_>, documents: &[String]) -> Result<Said, Unreadable> {
    let met = at.member("met")?.truth()?;
    let has = |name: &str| at.value.get(name).is_some();
    let reference = if has("fact") {
        at.only(&["fact", "met"])?;
        let fact = at.member("fact")?;
        let name = fact.text()?;
        let known = Fact::ALL.into_iter().find(|own| own.as_str() == name);
        Reference::Fact(known.ok_or_else(|| fact.error("is no fact that is known here"))?)
    } else if has("access") {
        at.only(&["access", "element", "met"])?;
        let element = match element(at)? {
            element @ (Element::Action | Element::Resource) => element,
            _ => return Err(at.member("element")?.error("is neither Action nor Resource")),
        };
        Reference::Access { access: at.member("access")?.number()?, element }
    } else {
        at.only(&["document", "statement", "element", "operator", "key", "met"])?;
        let document = at.member("document")?;
        let name = document.text()?;
        let number = documents.iter().position(|own| *own == name);
        Reference::Statement {
            document: number.ok_or_else(|| document.error("is no document of the claim"))?,
            statement: at.member("statement")?.number()?,
            element: element(at)?,
        }
    };
    Ok(Said { reference, met })
}

fn element(at: &At<'_>) -> Result<Element, Unreadable> {
    let own = at.member("element")?;
    let name = own.text()?;
    if !matches!(name.as_str(), "Condition" | "FixedValues")
        && let Some(extra) = ["operator", "key"].iter().find(|extra| at.value.get(extra).is_some())
    {
        return Err(at.member(extra)?.error("belongs to Condition and FixedValues only"));
    }
    let operator = || {
        let at = at.member("operator")?;
        ConditionOperator::parse(&at.text()?).ok_or_else(|| at.error("is no condition operator"))
    };
    let key = || at.member("key")?.text();
    Ok(match name.as_str() {
        "Action" => Element::Action,
        "Resource" => Element::Resource,
        "Principal" => Element::Principal,
        "Condition" => Element::Condition { operator: operator()?, key: key()? },
        "FixedValues" => Element::FixedValues { operator: operator()?, key: key()? },
        _ => return Err(own.error("is no element")),
    })
}

/// A value and the way to it.
struct At<'v> {
    place: String,
    value: &'v Value<'v>,
}

impl<'v> At<'v> {
    fn error(&self, problem: &str) -> Unreadable {
        Unreadable { place: self.place.clone(), problem: problem.to_owned() }
    }

    fn wrong_type(&self, expected: &str) -> Unreadable {
        self.error(&format!("is {}, not {expected}", self.value.type_name()))
    }

    /// It is an object that has no members but these.
    fn only(&self, names: &[&str]) -> Result<(), Unreadable> {
        if !matches!(self.value.kind, Kind::Object(_)) {
            return Err(self.wrong_type("an object"));
        }
        let extra = self.value.members().iter().find(|m| !names.contains(&m.key.value.as_ref()));
        match extra {
            Some(member) => {
                Err(self.error(&format!("has an unknown member `{}`", member.key.value)))
            }
            None => Ok(()),
        }
    }

    fn member(&self, name: &str) -> Result<At<'v>, Unreadable> {
        match self.value.get(name) {
            Some(value) => Ok(At { place: format!("{}.{name}", self.place), value }),
            None => Err(self.error(&format!("has no member `{name}`"))),
        }
    }

    fn unless_null(self) -> Option<Self> {
        (!matches!(self.value.kind, Kind::Null)).then_some(self)
    }

    fn list<T>(
        &self,
        read: impl Fn(At<'v>) -> Result<T, Unreadable>,
    ) -> Result<Vec<T>, Unreadable> {
        let Kind::Array(elements) = &self.value.kind else {
            return Err(self.wrong_type("an array"));
        };
        let at = |(index, value)| At { place: format!("{}[{index}]", self.place), value };
        elements.iter().enumerate().map(at).map(read).collect()
    }

    fn text(&self) -> Result<String, Unreadable> {
        self.value.as_str().map(str::to_owned).ok_or_else(|| self.wrong_type("a string"))
    }

    fn truth(&self) -> Result<bool, Unreadable> {
        self.value.as_bool().ok_or_else(|| self.wrong_type("a boolean"))
    }

    fn number(&self) -> Result<usize, Unreadable> {
        let Kind::Number(text) = self.value.kind else { return Err(self.wrong_type("a number")) };
        text.parse().map_err(|_| self.error("is no whole number"))
    }

    /// A policy without any problem: of others it is not known what they mean.
    fn policy(&self) -> Result<PolicyDocument, Unreadable> {
        let sound = policy_from_json(self.value).sound();
        sound.map_err(|problems| {
            let first = problems.first().map_or("", |problem| problem.message.as_str());
            self.error(&format!("is no sound policy: {first}"))
        })
    }
}
