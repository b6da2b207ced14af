//! Groups of patterns of which one covers the others.

use std::cmp::Ordering;

use ringfence_policy::location::ByteSpan;

use crate::document::Text;
use crate::glob;

/// Whether upper and lower case are told apart.
#[derive(Clone, Copy)]
pub(crate) enum Case {
    /// They are, as in resources.
    Kept,
    /// They are not, as in actions.
    Ignored,
}

impl Case {
    fn fold(self, byte: u8) -> u8 {
        match self {
            Self::Kept => byte,
            Self::Ignored => byte.to_ascii_lowercase(),
        }
    }

    fn compare(self, left: &str, right: &str) -> Ordering {
        let folded = |byte: u8| self.fold(byte);
        left.bytes().map(folded).cmp(right.bytes().map(folded))
    }

    fn covers(self, pattern: &str, other: &str) -> bool {
        match self {
            Self::Kept => glob::covers(pattern, other),
            Self::Ignored => glob::covers_ignoring_case(pattern, other),
        }
    }
}

/// The groups of one element: a member that no other covers, with everything it covers. Members stand in the order
/// of the text, groups in that of their first members; a pattern that two members cover is in both their groups.
pub(crate) fn groups<'d>(texts: &[Text<'d>], case: Case) -> Vec<Vec<Text<'d>>> {
    if texts.len() < 2 {
        return Vec::new();
    }
    let sorted = Sorted::new(texts, case);
    let is_covered = sorted.covered();
    let mut groups: Vec<Vec<Text<'d>>> = Vec::new();
    for (place, top) in texts.iter().enumerate() {
        if is_covered.get(place).copied().unwrap_or(false) {
            continue;
        }
        let mut places: Vec<usize> = sorted.covered_by(top).collect();
        if places.len() > 1 {
            places.sort_unstable();
            groups.push(places.iter().filter_map(|place| texts.get(*place)).copied().collect());
        }
    }
    groups.sort_by_key(|group| group.first().map(|text| text.span.start));
    groups
}

/// The places of the texts in the order of the texts. What a pattern covers begins with what stands before its first
/// wildcard, so it lies in one range of this order; without that, long lists would be compared each with each.
struct Sorted<'t, 'd> {
    texts: &'t [Text<'d>],
    places: Vec<usize>,
    case: Case,
}

impl<'t, 'd> Sorted<'t, 'd> {
    fn new(texts: &'t [Text<'d>], case: Case) -> Self {
        let mut keyed: Vec<(usize, &str)> =
            texts.iter().enumerate().map(|(place, text)| (place, text.value)).collect();
        keyed.sort_by(|(_, left), (_, right)| case.compare(left, right));
        Self { texts, places: keyed.into_iter().map(|(place, _)| place).collect(), case }
    }

    /// The places of what the pattern covers, its own included, in no order that matters.
    fn covered_by(&self, pattern: &Text<'d>) -> impl Iterator<Item = usize> {
        let start = pattern.value.split(['*', '?']).next().unwrap_or_default();
        let head = |place: &usize| {
            let text = self.text(*place).as_bytes();
            let head = text.get(..start.len()).unwrap_or(text).iter();
            let folded = |byte: u8| self.case.fold(byte);
            head.map(|byte| folded(*byte)).cmp(start.bytes().map(folded))
        };
        let from = self.places.partition_point(|place| head(place) == Ordering::Less);
        let to = self.places.partition_point(|place| head(place) != Ordering::Greater);
        let range = self.places.get(from..to).unwrap_or_default();
        let value = pattern.value;
        range.iter().copied().filter(move |place| self.case.covers(value, self.text(*place)))
    }

    /// For each place whether another member covers it. Of members that match the same the first one counts.
    fn covered(&self) -> Vec<bool> {
        let mut is_covered = vec![false; self.texts.len()];
        for (place, text) in self.texts.iter().enumerate() {
            for other in self.covered_by(text) {
                let stands_first = other > place || !self.case.covers(self.text(other), text.value);
                if other != place
                    && stands_first
                    && let Some(covered) = is_covered.get_mut(other)
                {
                    *covered = true;
                }
            }
        }
        is_covered
    }

    fn text(&self, place: usize) -> &'d str {
        self.texts.get(place).map_or("", |text| text.value)
    }
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

    fn grouped(texts: &[&'static str], case: Case) -> Vec<Vec<&'static str>> {
        let texts: Vec<Text<'static>> = texts
            .iter()
            .enumerate()
            .map(|(place, value)| Text { value, span: ByteSpan::new(place, place + 1) })
            .collect();
        let groups = groups(&texts, case);
        groups.iter().map(|group| group.iter().map(|text| text.value).collect()).collect()
    }

    #[test]
    fn one_group_for_each_pattern_that_nothing_covers() {
        assert_eq!(grouped(&["a*b", "a*", "c", "ab"], Case::Kept), [vec!["a*b", "a*", "ab"]]);
        assert_eq!(grouped(&["x", "y", "x"], Case::Kept), [vec!["x", "x"]]);
        let two = [vec!["a*", "ab"], vec!["*b", "ab"]];
        assert_eq!(grouped(&["a*", "*b", "ab"], Case::Kept), two);
        assert_eq!(grouped(&["a", "b"], Case::Kept), Vec::<Vec<&str>>::new());
        assert_eq!(grouped(&["S3:get*", "s3:GetObject"], Case::Ignored).len(), 1);
        assert_eq!(grouped(&["S3:get*", "s3:GetObject"], Case::Kept).len(), 0);
        assert_eq!(grouped(&["a**", "a*", "b?"], Case::Kept), [vec!["a**", "a*"]]);
    }
}
