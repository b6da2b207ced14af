//! Texts of a policy that are compared with values of a request: wildcards and policy variables.
//!
//! This module only reads the text into tokens. What a token matches is said twice, in the evaluator
//! and in the reasoning engine, so that each can check the other.
//!
//! Wildcards: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>,
//! variables: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>.

/// Whether `*` and `?` are wildcards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wildcards {
    /// They are, as in `StringLike` and in the Action and Resource elements.
    Yes,
    /// They stand for themselves, as in `StringEquals`.
    No,
}

/// Whether `${…}` is a policy variable: only in version 2012-10-17, and only in Resource elements and
/// in the values of string and ARN operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Variables {
    /// `${…}` is replaced by a value of the request.
    Yes,
    /// `${…}` stands for itself.
    No,
}

/// A part of a [`Pattern`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Token {
    /// This text.
    Literal(String),
    /// `?`: one character.
    AnyOne,
    /// `*`: any number of characters, none included.
    AnyMany,
    /// `${key}` or `${key, 'default'}`: the value of a context key, as plain text.
    Variable {
        /// The context key, in lower case.
        key: String,
        /// The text to take where the request has no such key.
        default: Option<String>,
    },
}

/// A text of a policy, read into tokens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern {
    text: String,
    tokens: Vec<Token>, // INVARIANT: the tokens of `text`; literals are not empty and never adjacent.
}

impl Pattern {
    /// Reads `text`. An opening `${` that is never closed, or is empty, stands for itself.
    #[must_use]
    pub fn new(text: &str, wildcards: Wildcards, variables: Variables) -> Self {
        Self { text: text.to_owned(), tokens: tokenize(text, wildcards, variables) }
    }

    /// A pattern that is exactly `text`.
    #[must_use]
    pub fn literal(text: &str) -> Self {
        Self::new(text, Wildcards::No, Variables::No)
    }

    /// The text as the policy writes it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The parts of the text in their order.
    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The text it matches, when it is one text and nothing else.
    #[must_use]
    pub fn as_literal(&self) -> Option<&str> {
        match self.tokens.as_slice() {
            [] => Some(""),
            [Token::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether it is the lone `*`, which matches everything.
    #[must_use]
    pub fn is_any(&self) -> bool {
        matches!(self.tokens.as_slice(), [Token::AnyMany])
    }

    /// The context keys of its variables, in lower case.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().filter_map(|token| match token {
            Token::Variable { key, .. } => Some(key.as_str()),
            Token::Literal(_) | Token::AnyOne | Token::AnyMany => None,
        })
    }

    /// Puts values in the place of variables; nothing when one has neither value nor default.
    #[must_use]
    pub fn resolve(&self, mut value_of: impl FnMut(&str) -> Option<String>) -> Option<Self> {
        let mut tokens = Vec::with_capacity(self.tokens.len());
        for token in &self.tokens {
            match token {
                Token::Variable { key, default } => {
                    let value = value_of(key).or_else(|| default.clone())?;
                    push_literal(&mut tokens, &value);
                }
                Token::Literal(text) => push_literal(&mut tokens, text),
                Token::AnyOne | Token::AnyMany => tokens.push(token.clone()),
            }
        }
        Some(Self { text: self.text.clone(), tokens })
    }
}

fn push_literal(tokens: &mut Vec<Token>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(Token::Literal(last)) = tokens.last_mut() {
        last.push_str(text);
    } else {
        tokens.push(Token::Literal(text.to_owned()));
    }
}

fn tokenize(text: &str, wildcards: Wildcards, variables: Variables) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    let special = |c: char| match c {
        '*' | '?' => wildcards == Wildcards::Yes,
        '$' => variables == Variables::Yes,
        _ => false,
    };
    while let Some(at) = rest.find(special) {
        let (before, from) = rest.split_at(at);
        push_literal(&mut tokens, before);
        let taken = match from.as_bytes().first() {
            Some(b'*') => {
                // Two stars in a row match what one does.
                if tokens.last() != Some(&Token::AnyMany) {
                    tokens.push(Token::AnyMany);
                }
                1
            }
            Some(b'?') => {
                tokens.push(Token::AnyOne);
                1
            }
            _ => match variable(from) {
                Some((Token::Literal(text), length)) => {
                    push_literal(&mut tokens, &text);
                    length
                }
                Some((token, length)) => {
                    tokens.push(token);
                    length
                }
                None => {
                    push_literal(&mut tokens, "$");
                    1
                }
            },
        };
        rest = from.get(taken..).unwrap_or("");
    }
    push_literal(&mut tokens, rest);
    tokens
}

/// The variable at the head of `text` and its length in bytes.
fn variable(text: &str) -> Option<(Token, usize)> {
    let body = text.strip_prefix("${")?;
    let (name, default, length) = match body.find(['}', '\'']) {
        Some(at) if body.as_bytes().get(at) == Some(&b'}') => (body.get(..at)?, None, at + 1),
        Some(quote) => {
            // `${key, 'default'}`: the default may hold braces, but no quote.
            let name = body.get(..quote)?.trim_end().strip_suffix(',')?;
            let tail = body.get(quote + 1..)?;
            let end = tail.find('\'')?;
            let behind = tail.get(end + 1..)?;
            let brace = behind.find('}').filter(|at| behind.get(..*at).is_some_and(is_blank))?;
            (name, tail.get(..end), quote + 1 + end + 1 + brace + 1)
        }
        None => return None,
    };
    let name = name.trim();
    let token = match name {
        "" => return None,
        "*" | "?" | "$" => Token::Literal(name.to_owned()),
        _ => Token::Variable { key: name.to_lowercase(), default: default.map(str::to_owned) },
    };
    Some((token, length + 2))
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        Pattern::new(text, Wildcards::Yes, Variables::Yes).tokens().to_vec()
    }

    #[test]
    fn reads_wildcards_variables_defaults_and_escapes() {
        let literal = |text: &str| Token::Literal(text.to_owned());
        assert_eq!(
            tokens("a*b??c**"),
            [
                literal("a"),
                Token::AnyMany,
                literal("b"),
                Token::AnyOne,
                Token::AnyOne,
                literal("c"),
                Token::AnyMany
            ]
        );
        assert_eq!(tokens("${*}x${$}${?}"), [literal("*x$?")]);
        let variable = Token::Variable { key: "aws:username".into(), default: None };
        assert_eq!(tokens("h/${aws:UserName}/"), [literal("h/"), variable, literal("/")]);
        let variable =
            Token::Variable { key: "aws:principaltag/t".into(), default: Some("a}b*".into()) };
        assert_eq!(tokens("${aws:PrincipalTag/t, 'a}b*'}"), [variable]);
        assert_eq!(tokens("${open"), [literal("${open")]);
        assert_eq!(tokens("${}$"), [literal("${}$")]);
    }

    #[test]
    fn equality_operators_and_old_versions_take_the_text_as_it_is() {
        let pattern = Pattern::new("a*${aws:username}?", Wildcards::No, Variables::No);
        assert_eq!(pattern.as_literal(), Some("a*${aws:username}?"));
    }

    #[test]
    fn a_variable_without_value_or_default_resolves_to_nothing() {
        let pattern = Pattern::new("x${a}${b, 'B'}*", Wildcards::Yes, Variables::Yes);
        assert_eq!(pattern.resolve(|_| None), None);
        let resolved = pattern.resolve(|key| (key == "a").then(|| "A*".to_owned())).unwrap();
        assert_eq!(resolved.tokens(), [Token::Literal("xA*B".into()), Token::AnyMany]);
    }
}
