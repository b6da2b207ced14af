//! Groups of patterns of which one covers the others.

use ringfence_policy::location::ByteSpan;

use crate::document::Text;

/// The groups of one element: a member that no other covers, with everything it covers. Members stand in the order
/// of the text, groups in that of their first members; a pattern that two members cover is in both their groups.
pub(crate) fn groups<'d>(
    texts: &[Text<'d>],
    covers: impl Fn(&str, &str) -> bool,
) -> Vec<Vec<Text<'d>>> {
    let mut groups: Vec<Vec<Text<'d>>> = Vec::new();
    for (place, &top) in texts.iter().enumerate() {
        let is_below = |(other_place, other): (usize, &Text<'d>)| {
            // Of equal patterns the first one stands for all.
            other_place != place
                && may_cover(*other, top)
                && covers(other.value, top.value)
                && (other_place < place || !covers(top.value, other.value))
        };
        if texts.iter().enumerate().any(is_below) {
            continue;
        }
        let covered = |text: &&Text<'d>| {
            text.span == top.span || (may_cover(top, **text) && covers(top.value, text.value))
        };
        let group: Vec<Text<'d>> = texts.iter().filter(covered).copied().collect();
        if group.len() > 1 {
            groups.push(group);
        }
    }
    groups.sort_by_key(|group| group.first().map(|text| text.span.start));
    groups
}

/// Cheap: a pattern covers another only when it has a wildcard or is as long.
fn may_cover(pattern: Text<'_>, other: Text<'_>) -> bool {
    pattern.value.len() == other.value.len() || pattern.has_wildcard()
}

/// The member that AWS names in its text: the longest, of equally long ones the greatest without regard to case, of
/// equal ones the first.
pub(crate) fn most_specific<'d>(group: &[Text<'d>]) -> Option<Text<'d>> {
    let mut best: Option<Text<'d>> = None;
    for &text in group {
        let rank = |text: Text<'_>| (text.value.len(), text.value.to_lowercase());
        if best.is_none_or(|best| rank(text) > rank(best)) {
            best = Some(text);
        }
    }
    best
}

/// The places of a group.
pub(crate) fn places(group: &[Text<'_>]) -> Vec<ByteSpan> {
    group.iter().map(|text| text.span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glob;

    fn grouped(texts: &[&'static str]) -> Vec<Vec<&'static str>> {
        let texts: Vec<Text<'static>> = texts
            .iter()
            .enumerate()
            .map(|(place, value)| Text { value, span: ByteSpan::new(place, place + 1) })
            .collect();
        let groups = groups(&texts, glob::covers);
        groups.iter().map(|group| group.iter().map(|text| text.value).collect()).collect()
    }

    #[test]
    fn one_group_for_each_pattern_that_nothing_covers() {
        assert_eq!(grouped(&["a*b", "a*", "c", "ab"]), [vec!["a*b", "a*", "ab"]]);
        assert_eq!(grouped(&["x", "y", "x"]), [vec!["x", "x"]]);
        assert_eq!(grouped(&["a*", "*b", "ab"]), [vec!["a*", "ab"], vec!["*b", "ab"]]);
        assert_eq!(grouped(&["a", "b"]), Vec::<Vec<&str>>::new());
    }
}
