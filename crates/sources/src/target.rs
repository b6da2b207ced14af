//! What a path that the user names is.

use std::path::Path;

use ringfence_access::inventory::Inventory;

use crate::authorization_details;
use crate::error::{SourceError, SourceProblem};
use crate::file::{kind_of, name_of, read_text};
use crate::snapshot::read_snapshot;
use crate::split::members;

/// Reads a snapshot folder or a file of GetAccountAuthorizationDetails, whichever `path` is.
///
/// # Errors
/// When it is neither, or nothing of it can be read.
pub fn read_target(path: &Path) -> Result<Inventory, SourceError> {
    let name = name_of(path);
    let unreadable = |error| SourceError::new(&name, SourceProblem::Unreadable(error));
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if metadata.is_dir() {
        return read_snapshot(path);
    }
    if !metadata.is_file() {
        let problem = SourceProblem::NotAFile(kind_of(metadata.file_type()));
        return Err(SourceError::new(&name, problem));
    }
    let text = read_text(path, &name)?;
    match what_else(&text) {
        None => authorization_details::inventory(&name, &text),
        Some(found) => Err(SourceError::new(&name, SourceProblem::NotATarget(found))),
    }
}

/// What a text is that is not authorization details.
fn what_else(text: &str) -> Option<&'static str> {
    if text.trim().is_empty() {
        return Some("an empty file");
    }
    let Some(split) = members(text) else { return Some("text that is no JSON object") };
    if authorization_details::is_details(text, &split.pieces) {
        return None;
    }
    let has = |name| split.pieces.iter().any(|piece| text.get(piece.name.clone()) == Some(name));
    Some(if has("Statement") {
        "a policy; give it with `--policy`, and with what it is the policy of"
    } else if has("resourceType") && has("configuration") {
        "a resource file; give the snapshot folder that it is in"
    } else if has("formatVersion") || has("OrganizationalUnits") || has("AccountId") {
        "a part of a snapshot; give the snapshot folder that it is in"
    } else {
        "a JSON object of some other kind"
    })
}
