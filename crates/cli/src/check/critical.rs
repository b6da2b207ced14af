//! A file of critical actions and resources, in groups: TOML, or JSON of the same shape.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, bail};
use ringfence_policy::catalogue::Catalogue;
use ringfence_reasoning::Access;
use serde::Deserialize;

use super::access_not_granted::require_listed;
use super::evidence::Critical;

/// A group of the file: none of its actions may be allowed on any of its resources.
#[derive(Debug)]
pub(super) struct Group {
    /// What it is called, and why it is there.
    pub(super) critical: Critical,
    /// What must not be allowed.
    pub(super) access: Access,
}

impl Group {
    /// What the command line lists.
    pub(super) fn of_command_line(access: Access) -> Self {
        let critical = Critical {
            name: "command line".to_owned(),
            description: "listed with --action and --resource".to_owned(),
        };
        Self { critical, access }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    critical: Vec<RawGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGroup {
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    actions: Vec<String>,
    #[serde(default)]
    resources: Vec<String>,
}

/// Reads a file. An action that the catalogue does not know gets a warning on standard error.
///
/// # Errors
/// When it cannot be read, has another shape, or a group of it lists nothing.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<Group>> {
    let file = path.display();
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the list of critical access `{file}` cannot be read"))?;
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let language = if is_json { Language::Json } else { Language::Toml };
    let groups = parse(&text, language)
        .with_context(|| format!("`{file}` is no list of critical access"))?;
    for group in &groups {
        let unknown = group.access.actions.iter().filter(|action| !is_known(action));
        for action in unknown {
            let name = crate::text::visible(&group.critical.name);
            let action = crate::text::visible(action);
            eprintln!("warning: {file}: `{action}` of `{name}` is no action that is known");
        }
    }
    Ok(groups)
}

/// What a file is written in.
#[derive(Clone, Copy)]
enum Language {
    Json,
    Toml,
}

fn parse(text: &str, language: Language) -> anyhow::Result<Vec<Group>> {
    let raw: Raw = match language {
        Language::Json => serde_json::from_str(text)?,
        Language::Toml => toml::from_str(text)?,
    };
    if raw.critical.is_empty() {
        bail!("it has no `[[critical]]`");
    }
    let mut names = BTreeSet::new();
    let mut groups = Vec::with_capacity(raw.critical.len());
    for RawGroup { name, description, actions, resources } in raw.critical {
        if name.trim().is_empty() {
            bail!("a group has an empty `name`");
        }
        if !names.insert(name.clone()) {
            bail!("two groups are called `{name}`");
        }
        let access = Access { actions, resources };
        require_listed(&access).map_err(|why| anyhow::anyhow!("the group `{name}`: {why}"))?;
        groups.push(Group { critical: Critical { name, description }, access });
    }
    Ok(groups)
}

fn is_known(action: &str) -> bool {
    let catalogue = Catalogue::embedded();
    match action.contains(['*', '?']) {
        true => catalogue.match_actions(action).next().is_some(),
        false => catalogue.action(action).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_read_from_both_languages() {
        let toml = "[[critical]]\nname = \"a\"\nactions = [\"s3:DeleteBucket\"]\n";
        let json = r#"{"critical": [{"name": "a", "actions": ["s3:DeleteBucket"]}]}"#;
        for (text, language) in [(toml, Language::Toml), (json, Language::Json)] {
            let groups = parse(text, language).unwrap();
            assert_eq!(groups[0].critical.name, "a");
            assert_eq!(groups[0].access.actions, ["s3:DeleteBucket"]);
        }
        for (wrong, said) in [
            ("critical = []", "has no `[[critical]]`"),
            ("[[critical]]\nname = \"a\"", "the group `a`: list at least one"),
            ("[[critical]]\nname = \" \"\nactions = [\"a:b\"]", "empty `name`"),
            ("[[critical]]\nname = \"a\"\naction = [\"a:b\"]", "unknown field `action`"),
        ] {
            let error = parse(wrong, Language::Toml).unwrap_err();
            assert!(format!("{error:#}").contains(said), "{error:#}");
        }
        assert!(is_known("S3:deletebucket") && is_known("s3:Delete*"));
        assert!(!is_known("s3:DeletBucket") && !is_known("s4:*"));
    }
}
