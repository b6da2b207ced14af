//! Writes the catalogue's files. Their form is described by the README beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::{Context, Result, bail, ensure};

use super::model::{Action, Catalogue, ConditionKey, Level, Service, SupportedBy, folded};

/// A file to write.
pub(super) struct File {
    pub(super) name: &'static str,
    pub(super) text: String,
}

/// For each action, by service and name, the operations that are checked against it.
type OperationsOfActions = BTreeMap<(String, String), BTreeSet<(String, String)>>;

/// The three files.
pub(super) fn files(catalogue: &Catalogue) -> Result<Vec<File>> {
    let operations = operations_of_actions(catalogue);
    let (mut services, mut actions) = (String::new(), String::new());
    for service in catalogue.values() {
        let section = Section::of(service)
            .text(&operations)
            .with_context(|| format!("cannot write service `{}`", service.prefix))?;
        let flags = if service.resource_control_policies { "r" } else { "-" };
        let (prefix, name) = (field(&service.prefix)?, field(&service.name)?);
        writeln!(services, "{prefix}\t{name}\t{}\t{flags}", section.len())?;
        actions.push_str(&section);
    }
    Ok(vec![
        File { name: "services.tsv", text: services },
        File { name: "condition_keys.tsv", text: condition_keys(catalogue)? },
        File { name: "actions.txt", text: actions },
    ])
}

/// Every condition key once. Where services give it different types, the service whose prefix it has decides.
fn condition_keys(catalogue: &Catalogue) -> Result<String> {
    let mut keys: BTreeMap<&String, &ConditionKey> = BTreeMap::new();
    for service in catalogue.values() {
        for (name, key) in &service.condition_keys {
            let own = name.split(':').next() == Some(folded(&service.prefix).as_str());
            if own || !keys.contains_key(name) {
                keys.insert(name, key);
            }
        }
    }
    let mut text = String::new();
    for ConditionKey { name, value_type } in keys.into_values() {
        ensure!(name.matches("${").count() <= 1, "`{name}` has more than one place to fill in");
        writeln!(text, "{}\t{}", word(name)?, word(value_type)?)?;
    }
    Ok(text)
}

fn operations_of_actions(catalogue: &Catalogue) -> OperationsOfActions {
    let mut operations = OperationsOfActions::new();
    for service in catalogue.values() {
        for operation in service.operations.values() {
            for (prefix, action) in &operation.actions {
                let action = (folded(prefix), folded(action));
                let operation = (service.prefix.clone(), operation.name.clone());
                operations.entry(action).or_default().insert(operation);
            }
        }
    }
    operations
}

/// A service's section, and the tables that its lines refer to by number.
struct Section<'a> {
    service: &'a Service,
    keys: Vec<&'a String>,
    key_places: BTreeMap<String, usize>,
    sets: Vec<BTreeSet<usize>>,
}

impl<'a> Section<'a> {
    fn of(service: &'a Service) -> Self {
        let keys: Vec<_> = service.condition_keys.values().map(|key| &key.name).collect();
        let key_places = service.condition_keys.keys().cloned().zip(0..).collect();
        Self { service, keys, key_places, sets: Vec::new() }
    }

    fn text(mut self, operations: &OperationsOfActions) -> Result<String> {
        let mut lines = String::new();
        for resource_type in self.service.resource_types.values() {
            let formats: Vec<_> = resource_type
                .arn_formats
                .iter()
                .map(|format| word(format))
                .collect::<Result<_>>()?;
            let set = self.set(&resource_type.condition_keys)?;
            writeln!(lines, "R\t{}\t{}\t{set}", field(&resource_type.name)?, formats.join(" "))?;
        }
        for operation in self.service.operations.values() {
            let own = (self.service.prefix.clone(), operation.name.clone());
            if !operation.actions.is_empty() && !operation.actions.iter().eq([&own]) {
                let actions = operation.actions.iter().map(|action| self.reference(action));
                let actions = actions.collect::<Vec<_>>().join(" ");
                writeln!(lines, "O\t{}\t{actions}", word(&operation.name)?)?;
            }
        }
        for (key, action) in &self.service.actions {
            let known = operations.get(&(folded(&self.service.prefix), key.clone()));
            let line = self.action(action, known.unwrap_or(&BTreeSet::new()))?;
            writeln!(lines, "{line}")?;
        }
        Ok(self.head()? + &lines)
    }

    /// The condition keys and the sets of them.
    fn head(&self) -> Result<String> {
        let mut head = String::new();
        let keys: Vec<_> = self.keys.iter().map(|key| word(key)).collect::<Result<_>>()?;
        writeln!(head, "K\t{}", keys.join(" "))?;
        for set in &self.sets {
            let places: Vec<_> = set.iter().map(usize::to_string).collect();
            writeln!(head, "S\t{}", places.join(" "))?;
        }
        Ok(head)
    }

    fn action(
        &mut self,
        action: &Action,
        operations: &BTreeSet<(String, String)>,
    ) -> Result<String> {
        let mut resource_types = Vec::new();
        for (key, resource) in &action.resource_types {
            let Some(place) = self.service.resource_types.keys().position(|name| name == key)
            else {
                bail!("`{}` acts on `{key}`, which the service does not define", action.name);
            };
            let required = if resource.required { "*" } else { "" };
            let set = self.set(&resource.condition_keys)?;
            let set = if set.is_empty() { set } else { format!(":{set}") };
            resource_types.push(format!("{place}{required}{set}"));
        }
        let set = self.set(&action.condition_keys)?;
        let operations = operations.iter().map(|operation| {
            let reference = self.reference(operation);
            if reference == action.name { "=".to_owned() } else { reference }
        });
        Ok(format!(
            "A\t{}\t{}\t{}\t{}\t{}\t{}",
            word(&action.name)?,
            action.levels.iter().map(letter).collect::<String>(),
            flags(action.supported_by),
            resource_types.join(" "),
            set,
            operations.collect::<Vec<_>>().join(" "),
        ))
    }

    /// The number of a set of condition keys, nothing for none.
    fn set(&mut self, names: &BTreeSet<String>) -> Result<String> {
        if names.is_empty() {
            return Ok(String::new());
        }
        let place = |name: &String| {
            let place = self.key_places.get(&folded(name)).copied();
            place.with_context(|| format!("`{name}` is not among the service's condition keys"))
        };
        let set: BTreeSet<usize> = names.iter().map(place).collect::<Result<_>>()?;
        let known = self.sets.iter().position(|known| *known == set);
        Ok(known
            .unwrap_or_else(|| {
                self.sets.push(set);
                self.sets.len() - 1
            })
            .to_string())
    }

    /// An action or operation as this service's section names it.
    fn reference(&self, (prefix, name): &(String, String)) -> String {
        if *prefix == self.service.prefix { name.clone() } else { format!("{prefix}:{name}") }
    }
}

fn letter(level: &Level) -> char {
    match level {
        Level::Read => 'R',
        Level::List => 'L',
        Level::Write => 'W',
        Level::Tagging => 'T',
        Level::PermissionsManagement => 'P',
    }
}

fn flags(supported_by: Option<SupportedBy>) -> &'static str {
    match supported_by {
        None => "?",
        Some(SupportedBy { policy_generation: true, last_accessed: true }) => "gl",
        Some(SupportedBy { policy_generation: true, last_accessed: false }) => "g",
        Some(SupportedBy { policy_generation: false, last_accessed: true }) => "l",
        Some(SupportedBy { policy_generation: false, last_accessed: false }) => "-",
    }
}

/// A text that can be a field of a line.
fn field(text: &str) -> Result<&str> {
    let plain = !text.is_empty() && !text.chars().any(char::is_control);
    ensure!(plain, "{text:?} cannot be a field");
    Ok(text)
}

/// A text that can stand in a list.
fn word(text: &str) -> Result<&str> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    ensure!(plain, "{text:?} cannot stand in a list");
    Ok(text)
}
