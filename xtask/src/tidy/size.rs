//! A source file is one room: 150 lines are the aim, at 300 a split is due, past 400 the check fails.

use super::{Problem, Tree, is_test};

const LIMIT: usize = 400;

pub(super) fn problems(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in tree.ending(".rs") {
        let lines = text.lines().count();
        if lines > LIMIT
            && !is_test(path)
            && !path.starts_with("fuzz/")
            && !path.split('/').any(|part| part == "generated")
        {
            problems.push(Problem::new(
                path,
                LIMIT,
                format!("{lines} lines; {LIMIT} are the limit: split it"),
            ));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::places;

    #[test]
    fn counts_lines() {
        let (full, over) = ("\n".repeat(400), "\n".repeat(401));
        let tree = Tree::of(&[
            ("a/full.rs", &full),
            ("a/generated/over.rs", &over),
            ("a/over.rs", &over),
            ("a/tests.rs", &over),
            ("a/tests/over.rs", &over),
        ]);
        assert_eq!(places(&problems(&tree)), ["a/over.rs:400"]);
    }
}
