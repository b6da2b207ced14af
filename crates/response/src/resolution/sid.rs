//! The name of a statement that a plan adds: it says which finding the statement is there for.
//!
//! IAM takes letters and digits only, so that a UUID has to lose its hyphens
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html>); Lambda takes those and `-`
//! and `_`, up to a hundred of them
//! (<https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html>); Amazon SQS and Amazon SNS want each once in
//! a policy (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html>); no service asks for
//! more. One form is right for all of them, and a statement that is carried from one policy to another stays readable.

/// What all of them begin with.
const PREFIX: &str = "Ringfence";
/// The hexadecimal digits of a UUID.
const DIGITS: usize = 32;
/// The places of a UUID's hyphens among its digits.
const HYPHENS: [usize; 4] = [8, 12, 16, 20];

/// The Sid for the finding with this id; nothing where the id is no UUID, which all of ours and AWS's are.
#[must_use]
pub fn encode(finding_id: &str) -> Option<String> {
    let digits: String =
        finding_id.chars().filter(|own| *own != '-').map(|own| own.to_ascii_lowercase()).collect();
    let sid = format!("{PREFIX}{digits}");
    // Only an id that can be read back is one.
    (decode(&sid)? == finding_id.to_ascii_lowercase()).then_some(sid)
}

/// The Sid of one of several statements for a finding, counted from 0; the first has the plain one.
#[must_use]
pub fn numbered(sid: &str, number: usize) -> String {
    match number {
        0 => sid.to_owned(),
        _ => format!("{sid}n{number}"),
    }
}

/// The id of the finding that a statement with this Sid is there for; nothing for Sids of others.
#[must_use]
pub fn decode(sid: &str) -> Option<String> {
    let rest = sid.strip_prefix(PREFIX)?;
    let (digits, number) = rest.split_at_checked(DIGITS)?;
    let is_hexadecimal = |own: u8| own.is_ascii_digit() || (b'a'..=b'f').contains(&own);
    let is_number = match number.strip_prefix('n') {
        Some(number) => !number.is_empty() && number.bytes().all(|own| own.is_ascii_digit()),
        None => number.is_empty(),
    };
    if !is_number || !digits.bytes().all(is_hexadecimal) {
        return None;
    }
    let mut id = String::with_capacity(DIGITS + HYPHENS.len());
    for (place, digit) in digits.chars().enumerate() {
        if HYPHENS.contains(&place) {
            id.push('-');
        }
        id.push(digit);
    }
    Some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "9f86d081-884c-5d65-9a2f-eaa0c55ad015";

    #[test]
    fn a_sid_gives_the_id_back_and_is_letters_and_digits() {
        let sid = encode(ID).unwrap();
        assert_eq!(sid, "Ringfence9f86d081884c5d659a2feaa0c55ad015");
        assert_eq!(decode(&sid).as_deref(), Some(ID));
        assert_eq!(decode(&numbered(&sid, 3)).as_deref(), Some(ID));
        assert!(numbered(&sid, 12).bytes().all(|own| own.is_ascii_alphanumeric()));
        assert_eq!(encode(&ID.to_uppercase()), Some(sid));
    }

    #[test]
    fn what_is_no_finding_of_ours_is_nobodys() {
        for other in ["", "Ringfence", "AllowAlice", "Ringfence9f86d081-884c", &"f".repeat(41)] {
            assert_eq!(decode(other), None, "{other}");
        }
        for other in ["", "1", "arn:aws:x", "9f86d081884c5d659a2feaa0c55ad015"] {
            assert_eq!(encode(other), None, "{other}");
        }
        let sid = encode(ID).unwrap();
        assert_eq!(decode(&format!("{sid}x")), None);
        assert_eq!(decode(&format!("{sid}n")), None);
    }
}
