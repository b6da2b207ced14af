//! The question that all resources with policies share: who outside may do which of these actions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ringfence_policy::catalogue::Catalogue;
use ringfence_policy::location::Position;
use ringfence_policy::{Caller, Polarity, PolicyDocument, Principal, RequestContext, Statement};
use ringfence_reasoning::abstraction::{
    ActionMatcher, Description, ExternalAccess, external_access,
};
use ringfence_reasoning::{Answer, Limit, RequestBox, ZoneOfTrust, anything_allowed};
use serde_json::json;

use crate::inventory::PolicySource;
use crate::observation::{GrantedBy, ObservedPrincipal};
use crate::synthetic::{self, request_box};

/// The condition keys that findings report:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-filter-keys.html>.
const REPORTED_KEYS: &[&str] = &[
    "accounts.google.com:aud",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIp",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:UserId",
    "cognito-identity.amazonaws.com:aud",
    "graph.facebook.com:app_id",
    "kms:CallerAccount",
    "lambda:EventSourceToken",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "www.amazon.com:app_id",
];

/// A policy document and where its statements come from.
pub(crate) struct Origin<'o> {
    pub(crate) document: PolicyDocument,
    pub(crate) place: Place<'o>,
}

/// Where statements stand.
pub(crate) enum Place<'o> {
    /// In a policy.
    Policy(&'o PolicySource),
    /// Each statement stands for something at one position of the file.
    Positions(&'o Arc<str>, Vec<Position>),
}

impl Origin<'_> {
    pub(crate) fn granted_by(&self, index: usize) -> Option<GrantedBy> {
        match &self.place {
            Place::Policy(source) => {
                let statement = self.document.statements.iter().find(|s| s.index == index)?;
                let place = source.position(statement.span.start);
                let mut granted = GrantedBy::place(source.file(), place);
                granted.statement_index = Some(index);
                granted.sid = statement.sid().map(str::to_owned);
                Some(granted)
            }
            Place::Positions(file, positions) => {
                positions.get(index).map(|position| GrantedBy::place(file, *position))
            }
        }
    }
}

/// An action and the resources, as ARN patterns, that it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ActionOn {
    pub(crate) action: String,
    pub(crate) resources: Vec<String>,
}

/// Who outside may do which of the actions?
pub(crate) struct Question<'q> {
    /// Each layer must allow.
    pub(crate) layers: Vec<Vec<Origin<'q>>>,
    /// Documents whose Deny statements count.
    pub(crate) denying: Vec<&'q PolicyDocument>,
    pub(crate) zone: &'q ZoneOfTrust,
    pub(crate) actions: &'q [ActionOn],
    /// What holds for all requests besides, as statements they match.
    pub(crate) within: Vec<Statement>,
    /// Keys with a known value, in lower case; none for absent.
    pub(crate) known: BTreeMap<String, Option<String>>,
}

/// One way in: what AWS groups into one finding.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub(crate) principal: ObservedPrincipal,
    pub(crate) condition: BTreeMap<String, String>,
    pub(crate) is_public: bool,
    pub(crate) action: BTreeSet<String>,
    pub(crate) granted_by: BTreeSet<GrantedBy>,
    pub(crate) witness: RequestContext,
}

/// Services that answer no unsigned request, so that `*` means everyone with an account:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>.
const SIGNED_ONLY: &[&str] = &["kms", "sts"];

/// The ways in, with actions that share principal, condition and publicity put together.
pub(crate) fn ways(question: &Question<'_>) -> Result<Vec<Way>, Limit> {
    let found = ask(question, None)?;
    let unsigned = found.iter().any(|way| way.witness.caller == Caller::Anonymous);
    let service = question.actions.first().and_then(|own| own.action.split(':').next());
    if !unsigned || !service.is_some_and(|service| SIGNED_ONLY.contains(&service)) {
        return Ok(found);
    }
    let signed = json!({"StringNotEquals": {"aws:PrincipalType": "Anonymous"}});
    ask(question, synthetic::within(&signed).as_ref())
}

fn ask(question: &Question<'_>, besides: Option<&Statement>) -> Result<Vec<Way>, Limit> {
    let layers: Vec<Vec<&PolicyDocument>> = question
        .layers
        .iter()
        .map(|layer| layer.iter().map(|origin| &origin.document).collect())
        .collect();
    let zone = zone_named(question.zone, layers.iter().flatten().chain(&question.denying).copied());
    if nobody_gets_in(question, &layers, &zone) {
        return Ok(Vec::new());
    }
    let origins: Vec<&Origin<'_>> = question.layers.iter().flatten().collect();
    let mut ways: BTreeMap<_, Way> = BTreeMap::new();
    for group in groups(question, &layers) {
        let Some(asked) = request_box(&group.asked, &group.resources) else { continue };
        let within: Vec<&Statement> =
            question.within.iter().chain(besides).chain([&asked]).collect();
        let found = external_access(&ExternalAccess {
            layers: &layers,
            denying: &question.denying,
            zone: &zone,
            within: &within,
            known: &question.known,
            reported_keys: REPORTED_KEYS,
        })?;
        for description in found {
            add(&mut ways, description, &group.actions, &origins);
        }
    }
    Ok(ways.into_values().collect())
}

/// Whether nobody outside is allowed anything at all, which is so of most policies: one question then
/// stands for those about every group of actions.
fn nobody_gets_in(
    question: &Question<'_>,
    layers: &[Vec<&PolicyDocument>],
    zone: &ZoneOfTrust,
) -> bool {
    let within = RequestBox {
        matching: question.within.iter().collect(),
        outside: Some(zone),
        untrusted: false,
    };
    anything_allowed(layers, &within) == Answer::Holds
}

/// The zone with only those canonical users that the documents name. Nothing tells the others from users
/// of whom nobody has heard, and a large organization has thousands.
fn zone_named<'d>(
    zone: &ZoneOfTrust,
    documents: impl Iterator<Item = &'d PolicyDocument>,
) -> ZoneOfTrust {
    let elements = documents
        .flat_map(|document| &document.statements)
        .filter_map(|statement| statement.principal.as_ref());
    let named = elements.flat_map(|element| &element.principals).filter_map(|named| {
        let Principal::CanonicalUser(id) = &named.value else { return None };
        zone.canonical_users.get(id).cloned()
    });
    ZoneOfTrust {
        accounts: Arc::clone(&zone.accounts),
        organization: zone.organization.clone(),
        canonical_users: named.collect(),
    }
}

type Key = (ObservedPrincipal, BTreeMap<String, String>, bool);

fn add(
    ways: &mut BTreeMap<Key, Way>,
    description: Description,
    actions: &[String],
    origins: &[&Origin<'_>],
) {
    let condition: BTreeMap<String, String> =
        description.conditions.into_iter().map(|(key, text)| (key.to_string(), text)).collect();
    let principal = observed(&description.principal);
    let granted_by = description.granted_by.iter();
    let granted_by: BTreeSet<GrantedBy> = granted_by
        .filter_map(|(document, statement)| origins.get(*document)?.granted_by(*statement))
        .collect();
    let way = ways
        .entry((principal.clone(), condition.clone(), description.is_public))
        .or_insert_with(|| Way {
            principal,
            condition,
            is_public: description.is_public,
            action: BTreeSet::new(),
            granted_by: BTreeSet::new(),
            witness: description.witness,
        });
    way.action.extend(actions.iter().cloned());
    way.granted_by.extend(granted_by);
}

fn observed(principal: &Principal) -> ObservedPrincipal {
    match principal {
        Principal::Everyone => ObservedPrincipal::Aws("*".to_owned()),
        // AWS shows the root ARN of an account as the bare id.
        Principal::Account { account, .. } => ObservedPrincipal::Aws(account.to_string()),
        Principal::Arn(arn) => ObservedPrincipal::Aws(arn.to_string()),
        Principal::UniqueId(text) | Principal::Unrecognized { text, .. } => {
            ObservedPrincipal::Aws(text.clone())
        }
        Principal::Service(name) | Principal::Federated(name) => {
            ObservedPrincipal::Federated(name.clone())
        }
        Principal::CanonicalUser(id) => ObservedPrincipal::CanonicalUser(id.clone()),
    }
}

/// Actions that no statement tells apart.
struct ActionGroup {
    /// The action that is asked for all of them.
    asked: String,
    actions: Vec<String>,
    resources: Vec<String>,
}

fn groups(question: &Question<'_>, layers: &[Vec<&PolicyDocument>]) -> Vec<ActionGroup> {
    let allowing: Vec<Vec<ActionMatcher>> = layers
        .iter()
        .map(|layer| {
            let statements = layer.iter().flat_map(|document| document.allow_statements());
            statements.map(|statement| ActionMatcher::new(&statement.action)).collect()
        })
        .collect();
    let documents = layers.iter().flatten().chain(&question.denying);
    let denying: Vec<ActionMatcher> = documents
        .flat_map(|document| document.deny_statements())
        .map(|statement| ActionMatcher::new(&statement.action))
        .collect();
    let mut groups: BTreeMap<(Vec<bool>, Vec<String>), ActionGroup> = BTreeMap::new();
    let unknown = unknown_actions(question, layers);
    for ActionOn { action, resources } in question.actions.iter().chain(&unknown) {
        let possible =
            |layer: &Vec<ActionMatcher>| layer.iter().any(|matcher| matcher.matches(action));
        if !allowing.iter().all(possible) {
            continue;
        }
        let all = allowing.iter().flatten().chain(&denying);
        let signature = all.map(|matcher| matcher.matches(action)).collect();
        let group = groups.entry((signature, resources.clone())).or_insert_with(|| ActionGroup {
            asked: action.replace('*', "").replace('?', "x"),
            actions: Vec::new(),
            resources: resources.clone(),
        });
        group.actions.push(action.clone());
    }
    groups.into_values().collect()
}

/// Patterns of Allow statements that match no action of the service that there is are kept as they are
/// written. Those that match only actions which the resource's policy cannot hold, or which it cannot
/// give to other accounts, let nobody in.
fn unknown_actions(question: &Question<'_>, layers: &[Vec<&PolicyDocument>]) -> Vec<ActionOn> {
    let Some(prefix) = question.actions.first().and_then(|own| own.action.split(':').next()) else {
        return Vec::new();
    };
    let all: BTreeSet<String> =
        question.actions.iter().flat_map(|own| own.resources.clone()).collect();
    let mut unknown = BTreeSet::new();
    for statement in layers.iter().flatten().flat_map(|document| document.allow_statements()) {
        for pattern in &statement.action.patterns {
            let text = pattern.value.text();
            let own = text.split(':').next().is_some_and(|own| own.eq_ignore_ascii_case(prefix));
            let alone = ActionMatcher::of_pattern(&pattern.value);
            if own
                && statement.action.polarity == Polarity::Plain
                && !question.actions.iter().any(|known| alone.matches(&known.action))
                && !is_of_service(prefix, &alone)
            {
                let resources = all.iter().cloned().collect();
                unknown.insert(ActionOn { action: text.to_owned(), resources });
            }
        }
    }
    unknown.into_iter().collect()
}

fn is_of_service(prefix: &str, matcher: &ActionMatcher) -> bool {
    let service = Catalogue::embedded().service(prefix);
    service.is_some_and(|own| own.actions().any(|action| matcher.matches(&action.to_string())))
}
