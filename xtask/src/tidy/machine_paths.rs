//! No file names a folder of the machine it was written on.

use super::{Problem, Tree, numbered};

/// Written in two parts, so that this file does not hold what it forbids.
const FORBIDDEN: &[&str] = &[concat!("/wo", "rk/")];

pub(super) fn problems(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in &tree.files {
        for (number, line) in numbered(text) {
            for forbidden in FORBIDDEN.iter().filter(|forbidden| line.contains(**forbidden)) {
                let message = format!("`{forbidden}` is a folder of one machine");
                problems.push(Problem::new(path, number, message));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::places;

    #[test]
    fn finds_paths() {
        let path = FORBIDDEN.first().unwrap();
        let tree =
            Tree::of(&[("a.md", &format!("x\nin {path}there")), ("b.md", "network/x /works/")]);
        assert_eq!(places(&problems(&tree)), ["a.md:2"]);
    }
}
