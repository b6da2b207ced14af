//! One resource file: `accounts/ID/REGION/TYPE/NAME.json`.

use std::path::PathBuf;
use std::sync::Arc;

use ringfence_access::inventory::{NotAnalyzed, Resource, ResourceType};
use ringfence_policy::json::Value;
use ringfence_policy::{AccountId, Partition};

use crate::configuration::configuration;
use crate::error::{SourceError, SourceProblem};
use crate::file::{parse_tree, read_text};
use crate::part::{Part, TOP};
use crate::resource_arn::{self, Owner};
use crate::shape::{ShapeError, Shaped, object_here, required, tags, text};

/// Where a resource file is, and what its place says of the resource.
pub(super) struct ResourcePath {
    pub(super) path: PathBuf,
    pub(super) file: Arc<str>,
    pub(super) account: AccountId,
    pub(super) region: Arc<str>,
    /// The type that the folder stands for, in CloudFormation's spelling.
    pub(super) resource_type: Arc<str>,
}

/// What became of a resource file.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) resource: Option<Resource>,
    pub(super) not_analyzed: Vec<NotAnalyzed>,
}

/// Reads the file; whatever is wrong with it becomes an entry.
pub(super) fn read(path: &ResourcePath, partition: Option<Partition>) -> Outcome {
    let text = match read_text(&path.path, &path.file) {
        Ok(text) => text,
        Err(error) => return not_analyzed(path, None, error),
    };
    parsed(path, &text, partition)
}

/// The text of a resource file that is not a file.
#[derive(Clone, Copy, Debug)]
pub struct ResourceText<'t> {
    /// What stands for the file's name.
    pub name: &'t str,
    /// The JSON.
    pub text: &'t str,
    /// The account that owns the resource.
    pub account: &'t AccountId,
    /// Its Region, `global` for a role.
    pub region: &'t str,
    /// Its type, by CloudFormation's name.
    pub resource_type: &'t str,
    /// The partition of its ARN.
    pub partition: Partition,
}

/// Reads a resource from a text of the form that snapshots have.
///
/// # Errors
/// All that is wrong with it, policies included.
pub fn read_resource(own: &ResourceText<'_>) -> Result<Resource, String> {
    let path = ResourcePath {
        path: PathBuf::new(),
        file: Arc::from(own.name),
        account: own.account.clone(),
        region: Arc::from(own.region),
        resource_type: Arc::from(own.resource_type),
    };
    match parsed(&path, own.text, Some(own.partition)) {
        Outcome { resource: Some(resource), not_analyzed } if not_analyzed.is_empty() => {
            Ok(resource)
        }
        Outcome { not_analyzed, .. } => {
            let reasons: Vec<String> = not_analyzed.into_iter().map(|own| own.reason).collect();
            Err(reasons.join("; "))
        }
    }
}

fn parsed(path: &ResourcePath, text: &str, partition: Option<Partition>) -> Outcome {
    let parsed = match parse_tree(text) {
        Ok(parsed) => parsed,
        Err(problem) => return not_analyzed(path, None, SourceError::new(&path.file, problem)),
    };
    let mut part = Part::new(&path.file, text, TOP);
    let arn = parsed.value.get("arn").and_then(Value::as_str);
    if let Some(error) = part.not_json(&parsed) {
        return not_analyzed(path, arn, error);
    }
    let resource = match resource(&mut part, path, partition, &parsed.value) {
        Ok(resource) => resource,
        Err(error) => return not_analyzed(path, arn, part.shape_error(error)),
    };
    if let Some(error) = part.said_twice(&parsed) {
        return not_analyzed(path, arn, error);
    }
    let mut not_analyzed = part.policy_problems();
    for entry in &mut not_analyzed {
        describe(entry, path, arn);
    }
    Outcome { resource: Some(resource), not_analyzed }
}

fn resource(
    part: &mut Part<'_>,
    path: &ResourcePath,
    partition: Option<Partition>,
    value: &Value<'_>,
) -> Shaped<Resource> {
    object_here(value)?;
    let name = required(value, "resourceType")?;
    let named = text(name, "resourceType")?;
    if named != path.resource_type.as_ref() {
        let message = format!("`{named}` stands in the folder of `{}`", path.resource_type);
        return Err(ShapeError::new(name, message));
    }
    let unknown =
        || ShapeError::new(name, format!("resources of the type `{named}` are not analyzed"));
    let resource_type = ResourceType::parse(named).ok_or_else(unknown)?;
    let arn_value = required(value, "arn")?;
    let arn = text(arn_value, "arn")?;
    let owner = Owner { account: &path.account, region: &path.region, partition };
    if let Err(message) = resource_arn::check(resource_type, arn, owner) {
        return Err(ShapeError::new(arn_value, message));
    }
    Ok(Resource {
        arn: arn.to_owned(),
        account: path.account.clone(),
        region: Arc::clone(&path.region),
        tags: tags(value, "tags")?,
        file: Arc::clone(&path.file),
        position: part.position(value.span),
        configuration: configuration(part, resource_type, value)?,
    })
}

fn not_analyzed(path: &ResourcePath, arn: Option<&str>, error: SourceError) -> Outcome {
    let mut entry = error.into_not_analyzed();
    describe(&mut entry, path, arn);
    Outcome { resource: None, not_analyzed: vec![entry] }
}

fn describe(entry: &mut NotAnalyzed, path: &ResourcePath, arn: Option<&str>) {
    entry.account = Some(path.account.clone());
    entry.region = Some(path.region.to_string());
    entry.resource = arn.map(str::to_owned);
    entry.resource_type = Some(path.resource_type.to_string());
}

/// What stands where a resource file should and is none.
pub(super) fn stray(path: &ResourcePath, reason: String) -> NotAnalyzed {
    let error = SourceError::new(&path.file, SourceProblem::Shape(reason));
    let mut entry = error.into_not_analyzed();
    describe(&mut entry, path, None);
    entry
}
