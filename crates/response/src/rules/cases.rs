//! Cases that a folder of rules brings along: a finding and its context, and what the rules have to decide.
//!
//! A member of `[case.context]` that is left out is not known; one that is there is. `docs/rules.md` lists them all.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use ringfence_findings::finding::{Finding, FindingStatus};
use ringfence_findings::observation::{Details, ExternalAccess, InternalAccess, Observation};
use serde::Deserialize;
use serde_json::json;
use toml::Spanned;

use super::{RuleProblem, RuleSet, Safety};
use crate::context::{AccessChange, AccountContext, Context, Fact, Partner, TagChange};
use crate::decision::{Decision, ResponseAction};
use crate::place::place_of;
use crate::risk_score::{Contribution, RiskScore, risk_score};

/// The cases of a file.
#[derive(Clone, Debug)]
pub struct Cases {
    /// The cases, in the order of the file.
    pub cases: Vec<RuleCase>,
    /// What stands below the rules in these cases.
    pub safety: Safety,
}

/// A finding and its context, and what has to be decided.
#[derive(Clone, Debug)]
pub struct RuleCase {
    /// Its name.
    pub name: String,
    /// The file it is in.
    pub file: String,
    /// The line it begins at.
    pub line: usize,
    /// The finding.
    pub finding: Finding,
    /// What is known around it.
    pub context: Context,
    /// Its risk score.
    pub risk_score: RiskScore,
    /// What has to be decided.
    pub expect: ResponseAction,
    /// A rule that has to be among those that decided.
    pub rule: Option<String>,
}

/// Why a case is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFailure {
    /// What was decided instead.
    pub decision: Decision,
    /// What was expected.
    pub expected: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    safety: Safety,
    #[serde(default)]
    case: Vec<Spanned<RawCase>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCase {
    name: String,
    expect: ResponseAction,
    rule: Option<String>,
    finding: RawFinding,
    #[serde(default)]
    context: RawContext,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct RawFinding {
    resource_type: String,
    resource: String,
    resource_owner_account: String,
    region: String,
    principal: BTreeMap<String, String>,
    action: Vec<String>,
    condition: BTreeMap<String, String>,
    is_public: bool,
    sources: Vec<String>,
    access_levels: Option<Vec<String>>,
    principal_type: Option<String>,
    access_type: Option<String>,
    created_at: Timestamp,
}

impl Default for RawFinding {
    fn default() -> Self {
        Self {
            resource_type: "AWS::S3::Bucket".to_owned(),
            resource: "arn:aws:s3:::example".to_owned(),
            resource_owner_account: "111122223333".to_owned(),
            region: "us-east-1".to_owned(),
            principal: BTreeMap::from([("AWS".to_owned(), "999988887777".to_owned())]),
            action: Vec::new(),
            condition: BTreeMap::new(),
            is_public: false,
            sources: Vec::new(),
            access_levels: None,
            principal_type: None,
            access_type: None,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct RawContext {
    at: Option<Timestamp>,
    risk_score: Option<u8>,
    tags: Option<BTreeMap<String, String>>,
    /// Those of `tags` where it is left out.
    tags_when_seen: Option<BTreeMap<String, String>>,
    tag_setters: Option<BTreeMap<String, TagChange>>,
    vouched_tags: BTreeMap<String, String>,
    key_aliases: Option<BTreeSet<String>>,
    account: Option<AccountContext>,
    /// An empty name stands for an account that is not of the organization.
    principal_account: Option<AccountContext>,
    /// An empty text stands for data that nobody classified.
    data_classification: Option<String>,
    partner: Option<RawPartner>,
    changed_by: Option<AccessChange>,
}

/// `{}` stands for nobody who is known.
#[derive(Deserialize)]
#[serde(untagged)]
enum RawPartner {
    Known(Partner),
    Nobody(Nobody),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nobody {}

impl Cases {
    /// Reads the text of `file`.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn read(file: &str, text: &str) -> Result<Self, RuleProblem> {
        let document: Document = toml::from_str(text).map_err(|error| {
            let (line, column) = place_of(text, error.span().map_or(0, |span| span.start));
            let message = error.message().to_owned();
            RuleProblem { file: file.to_owned(), line, column, message }
        })?;
        let case = |raw: Spanned<RawCase>| {
            let (line, _) = place_of(text, raw.span().start);
            raw.into_inner().case(file, line)
        };
        Ok(Self { cases: document.case.into_iter().map(case).collect(), safety: document.safety })
    }
}

impl RuleCase {
    /// Whether `rules` decide what is expected.
    ///
    /// # Errors
    /// What they decide instead.
    pub fn run(&self, rules: &RuleSet, safety: &Safety) -> Result<Decision, CaseFailure> {
        let decision = rules.decide(&self.finding, &self.context, &self.risk_score, safety);
        let is_by = self.rule.as_ref().is_none_or(|rule| decision.rules.contains(rule));
        if decision.action == self.expect && is_by {
            return Ok(decision);
        }
        let expected = match &self.rule {
            Some(rule) => format!("{} by `{rule}`", self.expect.as_str()),
            None => self.expect.as_str().to_owned(),
        };
        Err(CaseFailure { decision, expected })
    }
}

impl RawCase {
    fn case(self, file: &str, line: usize) -> RuleCase {
        let finding = self.finding.finding(&self.name);
        let given = self.context.risk_score;
        let context = self.context.context();
        let computed = risk_score(&finding, &context);
        let risk_score = match given {
            Some(points) => RiskScore::of(vec![Contribution {
                factor: "given".to_owned(),
                points,
                most: 100,
                why: "the case says so".to_owned(),
            }]),
            None => computed,
        };
        RuleCase {
            name: self.name,
            file: file.to_owned(),
            line,
            finding,
            context,
            risk_score,
            expect: self.expect,
            rule: self.rule,
        }
    }
}

impl RawFinding {
    fn finding(self, name: &str) -> Finding {
        let evidence = match &self.access_levels {
            Some(levels) => json!({ "accessLevels": levels }),
            None => json!(null),
        };
        let sources = self.sources.iter().map(|own| json!({ "type": own })).collect();
        let restriction = "NOT_APPLICABLE".to_owned();
        let details = match self.access_type {
            None => Details::External(ExternalAccess {
                principal: self.principal,
                action: self.action,
                condition: self.condition,
                is_public: self.is_public,
                sources,
                resource_control_policy_restriction: restriction,
                evidence,
            }),
            Some(access_type) => Details::Internal(InternalAccess {
                principal_owner_account: account_of(&self.principal),
                principal: self.principal,
                principal_type: self.principal_type.unwrap_or_else(|| "IAM_ROLE".to_owned()),
                access_type,
                action: self.action,
                condition: self.condition,
                sources,
                service_control_policy_restriction: restriction.clone(),
                resource_control_policy_restriction: restriction,
                evidence,
            }),
        };
        Finding {
            observation: Observation {
                id: name.to_owned(),
                resource: self.resource,
                resource_type: self.resource_type,
                resource_owner_account: self.resource_owner_account,
                region: self.region,
                details,
            },
            status: FindingStatus::Active,
            archived_by: None,
            created_at: self.created_at,
            analyzed_at: self.created_at,
            updated_at: self.created_at,
        }
    }
}

fn account_of(principal: &BTreeMap<String, String>) -> String {
    let arn = principal.values().next().map_or("", String::as_str);
    arn.split(':').nth(4).unwrap_or(arn).to_owned()
}

impl RawContext {
    fn context(self) -> Context {
        fn fact<T>(value: Option<T>) -> Fact<T> {
            value.map_or_else(|| Fact::missing("the case leaves it out"), Fact::Known)
        }
        let vouched = self.vouched_tags.into_iter();
        Context {
            at: self.at.unwrap_or(Timestamp::UNIX_EPOCH),
            tags_when_seen: fact(self.tags_when_seen.or_else(|| self.tags.clone())),
            tags: fact(self.tags),
            tag_setters: fact(self.tag_setters),
            unexplained_tags: BTreeSet::new(),
            vouched_tags: vouched.map(|(key, value)| (key, Some(value))).collect(),
            key_aliases: fact(self.key_aliases),
            account: fact(self.account),
            principal_account: fact(
                self.principal_account.map(|own| Some(own).filter(|own| !own.name.is_empty())),
            ),
            data_classification: fact(
                self.data_classification.map(|own| Some(own).filter(|own| !own.is_empty())),
            ),
            partner: fact(self.partner.map(|own| match own {
                RawPartner::Known(partner) => Some(partner),
                RawPartner::Nobody(Nobody {}) => None,
            })),
            changed_by: fact(self.changed_by),
        }
    }
}
