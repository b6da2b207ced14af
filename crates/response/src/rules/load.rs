//! Reads files of rules, and says of each problem where it is.

use std::collections::BTreeMap;
use std::str::FromStr;

use cedar_policy::{
    ActionConstraint, Authorizer, PolicyId, PolicySet, Schema, ValidationMode, Validator,
};
use miette::Diagnostic;
use serde_json::Value;

use super::names::Names;
use super::reads::{Reads, conjuncts};
use super::weakened::{Weakened, without};
use super::{ByAction, Conjunct, Rule, RuleProblem, RuleSet, RuleWarning, SCHEMA, guard};
use crate::decision::ResponseAction;
use crate::place::place_of;
use crate::text::shown;

/// The most rules a set may have.
const MAX_RULES: usize = 1000;
/// The most characters an id may have.
const MAX_ID: usize = 64;

impl RuleSet {
    /// The rules in `files`, each a name and its text.
    ///
    /// # Errors
    /// Everything that is wrong with any of them, by file and place; then none of them is used.
    pub fn load(files: &[(String, String)]) -> Result<Self, Vec<RuleProblem>> {
        let mut problems = Vec::new();
        let mut rules: BTreeMap<String, Rule> = BTreeMap::new();
        let mut warnings = Vec::new();
        let reader = Reader::new().map_err(|problem| vec![problem])?;
        for (file, text) in files {
            match reader.file(file, text) {
                Err(found) => problems.extend(found),
                Ok((found, told)) => {
                    warnings.extend(told);
                    for rule in found {
                        if let Some(other) = rules.get(&rule.id) {
                            let message = format!(
                                "the id `{}` is taken by {}:{}",
                                rule.id, other.file, other.line
                            );
                            problems.push(problem(file, text, None, rule.line, message));
                            continue;
                        }
                        rules.insert(rule.id.clone(), rule);
                    }
                }
            }
        }
        if rules.len() > MAX_RULES {
            let message = format!("there are {} rules; {MAX_RULES} are the most", rules.len());
            problems.push(problem("", "", None, 1, message));
        }
        if !problems.is_empty() {
            problems.sort();
            // What is wrong for each of the actions is wrong once.
            problems.dedup_by_key(|own| (own.file.clone(), own.line, own.column));
            return Err(problems);
        }
        let rules: Vec<Rule> = rules.into_values().collect();
        let set = |action: ResponseAction| {
            let own = rules.iter().filter(|rule| rule.actions.contains(&action));
            PolicySet::from_policies(own.map(|rule| rule.policy.clone()))
                .map_err(|error| vec![problem("", "", None, 1, error.to_string())])
        };
        let sets = ByAction::try_from_fn(set)?;
        let mut needs = Reads::default();
        rules.iter().for_each(|rule| needs.add(&rule.reads));
        warnings.sort();
        Ok(Self {
            rules,
            sets,
            weakened: Weakened::new(),
            needs,
            names: reader.names,
            authorizer: Authorizer::new(),
            warnings,
        })
    }
}

struct Reader {
    validator: Validator,
    names: Names,
}

impl Reader {
    fn new() -> Result<Self, RuleProblem> {
        let failed = |message: String| problem("schema.cedarschema", "", None, 1, message);
        let (schema, _) =
            Schema::from_cedarschema_str(SCHEMA).map_err(|error| failed(error.to_string()))?;
        Ok(Self { validator: Validator::new(schema), names: Names::read().map_err(failed)? })
    }

    fn file(
        &self,
        file: &str,
        text: &str,
    ) -> Result<(Vec<Rule>, Vec<RuleWarning>), Vec<RuleProblem>> {
        if let Some((at, message)) = guard::refusal(text) {
            return Err(vec![problem(file, text, Some(at), 1, message)]);
        }
        let set = PolicySet::from_str(text).map_err(|errors| {
            let told = errors.iter().map(|error| told(file, text, error, 1));
            told.collect::<Vec<_>>()
        })?;
        let mut lines = BTreeMap::new();
        // Rules may have the same text: then each is another of the places where it stands.
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for policy in set.policies() {
            let own = policy.to_cedar().unwrap_or_default().trim().to_owned();
            let times = seen.entry(own.clone()).or_default();
            let at = text.match_indices(&own).nth(*times).map_or(0, |(at, _)| at);
            *times += 1;
            lines.insert(policy.id().clone(), place_of(text, at).0);
        }
        let line = |id: &PolicyId| lines.get(id).copied().unwrap_or(1);
        let result = self.validator.validate(&set, ValidationMode::Strict);
        let mut problems: Vec<RuleProblem> = result
            .validation_errors()
            .map(|error| told(file, text, error, line(error.policy_id())))
            .collect();
        for template in set.templates() {
            let message = "a template is no rule: `?principal` and `?resource` are not filled in";
            let at = text.find(template.to_cedar().trim());
            problems.push(problem(file, text, at, 1, message.to_owned()));
        }
        let (mut rules, mut warnings) = (Vec::new(), Vec::new());
        let mut ids = BTreeMap::new();
        for policy in set.policies() {
            let line = line(policy.id());
            match self.rule(file, line, policy) {
                Ok(rule) => {
                    ids.insert(policy.id().clone(), rule.id.clone());
                    rules.push(rule);
                }
                Err(message) => problems.push(problem(file, text, None, line, message)),
            }
        }
        for warning in result.validation_warnings() {
            let (id, line) = (warning.policy_id(), line(warning.policy_id()));
            let rule = ids.get(id).cloned().unwrap_or_default();
            let message = format!("may not be meant: {}", without_id(&warning.to_string(), id));
            warnings.push(RuleWarning { file: file.to_owned(), line, rule, message });
        }
        if problems.is_empty() { Ok((rules, warnings)) } else { Err(problems) }
    }

    fn rule(&self, file: &str, line: usize, policy: &cedar_policy::Policy) -> Result<Rule, String> {
        let id = policy.annotation("id").unwrap_or_default();
        let is_plain = |own: char| own.is_ascii_alphanumeric() || "-_./".contains(own);
        if id.is_empty() {
            return Err("the rule has no id: write `@id(\"name\")` above it".to_owned());
        }
        if id.chars().count() > MAX_ID || !id.chars().all(is_plain) {
            return Err(format!(
                "the id `{}` is not one of up to {MAX_ID} letters, digits, `-`, `_`, `.` and `/`",
                shown(id)
            ));
        }
        let own: Vec<_> = match policy.action_constraint() {
            ActionConstraint::Any => ResponseAction::ALL.to_vec(),
            ActionConstraint::Eq(uid) => self.names.action(&uid).into_iter().collect(),
            ActionConstraint::In(uids) => {
                uids.iter().filter_map(|uid| self.names.action(uid)).collect()
            }
        };
        let mut scope = policy.to_json().map_err(|error| error.to_string())?;
        let mut parts = Vec::new();
        if let Some(Value::Array(conditions)) = scope
            .as_object_mut()
            .and_then(|scope| scope.insert("conditions".to_owned(), Value::Array(Vec::new())))
        {
            conditions.iter().for_each(|condition| conjuncts(condition, &mut parts));
        }
        let mut reads = Reads::default();
        let mut own_conjuncts = Vec::new();
        for expression in parts {
            let own = Reads::of(&expression);
            reads.add(&own);
            own_conjuncts.push(Conjunct { expression, reads: own });
        }
        let rule = Rule {
            id: id.to_owned(),
            file: file.to_owned(),
            line,
            actions: own,
            effect: policy.effect(),
            policy: policy.new_id(PolicyId::new(id)),
            scope,
            conjuncts: own_conjuncts,
            reads,
        };
        let parts = [without(&rule, |_| true), without(&rule, |_| false)];
        match parts.iter().all(Option::is_some) {
            true => Ok(rule),
            false => Err("the rule cannot be taken apart; write it in another way".to_owned()),
        }
    }
}

/// What Cedar says of `text`, with the place it names; `line` where it names none.
fn told(file: &str, text: &str, error: &(dyn Diagnostic + '_), line: usize) -> RuleProblem {
    let at = error.labels().and_then(|mut labels| labels.next()).map(|label| label.offset());
    let mut message = error.to_string();
    // `for policy `policy0`, …`: the place says which one.
    if let Some((start, rest)) = message.split_once(", ")
        && start.starts_with("for policy `")
    {
        message = rest.to_owned();
    }
    if let Some(help) = error.help() {
        message = format!("{message} ({help})");
    }
    problem(file, text, at, line, shown_lines(&message))
}

fn without_id(message: &str, id: &PolicyId) -> String {
    let start = format!("for policy `{id}`, ");
    shown_lines(message.strip_prefix(&start).unwrap_or(message))
}

fn shown_lines(message: &str) -> String {
    message.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

fn problem(file: &str, text: &str, at: Option<usize>, line: usize, message: String) -> RuleProblem {
    let (line, column) = at.map_or((line, 1), |at| place_of(text, at));
    RuleProblem { file: file.to_owned(), line, column, message }
}
