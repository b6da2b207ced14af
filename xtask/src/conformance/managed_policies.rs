//! The policy checks against ValidatePolicy's own answers on AWS managed policies.
//!
//! A finding agrees when code, type and every location, path and span, are equal.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use ringfence_policy::PolicyType;
use ringfence_policy::location::{Location, PathElement, Position};
use ringfence_validation::{Finding, ValidatePolicyResourceType, validate};
use serde_json::{Value, json};

/// Codes whose findings depend on what AWS's service catalogue held on the day of the answer.
const BY_CATALOGUE: &[&str] = &[
    "ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
    "ARN_ACCOUNT_NOT_ALLOWED",
    "ARN_REGION_NOT_ALLOWED",
    "DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
    "FORALLVALUES_WITH_SINGLE_VALUED_KEY",
    "INVALID_ACTION",
    "INVALID_ARN_RESOURCE",
    "INVALID_GLOBAL_CONDITION_KEY",
    "INVALID_SERVICE",
    "INVALID_SERVICE_CONDITION_KEY",
    "INVALID_SERVICE_IN_ACTION",
    "MISSING_ARN_ACCOUNT",
    "MISSING_ARN_REGION",
    "MISSING_QUALIFIER",
    "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
    "TYPE_MISMATCH",
    "UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
];

/// What the comparison found.
#[derive(Default)]
pub(crate) struct Report {
    policies: usize,
    /// Policies that AWS found nothing in.
    clean: usize,
    /// Those of them in which the checks find something.
    reported_on_clean: usize,
    codes: BTreeMap<String, Counts>,
}

/// The findings of one code.
#[derive(Default)]
struct Counts {
    both: usize,
    /// Policy and first location of what only AWS reports.
    only_aws: Vec<String>,
    /// Policy and first location of what only the checks report.
    only_ours: Vec<String>,
}

/// Compares the answers in `validated.jsonl` of a folder.
///
/// # Errors
/// The file cannot be read, or a line of it is not of the expected form.
pub(crate) fn run(dir: &Path) -> Result<Report> {
    let file = dir.join("validated.jsonl");
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut report = Report::default();
    for (number, line) in text.lines().enumerate() {
        let place = || format!("{} line {}", file.display(), number + 1);
        let answer: Value = serde_json::from_str(line).with_context(place)?;
        report.compare(&answer).with_context(place)?;
    }
    Ok(report)
}

impl Report {
    /// Findings that both report.
    #[must_use]
    pub(crate) fn agreements(&self) -> usize {
        self.codes.values().map(|counts| counts.both).sum()
    }

    /// Findings that one of the two reports.
    #[must_use]
    pub(crate) fn disagreements(&self) -> usize {
        self.codes.values().map(|counts| counts.only_aws.len() + counts.only_ours.len()).sum()
    }

    fn compare(&mut self, answer: &Value) -> Result<()> {
        let name = text(answer, "name")?;
        let Some(policy_type) = PolicyType::parse(text(answer, "policyType")?) else {
            bail!("`policyType` is unknown");
        };
        let resource_type = match answer.get("resourceType").and_then(Value::as_str) {
            Some(name) => Some(
                ValidatePolicyResourceType::parse(name)
                    .with_context(|| format!("`resourceType` `{name}` is unknown"))?,
            ),
            None => None,
        };
        let ours = validate(text(answer, "policyDocument")?, policy_type, resource_type);
        let mut ours: Vec<Value> = ours.iter().map(as_json).collect();
        let aws = answer.get("findings").and_then(Value::as_array).context("`findings` is missing")?;
        self.policies += 1;
        if aws.is_empty() {
            self.clean += 1;
            self.reported_on_clean += usize::from(!ours.is_empty());
        }
        for finding in aws {
            let counts = self.codes.entry(text(finding, "issueCode")?.to_owned()).or_default();
            match ours.iter().position(|other| other == finding) {
                Some(place) => {
                    ours.swap_remove(place);
                    counts.both += 1;
                }
                None => counts.only_aws.push(describe(name, finding)),
            }
        }
        for finding in &ours {
            let counts = self.codes.entry(text(finding, "issueCode")?.to_owned()).or_default();
            counts.only_ours.push(describe(name, finding));
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by_catalogue = |code: &str| BY_CATALOGUE.contains(&code);
        writeln!(formatter, "{:<62}{:>6}{:>10}{:>9}", "issue code", "both", "only AWS", "only we")?;
        for (code, counts) in self.codes.iter().filter(|(code, _)| !by_catalogue(code)) {
            counts.write(code, formatter)?;
        }
        writeln!(formatter, "\ndecided by the service catalogue, which changes from day to day:")?;
        for (code, counts) in self.codes.iter().filter(|(code, _)| by_catalogue(code)) {
            counts.write(code, formatter)?;
        }
        for (code, counts) in &self.codes {
            for place in &counts.only_aws {
                writeln!(formatter, "only AWS: {code} {place}")?;
            }
            for place in &counts.only_ours {
                writeln!(formatter, "only we:  {code} {place}")?;
            }
        }
        write!(
            formatter,
            "managed policies: {} agree / {} disagree / 0 unknown; {} policies, {} clean to AWS, {} of them reported",
            self.agreements(),
            self.disagreements(),
            self.policies,
            self.clean,
            self.reported_on_clean
        )
    }
}

impl Counts {
    fn write(&self, code: &str, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (aws, ours) = (self.only_aws.len(), self.only_ours.len());
        writeln!(formatter, "{code:<62}{:>6}{aws:>10}{ours:>9}", self.both)
    }
}

fn text<'v>(value: &'v Value, member: &str) -> Result<&'v str> {
    let found = value.get(member).and_then(Value::as_str);
    found.with_context(|| format!("`{member}` is missing"))
}

/// The members of a finding that must agree, in AWS's form.
fn as_json(finding: &Finding) -> Value {
    json!({
        "issueCode": finding.issue_code,
        "findingType": finding.finding_type.as_str(),
        "locations": finding.locations.iter().map(location).collect::<Vec<_>>(),
    })
}

fn location(location: &Location) -> Value {
    let path = location.path.iter().map(|element| match element {
        PathElement::Index(index) => json!({ "index": index }),
        PathElement::Key(key) => json!({ "key": key }),
        PathElement::Value(value) => json!({ "value": value }),
    });
    let position = |position: Position| {
        json!({ "line": position.line, "column": position.column, "offset": position.offset })
    };
    let span = json!({
        "start": position(location.span.start),
        "end": position(location.span.end),
    });
    json!({ "path": path.collect::<Vec<_>>(), "span": span })
}

/// The policy and the finding's first location, as a path: `Statement[0].Action`.
fn describe(policy: &str, finding: &Value) -> String {
    let first = finding.pointer("/locations/0/path").and_then(Value::as_array);
    let mut path = String::new();
    for element in first.into_iter().flatten() {
        match (element.get("index"), element.get("value").or_else(|| element.get("key"))) {
            (Some(index), _) => path.push_str(&format!("[{index}]")),
            (None, Some(name)) => {
                path.push_str(if path.is_empty() { "" } else { "." });
                path.push_str(name.as_str().unwrap_or_default());
            }
            (None, None) => {}
        }
    }
    format!("{policy} {path}")
}
