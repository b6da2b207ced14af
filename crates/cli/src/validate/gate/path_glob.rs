//! Patterns for the names of files.

use fast_glob::{Error, glob_match, validate};

/// A pattern for names of files: `*` and `?` inside of one name, `**` for any folders, `{a,b}` for either. It
/// matches a file as well when it matches a folder that the file is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PathGlob(String); // INVARIANT: a valid pattern.

impl PathGlob {
    /// Reads a pattern.
    pub(crate) fn new(pattern: &str) -> Result<Self, Error> {
        let pattern = pattern.strip_prefix("./").unwrap_or(pattern).trim_end_matches('/');
        validate(pattern).map(|()| Self(pattern.to_owned()))
    }

    /// Whether the name of a file, or of a folder it is in, matches.
    pub(crate) fn matches(&self, name: &str) -> bool {
        let folders = name.match_indices('/').filter_map(|(at, _)| name.get(..at));
        folders.chain([name]).any(|name| glob_match(&self.0, name))
    }
}

/// A pattern for ARNs and ids, in which `*` stands for any characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextGlob(String); // INVARIANT: a valid pattern without `/`.

impl TextGlob {
    /// Reads a pattern.
    pub(crate) fn new(pattern: &str) -> Result<Self, Error> {
        validate(pattern).map(|()| Self(without_folders(pattern)))
    }

    /// Whether the whole text matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        glob_match(&self.0, without_folders(text))
    }
}

/// A wildcard ends at a `/`, which means nothing in an ARN.
fn without_folders(text: &str) -> String {
    text.replace('/', "\u{1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_files_and_what_is_in_folders() {
        let matches = |pattern: &str, name: &str| PathGlob::new(pattern).unwrap().matches(name);
        for (pattern, name) in [
            ("a.json", "a.json"),
            ("*.json", "a.json"),
            ("legacy", "legacy/x/a.json"),
            ("./legacy/", "legacy/a.json"),
            ("legacy/**", "legacy/x/a.json"),
            ("**/trust.json", "x/y/trust.json"),
            ("**/trust.json", "trust.json"),
            ("*/x", "legacy/x/a.json"),
            ("{a,b}/*.json", "b/x.json"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in
            [("*.json", "x/a.json"), ("legacy", "legacy2/a.json"), ("x/a.json", "y/x/a.json")]
        {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
        assert!(PathGlob::new("a{b").is_err());
        let arn = TextGlob::new("arn:aws:iam::*:role/*").unwrap();
        assert!(arn.matches("arn:aws:iam::111122223333:role/a/b"));
        assert!(!arn.matches("arn:aws:iam::111122223333:user/a"));
    }
}
