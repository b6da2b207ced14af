//! Files that nobody can read as a resource, as copying, editing and failing tools leave them.

/// One file in so many is broken.
const ONE_IN: usize = 2000;

/// The number of the first.
const FIRST: usize = 50;

/// Whether the resource file with this number is broken.
pub(super) fn is_broken(number: usize) -> bool {
    number % ONE_IN == FIRST
}

/// Breaks the text of a resource file, each time in another way.
pub(super) fn break_it(bytes: &mut Vec<u8>, broken_before: usize) {
    match broken_before % 5 {
        0 => bytes.truncate(bytes.len() / 2),
        1 => bytes.clear(),
        2 => replace(bytes, b"\"configuration\"", b"\"Configuration\""),
        3 => replace(bytes, b"\"arn\": ", b"\"arn\": 5, \"arn\": "),
        _ => replace(bytes, b"arn:aws:", b"arn:\xff\xfe:"),
    }
}

/// Replaces the first `from`; where there is none, the text ends in its middle instead.
fn replace(bytes: &mut Vec<u8>, from: &[u8], to: &[u8]) {
    match bytes.windows(from.len()).position(|window| window == from) {
        Some(at) => _ = bytes.splice(at..at + from.len(), to.iter().copied()),
        None => bytes.truncate(bytes.len() / 2),
    }
}
