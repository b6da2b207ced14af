//! What a step of a path can be taken on.

use std::collections::{BTreeMap, BTreeSet};

use ringfence_policy::evaluate::{Decision, document_decision};
use ringfence_policy::{
    AccountId, Caller, ConditionKey, ContextValue, PolicyDocument, RequestContext,
};
use ringfence_reasoning::Limit;

use super::paths::{KeyIs, Step, Target};
use crate::meaning::boxes::Requests;

/// The account, partition and Region of targets where the policy names none.
const ACCOUNT: &str = "111122223333";
const PARTITION: &str = "aws";
const REGION: &str = "us-east-1";
/// The name of a target that the policy says nothing about.
const NAME: &str = "unrelated";
/// So many places that the policy names are tried.
const PLACES: usize = 8;

/// A request of the step that the policy allows, if there is one.
///
/// The likeliest request is put to the evaluator first; the engine decides where that one is not allowed.
pub(super) fn reach(policy: &PolicyDocument, step: &Step) -> Result<Option<RequestContext>, Limit> {
    let places = places(policy);
    let likely = places.iter().map(|place| place.request(step));
    if let Some(request) =
        likely.into_iter().find(|request| document_decision(policy, request) == Decision::Allowed)
    {
        return Ok(Some(request));
    }
    requests(policy, step, &places).allowed_by(policy)
}

fn requests(policy: &PolicyDocument, step: &Step, places: &BTreeSet<Place>) -> Requests {
    let mut requests = Requests { action: step.action.to_owned(), ..Requests::default() };
    match step.target {
        Target::Any => requests.resources = vec![pattern(step.resource)],
        Target::Unnamed => {
            requests.resources = vec![pattern(step.resource)];
            requests.other_resources = named(policy);
        }
        Target::Unrelated => {
            requests.resources = places.iter().map(|own| own.resource(step.resource)).collect();
            for key in tags(policy).into_iter().chain(variables_in_names(policy)) {
                requests.with("Null", key, ["true"]);
            }
        }
    }
    for key in step.keys {
        match key {
            KeyIs::Value(key, value) => requests.with("StringEquals", *key, [*value]),
            KeyIs::Absent(key) => requests.with("Null", *key, ["true"]),
        }
    }
    requests
}

/// The resources that the policy names without wildcards or variables.
fn named(policy: &PolicyDocument) -> Vec<String> {
    let elements = policy.statements.iter().filter_map(|own| own.resource.as_ref());
    let patterns = elements.flat_map(|element| &element.patterns);
    patterns.filter_map(|own| own.value.as_literal().map(str::to_owned)).collect()
}

/// The keys of the target's tags that the policy asks for. An unrelated target has none of them.
fn tags(policy: &PolicyDocument) -> BTreeSet<String> {
    let conditions = policy.statements.iter().flat_map(|own| &own.conditions);
    let keys = conditions.map(|condition| condition.key.value.folded().to_owned());
    keys.filter(|key| key.contains(":resourcetag/")).collect()
}

/// The keys that say which names the holder reaches: `user/${aws:username}`. A target whose name follows from the holder
/// is not unrelated.
fn variables_in_names(policy: &PolicyDocument) -> BTreeSet<String> {
    let elements = policy.statements.iter().filter_map(|own| own.resource.as_ref());
    let patterns = elements.flat_map(|element| &element.patterns);
    let keys = patterns.flat_map(|own| own.value.variables());
    keys.filter(|key| !ACCOUNT_KEYS.contains(key)).map(str::to_owned).collect()
}

/// Keys that say in which account something is.
const ACCOUNT_KEYS: &[&str] = &["aws:principalaccount", "aws:resourceaccount"];

/// `arn:*:iam::*:role/*` of `arn:{partition}:iam::{account}:role/{name}`.
pub(super) fn pattern(form: &str) -> String {
    ["{partition}", "{region}", "{account}", "{name}"]
        .iter()
        .fold(form.to_owned(), |text, part| text.replace(part, "*"))
}

/// Where a target can be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    partition: String,
    region: String,
    account: String,
}

/// The places that the policy's resources name, with the usual ones where they leave something open.
fn places(policy: &PolicyDocument) -> BTreeSet<Place> {
    let elements = policy.allow_statements().filter_map(|own| own.resource.as_ref());
    let patterns = elements.flat_map(|element| &element.patterns);
    let mut places: BTreeSet<Place> =
        patterns.take(PLACES).map(|own| Place::of(own.value.text())).collect();
    if places.is_empty() {
        places.insert(Place::of("*"));
    }
    places
}

impl Place {
    fn of(arn: &str) -> Self {
        let mut fields = arn.split(':').skip(1);
        let partition = fields.next();
        let (region, account) = (fields.nth(1), fields.next());
        let plain = |field: Option<&str>, usual: &str| match field {
            Some(text) if !text.is_empty() && !text.contains(['*', '?', '$', '{']) => {
                text.to_owned()
            }
            Some(_) | None => usual.to_owned(),
        };
        let account = account.filter(|text| AccountId::new(text).is_some());
        Self {
            partition: plain(partition, PARTITION),
            region: plain(region, REGION),
            account: plain(account, ACCOUNT),
        }
    }

    fn resource(&self, form: &str) -> String {
        form.replace("{partition}", &self.partition)
            .replace("{region}", &self.region)
            .replace("{account}", &self.account)
            .replace("{name}", NAME)
    }

    fn request(&self, step: &Step) -> RequestContext {
        let holder = format!("arn:{}:iam::{}:role/holder", self.partition, self.account);
        let context: BTreeMap<ConditionKey, ContextValue> = step
            .keys
            .iter()
            .filter_map(|key| match key {
                KeyIs::Value(key, value) => {
                    Some((ConditionKey::new(key), ContextValue::Single((*value).to_owned())))
                }
                KeyIs::Absent(_) => None,
            })
            .collect();
        RequestContext {
            caller: Caller::parse(&holder).unwrap_or(Caller::Anonymous),
            action: step.action.to_owned(),
            resource: self.resource(step.resource),
            resource_account: None,
            context,
        }
    }
}
