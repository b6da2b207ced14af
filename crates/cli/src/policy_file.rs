//! Policies that the command line names: files, pipes, standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use ringfence_access::inventory::{MAX_POLICY_BYTES, PolicyProblem, PolicySource};
use ringfence_policy::PolicyDocument;
use ringfence_policy::location::LineIndex;
use ringfence_sources::read_policy_file;

use crate::exit::{Errors, UsageError, told};
use crate::text::visible;

/// A policy and where it stands.
pub(crate) struct PolicyFile {
    /// Its text and file.
    pub(crate) source: PolicySource,
    /// Its model.
    pub(crate) document: PolicyDocument,
}

/// The path that stands for standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// At most one of several inputs can be standard input.
pub(crate) fn require_one_stdin(paths: &[&Path]) -> Result<(), UsageError> {
    match paths.iter().filter(|path| is_stdin(path)).count() {
        0 | 1 => Ok(()),
        _ => Err(UsageError("only one input can be `-`, standard input".to_owned())),
    }
}

/// Opens a file, or standard input for `-`.
pub(crate) fn open(path: &Path) -> anyhow::Result<Box<dyn Read>> {
    if is_stdin(path) {
        return Ok(Box::new(io::stdin()));
    }
    let file =
        File::open(path).with_context(|| format!("`{}` cannot be opened", path.display()))?;
    Ok(Box::new(file))
}

/// Reads the policy in a file, or on standard input for `-`.
///
/// # Errors
/// When it cannot be read, or with all its problems: file, line, column (from 0), what is wrong.
pub(crate) fn read(path: &Path) -> anyhow::Result<PolicyFile> {
    let source = read_source(path)?;
    let document = source.parse().map_err(|problems| {
        let line = |problem: &PolicyProblem| {
            let place = problem.position;
            let message = visible(&problem.message);
            format!("{}:{}:{}: {message}", visible(source.file()), place.line, place.column)
        };
        Errors(problems.iter().map(line).collect())
    })?;
    Ok(PolicyFile { source, document })
}

/// Reads the text of a policy without looking at it.
pub(crate) fn read_source(path: &Path) -> anyhow::Result<PolicySource> {
    let is_stream = is_stdin(path)
        || std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
    if !is_stream {
        return Ok(read_policy_file(path)?);
    }
    let name = if is_stdin(path) { "<stdin>".into() } else { path.to_string_lossy() };
    let mut bytes = Vec::new();
    open(path)?
        .take(MAX_POLICY_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("`{name}` cannot be read"))?;
    if bytes.len() > MAX_POLICY_BYTES {
        bail!("`{name}` has more than {MAX_POLICY_BYTES} bytes, which no policy has");
    }
    let text = String::from_utf8(bytes).with_context(|| format!("`{name}` is not UTF-8 text"))?;
    if text.trim().is_empty() {
        bail!("`{name}` is empty; a policy was expected");
    }
    let file: Arc<str> = Arc::from(name);
    let value = text.trim();
    if !value.starts_with('"') {
        return Ok(PolicySource::whole_file(&file, &text));
    }
    let before = u32::try_from(text.len() - text.trim_start().len()).unwrap_or(u32::MAX);
    Ok(PolicySource::new(&file, value, LineIndex::new(&text).position(before)))
}

/// Reads two policies; when both have problems, those of both are told.
pub(crate) fn read_both(one: &Path, other: &Path) -> anyhow::Result<(PolicyFile, PolicyFile)> {
    match (read(one), read(other)) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(one), Err(other)) => Err(Errors(vec![told(&one), told(&other)]).into()),
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
    }
}
