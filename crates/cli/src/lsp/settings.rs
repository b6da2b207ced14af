//! Which of the open documents are policies, and of which type: by the user's settings, else by their look.
//!
//! ```json
//! { "policyTypes": [ { "files": "scps/**", "policyType": "scp" },
//!                    { "files": "buckets/*.json", "policyType": "resource", "resourceType": "AWS::S3::Bucket" },
//!                    { "files": "vendor/**", "policyType": "none" } ] }
//! ```
//!
//! The first entry whose pattern fits the document's path counts.

use percent_encoding::percent_decode_str;
use ringfence_policy::PolicyType;
use ringfence_validation::ValidatePolicyResourceType;
use serde_json::Value;

use super::configuration::Configured;
use super::outline::{EntryKind, Outline, Role};

/// What a document is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DocumentKind {
    /// Nothing is said about it.
    NotAPolicy,
    /// A policy of this type, attached to a resource of that type where this is known.
    Policy(PolicyType, Option<ValidatePolicyResourceType>),
}

/// What the user set.
#[derive(Debug, Default)]
pub(super) struct Settings {
    entries: Vec<(String, DocumentKind)>,
}

impl Settings {
    /// Reads the editor's settings, and says what in them makes no sense; that part is left out. None where the
    /// settings are all about something else, as some editors send them.
    pub(super) fn read(value: &Value) -> Option<(Self, Vec<String>)> {
        let own = value.get("ringfence").or_else(|| value.get("policyTypes").and(Some(value)))?;
        Some(Self::read_own(own))
    }

    fn read_own(own: &Value) -> (Self, Vec<String>) {
        let (mut settings, mut problems) = (Self::default(), Vec::new());
        let entries = match own.get("policyTypes") {
            None | Some(Value::Null) => return (settings, problems),
            Some(Value::Array(entries)) => entries,
            Some(_) => {
                problems.push("the setting `policyTypes` is a list".to_owned());
                return (settings, problems);
            }
        };
        for (number, entry) in entries.iter().enumerate() {
            match read_entry(entry) {
                Ok(entry) => settings.entries.push(entry),
                Err(problem) => problems.push(format!("`policyTypes[{number}]`: {problem}")),
            }
        }
        (settings, problems)
    }

    /// What the document with this address and text is. `folders` are the addresses of the editor's folders. The
    /// editor's settings come first, then the configuration, then the look.
    pub(super) fn kind(
        &self,
        uri: &str,
        folders: &[String],
        configured: Option<&Configured<'_>>,
        text: &str,
    ) -> DocumentKind {
        let paths = paths(uri, folders);
        let fits = |pattern: &str| paths.iter().any(|path| fast_glob::glob_match(pattern, path));
        let set = self.entries.iter().find(|(pattern, _)| fits(pattern)).map(|(_, kind)| *kind);
        set.or_else(|| configured_kind(configured?)).unwrap_or_else(|| guess(text))
    }
}

fn configured_kind(configured: &Configured<'_>) -> Option<DocumentKind> {
    if !configured.gate.keeps(&configured.path) {
        return Some(DocumentKind::NotAPolicy);
    }
    let kind = configured.gate.kind_of(&configured.path)?;
    Some(DocumentKind::Policy(kind.policy_type, kind.resource_type))
}

fn read_entry(entry: &Value) -> Result<(String, DocumentKind), String> {
    let text = |name: &str| match entry.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(format!("`{name}` is a text")),
    };
    let files = text("files")?.ok_or("`files`, a pattern of paths, is missing")?;
    let resource_type = match text("resourceType")? {
        None => None,
        Some(name) => {
            let unknown = || format!("`{name}` is no resource type of ValidatePolicy");
            Some(ValidatePolicyResourceType::parse(name).ok_or_else(unknown)?)
        }
    };
    let policy_type = match (text("policyType")?, resource_type) {
        (Some("none"), _) => return Ok((files.to_owned(), DocumentKind::NotAPolicy)),
        (Some(name), _) => PolicyType::parse(name).ok_or_else(|| {
            format!("`{name}` is none of `identity`, `resource`, `scp`, `rcp` and `none`")
        })?,
        (None, Some(_)) => PolicyType::ResourcePolicy,
        (None, None) => return Err("`policyType` is missing".to_owned()),
    };
    Ok((files.to_owned(), DocumentKind::Policy(policy_type, resource_type)))
}

/// The paths that a pattern may mean: the whole one, and those from the editor's folders.
fn paths(uri: &str, folders: &[String]) -> Vec<String> {
    let path = |uri: &str| {
        let path = uri.strip_prefix("file://").unwrap_or(uri);
        percent_decode_str(path).decode_utf8_lossy().into_owned()
    };
    let whole = path(uri);
    let inside = |folder: &String| {
        let folder = path(folder);
        let rest = whole.strip_prefix(folder.trim_end_matches('/'))?;
        rest.strip_prefix('/').map(str::to_owned)
    };
    let mut paths: Vec<String> = folders.iter().filter_map(inside).collect();
    paths.push(whole);
    paths
}

/// What a document looks like. A policy has statements, or one of the versions of the policy language; with a
/// principal it is a resource policy.
fn guess(text: &str) -> DocumentKind {
    let outline = Outline::new(text);
    let path_is = |number, names: &[&str]| outline.path(number).is_some_and(|path| path == names);
    let mut is_policy = false;
    let mut has_principal = false;
    for (number, entry) in outline.entries() {
        let is_nested = matches!(entry.kind, EntryKind::Object | EntryKind::Array);
        match (entry.role, outline.text_of(entry)) {
            (Role::Name, "Principal" | "NotPrincipal") => {
                has_principal |= path_is(number, &["Statement"]);
            }
            (Role::Value, "2012-10-17" | "2008-10-17") => {
                is_policy |= path_is(number, &["Version"]);
            }
            (Role::Value, _) if is_nested => is_policy |= path_is(number, &["Statement"]),
            _ => {}
        }
    }
    match (is_policy, has_principal) {
        (false, _) => DocumentKind::NotAPolicy,
        (true, true) => DocumentKind::Policy(PolicyType::ResourcePolicy, None),
        (true, false) => DocumentKind::Policy(PolicyType::IdentityPolicy, None),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const IDENTITY: DocumentKind = DocumentKind::Policy(PolicyType::IdentityPolicy, None);
    const RESOURCE: DocumentKind = DocumentKind::Policy(PolicyType::ResourcePolicy, None);

    #[test]
    fn guesses_by_the_look() {
        for (text, expected) in [
            ("", DocumentKind::NotAPolicy),
            (r#"{"name": "x", "version": "2012-10-17"}"#, DocumentKind::NotAPolicy),
            (r#"{"Statement": "of account"}"#, DocumentKind::NotAPolicy),
            (
                r#"{"AWSTemplateFormatVersion": "2010-09-09", "R": {"Statement": []}}"#,
                DocumentKind::NotAPolicy,
            ),
            (r#"{"Version": "2012-10-17""#, IDENTITY),
            (r#"{"Statement": [{"Effect": "#, IDENTITY),
            (r#"{"Statement": {"Principal": "*", "#, RESOURCE),
            (r#"{"Statement": [{}, {"NotPrincipal": {"AWS": "#, RESOURCE),
            (r#"{"Statement": [{"Condition": {"Bool": {"Principal": "#, IDENTITY),
        ] {
            assert_eq!(guess(text), expected, "{text}");
        }
    }

    #[test]
    fn the_first_pattern_counts() {
        let (settings, problems) = Settings::read(&json!({"ringfence": {"policyTypes": [
            {"files": "scps/*.json", "policyType": "SERVICE_CONTROL_POLICY"},
            {"files": "**/my trust.json", "resourceType": "AWS::IAM::AssumeRolePolicyDocument"},
            {"files": "**", "policyType": "none"},
        ]}}))
        .unwrap();
        assert_eq!(problems, Vec::<String>::new());
        let folders = ["file:///home/u/repo/".to_owned()];
        let kind = |uri: &str| settings.kind(uri, &folders, None, r#"{"Statement": []}"#);
        let scp = DocumentKind::Policy(PolicyType::ServiceControlPolicy, None);
        assert_eq!(kind("file:///home/u/repo/scps/a.json"), scp);
        let trust = Some(ValidatePolicyResourceType::RoleTrustPolicy);
        assert_eq!(
            kind("file:///elsewhere/my%20trust.json"),
            DocumentKind::Policy(PolicyType::ResourcePolicy, trust)
        );
        assert_eq!(kind("untitled:Untitled-1"), DocumentKind::NotAPolicy);
    }

    #[test]
    fn says_what_makes_no_sense() {
        let (settings, problems) = Settings::read(&json!({"policyTypes": [
            {"policyType": "scp"}, {"files": "a"}, {"files": "a", "policyType": "acl"},
            {"files": "a", "resourceType": "bucket"}, {"files": 1}, 7,
            {"files": "*", "policyType": "rcp"},
        ]}))
        .unwrap();
        assert_eq!((settings.entries.len(), problems.len()), (1, 6), "{problems:?}");
        assert_eq!(Settings::read(&json!({"policyTypes": {}})).unwrap().1.len(), 1);
        for own in [json!({"policyTypes": null}), json!({"ringfence": {}}), json!({"ringfence": 1})]
        {
            assert!(Settings::read(&own).unwrap().1.is_empty());
        }
        for of_others in [json!(null), json!({}), json!([]), json!({"json": {"schemas": []}})] {
            assert!(Settings::read(&of_others).is_none());
        }
    }
}
