//! Policy variables as they are written, well or not: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use crate::document::{Document, Text};

/// One `${…}` of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Variable<'d> {
    /// What stands between the braces; what follows the opening brace where no closing one does.
    pub(crate) body: &'d str,
    /// What is wrong with it.
    pub(crate) problem: Option<Problem>,
}

/// What is wrong with a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// No closing brace.
    MissingBrace,
    /// The default value does not stand between single quotes.
    MissingQuote,
    /// A space in the name.
    Space,
    /// Nothing between the braces.
    Empty,
}

impl<'d> Variable<'d> {
    fn new(body: &'d str) -> Self {
        let (name, default) = match body.split_once(',') {
            Some((name, default)) => (name, Some(default.trim())),
            None => (body, None),
        };
        let problem = if body.trim().is_empty() {
            Some(Problem::Empty)
        } else if name.contains(' ') {
            Some(Problem::Space)
        } else if default.is_some_and(|default| !is_quoted(default)) {
            Some(Problem::MissingQuote)
        } else {
            None
        };
        Self { body, problem }
    }

    /// Whether it stands for one character that would else be special: `${*}`, `${?}`, `${$}`.
    pub(crate) fn is_escape(&self) -> bool {
        matches!(self.body, "*" | "?" | "$")
    }
}

/// The texts in which variables are replaced: resources, and values under string and ARN operators.
pub(crate) fn texts_with_variables<'d>(document: &Document<'d>) -> impl Iterator<Item = Text<'d>> {
    let resources = document.resources().map(|resource| resource.text);
    let conditions = document.conditions().filter(|condition| condition.takes_variables());
    let texts = resources.chain(conditions.flat_map(|condition| condition.strings()));
    texts.filter(|text| text.value.contains("${"))
}

/// The variables of a text, in their order.
pub(crate) fn variables(text: &str) -> impl Iterator<Item = Variable<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, behind) = rest.split_once("${")?;
        let Some(end) = end(behind) else {
            rest = "";
            return Some(Variable { body: behind, problem: Some(Problem::MissingBrace) });
        };
        let (body, tail) = behind.split_at_checked(end)?;
        rest = tail;
        Some(Variable::new(body))
    })
}

/// The variables of a text that stand for a value of the request.
pub(crate) fn values_of_request(text: &str) -> impl Iterator<Item = Variable<'_>> {
    variables(text).filter(|variable| variable.problem.is_none() && !variable.is_escape())
}

/// The offset of the closing brace; a quoted default may hold braces.
fn end(body: &str) -> Option<usize> {
    let brace = body.find('}')?;
    let Some(quote) = body.find('\'').filter(|quote| *quote < brace) else { return Some(brace) };
    let behind = quote + 1;
    let Some(closing) = body.get(behind..)?.find('\'') else { return Some(brace) };
    let tail = behind + closing + 1;
    body.get(tail..)?.find('}').map(|at| tail + at).or(Some(brace))
}

fn is_quoted(default: &str) -> bool {
    default.len() >= 2 && default.starts_with('\'') && default.ends_with('\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_wrong() {
        let problems = |text| variables(text).map(|v| v.problem).collect::<Vec<_>>();
        assert_eq!(problems("a/${aws:username}/${*}"), [None, None]);
        assert_eq!(problems("${aws:PrincipalTag/t, 'a}b'}-${}"), [None, Some(Problem::Empty)]);
        assert_eq!(problems("${aws:username"), [Some(Problem::MissingBrace)]);
        assert_eq!(problems("${aws:PrincipalTag/t, none}"), [Some(Problem::MissingQuote)]);
        assert_eq!(problems("${aws:PrincipalTag/t, 'none}"), [Some(Problem::MissingQuote)]);
        assert_eq!(problems("${aws: username}"), [Some(Problem::Space)]);
        assert_eq!(problems("no $ {variable}"), []);
    }
}
