//! A finding and its context as Cedar has them: only what some rule reads.

use std::collections::{BTreeMap, HashMap, HashSet};

use cedar_policy::{Context as CedarContext, Entities, Entity, EntityUid, RestrictedExpression};
use ringfence_findings::finding::Finding;
use ringfence_findings::observation::Details;
use serde_json::Value;

use super::names::Names;
use super::reads::{FactName, Facts, Reads};
use crate::context::{AccountContext, Context, Fact};
use crate::risk_score::levels;

type Pairs = Vec<(String, RestrictedExpression)>;

/// What is put to the rules.
pub(super) struct Question {
    pub(super) finding: EntityUid,
    pub(super) entities: Entities,
    /// The context without the risk score.
    around: Pairs,
    pub(super) missing: Facts,
}

impl Question {
    /// # Errors
    /// What Cedar says of values that it cannot have.
    pub(super) fn new(
        finding: &Finding,
        context: &Context,
        needs: &Reads,
        names: &Names,
    ) -> Result<Self, String> {
        let mut making = Making { names, entities: Vec::new(), around: Vec::new() };
        let mut missing = Facts::default();
        for fact in FactName::ALL {
            let is_known = making.fact(fact, context, needs.facts.contains(fact))?;
            if !is_known {
                missing = missing.with(fact);
            }
        }
        if needs.whole_context || needs.context.contains("at") {
            making.around.push(("at".to_owned(), time(context.at)));
        }
        let uid = names.finding_of(finding.id());
        making.finding(&uid, finding, needs)?;
        let entities =
            Entities::from_entities(making.entities, None).map_err(|error| error.to_string())?;
        Ok(Self { finding: uid, entities, around: making.around, missing })
    }

    /// The context with this risk score.
    ///
    /// # Errors
    /// What Cedar says.
    pub(super) fn around(&self, score: u8) -> Result<CedarContext, String> {
        let score = ("riskScore".to_owned(), RestrictedExpression::new_long(i64::from(score)));
        CedarContext::from_pairs(self.around.iter().cloned().chain([score]))
            .map_err(|error| error.to_string())
    }
}

struct Making<'m> {
    names: &'m Names,
    entities: Vec<Entity>,
    around: Pairs,
}

impl Making<'_> {
    /// Adds a fact where it is known and `needed`; gives whether it is known.
    fn fact(&mut self, fact: FactName, context: &Context, needed: bool) -> Result<bool, String> {
        let value = match fact {
            FactName::Tags => match (&context.tags, needed) {
                (Fact::Known(tags), true) => Some(self.texts("tags", tags)?),
                (own, _) => return Ok(own.known().is_some()),
            },
            FactName::KeyAliases => match (&context.key_aliases, needed) {
                (Fact::Known(aliases), true) => Some(set(aliases.iter().map(String::as_str))),
                (own, _) => return Ok(own.known().is_some()),
            },
            FactName::Account => match (&context.account, needed) {
                (Fact::Known(account), true) => {
                    Some(record(self.account("accountTags", account)?)?)
                }
                (own, _) => return Ok(own.known().is_some()),
            },
            FactName::PrincipalAccount => match (&context.principal_account, needed) {
                (Fact::Known(account), true) => {
                    let nobody = AccountContext::default();
                    let mut pairs =
                        self.account("principalAccountTags", account.as_ref().unwrap_or(&nobody))?;
                    pairs.push(("inside".to_owned(), truth(account.is_some())));
                    Some(record(pairs)?)
                }
                (own, _) => return Ok(own.known().is_some()),
            },
            FactName::DataClassification => match (&context.data_classification, needed) {
                (Fact::Known(word), true) => Some(record(vec![
                    ("classified".to_owned(), truth(word.is_some())),
                    ("value".to_owned(), text(word.as_deref().unwrap_or_default())),
                ])?),
                (own, _) => return Ok(own.known().is_some()),
            },
            FactName::Partner => match (&context.partner, needed) {
                (Fact::Known(partner), true) => {
                    let own = |get: fn(&crate::context::Partner) -> &String| {
                        text(partner.as_ref().map(get).map_or("", String::as_str))
                    };
                    let expired = partner.as_ref().is_some_and(|own| own.is_expired(context.at));
                    Some(record(vec![
                        ("known".to_owned(), truth(partner.is_some())),
                        ("expired".to_owned(), truth(expired)),
                        ("vendor".to_owned(), own(|partner| &partner.vendor)),
                        ("owner".to_owned(), own(|partner| &partner.owner)),
                    ])?)
                }
                (own, _) => return Ok(own.known().is_some()),
            },
            FactName::ChangedBy => match (&context.changed_by, needed) {
                (Fact::Known(change), true) => Some(record(vec![
                    ("who".to_owned(), text(&change.who)),
                    ("at".to_owned(), time(change.at)),
                    ("eventName".to_owned(), text(&change.event_name)),
                ])?),
                (own, _) => return Ok(own.known().is_some()),
            },
        };
        self.around.extend(value.map(|value| (fact.attribute().to_owned(), value)));
        Ok(true)
    }

    fn account(&mut self, tags: &str, account: &AccountContext) -> Result<Pairs, String> {
        Ok(vec![
            ("name".to_owned(), text(&account.name)),
            ("ouPath".to_owned(), text(&account.ou_path)),
            ("tags".to_owned(), self.texts(tags, &account.tags)?),
        ])
    }

    /// Adds an entity of texts, and gives what refers to it.
    fn texts(
        &mut self,
        id: &str,
        texts: &BTreeMap<String, String>,
    ) -> Result<RestrictedExpression, String> {
        let uid = self.names.texts_of(id);
        let tags = texts.iter().map(|(key, value)| (key.clone(), text(value)));
        let entity = Entity::new_with_tags(uid.clone(), [], HashSet::new(), tags)
            .map_err(|error| error.to_string())?;
        self.entities.push(entity);
        Ok(RestrictedExpression::new_entity_uid(uid))
    }

    fn finding(&mut self, uid: &EntityUid, finding: &Finding, needs: &Reads) -> Result<(), String> {
        let mut attributes = HashMap::new();
        for name in ATTRIBUTES {
            if needs.whole_finding || needs.finding.contains(*name) {
                attributes.insert((*name).to_owned(), self.attribute(name, finding)?);
            }
        }
        let entity = Entity::new(uid.clone(), attributes, HashSet::new())
            .map_err(|error| error.to_string())?;
        self.entities.push(entity);
        Ok(())
    }

    fn attribute(&mut self, name: &str, finding: &Finding) -> Result<RestrictedExpression, String> {
        let observation = &finding.observation;
        let internal = match &observation.details {
            Details::Internal(access) => Some(access),
            Details::External(_) | Details::Error { .. } => None,
        };
        Ok(match name {
            "id" => text(finding.id()),
            "findingType" => text(observation.finding_type().as_str()),
            "resource" => text(&observation.resource),
            "resourceType" => text(&observation.resource_type),
            "resourceAccount" => text(&observation.resource_owner_account),
            "region" => text(&observation.region),
            "isPublic" => truth(observation.is_public() == Some(true)),
            "principal" => {
                let entry = observation.principal().and_then(BTreeMap::first_key_value);
                let (kind, value) = entry.map_or(("", ""), |(kind, value)| (kind, value));
                record(vec![
                    ("kind".to_owned(), text(kind)),
                    ("value".to_owned(), text(value)),
                    ("account".to_owned(), text(principal_account(finding).unwrap_or_default())),
                ])?
            }
            "principalType" => text(internal.map_or("", |own| &own.principal_type)),
            "accessType" => text(internal.map_or("", |own| &own.access_type)),
            "actions" => set(observation.action().unwrap_or_default().iter().map(String::as_str)),
            "accessLevels" => set(levels(finding).iter().map(|level| level.as_str())),
            "conditionKeys" => {
                set(observation.condition().into_iter().flatten().map(|(key, _)| key.as_str()))
            }
            "conditions" => {
                let none = BTreeMap::new();
                self.texts("conditions", observation.condition().unwrap_or(&none))?
            }
            "sources" => set(sources(&observation.details)
                .iter()
                .filter_map(|own| own.get("type").and_then(Value::as_str))),
            "resourceControlPolicyRestriction" => {
                text(observation.resource_control_policy_restriction().unwrap_or_default())
            }
            _ => time(finding.created_at),
        })
    }
}

/// The attributes of a finding in the schema.
const ATTRIBUTES: &[&str] = &[
    "id",
    "findingType",
    "resource",
    "resourceType",
    "resourceAccount",
    "region",
    "isPublic",
    "principal",
    "principalType",
    "accessType",
    "actions",
    "accessLevels",
    "conditionKeys",
    "conditions",
    "sources",
    "resourceControlPolicyRestriction",
    "createdAt",
];

/// The account of the principal: of an account id, an ARN, or as internal findings say it.
#[must_use]
pub fn principal_account(finding: &Finding) -> Option<&str> {
    if let Details::Internal(access) = &finding.observation.details {
        return Some(&access.principal_owner_account);
    }
    let is_account = |own: &&str| own.len() == 12 && own.bytes().all(|byte| byte.is_ascii_digit());
    let (_, principal) = finding.observation.principal()?.first_key_value()?;
    let of_arn = principal.strip_prefix("arn:").and_then(|own| own.split(':').nth(3));
    of_arn.or(Some(principal)).filter(is_account)
}

fn sources(details: &Details) -> &[Value] {
    match details {
        Details::External(access) => &access.sources,
        Details::Internal(access) => &access.sources,
        Details::Error { .. } => &[],
    }
}

fn text(own: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(own.to_owned())
}

fn truth(own: bool) -> RestrictedExpression {
    RestrictedExpression::new_bool(own)
}

fn time(at: jiff::Timestamp) -> RestrictedExpression {
    RestrictedExpression::new_datetime(crate::record::written(at))
}

fn set<'s>(own: impl Iterator<Item = &'s str>) -> RestrictedExpression {
    RestrictedExpression::new_set(own.map(text))
}

fn record(pairs: Pairs) -> Result<RestrictedExpression, String> {
    RestrictedExpression::new_record(pairs).map_err(|error| error.to_string())
}
