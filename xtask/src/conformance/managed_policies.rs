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

/// AWS's answer is empty for the policies of the corpus that are longer than this, not even their size is reported, while
/// it reports the size of every shorter one that is above the quota, and the same conditions in other policies.
const ANSWERED_UP_TO: usize = 50_000;

/// What the comparison found.
#[derive(Default)]
pub(crate) struct Report {
    policies: usize,
    /// Policies that AWS found nothing in.
    clean: usize,
    /// Those of them in which the checks find something that the catalogue does not explain.
    reported_on_clean: usize,
    /// Policies that AWS gave no answer to, with what the checks find in them.
    unanswered: Vec<String>,
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
    let text =
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
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

    /// Findings that one of the two reports, and that the catalogue of the day does not explain.
    #[must_use]
    pub(crate) fn disagreements(&self) -> usize {
        self.one_sided(|code| !is_by_catalogue(code))
    }

    /// Findings that one of the two reports, of codes that the catalogue of the day decides.
    #[must_use]
    pub(crate) fn by_catalogue(&self) -> usize {
        self.one_sided(is_by_catalogue)
    }

    fn one_sided(&self, of: impl Fn(&str) -> bool) -> usize {
        let codes = self.codes.iter().filter(|(code, _)| of(code));
        codes.map(|(_, counts)| counts.only_aws.len() + counts.only_ours.len()).sum()
    }

    fn compare(&mut self, answer: &Value) -> Result<()> {
        let name = text(answer, "name")?;
        let document = text(answer, "policyDocument")?;
        let aws =
            answer.get("findings").and_then(Value::as_array).context("`findings` is missing")?;
        let ours = findings(answer, document)?;
        self.policies += 1;
        if aws.is_empty() && document.len() > ANSWERED_UP_TO {
            let codes: Vec<&str> = ours.iter().filter_map(|f| text(f, "issueCode").ok()).collect();
            self.unanswered.push(format!("{name}: {}", codes.join(", ")));
            return Ok(());
        }
        if aws.is_empty() {
            let unexplained =
                |finding: &Value| !text(finding, "issueCode").is_ok_and(is_by_catalogue);
            self.clean += 1;
            self.reported_on_clean += usize::from(ours.iter().any(unexplained));
        }
        self.count(name, aws, ours)
    }

    fn count(&mut self, name: &str, aws: &[Value], mut ours: Vec<Value>) -> Result<()> {
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

/// The findings of the checks in AWS's form.
fn findings(answer: &Value, document: &str) -> Result<Vec<Value>> {
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
    Ok(validate(document, policy_type, resource_type).iter().map(as_json).collect())
}

fn is_by_catalogue(code: &str) -> bool {
    BY_CATALOGUE.contains(&code)
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{:<62}{:>6}{:>10}{:>9}", "issue code", "both", "only AWS", "only we")?;
        for (code, counts) in self.codes.iter().filter(|(code, _)| !is_by_catalogue(code)) {
            counts.write(code, formatter)?;
        }
        writeln!(
            formatter,
            "decided by the service catalogue, which differs between the day of AWS's answers and ours:"
        )?;
        for (code, counts) in self.codes.iter().filter(|(code, _)| is_by_catalogue(code)) {
            counts.write(code, formatter)?;
        }
        for (code, counts) in &self.codes {
            for place in &counts.only_aws {
                writeln!(formatter, "  only AWS: {code} {place}")?;
            }
            for place in &counts.only_ours {
                writeln!(formatter, "  only we:  {code} {place}")?;
            }
        }
        for policy in &self.unanswered {
            writeln!(
                formatter,
                "  without an answer, longer than {ANSWERED_UP_TO} bytes: {policy}"
            )?;
        }
        write!(
            formatter,
            "{} policies, {} without an answer; {} clean to AWS, {} of them reported; {} differ by the catalogue",
            self.policies,
            self.unanswered.len(),
            self.clean,
            self.reported_on_clean,
            self.by_catalogue()
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
    let position = |position: Position| json!({ "line": position.line, "column": position.column, "offset": position.offset });
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
