//! Patterns with `*` and `?`: whether one matches a text, covers another pattern, or has a text in common with it.

/// One step of a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Any run of characters: `*`, and a place to fill in.
    Many,
    /// One character.
    One,
    /// This byte.
    Byte(u8),
}

/// Whether the whole text matches the pattern, without regard to ASCII case.
pub(crate) fn matches_ignoring_case(pattern: &str, text: &str) -> bool {
    walk(pattern, text, |wanted, byte| wanted.eq_ignore_ascii_case(&byte), |_| true)
}

/// Whether every text that `other` matches is matched by `pattern`. A variable `${…}` is text like any other: two
/// patterns with the same variable have the same value for it.
pub(crate) fn covers(pattern: &str, other: &str) -> bool {
    walk(pattern, other, |wanted, byte| wanted == byte, |byte| byte != b'*')
}

/// [`covers`] without regard to ASCII case.
pub(crate) fn covers_ignoring_case(pattern: &str, other: &str) -> bool {
    walk(pattern, other, |wanted, byte| wanted.eq_ignore_ascii_case(&byte), |byte| byte != b'*')
}

/// Matches the text from left to right and returns to the last star when it fails. `fits_one` says what `?` takes.
fn walk(
    pattern: &str,
    text: &str,
    same: impl Fn(u8, u8) -> bool,
    fits_one: impl Fn(u8) -> bool,
) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut here) = (0, 0);
    let mut retry = None;
    while let Some(&byte) = text.get(here) {
        match pattern.get(at) {
            Some(b'*') => {
                at += 1;
                retry = Some((at, here));
                continue;
            }
            Some(b'?') if fits_one(byte) => {
                at += 1;
                here = behind_character(text, here);
                continue;
            }
            // In the text a wildcard is no byte of its own, and a literal of the pattern never takes one.
            Some(&wanted) if wanted != b'?' && same(wanted, byte) => {
                at += 1;
                here += 1;
                continue;
            }
            _ => {}
        }
        let Some((after_star, swallowed)) = retry else { return false };
        (at, here) = (after_star, swallowed + 1);
        retry = Some((at, here));
    }
    pattern.get(at..).is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

/// The offset behind the UTF-8 character that begins here.
fn behind_character(text: &[u8], mut here: usize) -> usize {
    here += 1;
    while text.get(here).is_some_and(|byte| byte & 0xc0 == 0x80) {
        here += 1;
    }
    here
}

/// Whether some text matches both patterns, in which `${…}` stands for any text.
pub(crate) fn overlaps(left: &str, right: &str) -> bool {
    let (left_start, right_start) = (literal_start(left), literal_start(right));
    let shared = left_start.len().min(right_start.len());
    if left_start.get(..shared) != right_start.get(..shared) {
        return false;
    }
    let (left, right) = (steps(left), steps(right));
    // Row by row: whether what follows place `i` of `left` and place `j` of `right` have a text in common.
    let mut below = vec![false; right.len() + 1];
    for i in (0..=left.len()).rev() {
        let mut row = vec![false; right.len() + 1];
        for j in (0..=right.len()).rev() {
            let common = match (left.get(i), right.get(j)) {
                (None, None) => true,
                (Some(Step::Many), None) => at(&below, j),
                (None, Some(Step::Many)) => at(&row, j + 1),
                (Some(Step::Many), Some(_)) | (Some(_), Some(Step::Many)) => {
                    at(&below, j) || at(&row, j + 1)
                }
                (Some(Step::One), Some(_)) | (Some(_), Some(Step::One)) => at(&below, j + 1),
                (Some(Step::Byte(a)), Some(Step::Byte(b))) => a == b && at(&below, j + 1),
                (Some(_), None) | (None, Some(_)) => false,
            };
            if let Some(place) = row.get_mut(j) {
                *place = common;
            }
        }
        below = row;
    }
    at(&below, 0)
}

fn at(row: &[bool], place: usize) -> bool {
    row.get(place).copied().unwrap_or(false)
}

/// What stands before the first wildcard or place to fill in.
fn literal_start(pattern: &str) -> &[u8] {
    let end = pattern.find(['*', '?', '$']).unwrap_or(pattern.len());
    pattern.as_bytes().get(..end).unwrap_or_default()
}

fn steps(pattern: &str) -> Vec<Step> {
    let mut steps = Vec::with_capacity(pattern.len());
    let mut here = 0;
    while let Some(&byte) = pattern.as_bytes().get(here) {
        let filled = pattern.get(here..).and_then(place_to_fill);
        let (step, length) = match (byte, filled) {
            (b'*', _) => (Step::Many, 1),
            (b'?', _) => (Step::One, 1),
            (_, Some(length)) => (Step::Many, length),
            (_, None) => (Step::Byte(byte), 1),
        };
        if step != Step::Many || steps.last() != Some(&Step::Many) {
            steps.push(step);
        }
        here += length;
    }
    steps
}

/// The length of the `${…}` at the head of the text.
pub(crate) fn place_to_fill(text: &str) -> Option<usize> {
    text.strip_prefix("${")?;
    text.find('}').map(|end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matching_knows_both_wildcards() {
        assert!(matches_ignoring_case("s3:Get*", "S3:getobject"));
        assert!(matches_ignoring_case("*:?etObject", "s3:GetObject"));
        assert!(!matches_ignoring_case("s3:Get", "s3:GetObject"));
        assert!(matches_ignoring_case("a*b*c", "aXbXbXc"));
    }

    #[test]
    fn covering_keeps_wildcards_apart_from_text() {
        assert!(covers("a*", "a*b"));
        assert!(covers("a*", "a?"));
        assert!(covers("?", "?"));
        assert!(!covers("?", "*"));
        assert!(!covers("a?", "a*"));
        assert!(!covers("ab", "a?"));
        assert!(!covers("A*", "ab"));
        assert!(covers_ignoring_case("A*", "ab"));
        assert!(covers("x${aws:username}*", "x${aws:username}/y"));
        assert!(covers("é?", "éü"));
    }

    #[test]
    fn overlap_is_a_common_text() {
        assert!(overlaps("table/*", "table/${TableName}/index/${IndexName}"));
        assert!(overlaps("${aws:username}-x", "${BucketName}"));
        assert!(!overlaps("queue/*", "table/${TableName}"));
        assert!(overlaps("*:x", "a:${B}"));
        assert!(!overlaps("a", "ab"));
        assert!(!overlaps("a?", "a"));
    }
}
