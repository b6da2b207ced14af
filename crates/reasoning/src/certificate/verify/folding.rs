//! Which letters become which when the difference between upper and lower case is dropped.

use std::cell::OnceCell;
use std::collections::BTreeSet;

/// No letter beyond this one has an upper and a lower case.
const LAST: char = '\u{1ffff}';

/// The letters that are not their own lower case, worked out when they are first asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folding(OnceCell<Vec<char>>);

impl Folding {
    /// The letters in whose lower case one of `folded` occurs, and those whose lower case is longer than
    /// a letter.
    pub(crate) fn origins(&self, folded: &BTreeSet<char>) -> Vec<char> {
        let upper = || ('\0'..=LAST).filter(|letter| letter.to_lowercase().ne([*letter])).collect();
        let upper: &Vec<char> = self.0.get_or_init(upper);
        let becomes = |letter: &&char| {
            let mut own = letter.to_lowercase();
            own.len() > 1 || own.any(|letter| folded.contains(&letter))
        };
        folded.iter().chain(upper.iter().filter(becomes)).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_beyond_the_last_have_one_case() {
        assert!((LAST..=char::MAX).all(|letter| letter.to_lowercase().eq([letter])));
    }

    #[test]
    fn knows_all_that_become_a_letter() {
        let of = |letter| {
            Folding::default().origins(&BTreeSet::from([letter])).into_iter().collect::<String>()
        };
        // The long dotted capital I becomes two letters, so it is always among them.
        assert_eq!(of('k'), "kK\u{130}\u{212a}");
        assert_eq!(of('1'), "1\u{130}");
    }
}
