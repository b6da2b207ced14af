//! From the model's names to Rust's.

/// `analyzerArn` as `analyzer_arn`.
pub(super) fn snake(name: &str) -> String {
    let mut text = String::new();
    let mut before = '_';
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && before.is_ascii_lowercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
        before = letter;
    }
    text
}

/// `AWS::S3::Bucket`, `READ_ACP` and `readAcp` as `AwsS3Bucket`, `ReadAcp` and `ReadAcp`.
pub(super) fn pascal(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    words.map(capitalized).collect()
}

/// What serde's `camelCase` makes of a field's name.
pub(super) fn camel(snake: &str) -> String {
    let mut words = snake.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| text + &capitalized(word))
}

fn capitalized(word: &str) -> String {
    let is_shouted = !word.chars().any(|letter| letter.is_ascii_lowercase());
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    let rest = letters.as_str();
    let rest = if is_shouted { rest.to_ascii_lowercase() } else { rest.to_owned() };
    first.into_iter().collect::<String>() + &rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_their_case_and_back() {
        for (wire, rust) in
            [("analyzerArn", "analyzer_arn"), ("id", "id"), ("kmsKeyId", "kms_key_id")]
        {
            assert_eq!((snake(wire).as_str(), camel(rust).as_str()), (rust, wire));
        }
        for (wire, rust) in [
            ("AWS::S3::Bucket", "AwsS3Bucket"),
            ("READ_ACP", "ReadAcp"),
            ("fieldValidationFailed", "FieldValidationFailed"),
            ("EN", "En"),
        ] {
            assert_eq!(pascal(wire), rust);
        }
    }
}
