//! Asks the rules, one action at a time.

use cedar_policy::{AuthorizationError, Effect, Request};
use ringfence_findings::finding::Finding;

use super::choose::{Verdict, choose};
use super::question::Question;
use super::reads::{FactName, Facts};
use super::{Rule, RuleSet, Safety, TagTrust};
use crate::context::Context;
use crate::decision::{Decision, ResponseAction};
use crate::risk_score::{DATA, RiskScore};
use crate::text::shown;

impl RuleSet {
    /// What may be done about `finding`. Where the rules cannot be asked, somebody is told.
    #[must_use]
    pub fn decide(
        &self,
        finding: &Finding,
        context: &Context,
        risk: &RiskScore,
        safety: &Safety,
    ) -> Decision {
        let notify = |note: String| Decision {
            action: ResponseAction::Notify,
            rules: Vec::new(),
            notes: vec![note],
        };
        if finding.is_error() {
            return notify("the resource could not be analyzed: rules do not decide".to_owned());
        }
        let question = match Question::new(finding, context, &self.needs, &self.names) {
            Ok(question) => question,
            Err(reason) => {
                return notify(format!("the rules could not be asked: {}", shown(&reason)));
            }
        };
        let asked = Asked { rules: self, finding, context, safety, question };
        let verdict = |action| asked.verdict(action, asked.score(action, risk));
        choose(
            &verdict(ResponseAction::Archive),
            &verdict(ResponseAction::Resolve),
            &verdict(ResponseAction::Propose),
            &verdict(ResponseAction::Notify),
        )
    }
}

struct Asked<'a> {
    rules: &'a RuleSet,
    finding: &'a Finding,
    context: &'a Context,
    safety: &'a Safety,
    question: Question,
}

impl Asked<'_> {
    /// The risk score that rules about `action` see: a classification that may not be trusted does not lower it for
    /// archiving.
    fn score(&self, action: ResponseAction, risk: &RiskScore) -> u8 {
        let tag = match (action, &self.safety.classification_tag) {
            (ResponseAction::Archive, Some(tag)) => tag,
            _ => return risk.score,
        };
        match self.safety.tag_trust(tag, self.finding, self.context) {
            TagTrust::Trusted | TagTrust::Vouched => risk.score,
            TagTrust::Distrusted { .. } => risk.worst_in(DATA),
        }
    }

    fn verdict(&self, action: ResponseAction, score: u8) -> Verdict {
        let set = self.rules.sets.of(action);
        let mut verdict = Verdict::default();
        if set.is_empty() {
            return verdict;
        }
        let request = match self.request(action, score) {
            Ok(request) => request,
            Err(reason) => {
                let reason = shown(&reason);
                verdict.notes.push(format!("{} could not be asked: {reason}", action.as_str()));
                verdict.forbidden_by.push(String::new());
                return verdict;
            }
        };
        let answer = self.rules.authorizer.is_authorized(&request, set, &self.question.entities);
        for id in answer.diagnostics().reason() {
            self.sort(id.as_ref(), &mut verdict);
        }
        for AuthorizationError::PolicyEvaluationError(error) in answer.diagnostics().errors() {
            let Some(rule) = self.rules.rule(error.policy_id().as_ref()) else { continue };
            let (id, reason) = (&rule.id, shown(&error.inner().to_string()));
            match rule.effect {
                Effect::Forbid => {
                    verdict.notes.push(format!("`{id}` erred and counts as a forbid: {reason}"));
                    verdict.forbidden_by.push(id.clone());
                }
                Effect::Permit => {
                    verdict.notes.push(format!("`{id}` erred and counts as Notify: {reason}"));
                    verdict.erred.push(id.clone());
                }
            }
        }
        self.weigh_missing(action, &request, &mut verdict);
        if action == ResponseAction::Archive {
            self.secure(&mut verdict);
        }
        if !verdict.forbidden_by.is_empty() {
            verdict.permitted_by.clear();
        }
        verdict.sort();
        verdict
    }

    fn request(&self, action: ResponseAction, score: u8) -> Result<Request, String> {
        let names = &self.rules.names;
        Request::new(
            names.principal.clone(),
            names.actions.of(action).clone(),
            self.question.finding.clone(),
            self.question.around(score)?,
            None,
        )
        .map_err(|error| error.to_string())
    }

    fn sort(&self, id: &str, verdict: &mut Verdict) {
        let Some(rule) = self.rules.rule(id) else { return };
        match rule.effect {
            Effect::Forbid => verdict.forbidden_by.push(rule.id.clone()),
            Effect::Permit => verdict.permitted_by.push(rule.id.clone()),
        }
    }

    /// What is not known counts against acting without asking.
    fn weigh_missing(&self, action: ResponseAction, request: &Request, verdict: &mut Verdict) {
        let missing = self.question.missing;
        let Some(sets) = self.rules.weakened.of(missing, &self.rules.rules) else { return };
        let set = sets.of(action);
        if missing.is_empty() || set.is_empty() {
            return;
        }
        let acts_alone = match action {
            ResponseAction::Archive | ResponseAction::Resolve => true,
            ResponseAction::Notify | ResponseAction::Propose => false,
        };
        let reads_missing = |rule: &Rule| rule.reads.facts.and(missing);
        if acts_alone {
            verdict.permitted_by.retain(|id| {
                self.rules.rule(id).is_some_and(|rule| reads_missing(rule).is_empty())
            });
        }
        let answer = self.rules.authorizer.is_authorized(request, set, &self.question.entities);
        let erred = answer.diagnostics().errors().map(|error| match error {
            AuthorizationError::PolicyEvaluationError(error) => error.policy_id(),
        });
        for id in answer.diagnostics().reason().chain(erred) {
            let Some(rule) = self.rules.rule(id.as_ref()) else { continue };
            let told = || self.unknown(reads_missing(rule));
            let id = &rule.id;
            match rule.effect {
                Effect::Forbid if !verdict.forbidden_by.contains(id) => {
                    verdict.notes.push(format!("`{id}` counts as a forbid, since {}", told()));
                    verdict.forbidden_by.push(id.clone());
                }
                Effect::Permit if acts_alone && !verdict.erred.contains(id) => {
                    verdict.notes.push(format!("`{id}` does not count, since {}", told()));
                    verdict.undecided.push(id.clone());
                }
                Effect::Forbid | Effect::Permit => {}
            }
        }
    }

    /// What of `facts` is not known, and why.
    fn unknown(&self, facts: Facts) -> String {
        let context = self.context;
        let why = |name: FactName| match name {
            FactName::Tags => context.tags.why_missing(),
            FactName::KeyAliases => context.key_aliases.why_missing(),
            FactName::Account => context.account.why_missing(),
            FactName::PrincipalAccount => context.principal_account.why_missing(),
            FactName::DataClassification => context.data_classification.why_missing(),
            FactName::Partner => context.partner.why_missing(),
            FactName::ChangedBy => context.changed_by.why_missing(),
        };
        let told = facts.names().map(|name| {
            format!("`{}` is not known: {}", name.attribute(), shown(why(name).unwrap_or_default()))
        });
        told.collect::<Vec<_>>().join("; ")
    }

    /// Takes out of a verdict about archiving what safety stops.
    fn secure(&self, verdict: &mut Verdict) {
        let mut notes = Vec::new();
        let may = |id: &String| {
            let is_public = self.finding.observation.is_public() == Some(true);
            !is_public || self.safety.public_archive.contains(id)
        };
        verdict.undecided.retain(&may);
        verdict.erred.retain(&may);
        verdict.permitted_by.retain(|id| {
            if !may(id) {
                notes.push(format!("`{id}` may not archive a public finding"));
                return false;
            }
            match self.rules.rule(id).map(|rule| self.tags_of(rule)) {
                Some(Ok(vouched)) => {
                    notes.extend(vouched.iter().map(|tag| {
                        format!(
                            "`{id}` rests on the tag `{}`, for which somebody vouched in the record",
                            shown(tag)
                        )
                    }));
                    true
                }
                Some(Err(why)) => {
                    notes.push(format!("`{id}` may not archive: {why}"));
                    false
                }
                None => false,
            }
        });
        verdict.notes.extend(notes);
    }

    /// The tags that a rule rests on and somebody vouched for.
    ///
    /// # Errors
    /// Why one may not decide.
    fn tags_of(&self, rule: &Rule) -> Result<Vec<String>, String> {
        if rule.reads.any_tag {
            return Err("it reads tags by keys that it does not spell out".to_owned());
        }
        let classified = rule.reads.facts.contains(FactName::DataClassification);
        let classification = self.safety.classification_tag.iter().filter(|_| classified);
        let mut vouched = Vec::new();
        for tag in rule.reads.tags.iter().chain(classification) {
            match self.safety.tag_trust(tag, self.finding, self.context) {
                TagTrust::Trusted => {}
                TagTrust::Vouched => vouched.push(tag.clone()),
                TagTrust::Distrusted { why } => return Err(why),
            }
        }
        Ok(vouched)
    }
}
