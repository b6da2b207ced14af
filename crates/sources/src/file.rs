//! Files into texts, texts into JSON trees, both within limits.

use std::fs::{self, File, FileType};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use ringfence_policy::json::{self, Parsed};
use ringfence_policy::location::LineIndex;

use crate::error::{SourceError, SourceProblem};

/// Longer files are not read.
pub const MAX_FILE_BYTES: u64 = 1 << 30;

/// Files with more JSON values are not read, so that a hostile one cannot take all memory: a value takes
/// about a hundred bytes. A key with the 50,000 grants that AWS allows has less than a million. Of
/// authorization details this counts for one user, group, role or policy.
pub const MAX_VALUES: usize = 4_000_000;

/// Texts shorter than this cannot hold many values, and are not looked at for that.
const SMALL: usize = 1 << 20;

/// How a path is shown.
pub(crate) fn name_of(path: &Path) -> Arc<str> {
    Arc::from(path.to_string_lossy())
}

/// Reads a regular file. Nothing else is opened: a pipe would keep the reader waiting.
pub(crate) fn read_text(path: &Path, name: &Arc<str>) -> Result<String, SourceError> {
    let unreadable = |error| SourceError::new(name, SourceProblem::Unreadable(error));
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        let problem = SourceProblem::NotAFile(kind_of(metadata.file_type()));
        return Err(SourceError::new(name, problem));
    }
    let too_long = |length| SourceError::new(name, SourceProblem::TooLong(length));
    if metadata.len() > MAX_FILE_BYTES {
        return Err(too_long(metadata.len()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
    let file = File::open(path).map_err(unreadable)?;
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(too_long(bytes.len() as u64)); // It grew while it was read.
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid_bytes = error.as_bytes().get(..error.utf8_error().valid_up_to());
        let valid = valid_bytes.and_then(|bytes| str::from_utf8(bytes).ok()).unwrap_or_default();
        let position = LineIndex::new(valid).position(u32::MAX);
        SourceError::at(name, position, SourceProblem::NotUtf8)
    })
}

/// What a path leads to, for messages.
pub(crate) fn kind_of(file_type: FileType) -> &'static str {
    if file_type.is_dir() {
        "a folder"
    } else if file_type.is_symlink() {
        "a symbolic link"
    } else if file_type.is_file() {
        "a file"
    } else {
        "a pipe, socket or device"
    }
}

/// Reads a text as one JSON value.
pub(crate) fn parse_tree<'t>(text: &'t str) -> Result<Parsed<'t>, SourceProblem> {
    if text.len() > SMALL {
        let values = values_at_most(text);
        if values > MAX_VALUES {
            return Err(SourceProblem::TooManyValues(values));
        }
    }
    Ok(json::parse(text))
}

/// An upper bound of the number of values: each but the first stands behind a bracket or a comma.
fn values_at_most(text: &str) -> usize {
    let mut values = 1;
    let mut in_string = false;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => _ = bytes.next(),
            b'\n' => in_string = false, // The parser ends strings there too.
            b',' | b'[' | b'{' if !in_string => values += 1,
            _ => {}
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_values_outside_strings() {
        assert_eq!(values_at_most(r#"{"a,[": [1, 2, {"b\",[": "c,,"}], "d": 3}"#), 7);
        let many = format!("[{}0]", "0,".repeat(MAX_VALUES));
        assert!(matches!(parse_tree(&many), Err(SourceProblem::TooManyValues(_))));
    }
}
