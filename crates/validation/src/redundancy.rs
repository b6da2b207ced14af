//! Groups of patterns of which one covers the others.

use std::cmp::Ordering;

use ringfence_policy::location::ByteSpan;

use crate::document::Text;
use crate::glob;

/// Longer lists are not compared: patterns that all begin with a wildcard cost the square of their number. The quotas
/// of all policies are far below.
const LONGEST_LIST: usize = 5000;

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

    fn starts_with(self, text: &str, start: &str) -> bool {
        text.len() >= start.len()
            && text.bytes().zip(start.bytes()).all(|(a, b)| self.fold(a) == self.fold(b))
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
    if !(2..=LONGEST_LIST).contains(&texts.len()) {
        return Vec::new();
    }
    let sorted = Sorted::new(texts, case);
    let is_covered = sorted.covered();
    let mut groups: Vec<Vec<Text<'d>>> = Vec::new();
    for (rank, is_covered) in is_covered.iter().enumerate() {
        let mut group: Vec<Text<'d>> = match is_covered {
            true => continue,
            false => sorted.covered_by(rank).map(|(_, text)| text).collect(),
        };
        if group.len() > 1 {
            group.sort_by_key(|text| text.span.start);
            groups.push(group);
        }
    }
    groups.sort_by_key(|group| group.first().map(|text| text.span.start));
    groups
}

/// The texts in their order. What a pattern covers begins with what stands before its first wildcard, so it lies
/// around the pattern in this order; without that, long lists would be compared each with each.
struct Sorted<'d> {
    texts: Vec<Text<'d>>,
    case: Case,
}

impl<'d> Sorted<'d> {
    fn new(texts: &[Text<'d>], case: Case) -> Self {
        let mut texts = texts.to_vec();
        texts.sort_by(|left, right| case.compare(left.value, right.value));
        Self { texts, case }
    }

    /// What the text of this rank covers, itself included, with the ranks.
    fn covered_by(&self, rank: usize) -> impl Iterator<Item = (usize, Text<'d>)> {
        let pattern = self.texts.get(rank).map_or("", |text| text.value);
        let start = pattern.split(['*', '?']).next().unwrap_or_default();
        let (before, from_here) = self.texts.split_at_checked(rank).unwrap_or_default();
        let case = self.case;
        let near = move |(_, text): &(usize, Text<'d>)| case.starts_with(text.value, start);
        let before = (0..rank).zip(before.iter().copied()).rev().take_while(near);
        let from_here = (rank..).zip(from_here.iter().copied()).take_while(near);
        let has_wildcard = start.len() < pattern.len();
        before.chain(from_here).filter(move |(other, text)| {
            *other == rank
                || ((has_wildcard || text.value.len() == pattern.len())
                    && case.covers(pattern, text.value))
        })
    }

    /// For each rank whether another member covers it. Of members that match the same the first of the text counts.
    fn covered(&self) -> Vec<bool> {
        let mut is_covered = vec![false; self.texts.len()];
        for (rank, pattern) in self.texts.iter().enumerate() {
            for (other, text) in self.covered_by(rank).filter(|(other, _)| *other != rank) {
                let stands_first =
                    pattern.span < text.span || !self.case.covers(text.value, pattern.value);
                if let Some(covered) = is_covered.get_mut(other).filter(|_| stands_first) {
                    *covered = true;
                }
            }
        }
        is_covered
    }
}

/// The member that covers the others; of members that match the same the first.
pub(crate) fn top<'d>(group: &[Text<'d>], case: Case) -> Option<Text<'d>> {
    let covers_all = |top: &&Text<'d>| group.iter().all(|text| case.covers(top.value, text.value));
    group.iter().find(covers_all).copied()
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
