//! Reads `ringfence.toml`. Every problem is told with its line and column.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::ValueEnum;
use jiff::civil::Date;
use ringfence_policy::PolicyType;
use ringfence_policy::location::LineIndex;
use ringfence_validation::ValidatePolicyResourceType;
use serde::Deserialize;
use toml::Spanned;

use super::config::{Config, Level, PathRules, ReferenceRule, Suppression};
use super::path_glob::{PathGlob, TextGlob};
use crate::exit::Errors;
use crate::validate::arguments;
use crate::validate::issue::is_configurable;
use crate::validate::severity::{FailOn, Severity};

/// The name of the file.
pub(super) const NAME: &str = "ringfence.toml";
/// The finding that stands for everything that could not be looked at: it cannot be switched off.
const UNREADABLE: &str = "JSON_SYNTAX_ERROR";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    fail_on: Option<Spanned<String>>,
    #[serde(default)]
    exclude: Vec<Spanned<String>>,
    #[serde(default)]
    not_suppressible: Vec<Spanned<String>>,
    #[serde(default)]
    checks: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    path: Vec<RawPath>,
    #[serde(default)]
    suppression: Vec<RawSuppression>,
    #[serde(default)]
    reference: Vec<RawReference>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPath {
    path: Spanned<String>,
    #[serde(default)]
    checks: BTreeMap<String, Spanned<String>>,
    policy_type: Option<Spanned<String>>,
    resource_type: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawReference {
    path: Option<Spanned<String>>,
    resource: Option<Spanned<String>>,
    policy_type: Option<Spanned<String>>,
    policy: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSuppression {
    check: Spanned<String>,
    path: Spanned<String>,
    sid: Option<String>,
    resource: Option<Spanned<String>>,
    reason: Option<String>,
    owner: Option<String>,
    expires: Option<Spanned<toml::Value>>,
}

/// Reads the named file; without a name, the one in the working folder if there is one.
pub(super) fn load(path: Option<&Path>) -> anyhow::Result<Config> {
    let path = match path {
        Some(path) => path.to_owned(),
        None if Path::new(NAME).is_file() => PathBuf::from(NAME),
        None => return Ok(Config::default()),
    };
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("the configuration `{}` cannot be read", path.display()))?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let config = parse(&path.to_string_lossy(), &text).map_err(Errors)?;
    let mut config = Config { folder, ..config };
    for own in &mut config.references {
        own.policy = config.folder.join(&own.policy);
    }
    Ok(config)
}

/// Reads the text of the file called `file`.
///
/// # Errors
/// Every problem, with file, line and column.
pub(super) fn parse(file: &str, text: &str) -> Result<Config, Vec<String>> {
    let mut reader = Reader { file, lines: LineIndex::new(text), problems: Vec::new() };
    let raw: Raw = match toml::from_str(text) {
        Ok(raw) => raw,
        Err(error) => {
            reader.problem(&error.span().unwrap_or_default(), error.message());
            return Err(reader.problems);
        }
    };
    let config = reader.config(&raw);
    if reader.problems.is_empty() { Ok(config) } else { Err(reader.problems) }
}

struct Reader<'t> {
    file: &'t str,
    lines: LineIndex<'t>,
    problems: Vec<String>,
}

impl Reader<'_> {
    fn place(&self, span: &Range<usize>) -> (usize, usize) {
        let at = self.lines.position(u32::try_from(span.start).unwrap_or(u32::MAX));
        (at.line, at.column)
    }

    fn problem(&mut self, span: &Range<usize>, message: &str) {
        let (line, column) = self.place(span);
        self.problems.push(format!("{}:{line}:{column}: {message}", self.file));
    }

    fn config(&mut self, raw: &Raw) -> Config {
        let exclude = raw.exclude.iter().filter_map(|text| self.path_glob(text)).collect();
        let known = raw.not_suppressible.iter().filter(|code| self.is_check(code));
        let not_suppressible: BTreeSet<String> = known.map(|code| code.get_ref().clone()).collect();
        let checks = self.levels(&raw.checks, &not_suppressible);
        let paths = raw.path.iter().filter_map(|own| self.path(own, &not_suppressible)).collect();
        let references = raw.reference.iter().filter_map(|own| self.reference(own)).collect();
        let suppressions = raw.suppression.iter().filter_map(|own| self.suppression(own)).collect();
        Config {
            folder: PathBuf::new(),
            fail_on: raw.fail_on.as_ref().and_then(|text| self.fail_on(text)),
            exclude,
            not_suppressible,
            checks,
            paths,
            references,
            suppressions,
        }
    }

    fn fail_on(&mut self, text: &Spanned<String>) -> Option<FailOn> {
        let read = FailOn::from_str(text.get_ref(), false).ok();
        if read.is_none() {
            let message = format!(
                "`{}` is no severity; use error, security-warning, warning, suggestion or none",
                text.get_ref()
            );
            self.problem(&text.span(), &message);
        }
        read
    }

    fn path_glob(&mut self, text: &Spanned<String>) -> Option<PathGlob> {
        PathGlob::new(text.get_ref())
            .map_err(|error| {
                self.problem(
                    &text.span(),
                    &format!("`{}` is no pattern: {}", text.get_ref(), error),
                );
            })
            .ok()
    }

    fn is_check(&mut self, code: &Spanned<String>) -> bool {
        let is_known = is_configurable(code.get_ref());
        if !is_known {
            self.problem(&code.span(), &format!("there is no check `{}`", code.get_ref()));
        }
        is_known
    }

    fn levels(
        &mut self,
        raw: &BTreeMap<String, Spanned<String>>,
        not_suppressible: &BTreeSet<String>,
    ) -> BTreeMap<String, Level> {
        let mut levels = BTreeMap::new();
        for (code, text) in raw {
            let level = match text.get_ref().as_str() {
                "off" => Some(Level::Off),
                name => Severity::parse(name).map(Level::Severity),
            };
            let problem = match level {
                _ if !is_configurable(code) => {
                    format!("there is no check `{code}`")
                }
                None => format!(
                    "`{}` is no severity; use off, error, security-warning, warning or suggestion",
                    text.get_ref()
                ),
                Some(Level::Off) if code == UNREADABLE => format!(
                    "`{code}` cannot be switched off: nothing is known of a policy that cannot be read; \
                     put its file into `exclude`"
                ),
                Some(Level::Off) if not_suppressible.contains(code) => {
                    format!("`{code}` may not be suppressed, and is switched off here")
                }
                Some(level) => {
                    levels.insert(code.clone(), level);
                    continue;
                }
            };
            self.problem(&text.span(), &problem);
        }
        levels
    }

    fn path(&mut self, raw: &RawPath, not_suppressible: &BTreeSet<String>) -> Option<PathRules> {
        let checks = self.levels(&raw.checks, not_suppressible);
        let resource_type = raw.resource_type.as_ref().and_then(|text| {
            let read = arguments::resource_type(text.get_ref());
            read.map_err(|why| self.problem(&text.span(), &why)).ok()
        });
        let policy_type = self.policy_type(raw, resource_type);
        Some(PathRules { path: self.path_glob(&raw.path)?, checks, policy_type, resource_type })
    }

    fn policy_type(
        &mut self,
        raw: &RawPath,
        resource_type: Option<ValidatePolicyResourceType>,
    ) -> Option<PolicyType> {
        let Some(text) = &raw.policy_type else {
            return resource_type.map(|_| PolicyType::ResourcePolicy);
        };
        match arguments::policy_type(text.get_ref()) {
            Ok(other) if other != PolicyType::ResourcePolicy && resource_type.is_some() => {
                let message = "`resource_type` stands with `policy_type = \"resource\"` only";
                self.problem(&text.span(), message);
                None
            }
            Ok(policy_type) => Some(policy_type),
            Err(why) => {
                self.problem(&text.span(), &why);
                None
            }
        }
    }

    fn suppression(&mut self, own: &RawSuppression) -> Option<Suppression> {
        let is_check = self.is_check(&own.check);
        let path = self.path_glob(&own.path);
        let resource = self.text_glob(own.resource.as_ref());
        let expires = match &own.expires {
            None => Some(None),
            Some(value) => self.date(value).map(Some),
        };
        Some(Suppression {
            check: is_check.then(|| own.check.get_ref().clone())?,
            path: path?,
            sid: own.sid.clone(),
            resource: resource?,
            reason: own.reason.clone(),
            owner: own.owner.clone(),
            expires: expires?,
            file: self.file.to_owned(),
            place: self.place(&own.check.span()),
        })
    }

    fn reference(&mut self, own: &RawReference) -> Option<ReferenceRule> {
        let path = match &own.path {
            None => Some(None),
            Some(text) => self.path_glob(text).map(Some),
        };
        let resource = self.text_glob(own.resource.as_ref());
        let policy_type = match &own.policy_type {
            None => Some(None),
            Some(text) => arguments::policy_type(text.get_ref())
                .map_err(|why| self.problem(&text.span(), &why))
                .ok()
                .map(Some),
        };
        let policy = own.policy.clone();
        Some(ReferenceRule { path: path?, resource: resource?, policy_type: policy_type?, policy })
    }

    /// Nothing where there is a pattern that is none.
    fn text_glob(&mut self, text: Option<&Spanned<String>>) -> Option<Option<TextGlob>> {
        let Some(text) = text else { return Some(None) };
        TextGlob::new(text.get_ref())
            .map_err(|error| self.problem(&text.span(), &error.to_string()))
            .ok()
            .map(Some)
    }

    fn date(&mut self, value: &Spanned<toml::Value>) -> Option<Date> {
        let text = match value.get_ref() {
            toml::Value::Datetime(date) => date.to_string(),
            toml::Value::String(text) => text.clone(),
            other => other.type_str().to_owned(),
        };
        let is_date = text.len() == 10;
        let read = is_date.then(|| text.parse().ok()).flatten();
        if read.is_none() {
            let message = format!("`{text}` is no date; write one such as 2026-12-31");
            self.problem(&value.span(), &message);
        }
        read
    }
}
