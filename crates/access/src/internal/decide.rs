//! Whether a group of actions is open to a principal, under which conditions, and by which statements.
//!
//! Within one account one of three ways is enough: the resource's policy names the principal itself or
//! everyone; it names the role, and the boundary lets it through; the identity policies allow, and the
//! boundary lets it through (for keys and roles the resource's policy must allow as well). Across accounts
//! both sides must allow. SCPs and RCPs must let all of them through, level by level.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>
//!
//! Statements that settle to "always" decide without a search. The rest is one question a way, which does
//! not depend on principal, resource and action unless a statement asks for them, so that its answer
//! serves all that are alike.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ringfence_policy::{
    ByteSpan, Effect, Form, Pattern, PolicyDocument, RequestContext, Statement, Variables, Version,
    Wildcards, to_canonical_json,
};
use ringfence_reasoning::abstraction::{Description, ExternalAccess, external_access};
use ringfence_reasoning::{Limit, ZoneOfTrust};

use super::known::Circumstances;
use super::member::{Member, MustAllow, Part};
use super::observation::InternalAccessType;
use super::relation::Grant;
use super::settle::{Reliance, Settled, anything};
use crate::synthetic;

/// The keys whose conditions internal findings report: those of external ones that principal and resource
/// do not settle.
const REPORTED_KEYS: &[&str] = &[
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIp",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "lambda:EventSourceToken",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
];

/// A question: one group of actions.
pub(super) struct Asked<'q> {
    pub(super) circumstances: &'q Circumstances<'q>,
    pub(super) access: InternalAccessType,
    pub(super) must_allow: MustAllow,
    pub(super) members: Vec<&'q Member<'q>>,
    pub(super) service_levels: usize,
    pub(super) resource_levels: usize,
    pub(super) reliance: &'q Reliance,
    /// The first action of the group, and what it acts on.
    pub(super) action: &'q str,
    pub(super) arns: &'q [String],
    /// What holds for all requests besides.
    pub(super) within: &'q [Statement],
}

/// A way in.
#[derive(Clone, Debug)]
pub(super) struct WayIn {
    pub(super) condition: BTreeMap<String, String>,
    /// The members of both sides that let it in, by number among [`Asked::members`].
    pub(super) granted: BTreeSet<usize>,
    /// A request that gets in; nothing where every request does. Of its resource only what stands behind
    /// the asked resource's ARN, unless statements ask which resource it is.
    pub(super) witness: Option<RequestContext>,
}

/// What a question comes to: the most general ways in.
pub(super) type Answer = Result<Vec<WayIn>, Limit>;

/// Members of which one must allow.
type Layer = Vec<usize>;

impl Asked<'_> {
    fn layer(&self, wanted: impl Fn(Part) -> bool) -> Layer {
        let allowing = self
            .members
            .iter()
            .enumerate()
            .filter(|(_, own)| own.effect == Effect::Allow && wanted(own.part));
        allowing.map(|(number, _)| number).collect()
    }

    /// The ways, each as the layers that must allow.
    fn paths(&self) -> Vec<Vec<Layer>> {
        let mut ceilings: Vec<Layer> = Vec::new();
        for level in 0..self.service_levels {
            ceilings.push(self.layer(|part| part == Part::Service(level)));
        }
        for level in 0..self.resource_levels {
            ceilings.push(self.layer(|part| part == Part::ResourceControl(level)));
        }
        let identity = self.layer(|part| part == Part::Identity);
        let any_resource = self.layer(|part| matches!(part, Part::Resource(_)));
        let bound = self.circumstances.principal.boundary.is_some();
        let limits: Vec<Layer> =
            bound.then(|| self.layer(|part| part == Part::Boundary)).into_iter().collect();
        let mut by_identity = vec![identity];
        by_identity.extend(limits.clone());
        let mut paths = match (self.access, self.must_allow) {
            (InternalAccessType::IntraOrg, _) => {
                by_identity.push(any_resource);
                vec![by_identity]
            }
            (InternalAccessType::IntraAccount, must_allow) => {
                let direct = self.layer(|part| part == Part::Resource(Grant::Direct));
                let mut by_role = vec![self.layer(|part| part == Part::Resource(Grant::Role))];
                by_role.extend(limits);
                if must_allow == MustAllow::Yes {
                    by_identity.push(any_resource);
                }
                vec![vec![direct], by_role, by_identity]
            }
        };
        paths.retain(|layers| layers.iter().chain(&ceilings).all(|layer| !layer.is_empty()));
        for path in &mut paths {
            path.extend(ceilings.clone());
        }
        paths
    }

    fn is_always(&self, number: usize) -> bool {
        self.members.get(number).is_some_and(|own| matches!(own.settled, Settled::Always))
    }

    fn is_granting(&self, number: usize) -> bool {
        let part = self.members.get(number).map(|own| own.part);
        matches!(part, Some(Part::Identity | Part::Resource(_)))
    }

    fn denies(&self) -> impl Iterator<Item = (usize, &Member<'_>)> {
        let all = self.members.iter().enumerate();
        all.filter(|(_, own)| own.effect == Effect::Deny).map(|(number, own)| (number, *own))
    }

    /// The answer, where no search is needed; else the paths to search.
    pub(super) fn closed_form(&self) -> Result<Vec<WayIn>, Vec<Vec<Layer>>> {
        if self.denies().any(|(number, _)| self.is_always(number)) {
            return Ok(Vec::new());
        }
        let paths = self.paths();
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        if self.denies().next().is_some() {
            return Err(paths);
        }
        let open = |path: &&Vec<Layer>| {
            path.iter().all(|layer| layer.iter().any(|number| self.is_always(*number)))
        };
        let granted: BTreeSet<usize> = paths
            .iter()
            .filter(open)
            .flat_map(|path| path.iter().flatten().copied())
            .filter(|number| self.is_granting(*number) && self.is_always(*number))
            .collect();
        match granted.is_empty() {
            true => Err(paths),
            false => Ok(vec![WayIn { condition: BTreeMap::new(), granted, witness: None }]),
        }
    }

    /// The text under which the answer is remembered: equal for questions that differ in nothing but what
    /// [`Asked::closed_form`] and the search do not look at.
    pub(super) fn key(&self) -> String {
        let mut key = format!(
            "{:?} {:?} {} {} {}",
            self.access,
            self.must_allow,
            self.service_levels,
            self.resource_levels,
            self.circumstances.principal.boundary.is_some()
        );
        let arn = &self.circumstances.resource.arn;
        for own in self.arns {
            key.push(' ');
            key.push_str(own.strip_prefix(arn.as_str()).unwrap_or(own));
        }
        for member in &self.members {
            key.push_str(&format!("\n{:?} {:?} ", member.part, member.effect));
            if let Settled::Sometimes(statement) = &member.settled {
                key.push_str(&self.printed(statement));
            }
        }
        if self.reliance.resource {
            key.push_str(&format!("\n{arn} {}", self.circumstances.resource.account));
        }
        if self.reliance.caller {
            let own = self.circumstances.own_requests(self.reliance);
            key.push_str(&to_canonical_json(&document(vec![own])).to_string());
        }
        key
    }

    /// The statement, with patterns that begin with the resource's ARN told by their ends.
    fn printed(&self, statement: &Statement) -> String {
        let mut statement = statement.clone();
        let arn = &self.circumstances.resource.arn;
        let patterns = statement.resource.iter_mut().flat_map(|element| &mut element.patterns);
        for pattern in patterns.filter(|_| !self.reliance.resource) {
            if let Some(end) = pattern.value.text().strip_prefix(arn.as_str()) {
                let text = format!("{{}}{end}");
                pattern.value = Pattern::new(&text, Wildcards::Yes, Variables::No);
            }
        }
        to_canonical_json(&document(vec![statement])).to_string()
    }

    /// Searches the `paths`.
    pub(super) fn search(&self, paths: &[Vec<Layer>]) -> Answer {
        let denying: Vec<Statement> =
            self.denies().map(|(number, own)| numbered(number, own)).collect();
        let denying = document(denying);
        let own = self.reliance.caller.then(|| self.circumstances.own_requests(self.reliance));
        let own = own.map(|mut own| {
            own.index = usize::MAX;
            document(vec![own])
        });
        let Some(asked) = synthetic::request_box(self.action, self.arns) else {
            return Ok(Vec::new());
        };
        let within: Vec<&Statement> = self.within.iter().chain([&asked]).collect();
        let mut ways: Vec<WayIn> = Vec::new();
        for path in paths {
            let documents: Vec<PolicyDocument> =
                path.iter().map(|layer| self.document(layer)).collect();
            let layers: Vec<Vec<&PolicyDocument>> =
                documents.iter().chain(&own).map(|document| vec![document]).collect();
            let found = external_access(&ExternalAccess {
                layers: &layers,
                denying: &[&denying],
                zone: &ZoneOfTrust::default(),
                within: &within,
                known: &BTreeMap::new(),
                reported_keys: REPORTED_KEYS,
            })?;
            for description in found {
                add(&mut ways, self.way(description));
            }
        }
        Ok(most_general(&ways))
    }

    fn document(&self, layer: &Layer) -> PolicyDocument {
        let members =
            layer.iter().filter_map(|number| Some((*number, *self.members.get(*number)?)));
        document(members.map(|(number, own)| numbered(number, own)).collect())
    }

    fn way(&self, description: Description) -> WayIn {
        let granted = description.granted_by.iter().map(|(_, statement)| *statement);
        let mut witness = description.witness;
        if !self.reliance.resource
            && let Some(end) = witness.resource.strip_prefix(&self.circumstances.resource.arn)
        {
            witness.resource = end.to_owned();
        }
        WayIn {
            condition: description
                .conditions
                .into_iter()
                .map(|(key, text)| (key.to_string(), text))
                .collect(),
            granted: granted.filter(|number| self.is_granting(*number)).collect(),
            witness: Some(witness),
        }
    }
}

/// What is left of a member's statement under the member's number.
fn numbered(number: usize, member: &Member<'_>) -> Statement {
    let mut statement = match &member.settled {
        Settled::Sometimes(statement) => (**statement).clone(),
        Settled::Always | Settled::Never => anything(),
    };
    statement.effect.value = member.effect;
    statement.index = number;
    statement
}

fn document(statements: Vec<Statement>) -> PolicyDocument {
    PolicyDocument {
        version: Version::V2012_10_17,
        id: None,
        statements,
        statement_form: Form::List,
        span: ByteSpan::default(),
    }
}

fn add(ways: &mut Vec<WayIn>, way: WayIn) {
    match ways.iter_mut().find(|known| known.condition == way.condition) {
        Some(known) => known.granted.extend(way.granted),
        None => ways.push(way),
    }
}

/// The ways without those that ask for all that another one asks for, and more.
fn most_general(ways: &[WayIn]) -> Vec<WayIn> {
    let is_wider = |wide: &WayIn, narrow: &WayIn| {
        wide.condition.len() < narrow.condition.len()
            && wide.condition.iter().all(|(key, text)| narrow.condition.get(key) == Some(text))
    };
    let kept = ways.iter().filter(|own| !ways.iter().any(|other| is_wider(other, own)));
    kept.cloned().collect()
}

/// Answers by [`Asked::key`].
pub(super) type Answers = std::sync::RwLock<BTreeMap<String, Arc<Answer>>>;
