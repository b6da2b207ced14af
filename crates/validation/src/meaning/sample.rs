//! A cheap look that spares most questions: a request that one statement is about and no other one.

use ringfence_policy::{Pattern, PatternElement, Polarity, Statement, Token};

use crate::glob::{matches_ignoring_case, overlaps};

/// Whether some action and resource of the statement show, without a look at principals and conditions, that the
/// others together leave a part of it. Only ever says so when it is true.
pub(super) fn shows_more(statement: &Statement, others: &[&Statement]) -> bool {
    let Some(actions) = samples(Some(&statement.action)) else { return false };
    let Some(resources) = samples(statement.resource.as_ref()) else { return false };
    actions.iter().any(|action| {
        let about: Vec<&Statement> =
            others.iter().copied().filter(|other| may_match(Some(&other.action), action)).collect();
        resources
            .iter()
            .any(|resource| !about.iter().any(|other| may_match(other.resource.as_ref(), resource)))
    })
}

/// Whether a request can be about both statements, as far as actions and resources say; never says no when one is.
pub(super) fn may_meet(one: &Statement, other: &Statement) -> bool {
    elements_may_meet(Some(&one.action), Some(&other.action), str::to_ascii_lowercase)
        && elements_may_meet(one.resource.as_ref(), other.resource.as_ref(), str::to_owned)
}

fn elements_may_meet(
    one: Option<&PatternElement>,
    other: Option<&PatternElement>,
    fold: impl Fn(&str) -> String,
) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return true };
    let texts = |element: &PatternElement| -> Vec<String> {
        element.patterns.iter().map(|pattern| fold(pattern.value.text())).collect()
    };
    match (one.polarity, other.polarity) {
        (Polarity::Plain, Polarity::Plain) => {
            let (one, other) = (texts(one), texts(other));
            one.iter().any(|own| other.iter().any(|pattern| overlaps(own, pattern)))
        }
        (Polarity::Not, _) | (_, Polarity::Not) => true,
    }
}

/// Texts that the element matches, one for each pattern; nothing where that takes a closer look.
fn samples(element: Option<&PatternElement>) -> Option<Vec<String>> {
    let Some(element) = element else { return Some(vec!["*".to_owned()]) };
    match element.polarity {
        Polarity::Not => None,
        Polarity::Plain => element.patterns.iter().map(|pattern| sample(&pattern.value)).collect(),
    }
}

fn sample(pattern: &Pattern) -> Option<String> {
    let mut text = String::new();
    for token in pattern.tokens() {
        match token {
            Token::Literal(literal) => text.push_str(literal),
            Token::AnyOne => text.push('q'),
            // Where a star stands there may be nothing, but other patterns then match more often.
            Token::AnyMany => text.push_str("qzv"),
            Token::Variable { .. } => return None,
        }
    }
    Some(text)
}

/// Whether the element may match the text; never says no when it does.
fn may_match(element: Option<&PatternElement>, text: &str) -> bool {
    let Some(element) = element else { return true };
    let any = element.patterns.iter().any(|pattern| {
        pattern.value.variables().next().is_some()
            || matches_ignoring_case(pattern.value.text(), text)
    });
    match element.polarity {
        Polarity::Plain => any,
        // `any` may say too much here, so only a pattern for everything excludes for sure.
        Polarity::Not => !element.patterns.iter().any(|pattern| pattern.value.is_any()),
    }
}
