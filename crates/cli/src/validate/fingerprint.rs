//! What a finding is known by in later runs.
//!
//! A fingerprint is made of the file, the check, the place inside of the statement and the statement's own
//! text without its layout. So it stays when lines move, statements are added, or the file is formatted anew,
//! and a statement that is changed is looked at as a new one.

use std::collections::BTreeMap;
use std::fmt::Write;

use ringfence_policy::json::Value;
use ringfence_policy::location::PathElement;
use ringfence_validation::Finding;
use uuid::Uuid;

use super::checked::{statement, statement_of};
use super::subject::Subject;

/// The namespace of the fingerprints: the version-5 UUID of `ringfence:validate` among URLs.
const NAMESPACE: &str = "ringfence:validate";

/// Makes the fingerprints of one policy's findings.
pub(crate) struct Fingerprints<'p> {
    about: String,
    text: &'p str,
    document: &'p Value<'p>,
    /// How often something came already: what is there twice has two fingerprints.
    seen: BTreeMap<String, usize>,
}

impl<'p> Fingerprints<'p> {
    pub(crate) fn new(subject: &Subject, text: &'p str, document: &'p Value<'p>) -> Self {
        let mut about = normal_path(subject.source.file());
        if let Some(owner) = &subject.owner {
            _ = write!(about, "\n{}\n{}", owner.resource, owner.policy);
        }
        Self { about, text, document, seen: BTreeMap::new() }
    }

    /// The fingerprint of an answer about the whole policy: another one as soon as the policy says anything else.
    /// `topic` tells questions with the same code apart.
    pub(crate) fn of_whole(&mut self, finding: &Finding, topic: &str) -> String {
        let whole = without_layout(self.text);
        self.numbered(&format!("{}\n{}\n{topic}\n{whole}", self.about, finding.issue_code))
    }

    /// The fingerprint of a finding; findings come in the order of the text.
    pub(crate) fn of(&mut self, finding: &Finding) -> String {
        let about = self.about(finding);
        self.numbered(&about)
    }

    fn numbered(&mut self, about: &str) -> String {
        let count = self.seen.entry(about.to_owned()).or_default();
        *count += 1;
        let namespace = Uuid::new_v5(&Uuid::NAMESPACE_URL, NAMESPACE.as_bytes());
        Uuid::new_v5(&namespace, format!("{about}\n{count}").as_bytes()).to_string()
    }

    /// What a finding is about, as text.
    fn about(&self, finding: &Finding) -> String {
        let mut about = format!("{}\n{}", self.about, finding.issue_code);
        for location in &finding.locations {
            about.push('\n');
            inside_of_statement(&location.path)
                .iter()
                .for_each(|step| write_step(&mut about, step));
        }
        let statement = finding
            .locations
            .first()
            .and_then(|location| statement_of(&location.path))
            .and_then(|index| statement(self.document, index));
        if let Some(statement) = statement {
            let span = statement.span.start as usize..statement.span.end as usize;
            about.push('\n');
            about.push_str(&without_layout(self.text.get(span).unwrap_or_default()));
        }
        about
    }
}

/// A path without the way to the statement, which moves.
fn inside_of_statement(path: &[PathElement]) -> &[PathElement] {
    match path {
        [PathElement::Value(name), PathElement::Index(_), rest @ ..] if name == "Statement" => rest,
        path => path,
    }
}

fn write_step(text: &mut String, step: &PathElement) {
    _ = match step {
        PathElement::Index(index) => write!(text, "/[{index}]"),
        PathElement::Key(name) => write!(text, "/key {name:?}"),
        PathElement::Value(name) => write!(text, "/{name:?}"),
    };
}

/// JSON without the white space between its tokens.
fn without_layout(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let (mut is_inside, mut is_escaped) = (false, false);
    for character in text.chars() {
        if is_inside || !character.is_ascii_whitespace() {
            kept.push(character);
        }
        match character {
            '"' if !is_escaped => is_inside = !is_inside,
            _ => {}
        }
        is_escaped = is_inside && !is_escaped && character == '\\';
    }
    kept
}

/// A file's name as it is the same on every system: with `/`, and from the working folder on where the file
/// is in it.
pub(crate) fn normal_path(file: &str) -> String {
    let inside = std::env::current_dir().ok().and_then(|folder| {
        let rest = std::path::Path::new(file).strip_prefix(folder).ok()?;
        Some(rest.to_string_lossy().into_owned())
    });
    let name = inside.unwrap_or_else(|| file.to_owned());
    let name = if cfg!(windows) { name.replace('\\', "/") } else { name };
    name.strip_prefix("./").map(str::to_owned).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_is_what_stands_between_tokens() {
        let text = "{ \"a b\" :\n[ 1 , \"\\\" x\" ,\t\"\\\\\" , \"c d\" ] }";
        assert_eq!(without_layout(text), "{\"a b\":[1,\"\\\" x\",\"\\\\\",\"c d\"]}");
    }
}
