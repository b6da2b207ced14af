//! A file that holds one policy and nothing else.

use std::path::Path;

use ringfence_access::inventory::PolicySource;
use ringfence_policy::json::Kind;

use crate::error::{SourceError, SourceProblem};
use crate::file::{name_of, parse_tree, read_text};
use crate::part::TOP;

/// Reads a policy from its own file, where it stands as a JSON object or as a JSON string that holds one.
/// What is wrong with the policy shows when it is parsed.
///
/// # Errors
/// When the file cannot be read or is empty.
pub fn read_policy_file(path: &Path) -> Result<PolicySource, SourceError> {
    let file = name_of(path);
    let text = read_text(path, &file)?;
    if text.trim().is_empty() {
        let problem = SourceProblem::NotJson("the document is empty".to_owned());
        return Err(SourceError::at(&file, TOP, problem));
    }
    let parsed = parse_tree(&text).map_err(|problem| SourceError::new(&file, problem))?;
    let is_string = matches!(parsed.value.kind, Kind::String(_)) && parsed.diagnostics.is_empty();
    if !is_string {
        return Ok(PolicySource::whole_file(&file, &text));
    }
    let part = crate::part::Part::new(&file, &text, TOP);
    let policy = part.unchecked_policy(&parsed.value, "the file");
    let policy = policy.map_err(|error| part.shape_error(error))?;
    Ok(policy.unwrap_or_else(|| PolicySource::whole_file(&file, &text)))
}
