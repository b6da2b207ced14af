//! `snapshot.json`: what a snapshot is of, and what could not be read when it was taken.

use std::path::Path;
use std::sync::Arc;

use ringfence_access::inventory::{Absent, NotAnalyzed};
use ringfence_policy::Partition;
use ringfence_policy::json::{Kind, Value};

use super::read_json;
use crate::error::{SourceError, SourceProblem};
use crate::file::name_of;
use crate::part::Part;
use crate::shape::{
    ShapeError, Shaped, account_id, list, member, object_here, optional_text, required,
    required_text, text,
};

/// What the file says.
#[derive(Default)]
pub(super) struct Manifest {
    pub(super) partition: Option<Partition>,
    pub(super) not_analyzed: Vec<NotAnalyzed>,
    pub(super) absent: Vec<Absent>,
}

/// Reads the file. One that is broken is an entry; one of another format version is an error, because
/// nothing else of the snapshot can be relied upon.
pub(super) fn read(path: &Path) -> Result<Manifest, SourceError> {
    let file = name_of(path);
    match read_json(path, &file, manifest) {
        Ok(manifest) => Ok(manifest),
        Err(error) if matches!(error.problem, SourceProblem::FormatVersion(_)) => Err(error),
        Err(error) => {
            let not_analyzed = vec![error.into_not_analyzed()];
            Ok(Manifest { not_analyzed, ..Manifest::default() })
        }
    }
}

fn manifest(part: &mut Part<'_>, value: &Value<'_>) -> Result<Manifest, SourceError> {
    let shape_error = |error| part.shape_error(error);
    object_here(value).map_err(shape_error)?;
    let version = required(value, "formatVersion").map_err(shape_error)?;
    if version.kind != Kind::Number("1") {
        let found = match &version.kind {
            Kind::Number(number) => (*number).to_owned(),
            Kind::String(text) => format!("\"{text}\""),
            _ => version.type_name().to_owned(),
        };
        let problem = SourceProblem::FormatVersion(found);
        return Err(SourceError::at(part.file(), part.position(version.span), problem));
    }
    let mut manifest =
        Manifest { partition: partition(value).map_err(shape_error)?, ..Manifest::default() };
    for entry in list(value, "notRead").map_err(shape_error)? {
        // One entry that cannot be understood says that something was not read all the same.
        let entry = not_read(part, entry)
            .unwrap_or_else(|error| part.shape_error(error).into_not_analyzed());
        manifest.not_analyzed.push(entry);
    }
    for entry in list(value, "absent").map_err(shape_error)? {
        match absent(part.file(), entry) {
            Ok(entry) => manifest.absent.push(entry),
            Err(error) => {
                manifest.not_analyzed.push(part.shape_error(error).into_not_analyzed());
            }
        }
    }
    Ok(manifest)
}

fn partition(value: &Value<'_>) -> Shaped<Option<Partition>> {
    let Some(partition) = member(value, "partition") else { return Ok(None) };
    let name = text(partition, "partition")?;
    let unknown = || {
        let message = format!("`{name}` is no partition; there are aws, aws-cn and aws-us-gov");
        ShapeError::new(partition, message)
    };
    Partition::new(name).ok_or_else(unknown).map(Some)
}

fn absent(file: &Arc<str>, entry: &Value<'_>) -> Shaped<Absent> {
    object_here(entry)?;
    Ok(Absent {
        file: Arc::clone(file),
        region: optional_text(entry, "region")?,
        resource_type: optional_text(entry, "resourceType")?,
        reason: required_text(entry, "reason")?.to_owned(),
    })
}

fn not_read(part: &Part<'_>, entry: &Value<'_>) -> Shaped<NotAnalyzed> {
    object_here(entry)?;
    let action = required_text(entry, "action")?;
    let reason = required_text(entry, "reason")?;
    let file: &Arc<str> = part.file();
    let account = member(entry, "account");
    let region = optional_text(entry, "region")?;
    let resource = optional_text(entry, "resource")?;
    let resource_type = optional_text(entry, "resourceType")?;
    let what = match (&resource, &resource_type) {
        (Some(_), _) => "not read",
        (None, Some(_)) => "no resource of this type was read",
        (None, None) => "not read",
    };
    let place = region.as_ref().map(|region| format!(" in {region}")).unwrap_or_default();
    Ok(NotAnalyzed {
        position: Some(part.position(entry.span)),
        account: account.map(|account| account_id(account, "account")).transpose()?,
        region,
        resource,
        resource_type,
        ..NotAnalyzed::new(file, format!("{what}{place}: {action} failed: {reason}"))
    })
}
