//! Names as IAM compares them: without regard to ASCII case, with `*` and `?` in patterns.

use std::cmp::Ordering;

/// The order of the catalogue's tables: byte by byte, letters in lower case.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    compare_bytes(left.as_bytes(), right.as_bytes())
}

fn compare_bytes(left: &[u8], right: &[u8]) -> Ordering {
    let left = left.iter().map(u8::to_ascii_lowercase);
    left.cmp(right.iter().map(u8::to_ascii_lowercase))
}

/// The part of a sorted table whose names begin with `start`.
pub(super) fn starting_with<'a, T>(
    table: &'a [T],
    start: &str,
    name: impl Fn(&T) -> &str,
) -> &'a [T] {
    let start = start.as_bytes();
    let head = |item: &T| {
        let name = name(item).as_bytes();
        compare_bytes(name.get(..start.len()).unwrap_or(name), start)
    };
    let from = table.partition_point(|item| head(item) == Ordering::Less);
    let to = table.partition_point(|item| head(item) != Ordering::Greater);
    table.get(from..to).unwrap_or_default()
}

/// The entry of a sorted table that has this name.
pub(super) fn find<'a, T>(
    table: &'a [T],
    wanted: &str,
    name: impl Fn(&T) -> &str,
) -> Option<&'a T> {
    let at = table.binary_search_by(|item| compare(name(item), wanted)).ok()?;
    table.get(at)
}

/// Whether the whole text matches the pattern; `*` is any run of characters, `?` one character.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut here) = (0, 0);
    // Where to go on after the last star: its successor, and the text it has not swallowed yet.
    let mut retry = None;
    while let Some(byte) = text.get(here) {
        match pattern.get(at) {
            Some(b'*') => {
                at += 1;
                retry = Some((at, here));
            }
            Some(wanted) if *wanted == b'?' || wanted.eq_ignore_ascii_case(byte) => {
                at += 1;
                here += 1;
            }
            _ => {
                let Some((after_star, swallowed)) = retry else { return false };
                (at, here) = (after_star, swallowed + 1);
                retry = Some((at, here));
            }
        }
    }
    pattern.get(at..).is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

/// What stands before the first wildcard; the whole pattern where there is none.
pub(super) fn literal_start(pattern: &str) -> &str {
    pattern.split(['*', '?']).next().unwrap_or_default()
}

/// Whether the name is one that the template stands for; see [`around_placeholder`]. What fills the place is not empty.
pub(super) fn fills(template: &str, name: &str) -> bool {
    let Some((before, after)) = around_placeholder(template) else { return false };
    let start = name.get(..before.len());
    let end = name.len().checked_sub(after.len()).and_then(|at| name.get(at..));
    name.len() > before.len() + after.len()
        && start.is_some_and(|start| start.eq_ignore_ascii_case(before))
        && end.is_some_and(|end| end.eq_ignore_ascii_case(after))
}

/// What stands before and after the place to fill in; none where the name is not a template. AWS's data writes
/// `aws:ResourceTag/${TagKey}`, `s3:ExistingObjectTag/<key>`, `ssm:resourceTag/tag-key` and `sagemaker:ResourceTag/`.
pub(super) fn around_placeholder(template: &str) -> Option<(&str, &str)> {
    let marked = [("${", '}'), ("<", '>')].into_iter().find_map(|(open, close)| {
        let (before, rest) = template.split_once(open)?;
        let (_, after) = rest.split_once(close)?;
        Some((before, after))
    });
    let open_ended = || {
        let before = template.strip_suffix("tag-key").unwrap_or(template);
        before.ends_with('/').then_some((before, ""))
    };
    marked.or_else(open_ended)
}
