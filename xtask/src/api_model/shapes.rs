//! Writes the operations and the constraints of their shapes as tables.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::{Context, Result, bail};

use super::model::{Model, Operation, Reference, Shape};
use super::names::snake;
use super::origin;

/// The text of the file.
pub(super) fn write(model: &Model) -> Result<String> {
    let mut text = origin(model);
    text.push_str(
        "\nuse crate::api::model::{Length, Location, MemberModel, OperationModel, Shape};\n\n\
         /// Every operation, by name.\npub(crate) static OPERATIONS: &[OperationModel] = &[\n",
    );
    for (name, operation) in &model.operations {
        write_operation(&mut text, name, operation)?;
    }
    text.push_str("];\n");
    let exceptions: Vec<(&String, u16)> = model
        .shapes
        .iter()
        .filter_map(|(name, shape)| Some((name, shape.error.as_ref()?.http_status_code)))
        .collect();
    writeln!(
        text,
        "\n/// The status of every exception.\n#[cfg(test)]\n\
         pub(crate) static EXCEPTIONS: &[(&str, u16)] = &{exceptions:?};"
    )?;
    let mut shapes = model.in_inputs()?;
    shapes.extend(model.in_outputs()?);
    let patterns: BTreeSet<&String> =
        shapes.iter().filter_map(|name| model.shapes.get(*name)?.pattern.as_ref()).collect();
    let patterns: Vec<&String> = patterns.into_iter().collect();
    writeln!(
        text,
        "\n/// Every pattern of a text.\npub(crate) static PATTERNS: &[&str] = &{patterns:?};"
    )?;
    for name in shapes {
        let shape = model.shape(name)?;
        writeln!(text, "\nstatic {}: Shape = {};", constant(name), definition(shape)?)?;
    }
    Ok(text)
}

fn write_operation(text: &mut String, name: &str, operation: &Operation) -> Result<()> {
    let Operation { http, input, output, errors } = operation;
    let input = input.as_ref().with_context(|| format!("`{name}` has no input"))?;
    let output = match output {
        Some(output) => format!("Some(&{})", constant(&output.shape)),
        None => "None".to_owned(),
    };
    let mut errors: Vec<&str> = errors.iter().map(|own| own.shape.as_str()).collect();
    errors.sort_unstable();
    writeln!(
        text,
        "OperationModel {{ name: {name:?}, method: {:?}, uri: {:?}, status: {}, input: &{}, \
         output: {output}, errors: &{errors:?} }},",
        http.method,
        http.request_uri,
        http.response_code.unwrap_or(200),
        constant(&input.shape),
    )?;
    Ok(())
}

fn definition(shape: &Shape) -> Result<String> {
    let length = format!("Length {{ min: {:?}, max: {:?} }}", shape.min, shape.max);
    Ok(match (shape.kind.as_str(), &shape.member, shape.key.as_ref().zip(shape.value.as_ref())) {
        ("structure", ..) => {
            let kind = if shape.union { "Union" } else { "Structure" };
            format!("Shape::{kind}(&[{}])", members(shape)?)
        }
        ("string", ..) => format!(
            "Shape::Text {{ length: {length}, pattern: {:?}, values: &{:?} }}",
            shape.pattern, shape.values
        ),
        ("integer", ..) => format!("Shape::Integer({length})"),
        ("boolean", ..) => "Shape::Boolean".to_owned(),
        ("timestamp", ..) => "Shape::Timestamp".to_owned(),
        ("list", Some(member), _) => {
            format!("Shape::List {{ member: &{}, length: {length} }}", constant(&member.shape))
        }
        ("map", _, Some((key, value))) => {
            let (key, value) = (constant(&key.shape), constant(&value.shape));
            format!("Shape::Map {{ key: &{key}, value: &{value} }}")
        }
        (kind, ..) => bail!("there is no shape of type `{kind}`"),
    })
}

fn members(shape: &Shape) -> Result<String> {
    let mut text = String::new();
    for (name, reference) in shape.references()? {
        let Reference { shape: target, location, location_name } = reference;
        let location = match location.as_deref() {
            None => "Body",
            Some("uri") => "Label",
            Some("querystring") => "Query",
            Some(other) => bail!("`{name}` is in an unknown place, `{other}`"),
        };
        if location_name.is_some_and(|own| own != name) {
            bail!("`{name}` has another name on the wire, which the tables cannot say");
        }
        let required = match shape.required.iter().any(|required| required == name) {
            true => "Required",
            false => "Optional",
        };
        write!(
            text,
            "MemberModel::{}({name:?}, Location::{location}, &{}),",
            required.to_lowercase(),
            constant(&target)
        )?;
    }
    Ok(text)
}

fn constant(name: &str) -> String {
    snake(name).to_uppercase()
}
