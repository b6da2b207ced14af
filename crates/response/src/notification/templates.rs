//! The templates: those that come with the program, and files that stand in their place.
//!
//! In a `.html` template every value is escaped, whatever the template says: there is no way to switch that off.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use minijinja::value::Serde;
use minijinja::{Environment, HtmlEscape, UndefinedBehavior, Value};

/// The templates that come with the program. The first line of a `.txt` is the subject.
const SHIPPED: &[(&str, &str)] = &[
    ("facts.txt", include_str!("templates/facts.txt")),
    ("facts.html", include_str!("templates/facts.html")),
    ("new-finding.txt", include_str!("templates/new-finding.txt")),
    ("new-finding.html", include_str!("templates/new-finding.html")),
    ("proposal.txt", include_str!("templates/proposal.txt")),
    ("proposal.html", include_str!("templates/proposal.html")),
    ("resolved.txt", include_str!("templates/resolved.txt")),
    ("resolved.html", include_str!("templates/resolved.html")),
    ("reminder.txt", include_str!("templates/reminder.txt")),
    ("reminder.html", include_str!("templates/reminder.html")),
    ("escalation.txt", include_str!("templates/escalation.txt")),
    ("escalation.html", include_str!("templates/escalation.html")),
    ("failure.txt", include_str!("templates/failure.txt")),
    ("failure.html", include_str!("templates/failure.html")),
];

/// A template that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// There is no template of this name.
    #[error("there is no template `{0}`; a template is one of {names}", names = Templates::names().join(", "))]
    Unknown(String),
    /// It cannot be read or filled.
    #[error("the template `{name}` cannot be used: {reason}")]
    Unusable {
        /// Which one.
        name: String,
        /// What is wrong, with the line.
        reason: String,
    },
}

/// All templates, ready to be filled.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    /// The shipped templates, with those of `own` in their place: texts by name.
    ///
    /// # Errors
    /// Where a name is none of the shipped ones, or a text cannot be read as a template.
    pub fn new(own: BTreeMap<String, String>) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_formatter(|out, state, value: &Value| {
            if value.is_none() {
                return Ok(());
            }
            match state.name().ends_with(".html") {
                true => write!(out, "{}", HtmlEscape(&value.to_string()))?,
                false => write!(out, "{value}")?,
            }
            Ok(())
        });
        for (name, text) in SHIPPED {
            add(&mut environment, name, (*text).to_owned())?;
        }
        for (name, text) in own {
            if !SHIPPED.iter().any(|(shipped, _)| *shipped == name) {
                return Err(TemplateError::Unknown(name));
            }
            add(&mut environment, &name, text)?;
        }
        Ok(Self { environment })
    }

    /// The names that templates have.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        SHIPPED.iter().map(|(name, _)| *name).collect()
    }

    /// The shipped text of a template, to start an own one from.
    #[must_use]
    pub fn shipped(name: &str) -> Option<&'static str> {
        SHIPPED.iter().find(|(own, _)| *own == name).map(|(_, text)| *text)
    }

    pub(super) fn fill(
        &self,
        name: &str,
        variables: &serde_json::Value,
    ) -> Result<String, TemplateError> {
        let filled = self
            .environment
            .get_template(name)
            .and_then(|template| template.render(Serde(variables)));
        filled.map_err(|error| unusable(name, &error))
    }
}

fn add(
    environment: &mut Environment<'static>,
    name: &str,
    text: String,
) -> Result<(), TemplateError> {
    environment.add_template_owned(name.to_owned(), text).map_err(|error| unusable(name, &error))
}

/// The error with its place, which may be in an included template, and without the text around it.
fn unusable(name: &str, error: &minijinja::Error) -> TemplateError {
    let mut reason = error.kind().to_string();
    if let Some(detail) = error.detail() {
        let _ = write!(reason, ": {detail}");
    }
    if let Some(line) = error.line() {
        let _ = write!(reason, " (line {line})");
    }
    TemplateError::Unusable { name: error.name().unwrap_or(name).to_owned(), reason }
}
