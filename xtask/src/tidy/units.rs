//! One unit is one file, one page and one registry entry. A folder whose sources have pages beside them is a
//! folder of units: `name.rs` starts with `name.md` as its documentation, and `mod.rs` declares and registers it.
//! What is not a unit (`mod.rs` and `tests.rs` apart) lives elsewhere.

use std::collections::BTreeSet;

use super::{Problem, Tree, folder};

/// Pages about a folder, not about a unit.
const FOLDER_PAGE: &str = "README";

pub(super) fn problems(tree: &Tree) -> Vec<Problem> {
    let folders: BTreeSet<&str> = tree.ending(".md").map(|(path, _)| folder(path)).collect();
    folders.into_iter().flat_map(|folder| folder_problems(tree, folder)).collect()
}

fn folder_problems(tree: &Tree, folder: &str) -> Vec<Problem> {
    let sources = names(tree, folder, ".rs");
    let pages = names(tree, folder, ".md");
    if sources.is_empty() || pages.is_empty() {
        return Vec::new();
    }
    let registry = format!("{folder}/mod.rs");
    let Some(declared) = tree.files.get(&registry) else {
        return vec![Problem::new(
            &registry,
            1,
            "a folder of units has a `mod.rs` that declares them",
        )];
    };
    let mut problems = Vec::new();
    for page in pages.iter().filter(|page| !sources.contains(*page)) {
        let message = format!("the page has no unit `{page}.rs` beside it");
        problems.push(Problem::new(&format!("{folder}/{page}.md"), 1, message));
    }
    for unit in &sources {
        let path = format!("{folder}/{unit}.rs");
        let text = tree.files.get(&path).map_or("", String::as_str);
        if !pages.contains(unit) {
            problems.push(Problem::new(
                &path,
                1,
                format!("the unit has no page `{unit}.md` beside it"),
            ));
        } else if !text.contains(&format!("#![doc = include_str!(\"{unit}.md\")]")) {
            problems.push(Problem::new(
                &path,
                1,
                format!("the unit's documentation is not `{unit}.md`"),
            ));
        }
        if !declares(declared, unit) {
            problems.push(Problem::new(&registry, 1, format!("`{unit}` is not declared")));
        } else if !declared.contains(&format!("{unit}::")) {
            problems.push(Problem::new(&registry, 1, format!("`{unit}` is not registered")));
        }
    }
    problems
}

/// The units, or pages of units, that lie in a folder.
fn names<'a>(tree: &'a Tree, within: &str, suffix: &'a str) -> BTreeSet<&'a str> {
    let inside = tree.ending(suffix).filter(|(path, _)| folder(path) == within);
    let names = inside.filter_map(|(path, _)| path.rsplit('/').next()?.strip_suffix(suffix));
    names.filter(|name| !["lib", "main", "mod", "tests", FOLDER_PAGE].contains(name)).collect()
}

fn declares(registry: &str, unit: &str) -> bool {
    let declaration = format!("mod {unit};");
    registry.lines().any(|line| line == declaration || line.ends_with(&format!(" {declaration}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: &str = "#![doc = include_str!(\"a.md\")]\n";
    const REGISTRY: &str = "mod a;\nconst ALL: &[Unit] = &[a::UNIT];\n";

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        problems(&Tree::of(files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_whole_unit_has_no_problem() {
        let whole = [("u/a.rs", UNIT), ("u/a.md", ""), ("u/mod.rs", REGISTRY), ("u/README.md", "")];
        assert_eq!(found(&whole), Vec::<String>::new());
        assert_eq!(
            found(&[("docs/a.md", ""), ("src/a.rs", ""), ("src/README.md", "")]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn sees_what_is_missing() {
        let page = ("u/a.md", "");
        for (files, problem) in [
            (
                vec![("u/a.rs", UNIT), page],
                "u/mod.rs:1: a folder of units has a `mod.rs` that declares them",
            ),
            (
                vec![("u/a.rs", UNIT), page, ("u/mod.rs", "mod a;")],
                "u/mod.rs:1: `a` is not registered",
            ),
            (vec![("u/a.rs", UNIT), page, ("u/mod.rs", "")], "u/mod.rs:1: `a` is not declared"),
            (
                vec![("u/a.rs", ""), page, ("u/mod.rs", REGISTRY)],
                "u/a.rs:1: the unit's documentation is not `a.md`",
            ),
            (
                vec![("u/a.rs", UNIT), page, ("u/b.md", ""), ("u/mod.rs", REGISTRY)],
                "u/b.md:1: the page has no unit `b.rs` beside it",
            ),
            (
                vec![
                    ("u/a.rs", UNIT),
                    page,
                    ("u/b.rs", ""),
                    ("u/mod.rs", "mod a;\nmod b;\n[a::U, b::U]"),
                ],
                "u/b.rs:1: the unit has no page `b.md` beside it",
            ),
        ] {
            assert_eq!(found(&files), [problem]);
        }
    }
}
