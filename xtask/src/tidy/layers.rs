//! A crate uses only crates above it. The table says for each crate which of the project's crates it may use, so
//! that a new arrow between crates is a decision and not an accident. Every crate also takes the workspace's lints.

use super::{Problem, Tree, numbered};

/// What a crate may use of the others.
struct Layer {
    package: &'static str,
    may_use: &'static [&'static str],
}

/// From the top down. The command and the developer tasks may use everything.
const LAYERS: &[Layer] = &[
    Layer { package: "ringfence-page-test", may_use: &[] },
    Layer { package: "ringfence-shared-features", may_use: &[] },
    Layer { package: "ringfence-policy", may_use: &[] },
    Layer { package: "ringfence-reasoning", may_use: &["ringfence-policy"] },
    Layer { package: "ringfence-findings", may_use: &[] },
    Layer {
        package: "ringfence-validation",
        may_use: &["ringfence-policy", "ringfence-reasoning"],
    },
    Layer { package: "ringfence-access", may_use: &["ringfence-policy", "ringfence-reasoning"] },
    Layer {
        package: "ringfence-response",
        may_use: &[
            "ringfence-policy",
            "ringfence-reasoning",
            "ringfence-findings",
            "ringfence-validation",
            "ringfence-access",
        ],
    },
    Layer { package: "ringfence-store", may_use: &["ringfence-findings", "ringfence-response"] },
    Layer { package: "ringfence-aws", may_use: &["ringfence-response"] },
    Layer { package: "ringfence-collect-arguments", may_use: &[] },
    Layer {
        package: "ringfence-collect",
        may_use: &["ringfence-aws", "ringfence-collect-arguments"],
    },
    Layer { package: "ringfence-sources", may_use: &["ringfence-policy", "ringfence-access"] },
    Layer {
        package: "ringfence-server",
        may_use: &[
            "ringfence-shared-features",
            "ringfence-policy",
            "ringfence-reasoning",
            "ringfence-validation",
            "ringfence-access",
            "ringfence-findings",
            "ringfence-response",
            "ringfence-sources",
            "ringfence-store",
            "ringfence-aws",
        ],
    },
];

const UNRESTRICTED: &[&str] = &["ringfence", "xtask"];

/// Only tests may use it, and then any crate's.
const TEST_ONLY: &str = "ringfence-page-test";

pub(super) fn problems(tree: &Tree) -> Vec<Problem> {
    let manifests = tree.ending("/Cargo.toml").filter(|(path, _)| !path.starts_with("fuzz/"));
    manifests.flat_map(|(path, text)| manifest_problems(path, text)).collect()
}

fn manifest_problems(path: &str, text: &str) -> Vec<Problem> {
    let manifest = Manifest::read(text);
    let mut problems = Vec::new();
    if !manifest.takes_lints {
        problems.push(Problem::new(path, 1, "the crate does not take the workspace's lints"));
    }
    if UNRESTRICTED.contains(&manifest.package) {
        return problems;
    }
    let Some(layer) = LAYERS.iter().find(|layer| layer.package == manifest.package) else {
        let message = format!("`{}` has no place in the layers that tidy knows", manifest.package);
        problems.push(Problem::new(path, 1, message));
        return problems;
    };
    for dependency in manifest.dependencies {
        let for_tests = dependency.section == "dev-dependencies" && dependency.package == TEST_ONLY;
        if !for_tests && !layer.may_use.contains(&dependency.package) {
            let message = format!("`{}` may not use `{}`", layer.package, dependency.package);
            problems.push(Problem::new(path, dependency.line, message));
        }
    }
    problems
}

/// What this check needs of a `Cargo.toml`.
struct Manifest<'a> {
    package: &'a str,
    takes_lints: bool,
    /// Those on crates of the project.
    dependencies: Vec<Dependency<'a>>,
}

struct Dependency<'a> {
    section: &'a str,
    package: &'a str,
    line: usize,
}

impl<'a> Manifest<'a> {
    fn read(text: &'a str) -> Self {
        let mut manifest = Self { package: "", takes_lints: false, dependencies: Vec::new() };
        let mut section = "";
        for (number, line) in numbered(text) {
            let line = line.split('#').next().unwrap_or_default().trim();
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                section = name;
                if let Some((table, package)) = name.rsplit_once('.') {
                    manifest.depend(table, package, number);
                }
                continue;
            }
            let Some((key, value)) = line.split_once('=') else { continue };
            let (key, value) = (key.trim(), value.trim());
            match (section, key) {
                ("package", "name") => manifest.package = value.trim_matches('"'),
                ("lints", "workspace") => manifest.takes_lints = value == "true",
                _ => manifest.depend(section, key.split('.').next().unwrap_or(key), number),
            }
        }
        manifest
    }

    fn depend(&mut self, section: &'a str, package: &'a str, line: usize) {
        let ours = package == "ringfence" || package.starts_with("ringfence-");
        if ours && section.ends_with("dependencies") {
            self.dependencies.push(Dependency { section, package, line });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::places;

    fn found(package: &str, dependencies: &str) -> Vec<String> {
        let manifest =
            format!("[package]\nname = \"{package}\"\n[lints]\nworkspace = true\n{dependencies}\n");
        places(&problems(&Tree::of(&[("c/Cargo.toml", &manifest)])))
    }

    #[test]
    fn arrows_point_up() {
        let right = "[dependencies]\nringfence-policy.workspace = true\nserde = \"1\"\n\
                     [dev-dependencies]\nringfence-page-test.workspace = true";
        assert_eq!(found("ringfence-reasoning", right), Vec::<String>::new());
        for wrong in [
            "[dependencies]\nringfence-access.workspace = true",
            "[dev-dependencies]\nringfence-access = { path = \"../access\" }",
            "\n[dependencies.ringfence-access]\nworkspace = true",
            "[dependencies]\nringfence-page-test.workspace = true",
        ] {
            assert_eq!(found("ringfence-reasoning", wrong), ["c/Cargo.toml:6"], "{wrong}");
        }
    }

    #[test]
    fn a_crate_has_a_layer_and_lints() {
        assert_eq!(found("ringfence-unheard-of", ""), ["c/Cargo.toml:1"]);
        let bare = Tree::of(&[("c/Cargo.toml", "[package]\nname = \"xtask\"\n")]);
        assert_eq!(places(&problems(&bare)), ["c/Cargo.toml:1"]);
    }
}
