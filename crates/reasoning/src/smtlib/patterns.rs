//! Patterns as regular expressions over strings.

use ringfence_policy::{Pattern, Token};

use super::Unsupported;
use super::terms::{Term, equal, string};

/// Where a pattern stands: how far its wildcards reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A string operator or an action: they match every character.
    Text,
    /// A Resource element: they stay inside their colon-separated field, except that a star at the end of
    /// a field may run on over colons.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
    Resource,
    /// An ARN operator: each of the six fields is matched alone, and only the last may hold colons.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN>
    Arn,
}

/// Whether upper and lower case are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Case {
    Sensitive,
    /// The text that is matched has any case.
    Ignored,
    /// The text that is matched is in lower case already.
    Lower,
}

/// A part of a pattern whose variables have their values.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Constant(String),
    /// The value of a policy variable.
    Value {
        term: Term,
        may_hold_colon: bool,
    },
    One(Reach),
    Many(Reach),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    Everything,
    Field,
}

/// The pieces of `pattern`; `value` gives the term of a variable, and whether it may hold a colon.
pub(super) fn pieces(
    pattern: &Pattern,
    place: Place,
    mut value: impl FnMut(&str, Option<&str>) -> Result<(Term, bool), Unsupported>,
) -> Result<Vec<Piece>, Unsupported> {
    let mut pieces = Vec::new();
    let mut colons = 0;
    let tokens = pattern.tokens();
    for (index, token) in tokens.iter().enumerate() {
        let ends_field = match tokens.get(index + 1) {
            None => true,
            Some(Token::Literal(next)) => next.starts_with(':'),
            Some(_) => false,
        };
        let reach = |ends_field| match place {
            Place::Text => Reach::Everything,
            Place::Resource if ends_field => Reach::Everything,
            Place::Arn if colons >= 5 => Reach::Everything,
            Place::Resource | Place::Arn => Reach::Field,
        };
        pieces.push(match token {
            Token::Literal(text) => {
                colons += text.matches(':').count();
                Piece::Constant(text.clone())
            }
            Token::AnyOne => Piece::One(reach(false)),
            Token::AnyMany => Piece::Many(reach(ends_field)),
            Token::Variable { key, default } => {
                let (term, may_hold_colon) = value(key, default.as_deref())?;
                Piece::Value { term, may_hold_colon }
            }
        });
    }
    Ok(pieces)
}

/// `text` matches the pieces as a whole.
pub(super) fn matches(text: &str, pieces: &[Piece], case: Case) -> Result<Term, Unsupported> {
    match pieces {
        [] => return Ok(equal(text, "\"\"")),
        [Piece::Constant(constant)] if case != Case::Ignored => {
            return Ok(equal(text, &string(&folded(constant, case))?));
        }
        [Piece::Value { term, .. }] => return Ok(equal(text, term)),
        [Piece::Many(Reach::Everything)] => return Ok("true".to_owned()),
        [Piece::Constant(constant), Piece::Many(Reach::Everything)] if case != Case::Ignored => {
            return Ok(format!("(str.prefixof {} {text})", string(&folded(constant, case))?));
        }
        [Piece::Many(Reach::Everything), Piece::Constant(constant)] if case != Case::Ignored => {
            return Ok(format!("(str.suffixof {} {text})", string(&folded(constant, case))?));
        }
        _ => {}
    }
    Ok(format!("(str.in_re {text} {})", expression(pieces, case)?))
}

/// The language of the pieces.
pub(super) fn expression(pieces: &[Piece], case: Case) -> Result<Term, Unsupported> {
    let mut parts = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Constant(text) if case == Case::Ignored => {
                for character in text.chars() {
                    parts.push(either_case(character)?);
                }
            }
            Piece::Constant(text) => {
                parts.push(format!("(str.to_re {})", string(&folded(text, case))?))
            }
            Piece::Value { term, .. } => parts.push(format!("(str.to_re {term})")),
            Piece::One(Reach::Everything) => parts.push("re.allchar".to_owned()),
            Piece::One(Reach::Field) => parts.push(NO_COLON.to_owned()),
            Piece::Many(Reach::Everything) => parts.push("re.all".to_owned()),
            Piece::Many(Reach::Field) => parts.push(format!("(re.* {NO_COLON})")),
        }
    }
    Ok(match parts.as_slice() {
        [] => "(str.to_re \"\")".to_owned(),
        [only] => only.clone(),
        _ => format!("(re.++ {})", parts.join(" ")),
    })
}

/// One character that is no colon (U+003A).
const NO_COLON: &str = "(re.union (re.range \"\\u{0}\" \"9\") (re.range \";\" \"\\u{2ffff}\"))";

/// `text` matches the pieces of an ARN operator's pattern.
pub(super) fn matches_arn(
    text: &str,
    pattern: &Pattern,
    pieces: &[Piece],
) -> Result<Term, Unsupported> {
    let colons = |pieces: &[Piece]| -> usize {
        let constants = pieces.iter().filter_map(|piece| match piece {
            Piece::Constant(text) => Some(text.matches(':').count()),
            Piece::Value { .. } | Piece::One(_) | Piece::Many(_) => None,
        });
        constants.sum()
    };
    let is_wildcard = |piece: &Piece| matches!(piece, Piece::One(_) | Piece::Many(_));
    let brings_colons = |piece: &Piece| matches!(piece, Piece::Value { may_hold_colon: true, .. });
    let unsupported = || Err(Unsupported::VariableField(pattern.text().to_owned()));
    if pattern.is_any() {
        return is_arn(text);
    }
    if let Some(at) = pieces.iter().position(brings_colons) {
        // Behind such a value a wildcard's field is not known, unless it is the last anyway.
        let (before, behind) = pieces.split_at(at);
        let open = behind.iter().any(|piece| match piece {
            Piece::One(reach) | Piece::Many(reach) => *reach == Reach::Field,
            Piece::Constant(_) | Piece::Value { .. } => false,
        });
        if open || colons(pieces) < 5 && before.iter().chain(behind).any(is_wildcard) {
            return unsupported();
        }
        let own = matches(text, pieces, Case::Sensitive)?;
        return Ok(super::terms::all_of([own, is_arn(text)?]));
    }
    if colons(pieces) < 5 {
        return Ok("false".to_owned());
    }
    let Some((head, pieces)) = first_field(pieces) else { return unsupported() };
    match admits(&head, "arn") {
        true => matches(text, &pieces, Case::Sensitive),
        false => Ok("false".to_owned()),
    }
}

/// `text` has the shape of an ARN.
fn is_arn(text: &str) -> Result<Term, Unsupported> {
    let mut pieces = vec![Piece::Constant("arn:".to_owned())];
    for _ in 0..4 {
        pieces.extend([Piece::Many(Reach::Field), Piece::Constant(":".to_owned())]);
    }
    pieces.push(Piece::Many(Reach::Everything));
    matches(text, &pieces, Case::Sensitive)
}

/// The tokens of the first field, and all pieces with `arn` in its place: an ARN starts so, whatever the
/// pattern's first field admits. Nothing when the field holds a variable.
fn first_field(pieces: &[Piece]) -> Option<(Vec<Token>, Vec<Piece>)> {
    let mut head = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Constant(text) => {
                if let Some((own, rest)) = text.split_once(':') {
                    head.push(Token::Literal(own.to_owned()));
                    let mut all = vec![Piece::Constant(format!("arn:{rest}"))];
                    all.extend_from_slice(pieces.get(index + 1..)?);
                    return Some((head, all));
                }
                head.push(Token::Literal(text.clone()));
            }
            Piece::One(_) => head.push(Token::AnyOne),
            Piece::Many(_) => head.push(Token::AnyMany),
            Piece::Value { .. } => return None,
        }
    }
    None
}

/// Whether the tokens match `text`; only for short texts.
fn admits(tokens: &[Token], text: &str) -> bool {
    let Some((first, others)) = tokens.split_first() else { return text.is_empty() };
    match first {
        Token::Literal(own) => {
            text.strip_prefix(own.as_str()).is_some_and(|rest| admits(others, rest))
        }
        Token::AnyOne => text
            .chars()
            .next()
            .is_some_and(|c| text.get(c.len_utf8()..).is_some_and(|rest| admits(others, rest))),
        Token::AnyMany => text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .any(|at| text.get(at..).is_some_and(|rest| admits(others, rest))),
        Token::Variable { .. } => false,
    }
}

pub(super) fn folded(text: &str, case: Case) -> String {
    match case {
        Case::Sensitive => text.to_owned(),
        Case::Ignored | Case::Lower => text.chars().flat_map(char::to_lowercase).collect(),
    }
}

/// The spellings of a character that are the same in lower case.
fn either_case(character: char) -> Result<Term, Unsupported> {
    let lower = |c: char| c.to_lowercase().collect::<String>();
    let mut all = vec![lower(character)];
    for other in character.to_uppercase().chain([character]) {
        let form = other.to_string();
        if lower(other) == lower(character) && !all.contains(&form) {
            all.push(form);
        }
    }
    let expressions = all
        .iter()
        .map(|form| Ok(format!("(str.to_re {})", string(form)?)))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(match expressions.as_slice() {
        [only] => only.clone(),
        _ => format!("(re.union {})", expressions.join(" ")),
    })
}
