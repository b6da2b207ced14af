//! Every relative link of a Markdown file leads to a file or folder of the project, and every fenced block has the
//! form that the project's tools read.

use super::{Problem, Tree, folder, numbered};

pub(super) fn problems(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in tree.ending(".md") {
        match ringfence_page_test::fences(text) {
            Err(error) => problems.push(Problem::new(path, error.line(), error.to_string())),
            Ok(fences) => {
                let fenced: Vec<_> = fences
                    .iter()
                    .map(|fence| fence.line..=fence.line + fence.content.lines().count())
                    .collect();
                let prose = numbered(text)
                    .filter(|(number, _)| !fenced.iter().any(|lines| lines.contains(number)));
                for (number, line) in prose {
                    let broken =
                        targets(line).into_iter().filter(|target| !resolves(tree, path, target));
                    let problem =
                        |target| Problem::new(path, number, format!("`{target}` does not exist"));
                    problems.extend(broken.map(problem));
                }
            }
        }
    }
    problems
}

/// Where the links of a line lead: `[text](target)` and `[name]: target`, not inside `code`.
fn targets(line: &str) -> Vec<String> {
    let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
    let mut targets: Vec<String> = prose
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', ' ']).next())
        .map(str::to_owned)
        .collect();
    if let Some((name, target)) = prose.split_once("]: ")
        && name.starts_with('[')
    {
        targets.extend(target.split(' ').next().map(str::to_owned));
    }
    targets
}

/// Whether a link leads somewhere. Addresses, anchors of the same page and paths of Rust items are left to others.
fn resolves(tree: &Tree, path: &str, target: &str) -> bool {
    let address =
        target.split_once(':').is_some_and(|(scheme, _)| scheme.chars().all(char::is_alphanumeric));
    if address || target.starts_with('#') {
        return true;
    }
    let file = target.split('#').next().unwrap_or_default();
    let mut parts: Vec<&str> = folder(path).split('/').filter(|part| !part.is_empty()).collect();
    for part in file.trim_end_matches('/').split('/') {
        match part {
            "." => {}
            ".." if parts.pop().is_none() => return false,
            ".." => {}
            _ => parts.push(part),
        }
    }
    tree.has(&parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::places;

    fn found(text: &str) -> Vec<String> {
        let files =
            [("docs/a.md", text), ("docs/b/c.md", ""), ("LICENSE", ""), ("docs/`x`.md", "")];
        places(&problems(&Tree::of(&files)))
    }

    #[test]
    fn follows_links() {
        for right in [
            "[b](b/c.md#part \"title\") and [root](../LICENSE), [folder](b/), [top](..)",
            "[web](https://example.com/x) [here](#part) [item](crate::Item)",
            "`[code](gone.md)`\n```md\n[code](gone.md)\n```",
            "[b]: b/c.md",
        ] {
            assert_eq!(found(right), Vec::<String>::new(), "{right}");
        }
        for wrong in [
            "\n[x](gone.md)",
            "\n[`x`](b/gone.md)",
            "\n[x](../../LICENSE)",
            "\n[x](/LICENSE)",
            "\n[x]: gone.md",
        ] {
            assert_eq!(found(wrong), ["docs/a.md:2"], "{wrong}");
        }
    }

    #[test]
    fn reports_loose_fences() {
        assert_eq!(found("\n```\nx\n```"), ["docs/a.md:2"]);
    }
}
