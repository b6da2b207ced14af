//! Reads one file, whatever it turns out to be.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use ringfence_access::inventory::{Inventory, MAX_POLICY_BYTES, PolicySource};
use ringfence_policy::location::LineIndex;
use ringfence_sources::{
    SourceProblem, read_authorization_details, read_cloudformation_policies,
    read_terraform_plan_policies,
};

use super::content::{Content, content};
use crate::policy_file::{self, is_stdin};

/// What a file turned out to be.
pub(super) enum Found {
    /// One policy.
    Policy(PolicySource),
    /// The users, groups, roles and policies of an account.
    Environment(Box<Inventory>),
    /// Policies inside of something that is not read; what it is.
    NotRead(&'static str),
    /// No policy; the source would read it as one.
    Other(Option<PolicySource>),
}

/// Reads a file, or standard input for `-`.
///
/// # Errors
/// When it cannot be read, is not UTF-8, or is longer than what is read.
pub(super) fn read(path: &Path, file: &Arc<str>) -> anyhow::Result<Found> {
    let mut bytes = Vec::new();
    policy_file::open(path)?
        .take(MAX_POLICY_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("`{file}` cannot be read"))?;
    if bytes.len() > MAX_POLICY_BYTES {
        return read_long(path, file);
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        anyhow::anyhow!("`{file}` is not UTF-8 text from byte {at} on")
    })?;
    match content(&text) {
        Content::Policy => Ok(Found::Policy(source(file, &text))),
        Content::AuthorizationDetails if is_stdin(path) => {
            bail!("`{file}` holds authorization details; name the file that they are in")
        }
        Content::AuthorizationDetails => {
            Ok(Found::Environment(Box::new(read_authorization_details(path)?)))
        }
        Content::Template => {
            Ok(Found::Environment(Box::new(read_cloudformation_policies(path, &text)?)))
        }
        Content::TerraformPlan => {
            Ok(Found::Environment(Box::new(read_terraform_plan_policies(path, &text)?)))
        }
        Content::NotRead(what) => Ok(Found::NotRead(what)),
        Content::Other => Ok(Found::Other(Some(source(file, &text)))),
    }
}

/// What is longer than every policy can only be authorization details.
fn read_long(path: &Path, file: &Arc<str>) -> anyhow::Result<Found> {
    if is_stdin(path) {
        bail!("`{file}` has more than {MAX_POLICY_BYTES} bytes, which no policy has");
    }
    match read_authorization_details(path) {
        Ok(inventory) => Ok(Found::Environment(Box::new(inventory))),
        Err(error) if matches!(error.problem, SourceProblem::Shape(_)) => Ok(Found::Other(None)),
        Err(error) => Err(error.into()),
    }
}

/// The policy in a text: the text itself, or what is inside when it is one JSON string.
fn source(file: &Arc<str>, text: &str) -> PolicySource {
    let value = text.trim_start_matches('\u{feff}').trim();
    if !value.starts_with('"') {
        return PolicySource::whole_file(file, text);
    }
    let before = text.find('"').and_then(|at| u32::try_from(at).ok()).unwrap_or(0);
    PolicySource::new(file, value, LineIndex::new(text).position(before))
}
