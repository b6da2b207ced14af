//! Which pages there are, and what they are called.

use std::fs;

use anyhow::{Context, Result};
use ringfence_access::resource_types::UNITS;
use ringfence_validation::{FindingType, Origin, checks};

use crate::workspace;

const OPERATORS: &str = "crates/policy/src/evaluate/condition_operators";
const RESOURCE_TYPES: &str = "crates/access/src/resource_types";

/// A page about a folder, not about a unit.
const FOLDER_PAGE: &str = "README";

/// A page of the reference.
pub(super) struct Page {
    /// Where it is in the site; the file's name is that of the Markdown page.
    pub(super) path: String,
    pub(super) title: String,
    pub(super) group: Group,
    pub(super) markdown: String,
    /// AWS's page about the same.
    pub(super) aws: Option<String>,
}

/// What pages are listed together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Checks(FindingType),
    OwnChecks,
    ConditionOperators,
    ResourceTypes,
}

impl Group {
    /// In the order of the index.
    pub(super) const ALL: [Self; 7] = [
        Self::Checks(FindingType::Error),
        Self::Checks(FindingType::SecurityWarning),
        Self::Checks(FindingType::Warning),
        Self::Checks(FindingType::Suggestion),
        Self::OwnChecks,
        Self::ConditionOperators,
        Self::ResourceTypes,
    ];

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Checks(FindingType::Error) => "Policy checks: errors",
            Self::Checks(FindingType::SecurityWarning) => "Policy checks: security warnings",
            Self::Checks(FindingType::Warning) => "Policy checks: warnings",
            Self::Checks(FindingType::Suggestion) => "Policy checks: suggestions",
            Self::OwnChecks => "Policy checks of Ringfence's own",
            Self::ConditionOperators => "Condition operators",
            Self::ResourceTypes => "Resource types",
        }
    }
}

/// Every page, group by group.
pub(super) fn all() -> Result<Vec<Page>> {
    let mut pages: Vec<Page> = checks()
        .map(|check| {
            let (group, aws) = match check.origin() {
                Origin::Aws => (Group::Checks(check.finding_type), Some(check.learn_more_link())),
                Origin::Ringfence => (Group::OwnChecks, None),
            };
            Page {
                path: format!("checks/{}.html", check.issue_code.to_lowercase()),
                title: check.issue_code.to_owned(),
                group,
                markdown: check.page.to_owned(),
                aws,
            }
        })
        .collect();
    for (name, markdown) in folder(OPERATORS)? {
        let title = operator_title(&markdown)
            .with_context(|| format!("`{OPERATORS}/{name}.md` does not begin with a name"))?;
        let path = format!("operators/{name}.html");
        let group = Group::ConditionOperators;
        pages.push(Page { path, title, group, markdown, aws: None });
    }
    for (name, markdown) in folder(RESOURCE_TYPES)? {
        let title = resource_type_title(&name)
            .with_context(|| format!("`{RESOURCE_TYPES}/{name}.md` is about no resource type"))?;
        let path = format!("resource_types/{name}.html");
        pages.push(Page { path, title, group: Group::ResourceTypes, markdown, aws: None });
    }
    Ok(pages)
}

/// The names, without `.md`, and texts of the pages in a folder, sorted by name.
fn folder(path: &str) -> Result<Vec<(String, String)>> {
    let mut pages = Vec::new();
    for file in workspace::files(&workspace::root().join(path))? {
        let is_page = file.extension().is_some_and(|extension| extension == "md");
        let stem = file.file_stem().and_then(|stem| stem.to_str());
        let Some(name) = stem.filter(|name| is_page && *name != FOLDER_PAGE) else {
            continue;
        };
        let text = fs::read_to_string(&file)
            .with_context(|| format!("cannot read `{}`", file.display()))?;
        pages.push((name.to_owned(), text));
    }
    Ok(pages)
}

/// The page of an operator begins with its name: `` `StringLike`: … ``, `` `ForAnyValue:`: … ``.
fn operator_title(markdown: &str) -> Option<String> {
    let name = markdown.trim_start().strip_prefix('`')?.split('`').next()?;
    Some(name.trim_matches([':', '…']).to_owned())
}

/// `s3_bucket` is about `AWS::S3::Bucket`.
fn resource_type_title(name: &str) -> Option<String> {
    let wanted = name.replace('_', "");
    let names = UNITS.iter().map(|unit| unit.resource_type.as_str());
    let mut found =
        names.filter(|name| name.to_lowercase().split("::").skip(1).collect::<String>() == wanted);
    found.next().map(str::to_owned)
}
