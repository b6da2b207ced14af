//! Writes the structures of requests and answers as Rust types.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::{Result, bail};

use super::model::{Model, Reference, Shape};
use super::names::{camel, pascal, snake};
use super::origin;

/// The text of the file.
pub(super) fn write(model: &Model) -> Result<String> {
    let mut text = origin(model);
    text.push_str(
        "#![expect(missing_docs, reason = \"AWS's API reference documents each name\")]\n\n\
         use std::collections::BTreeMap;\n\nuse serde::{Deserialize, Serialize};\n\n\
         use crate::api::Timestamp;\n",
    );
    let (inputs, outputs) = (model.in_inputs()?, model.in_outputs()?);
    for (name, shape) in &model.shapes {
        let derives = derives(name, &inputs, &outputs);
        if derives.is_empty() || shape.exception {
            continue;
        }
        match (shape.kind.as_str(), shape.union) {
            ("structure", true) => union(&mut text, model, name, shape, &derives)?,
            ("structure", false) => structure(&mut text, model, name, shape, &derives)?,
            ("string", _) if shape.is_enum() => enumeration(&mut text, name, shape)?,
            _ => {}
        }
    }
    Ok(text)
}

fn derives(name: &str, inputs: &BTreeSet<&str>, outputs: &BTreeSet<&str>) -> String {
    let mut derives = Vec::new();
    if inputs.contains(name) {
        derives.push("Deserialize");
    }
    if outputs.contains(name) || inputs.contains(name) {
        derives.push("Serialize");
    }
    derives.join(", ")
}

fn structure(
    text: &mut String,
    model: &Model,
    name: &str,
    shape: &Shape,
    derives: &str,
) -> Result<()> {
    writeln!(text, "\n#[derive(Clone, Debug, PartialEq, {derives})]")?;
    writeln!(text, "#[serde(rename_all = \"camelCase\")]\npub struct {name} {{")?;
    for (member, reference) in shape.references()? {
        let field = snake(member);
        if camel(&field) != member {
            writeln!(text, "#[serde(rename = \"{member}\")]")?;
        }
        let target = rust_type(model, &reference)?;
        let field = if field == "type" { "r#type" } else { &field };
        if shape.required.iter().any(|required| required == member) {
            writeln!(text, "pub {field}: {target},")?;
        } else {
            writeln!(text, "#[serde(skip_serializing_if = \"Option::is_none\")]")?;
            writeln!(text, "pub {field}: Option<{target}>,")?;
        }
    }
    text.push_str("}\n");
    Ok(())
}

fn union(text: &mut String, model: &Model, name: &str, shape: &Shape, derives: &str) -> Result<()> {
    writeln!(text, "\n#[derive(Clone, Debug, PartialEq, {derives})]\npub enum {name} {{")?;
    for (member, reference) in shape.references()? {
        let target = rust_type(model, &reference)?;
        writeln!(text, "#[serde(rename = \"{member}\")]\n{}({target}),", pascal(member))?;
    }
    text.push_str("}\n");
    Ok(())
}

fn enumeration(text: &mut String, name: &str, shape: &Shape) -> Result<()> {
    let mut arms = String::new();
    writeln!(
        text,
        "\n#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]\n\
         pub enum {name} {{"
    )?;
    for value in &shape.values {
        let variant = pascal(value);
        writeln!(text, "#[serde(rename = \"{value}\")]\n{variant},")?;
        writeln!(arms, "Self::{variant} => \"{value}\",")?;
    }
    writeln!(
        text,
        "}}\n\nimpl {name} {{\n#[must_use]\npub fn as_str(self) -> &'static str {{\nmatch self {{\n\
         {arms}}}\n}}\n}}"
    )?;
    Ok(())
}

fn rust_type(model: &Model, reference: &Reference) -> Result<String> {
    let shape = model.shape(&reference.shape)?;
    Ok(match (shape.kind.as_str(), &shape.member, &shape.value) {
        ("structure", ..) => reference.shape.clone(),
        ("string", ..) if shape.is_enum() => reference.shape.clone(),
        ("string", ..) => "String".to_owned(),
        ("integer", ..) => "i64".to_owned(),
        ("boolean", ..) => "bool".to_owned(),
        ("timestamp", ..) => "Timestamp".to_owned(),
        ("list", Some(member), _) => format!("Vec<{}>", rust_type(model, member)?),
        ("map", _, Some(value)) => format!("BTreeMap<String, {}>", rust_type(model, value)?),
        (kind, ..) => bail!("`{}` has the unknown type `{kind}`", reference.shape),
    })
}
