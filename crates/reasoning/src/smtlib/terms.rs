//! The few terms that everything is made of.

use super::Unsupported;

/// A term or a sort of SMT-LIB.
pub(super) type Term = String;

pub(super) const TRUE: &str = "true";
pub(super) const FALSE: &str = "false";

/// All of `terms`; true when there are none.
pub(super) fn all_of(terms: impl IntoIterator<Item = Term>) -> Term {
    combine("and", TRUE, FALSE, terms)
}

/// Some of `terms`; false when there are none.
pub(super) fn any_of(terms: impl IntoIterator<Item = Term>) -> Term {
    combine("or", FALSE, TRUE, terms)
}

fn combine(
    name: &str,
    neutral: &str,
    deciding: &str,
    terms: impl IntoIterator<Item = Term>,
) -> Term {
    let mut kept: Vec<Term> = Vec::new();
    for term in terms {
        if term == deciding {
            return term;
        }
        if term != neutral && !kept.contains(&term) {
            kept.push(term);
        }
    }
    match kept.as_slice() {
        [] => neutral.to_owned(),
        [only] => only.clone(),
        _ => format!("({name} {})", kept.join(" ")),
    }
}

pub(super) fn not(term: &str) -> Term {
    match term {
        TRUE => FALSE.to_owned(),
        FALSE => TRUE.to_owned(),
        _ => format!("(not {term})"),
    }
}

pub(super) fn equal(left: &str, right: &str) -> Term {
    format!("(= {left} {right})")
}

/// The text as a constant. Printable ASCII stands for itself, a quotation mark is doubled, and what is
/// left is written by its number.
pub(super) fn string(text: &str) -> Result<Term, Unsupported> {
    let mut constant = String::with_capacity(text.len() + 2);
    constant.push('"');
    for character in text.chars() {
        match character {
            '"' => constant.push_str("\"\""),
            // A backslash may begin an escape.
            ' '..='~' if character != '\\' => constant.push(character),
            _ if u32::from(character) <= 0x2_FFFF => {
                constant.push_str(&format!("\\u{{{:x}}}", u32::from(character)));
            }
            _ => return Err(Unsupported::Character(u32::from(character))),
        }
    }
    constant.push('"');
    Ok(constant)
}

/// A name, from a number that makes it unique and a text that makes it readable.
pub(super) fn symbol(unique: &str, readable: &str) -> Term {
    let plain: String = readable
        .chars()
        .map(|c| if (' '..='~').contains(&c) && !matches!(c, '|' | '\\') { c } else { '_' })
        .collect();
    format!("|{unique} {plain}|")
}
