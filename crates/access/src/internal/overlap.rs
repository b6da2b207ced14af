//! What the pattern of a Resource element has to do with the resource that is asked about, as far as a
//! look at the texts tells.
//!
//! Both answers err on one side: what overlaps may in truth not, what is not said to be covered may be.

use ringfence_policy::{Pattern, Token};

use crate::pattern_rest;

/// Whether `pattern` may match something that the ARN pattern `arn` (with at most one `*`, at its end)
/// stands for.
pub(super) fn may_overlap(pattern: &Pattern, arn: &str) -> bool {
    let beginning = beginning(pattern);
    let asked = arn.strip_suffix('*').unwrap_or(arn);
    if !asked.starts_with(beginning) && !beginning.starts_with(asked) {
        return false;
    }
    match asked.len() == arn.len() {
        true => pattern_rest::matches(pattern, arn).unwrap_or(true),
        false => pattern_rest::behind(pattern, asked).map_or(true, |rests| !rests.is_empty()),
    }
}

/// Whether `pattern` matches everything that `arn` stands for.
pub(super) fn covers(pattern: &Pattern, arn: &str) -> bool {
    let asked = arn.strip_suffix('*').unwrap_or(arn);
    if pattern.is_any() {
        return true;
    }
    match asked.len() == arn.len() {
        true => pattern_rest::matches(pattern, arn).unwrap_or(false),
        false => pattern_rest::behind(pattern, asked).is_ok_and(|rests| rests.contains("*")),
    }
}

/// The text that all matches of the pattern begin with.
fn beginning(pattern: &Pattern) -> &str {
    match pattern.tokens() {
        [Token::Literal(text), ..] => text,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use ringfence_policy::{Variables, Wildcards};

    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::new(text, Wildcards::Yes, Variables::Yes)
    }

    #[test]
    fn overlap() {
        let overlaps = |text, arn| may_overlap(&pattern(text), arn);
        assert!(overlaps("*", "arn:aws:s3:::b"));
        assert!(overlaps("arn:aws:s3:::b*", "arn:aws:s3:::b/*"));
        assert!(overlaps("arn:aws:s3:::b/x", "arn:aws:s3:::b/*"));
        assert!(overlaps("arn:aws:s3:::${aws:username}", "arn:aws:s3:::b"));
        assert!(!overlaps("arn:aws:s3:::b", "arn:aws:s3:::b/*"));
        assert!(!overlaps("arn:aws:s3:::b", "arn:aws:s3:::bc"));
        assert!(!overlaps("arn:aws:s3:::c*", "arn:aws:s3:::b/*"));
        assert!(overlaps("arn:*:s3:::?/x", "arn:aws:s3:::b/*"));
        // `*` may run on into the key.
        assert!(overlaps("arn:*:s3:::?c/x", "arn:aws:s3:::b/*"));
        assert!(!overlaps("arn:aws:s3:::?c/x", "arn:aws:s3:::b/*"));
    }

    #[test]
    fn coverage() {
        let covered = |text, arn| covers(&pattern(text), arn);
        assert!(covered("*", "arn:aws:s3:::b/*"));
        assert!(covered("arn:aws:s3:::b*", "arn:aws:s3:::b/*"));
        assert!(covered("arn:aws:s3:::b/*", "arn:aws:s3:::b/*"));
        assert!(covered("arn:aws:s3:::b", "arn:aws:s3:::b"));
        assert!(!covered("arn:aws:s3:::b/*", "arn:aws:s3:::b"));
        assert!(!covered("arn:aws:s3:::b/x*", "arn:aws:s3:::b/*"));
        assert!(covered("arn:*:s3:::?/*", "arn:aws:s3:::b/*"));
        assert!(covered("arn:*:b", "arn:aws:s3:::b"));
        assert!(!covered("arn:aws:s3:::${aws:username}", "arn:aws:s3:::b"));
    }
}
