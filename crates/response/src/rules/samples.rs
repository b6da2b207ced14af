//! Public findings made up from what a rule compares with.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use ringfence_findings::finding::{Finding, FindingStatus};
use ringfence_findings::observation::{Details, ExternalAccess, Observation};
use serde_json::{Value, json};

use super::Rule;
use super::reads::Reads;
use crate::context::{AccessChange, AccountContext, Context, Fact, Partner};
use crate::text::shown;

/// How many are made up for a rule, at most.
const MOST: usize = 600;

/// A public finding and its context.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) finding: Finding,
    pub(super) context: Context,
    pub(super) risk_score: u8,
}

impl Default for Sample {
    fn default() -> Self {
        let at = Timestamp::UNIX_EPOCH;
        let access = ExternalAccess {
            principal: BTreeMap::from([("AWS".to_owned(), "*".to_owned())]),
            action: vec!["s3:GetObject".to_owned()],
            is_public: true,
            sources: vec![json!({ "type": "POLICY" })],
            resource_control_policy_restriction: "NOT_APPLICABLE".to_owned(),
            evidence: json!({ "accessLevels": ["Read"] }),
            ..ExternalAccess::default()
        };
        let tags = BTreeMap::new();
        Self {
            finding: Finding {
                observation: Observation {
                    id: "00000000-0000-5000-8000-000000000000".to_owned(),
                    resource: "arn:aws:s3:::example".to_owned(),
                    resource_type: "AWS::S3::Bucket".to_owned(),
                    resource_owner_account: "111122223333".to_owned(),
                    region: "us-east-1".to_owned(),
                    details: Details::External(access),
                },
                status: FindingStatus::Active,
                archived_by: None,
                created_at: at,
                analyzed_at: at,
                updated_at: at,
            },
            context: Context {
                at,
                tags: Fact::Known(tags.clone()),
                tags_when_seen: Fact::Known(tags),
                tag_setters: Fact::Known(BTreeMap::new()),
                unexplained_tags: BTreeSet::new(),
                vouched_tags: BTreeMap::new(),
                key_aliases: Fact::Known(BTreeSet::new()),
                account: Fact::Known(AccountContext::default()),
                principal_account: Fact::Known(None),
                data_classification: Fact::Known(None),
                partner: Fact::Known(None),
                changed_by: Fact::Known(AccessChange {
                    who: String::new(),
                    at,
                    event_name: String::new(),
                    event_id: String::new(),
                }),
            },
            risk_score: 50,
        }
    }
}

/// Something that a rule compares an attribute with: the way to it from `resource` or `context`, and the value.
type Compared = (Vec<String>, String);

/// Public findings that a rule could hold for.
pub(super) fn samples(rule: &Rule) -> Vec<Sample> {
    let mut compared: Vec<Compared> = Vec::new();
    rule.conjuncts.iter().for_each(|own| literals(&own.expression, &mut compared));
    let mut choices: BTreeMap<Vec<String>, Vec<String>> = BTreeMap::new();
    for (way, value) in compared {
        let values = choices.entry(way).or_default();
        if !values.contains(&value) {
            values.push(value);
        }
    }
    let choices: Vec<(Vec<String>, Vec<String>)> = choices.into_iter().collect();
    let combinations: usize = choices
        .iter()
        .try_fold(1usize, |all, (_, values)| all.checked_mul(values.len() + 1))
        .unwrap_or(usize::MAX);
    let mut samples = Vec::new();
    for number in 0..combinations.min(MOST) {
        let mut sample = Sample::default();
        let mut rest = number;
        for (way, values) in &choices {
            let choice = rest % (values.len() + 1);
            rest /= values.len() + 1;
            // The first number takes every value that the rule names first.
            if let Some(value) = values.get(choice) {
                sample.set(way, value);
            }
        }
        for score in [50, 0, 100] {
            samples.push(Sample { risk_score: score, ..sample.clone() });
        }
    }
    samples
}

/// What an expression compares with literals.
fn literals(expression: &Value, into: &mut Vec<Compared>) {
    match expression {
        Value::Array(items) => items.iter().for_each(|item| literals(item, into)),
        Value::Object(members) => {
            for (operator, inner) in members {
                let sides = [inner.get("left"), inner.get("right")];
                match (operator.as_str(), sides) {
                    (
                        "==" | "!=" | "in" | "contains" | "containsAll" | "containsAny",
                        [Some(left), Some(right)],
                    ) => {
                        pair(left, right, into);
                        pair(right, left, into);
                    }
                    ("hasTag", [Some(left), Some(right)]) => {
                        if let (Some(mut way), Some(key)) = (way(left), word(right)) {
                            way.push(key.to_owned());
                            into.push((way, "true".to_owned()));
                        }
                    }
                    ("like", [Some(left), _]) => {
                        if let Some(way) = way(left) {
                            into.push((way, example_of(inner.get("pattern"))));
                        }
                    }
                    (".", _) => {
                        if let Some(way) = way(expression) {
                            into.push((way, "true".to_owned()));
                        }
                    }
                    _ => {}
                }
                literals(inner, into);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn pair(attribute: &Value, value: &Value, into: &mut Vec<Compared>) {
    let Some(way) = way(attribute) else { return };
    let several = value.get("Set").and_then(Value::as_array);
    let values = several.map_or_else(|| vec![value], |items| items.iter().collect());
    into.extend(values.into_iter().filter_map(word).map(|word| (way.clone(), word.to_owned())));
}

fn word(expression: &Value) -> Option<&str> {
    expression.get("Value").and_then(Value::as_str)
}

/// The names from a variable to what an expression stands for.
fn way(expression: &Value) -> Option<Vec<String>> {
    if let Some(variable) = expression.get("Var").and_then(Value::as_str) {
        return Some(vec![variable.to_owned()]);
    }
    let (inner, name) = match (expression.get("."), expression.get("getTag")) {
        (Some(inner), _) => (inner, inner.get("attr").and_then(Value::as_str)?),
        (None, Some(inner)) => (inner, word(inner.get("right")?)?),
        (None, None) => return None,
    };
    let mut names = way(inner.get("left")?)?;
    names.push(name.to_owned());
    Some(names)
}

/// A text that a pattern of `like` fits.
fn example_of(pattern: Option<&Value>) -> String {
    let parts = pattern.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    parts.iter().filter_map(|part| part.get("Literal")).filter_map(Value::as_str).collect()
}

impl Sample {
    /// Gives an attribute a value, where there is such an attribute of public findings.
    fn set(&mut self, way: &[String], value: &str) {
        let names: Vec<&str> = way.iter().map(String::as_str).collect();
        let own = || value.to_owned();
        let observation = &mut self.finding.observation;
        let Details::External(access) = &mut observation.details else { return };
        let context = &mut self.context;
        match names.as_slice() {
            ["resource", "resource"] => observation.resource = own(),
            ["resource", "resourceType"] => observation.resource_type = own(),
            ["resource", "resourceAccount"] => observation.resource_owner_account = own(),
            ["resource", "region"] => observation.region = own(),
            ["resource", "id"] => observation.id = own(),
            ["resource", "actions"] => access.action.push(own()),
            ["resource", "accessLevels"] => access.evidence = json!({ "accessLevels": [value] }),
            ["resource", "sources"] => access.sources.push(json!({ "type": value })),
            ["resource", "conditionKeys"] => _ = access.condition.insert(own(), String::new()),
            ["resource", "conditions", key] => {
                _ = access.condition.insert((*key).to_owned(), own())
            }
            ["resource", "resourceControlPolicyRestriction"] => {
                access.resource_control_policy_restriction = own();
            }
            ["context", "tags", key] => {
                if let Fact::Known(tags) = &mut context.tags {
                    tags.insert((*key).to_owned(), own());
                }
            }
            ["context", "keyAliases"] => context.key_aliases = Fact::Known(BTreeSet::from([own()])),
            ["context", "account", rest @ ..] => {
                if let Fact::Known(account) = &mut context.account {
                    set_account(account, rest, value);
                }
            }
            ["context", "principalAccount", rest @ ..] => {
                let mut account =
                    context.principal_account.known().cloned().flatten().unwrap_or_default();
                set_account(&mut account, rest, value);
                context.principal_account = Fact::Known(Some(account));
            }
            ["context", "dataClassification", _] => {
                context.data_classification = Fact::Known(Some(own()));
            }
            ["context", "partner", name] => {
                let mut partner = context.partner.known().cloned().flatten().unwrap_or(Partner {
                    vendor: "Example".to_owned(),
                    owner: "somebody".to_owned(),
                    expires: jiff::civil::Date::MAX,
                });
                match *name {
                    "vendor" => partner.vendor = own(),
                    "owner" => partner.owner = own(),
                    "expired" => partner.expires = jiff::civil::Date::MIN,
                    _ => {}
                }
                context.partner = Fact::Known(Some(partner));
            }
            ["context", "changedBy", name] => {
                if let Fact::Known(change) = &mut context.changed_by {
                    match *name {
                        "who" => change.who = own(),
                        "eventName" => change.event_name = own(),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    /// The sample for a person: the resource, and what of the context a rule reads.
    pub(super) fn told(&self, reads: &Reads) -> String {
        let observation = &self.finding.observation;
        let mut told = format!(
            "{} `{}` open to anybody",
            shown(&observation.resource_type),
            shown(&observation.resource)
        );
        let tags = self.context.tags.known().into_iter().flatten();
        for (key, value) in tags.filter(|(key, _)| reads.tags.contains(*key)) {
            told.push_str(&format!(", tagged `{}={}`", shown(key), shown(value)));
        }
        if let Some(Some(word)) = self.context.data_classification.known() {
            told.push_str(&format!(", classified `{}`", shown(word)));
        }
        if reads.context.contains("riskScore") {
            told.push_str(&format!(", with a risk score of {}", self.risk_score));
        }
        told
    }
}

fn set_account(account: &mut AccountContext, way: &[&str], value: &str) {
    match way {
        ["name"] => account.name = value.to_owned(),
        ["ouPath"] => account.ou_path = value.to_owned(),
        ["tags", key] => _ = account.tags.insert((*key).to_owned(), value.to_owned()),
        _ => {}
    }
}
