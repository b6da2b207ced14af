//! Rules that could archive a public finding, and other things to know of rules before they decide.

use cedar_policy::{Effect, PolicySet};

use super::reads::Reads;
use super::samples::{Sample, samples};
use super::{Rule, RuleSet, RuleWarning, Safety};
use crate::decision::ResponseAction;
use crate::rules::question::Question;

/// The attributes that every public finding has the same value of.
const SAME: &[&str] = &["isPublic", "findingType", "principal", "principalType", "accessType"];

impl RuleSet {
    /// What should be known of the rules, by file and line: rules that could archive a public finding, with an example;
    /// rules that safety keeps from ever archiving; what may not be meant.
    #[must_use]
    pub fn warnings(&self, safety: &Safety) -> Vec<RuleWarning> {
        let mut warnings = self.warnings.clone();
        for rule in &self.rules {
            let told = self.told(rule, safety);
            warnings.extend(told.into_iter().map(|message| RuleWarning {
                file: rule.file.clone(),
                line: rule.line,
                rule: rule.id.clone(),
                message,
            }));
        }
        for id in safety.public_archive.iter().filter(|id| self.rule(id).is_none()) {
            warnings.push(RuleWarning {
                file: String::new(),
                line: 1,
                rule: String::new(),
                message: format!("`public_archive` names `{id}`, which is no rule"),
            });
        }
        warnings.sort();
        warnings
    }

    fn told(&self, rule: &Rule, safety: &Safety) -> Vec<String> {
        let mut told = Vec::new();
        match rule.effect {
            Effect::Forbid => {
                if rule.actions == [ResponseAction::Notify] {
                    told.push("forbids telling somebody, which nothing can".to_owned());
                }
            }
            Effect::Permit if rule.actions.contains(&ResponseAction::Archive) => {
                told.extend(unlisted(rule, safety));
                told.extend(self.public(rule, safety));
            }
            Effect::Permit => {}
        }
        told
    }

    /// What to say where a permit could archive a public finding.
    fn public(&self, rule: &Rule, safety: &Safety) -> Option<String> {
        let decides = |reads: &Reads| {
            let same = reads.finding.iter().all(|own| SAME.contains(&own.as_str()));
            same && reads.facts.is_empty()
                && reads.context.is_empty()
                && !reads.whole_finding
                && !reads.whole_context
        };
        let weakest = super::weakened::without(rule, decides)?;
        let weakest = PolicySet::from_policies([weakest]).ok()?;
        if !self.holds(&weakest, &Sample::default()) {
            return None;
        }
        let own = PolicySet::from_policies([super::weakened::without(rule, |_| true)?]).ok()?;
        let means = match safety.public_archive.contains(&rule.id) {
            true => "`public_archive` allows it",
            false => "safety stops it unless `public_archive` names the rule",
        };
        let example = samples(rule).into_iter().find(|sample| self.holds(&own, sample));
        Some(match example {
            Some(sample) => format!(
                "could archive a public finding, as that of {}; {means}",
                sample.told(&rule.reads)
            ),
            None => format!(
                "could archive a public finding: none was found that it archives, and nothing in it rules them \
                 out, as `!resource.isPublic` would; {means}"
            ),
        })
    }

    fn holds(&self, set: &PolicySet, sample: &Sample) -> bool {
        let everything = Reads { whole_finding: true, whole_context: true, ..self.needs.clone() };
        let needs = Reads { facts: super::reads::Facts::EVERY, ..everything };
        let Ok(question) = Question::new(&sample.finding, &sample.context, &needs, &self.names)
        else {
            return false;
        };
        let names = &self.names;
        let request = question.around(sample.risk_score).ok().and_then(|around| {
            cedar_policy::Request::new(
                names.principal.clone(),
                names.actions.of(ResponseAction::Archive).clone(),
                question.finding.clone(),
                around,
                None,
            )
            .ok()
        });
        request.is_some_and(|request| {
            let answer = self.authorizer.is_authorized(&request, set, &question.entities);
            answer.decision() == cedar_policy::Decision::Allow
        })
    }
}

/// What of the tags that a rule archives by may never decide.
fn unlisted(rule: &Rule, safety: &Safety) -> Vec<String> {
    let classified = rule.reads.facts.contains(super::reads::FactName::DataClassification);
    let classification = safety.classification_tag.iter().filter(|_| classified);
    let mut told: Vec<String> = rule
        .reads
        .tags
        .iter()
        .chain(classification)
        .filter(|tag| !safety.deciding_tags.contains_key(*tag))
        .map(|tag| {
            let tag = crate::text::shown(tag);
            format!(
                "never archives: it rests on the tag `{tag}`, which `deciding_tags` does not list"
            )
        })
        .collect();
    if rule.reads.any_tag {
        told.push("never archives: it reads tags by keys that it does not spell out".to_owned());
    }
    told
}
