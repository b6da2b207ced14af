//! What counts: which checks, how grave, what is suppressed, what was there before.

mod baseline;
mod config;
mod path_glob;
mod read;

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::Date;

use super::arguments::RunArguments;
use super::checked::{CheckedPolicy, Reported, State};
use super::issue::is_of_validate;
use super::report::Compared;
use super::run::{day, today};
use super::severity::{FailOn, Severity};
use super::subject::{Subject, SubjectKind};
use baseline::Baseline;
use config::{Config, Level, Suppression};

/// Says what counts.
pub(crate) struct Gate {
    config: Config,
    baseline: Baseline,
    today: Date,
    /// Whether the run can report a code. What is said of others is not looked at.
    is_asked: fn(&str) -> bool,
    /// The least severity that fails the run.
    pub(crate) fail_on: FailOn,
    /// Whether there is a baseline.
    pub(crate) compared: Compared,
}

/// Who answers for a finding that does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Suppressed {
    /// Why it does not count.
    pub(crate) reason: String,
    /// Who says so.
    pub(crate) owner: String,
    /// The last day on which it does not.
    pub(crate) expires: Date,
}

/// Something about the gate itself that fails the run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// The configuration.
    pub(crate) file: String,
    /// Where in it, from 1.
    pub(crate) line: usize,
    /// Where in the line, from 0.
    pub(crate) column: usize,
    /// What is wrong and what to do.
    pub(crate) message: String,
}

/// What the gate has to say apart from the findings.
#[derive(Debug, Default)]
pub(crate) struct Judgement {
    /// What fails the run.
    pub(crate) problems: Vec<Problem>,
    /// Suppressions that no finding needs.
    pub(crate) unused: Vec<Problem>,
}

impl Gate {
    /// The name that a configuration has.
    pub(crate) const FILE: &str = read::NAME;

    /// Reads a configuration alone, as it holds for `validate` today.
    ///
    /// # Errors
    /// When it cannot be read or makes no sense.
    pub(crate) fn of_file(path: &Path) -> anyhow::Result<Self> {
        let config = read::load(Some(path))?;
        Ok(Self {
            fail_on: config.fail_on.unwrap_or_default(),
            config,
            baseline: Baseline::default(),
            today: today(),
            is_asked: is_of_validate,
            compared: Compared::WithNothing,
        })
    }

    /// Holds suppressions against the day that it is now.
    pub(crate) fn renew_day(&mut self) {
        self.today = today();
    }

    /// Reads the configuration and the baseline.
    ///
    /// # Errors
    /// When one of them cannot be read or makes no sense.
    pub(crate) fn load(
        arguments: &RunArguments,
        is_asked: fn(&str) -> bool,
    ) -> anyhow::Result<Self> {
        let config = read::load(arguments.config.as_deref())?;
        let (baseline, compared) = match &arguments.baseline {
            Some(path) => (Baseline::read(path)?, Compared::WithBaseline),
            None => (Baseline::default(), Compared::WithNothing),
        };
        let fail_on = config.fail_on.unwrap_or_default();
        Ok(Self { config, baseline, today: day(arguments), is_asked, fail_on, compared })
    }

    /// Whether a file or folder that is found in a folder counts.
    pub(crate) fn keeps(&self, path: &Path) -> bool {
        let name = self.config.name_of(path);
        !self.config.exclude.iter().any(|glob| glob.matches(&name))
    }

    /// The type that the configuration gives to the policy in a file.
    pub(crate) fn kind_of(&self, path: &Path) -> Option<SubjectKind> {
        self.config.kind_of(path)
    }

    /// Whether the configuration names policies that others are held against.
    pub(crate) fn has_references(&self) -> bool {
        !self.config.references.is_empty()
    }

    /// The policy that the configuration says this one is held against.
    pub(crate) fn reference_of(&self, subject: &Subject) -> Option<&Path> {
        let name = self.config.name_of(Path::new(subject.source.file().as_ref()));
        let resource = subject.owner.as_ref().map(|owner| owner.resource.as_str());
        let rule = self.config.references.iter().rev().find(|rule| {
            rule.path.as_ref().is_none_or(|own| own.matches(&name))
                && rule.policy_type.is_none_or(|own| own == subject.kind.policy_type)
                && rule
                    .resource
                    .as_ref()
                    .is_none_or(|own| resource.is_some_and(|resource| own.matches(resource)))
        })?;
        Some(&rule.policy)
    }

    /// Says of each finding how grave it is and whether it counts, and drops those of checks that are off.
    pub(crate) fn judge(&mut self, policies: &mut [CheckedPolicy]) -> Judgement {
        let mut judgement = Judgement { problems: self.problems(), unused: Vec::new() };
        let mut used = BTreeSet::new();
        for policy in policies {
            let name = self.config.name_of(Path::new(policy.subject.source.file().as_ref()));
            let owner = policy.subject.owner.as_ref().map(|owner| owner.resource.clone());
            let place = FoundIn { file: &name, resource: owner.as_deref() };
            policy.findings.retain_mut(|finding| self.judge_one(&place, finding, &mut used));
        }
        let suppressions = self.config.suppressions.iter().enumerate();
        let unused = suppressions.filter(|(index, own)| {
            (self.is_asked)(&own.check) && own.counts(self.today) && !used.contains(index)
        });
        judgement.unused = unused
            .map(|(_, own)| {
                own.problem(format!("the suppression of `{}` matches nothing", own.check))
            })
            .collect();
        judgement
    }

    /// Whether findings of a check count in a policy: it is not switched off there, and they are not suppressed.
    pub(super) fn counts(&self, subject: &Subject, check: &str, sid: Option<&str>) -> bool {
        let name = self.config.name_of(Path::new(subject.source.file().as_ref()));
        let resource = subject.owner.as_ref().map(|owner| owner.resource.as_str());
        match self.standing(&FoundIn { file: &name, resource }, check, sid) {
            Standing::On { suppression, .. } => suppression.is_none(),
            Standing::Off => false,
        }
    }

    /// How grave a finding in a file is, where it counts there; `own` is what its check says.
    pub(crate) fn severity_in(
        &self,
        file: &Path,
        check: &str,
        sid: Option<&str>,
        own: Severity,
    ) -> Option<Severity> {
        let place = FoundIn { file: &self.config.name_of(file), resource: None };
        match self.standing(&place, check, sid) {
            Standing::On { severity, suppression: None } => Some(severity.unwrap_or(own)),
            Standing::On { suppression: Some(_), .. } | Standing::Off => None,
        }
    }

    /// What the configuration makes of the findings of a check.
    fn standing(&self, place: &FoundIn<'_>, check: &str, sid: Option<&str>) -> Standing<'_> {
        let severity = match self.config.level(check, place.file) {
            Some(Level::Off) => return Standing::Off,
            Some(Level::Severity(severity)) => Some(severity),
            None => None,
        };
        let mut suppressions = self.config.suppressions.iter().enumerate().filter(|(_, own)| {
            own.counts(self.today) && !self.config.not_suppressible.contains(check)
        });
        let suppression = suppressions.find(|(_, own)| own.matches(check, place, sid));
        Standing::On { severity, suppression }
    }

    /// Whether the finding is kept.
    fn judge_one(
        &mut self,
        place: &FoundIn<'_>,
        finding: &mut Reported,
        used: &mut BTreeSet<usize>,
    ) -> bool {
        let standing = self.standing(place, finding.finding.issue_code, finding.sid.as_deref());
        let Standing::On { severity, suppression } = standing else { return false };
        finding.severity = severity.unwrap_or(finding.severity);
        finding.state = if let Some((index, own)) = suppression {
            used.insert(index);
            match own.answered_for() {
                Some(suppressed) => State::Suppressed(suppressed),
                None => State::New,
            }
        } else if finding.may_be_known() && self.baseline.take(&finding.fingerprint) {
            State::Baseline
        } else {
            State::New
        };
        true
    }

    fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let asked = self.config.suppressions.iter().filter(|own| (self.is_asked)(&own.check));
        for own in asked {
            problems.extend(own.problems(self.today));
            if self.config.not_suppressible.contains(&own.check) {
                problems.push(own.problem(format!("`{}` may not be suppressed", own.check)));
            }
        }
        problems
    }
}

/// What the configuration makes of a finding.
enum Standing<'g> {
    /// Its check is switched off.
    Off,
    /// It is as grave as this, where the configuration says it, and falls under this suppression.
    On { severity: Option<Severity>, suppression: Option<(usize, &'g Suppression)> },
}

/// Where a finding is, as suppressions say it.
struct FoundIn<'f> {
    /// The file's name, from the configuration on.
    file: &'f str,
    /// What the policy belongs to, in an environment.
    resource: Option<&'f str>,
}

impl Suppression {
    /// Whether everything is there that a suppression has to say, and it is not past its date.
    fn counts(&self, today: Date) -> bool {
        self.problems(today).is_empty()
    }

    fn answered_for(&self) -> Option<Suppressed> {
        let (reason, owner) = (self.reason.clone()?, self.owner.clone()?);
        Some(Suppressed { reason, owner, expires: self.expires? })
    }

    fn matches(&self, check: &str, place: &FoundIn<'_>, sid: Option<&str>) -> bool {
        self.check == check
            && self.path.matches(place.file)
            && self.sid.as_deref().is_none_or(|own| sid == Some(own))
            && self
                .resource
                .as_ref()
                .is_none_or(|own| place.resource.is_some_and(|resource| own.matches(resource)))
    }

    fn problems(&self, today: Date) -> Vec<Problem> {
        let is_missing =
            |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
        let mut problems = Vec::new();
        let mut say = |what: String| {
            problems.push(self.problem(format!("the suppression of `{}` {what}", self.check)));
        };
        if is_missing(&self.reason) {
            say("has no `reason`; say why the finding does not count".to_owned());
        }
        if is_missing(&self.owner) {
            say("has no `owner`; say who answers for it".to_owned());
        }
        match self.expires {
            None => say("has no date; say with `expires` until when it holds".to_owned()),
            Some(date) if date < today => {
                say(format!("is past its date, {date}; remove it, or look at the finding again"));
            }
            Some(_) => {}
        }
        problems
    }

    fn problem(&self, message: String) -> Problem {
        let (line, column) = self.place;
        Problem { file: self.file.clone(), line, column, message }
    }
}

#[cfg(test)]
mod tests;
