//! AWS's service reference, <https://servicereference.us-east-1.amazonaws.com/>: one document a service, here as one
//! JSON object of all of them by prefix. Its form is on
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/service-reference.html>.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use super::model::{
    Action, ActionResourceType, Catalogue, ConditionKey, Level, Operation, ResourceType, Service,
    SupportedBy, folded,
};
use super::read_json;

/// The reference's content.
pub(super) struct ServiceReference {
    /// When it was fetched, `YYYY-MM-DD`.
    pub(super) date: String,
    pub(super) catalogue: Catalogue,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    name: String,
    #[serde(default)]
    actions: Vec<ActionEntry>,
    #[serde(default)]
    resources: Vec<ResourceEntry>,
    #[serde(default)]
    condition_keys: Vec<ConditionKeyEntry>,
    #[serde(default)]
    operations: Vec<OperationEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ActionEntry {
    name: String,
    #[serde(default)]
    action_condition_keys: BTreeSet<String>,
    annotations: Option<Annotations>,
    #[serde(default)]
    resources: Vec<ActionResourceEntry>,
    supported_by: Option<SupportedByEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Annotations {
    properties: BTreeMap<String, bool>,
}

#[derive(Deserialize)]
struct SupportedByEntry {
    #[serde(rename = "IAM Access Analyzer Policy Generation")]
    policy_generation: bool,
    #[serde(rename = "IAM Action Last Accessed")]
    last_accessed: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ActionResourceEntry {
    name: String,
    #[serde(default)]
    condition_keys: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResourceEntry {
    name: String,
    #[serde(rename = "ARNFormats")]
    arn_formats: Vec<String>,
    #[serde(default)]
    condition_keys: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ConditionKeyEntry {
    name: String,
    types: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OperationEntry {
    name: String,
    #[serde(default)]
    authorized_actions: Vec<AuthorizedAction>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AuthorizedAction {
    name: String,
    service: String,
}

/// Reads the file.
pub(super) fn read(path: &Path) -> Result<ServiceReference> {
    let documents: BTreeMap<String, Document> =
        if path.extension().is_some_and(|extension| extension == "gz") {
            let unpacked = Command::new("gzip").arg("-dc").arg(path).output();
            let unpacked = unpacked.context("cannot run `gzip`")?;
            ensure!(unpacked.status.success(), "cannot unpack `{}`", path.display());
            serde_json::from_slice(&unpacked.stdout)
                .with_context(|| format!("`{}` is not of the form", path.display()))?
        } else {
            read_json(path)?
        };
    let mut catalogue = Catalogue::new();
    for document in documents.into_values() {
        let prefix = document.name.clone();
        let service =
            service(document).with_context(|| format!("cannot take service `{prefix}`"))?;
        catalogue.insert(folded(&prefix), service);
    }
    Ok(ServiceReference { date: date_in_name(path)?, catalogue })
}

fn service(document: Document) -> Result<Service> {
    let mut service =
        Service { prefix: document.name.clone(), name: document.name, ..Service::default() };
    for entry in document.condition_keys {
        let key = ConditionKey { value_type: value_type(&entry.types)?, name: entry.name };
        service.condition_keys.insert(folded(&key.name), key);
    }
    for ResourceEntry { name, arn_formats, condition_keys } in document.resources {
        let resource_type = ResourceType { name, arn_formats, condition_keys };
        service.resource_types.insert(folded(&resource_type.name), resource_type);
    }
    for entry in document.actions {
        let action = action(entry)?;
        service.actions.insert(folded(&action.name), action);
    }
    for OperationEntry { name, authorized_actions } in document.operations {
        let actions = authorized_actions.into_iter().map(|action| (action.service, action.name));
        let operation = Operation { name, actions: actions.collect() };
        service.operations.insert(folded(&operation.name), operation);
    }
    Ok(service)
}

/// A key that may have one value or several is one with several.
fn value_type(types: &[String]) -> Result<String> {
    let many = types.iter().find(|value_type| value_type.starts_with("ArrayOf"));
    many.or(types.first()).cloned().context("a condition key has no type")
}

fn action(entry: ActionEntry) -> Result<Action> {
    let resource_types = entry.resources.into_iter().map(|resource| {
        let ActionResourceEntry { name, condition_keys } = resource;
        (folded(&name), ActionResourceType { required: false, condition_keys })
    });
    let supported_by = entry.supported_by.map(|entry| SupportedBy {
        policy_generation: entry.policy_generation,
        last_accessed: entry.last_accessed,
    });
    Ok(Action {
        levels: entry.annotations.as_ref().map(levels).transpose()?.unwrap_or_default(),
        supported_by,
        resource_types: resource_types.collect(),
        condition_keys: entry.action_condition_keys,
        name: entry.name,
    })
}

/// An action that is nothing else reads.
fn levels(annotations: &Annotations) -> Result<BTreeSet<Level>> {
    let mut levels = BTreeSet::new();
    for (property, holds) in &annotations.properties {
        let level = match property.as_str() {
            "IsList" => Level::List,
            "IsWrite" => Level::Write,
            "IsTaggingOnly" => Level::Tagging,
            "IsPermissionManagement" => Level::PermissionsManagement,
            _ => bail!("`{property}` is no known property of an action"),
        };
        levels.extend(holds.then_some(level));
    }
    if levels.is_empty() {
        levels.insert(Level::Read);
    }
    Ok(levels)
}

fn date_in_name(path: &Path) -> Result<String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_date = |text: &&str| {
        let parts: Vec<&str> = text.split('-').collect();
        parts.iter().map(|part| part.len()).eq([4, 2, 2]) && parts.into_iter().all(digits)
    };
    (0..name.len())
        .filter_map(|at| name.get(at..at + 10))
        .find(is_date)
        .map(str::to_owned)
        .with_context(|| format!("`{name}` has no date YYYY-MM-DD in its name"))
}
