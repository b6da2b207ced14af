#![doc = include_str!("sns_topic.md")]

use ringfence_policy::{ConditionKey, ContextValue, PolicyDocument};

use super::{Unit, of_document};
use crate::external::{Analysis, Obstacle, Outcome};
use crate::inventory::{Configuration, Resource, ResourceType};

pub(super) const UNIT: Unit = Unit { resource_type: ResourceType::SnsTopic, analyze };

/// The account that a request is made for: the caller's, unless a service calls.
const SOURCE_OWNER: &str = "aws:SourceOwner";

fn analyze<'a>(analysis: &Analysis<'a>, resource: &'a Resource) -> Outcome<'a> {
    let Configuration::SnsTopic(own) = &resource.configuration else { return Outcome::default() };
    let Some(source) = &own.topic_policy else { return Outcome::default() };
    let Ok(mut document) = source.parse() else {
        return (Vec::new(), vec![Obstacle::Policy(source)]);
    };
    let actions = analysis.actions_on(ResourceType::SnsTopic, |_| Some(resource.arn.clone()));
    let asks_for_owner = read_owner_as_account(&mut document);
    let mut outcome = of_document(analysis, resource, source, document, &actions);
    if asks_for_owner {
        for witness in outcome.0.iter_mut().map(|sourced| &mut sourced.way.witness) {
            if let Some(account) = witness.caller.account() {
                let account = ContextValue::Single(account.to_string());
                witness.context.insert(ConditionKey::new(SOURCE_OWNER), account);
            }
        }
    }
    outcome
}

/// Whether conditions look at the owner; they are read as looking at the caller's account.
pub(crate) fn read_owner_as_account(document: &mut PolicyDocument) -> bool {
    let owner = ConditionKey::new(SOURCE_OWNER);
    let conditions = document.statements.iter_mut().flat_map(|statement| &mut statement.conditions);
    let mut found = false;
    for condition in conditions.filter(|condition| condition.key.value == owner) {
        condition.key.value = ConditionKey::new("aws:PrincipalAccount");
        found = true;
    }
    found
}
