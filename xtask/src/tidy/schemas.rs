//! Every JSON Schema and example in `docs/schemas` is well-formed JSON.

use super::{Problem, Tree};

pub(super) fn problems(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in tree.ending(".json").filter(|(path, _)| path.starts_with("docs/schemas/")) {
        if let Err(error) = serde_json::from_str::<serde_json::Value>(text) {
            problems.push(Problem::new(path, error.line(), error.to_string()));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::places;

    #[test]
    fn reads_schemas() {
        let tree = Tree::of(&[
            ("docs/schemas/a.json", "{}"),
            ("docs/schemas/b.json", "{\n\"a\":\n}"),
            ("corpus/broken.json", "{"),
        ]);
        assert_eq!(places(&problems(&tree)), ["docs/schemas/b.json:3"]);
    }
}
