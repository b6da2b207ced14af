//! The parts of botocore's `service-2.json` that are read. The orders of members and values are those of the file.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::Deserialize;

/// The model of a service.
#[derive(Deserialize)]
pub(super) struct Model {
    /// The version of botocore.
    pub(super) version: String,
    pub(super) metadata: Metadata,
    pub(super) operations: BTreeMap<String, Operation>,
    pub(super) shapes: BTreeMap<String, Shape>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Metadata {
    pub(super) api_version: String,
}

#[derive(Deserialize)]
pub(super) struct Operation {
    pub(super) http: Http,
    pub(super) input: Option<Reference>,
    pub(super) output: Option<Reference>,
    #[serde(default)]
    pub(super) errors: Vec<Reference>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Http {
    pub(super) method: String,
    pub(super) request_uri: String,
    #[serde(default)]
    pub(super) response_code: Option<u16>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reference {
    pub(super) shape: String,
    pub(super) location: Option<String>,
    pub(super) location_name: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Shape {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) required: Vec<String>,
    #[serde(default)]
    pub(super) members: serde_json::Map<String, serde_json::Value>,
    pub(super) member: Option<Reference>,
    pub(super) key: Option<Reference>,
    pub(super) value: Option<Reference>,
    #[serde(default)]
    pub(super) union: bool,
    #[serde(rename = "enum", default)]
    pub(super) values: Vec<String>,
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
    pub(super) pattern: Option<String>,
    #[serde(default)]
    pub(super) exception: bool,
    pub(super) error: Option<HttpError>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HttpError {
    pub(super) http_status_code: u16,
}

impl Model {
    /// A shape by its name.
    pub(super) fn shape(&self, name: &str) -> Result<&Shape> {
        self.shapes.get(name).with_context(|| format!("the model has no shape `{name}`"))
    }

    /// The shapes that inputs are made of.
    pub(super) fn in_inputs(&self) -> Result<BTreeSet<&str>> {
        self.reached(self.operations.values().filter_map(|own| own.input.as_ref()))
    }

    /// The shapes that outputs are made of.
    pub(super) fn in_outputs(&self) -> Result<BTreeSet<&str>> {
        self.reached(self.operations.values().filter_map(|own| own.output.as_ref()))
    }

    fn reached<'m>(
        &'m self,
        from: impl Iterator<Item = &'m Reference>,
    ) -> Result<BTreeSet<&'m str>> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<String> = from.map(|own| own.shape.clone()).collect();
        while let Some(name) = open.pop() {
            let (name, shape) =
                self.shapes.get_key_value(&name).with_context(|| format!("no shape `{name}`"))?;
            if reached.insert(name.as_str()) {
                open.extend(shape.references()?.into_iter().map(|(_, own)| own.shape));
                let inner = shape.member.iter().chain(&shape.key).chain(&shape.value);
                open.extend(inner.map(|own| own.shape.clone()));
            }
        }
        Ok(reached)
    }
}

impl Shape {
    /// The members of a structure, in the model's order.
    pub(super) fn references(&self) -> Result<Vec<(&str, Reference)>> {
        let mut references = Vec::new();
        for (name, value) in &self.members {
            references.push((name.as_str(), Reference::deserialize(value)?));
        }
        Ok(references)
    }

    /// Whether it is one of a list of texts.
    pub(super) fn is_enum(&self) -> bool {
        self.kind == "string" && !self.values.is_empty()
    }
}
