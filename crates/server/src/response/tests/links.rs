//! Links that are forged, changed, moved to another plan, or too old.

use jiff::Timestamp;
use ringfence_response::workflow::resolution::Start;

use super::world::resolution;
use crate::keys::MasterKey;
use crate::response::links::{LinkProblem, Token, secret};

fn master(letter: &str) -> MasterKey {
    MasterKey::parse(&format!("{}=", letter.repeat(43))).unwrap()
}

#[test]
fn only_what_was_signed_here_is_read() {
    let (ours, other) = (master("A"), master("E"));
    let own = resolution(Start::Proposed);
    let token = Token::new(&own, "alice", &secret().unwrap());
    let text = token.sign(&ours);
    let now = Timestamp::now();
    assert_eq!(Token::read(&text, &ours, now), Ok(token.clone()));
    assert_eq!(Token::read(&text, &other, now), Err(LinkProblem::Forged));
    assert_eq!(Token::read(&text, &ours, own.expires_at), Err(LinkProblem::Expired));
    assert_eq!(Token::read("", &ours, now), Err(LinkProblem::Forged));
    // Any one letter changed.
    for place in 0..text.len() {
        let mut changed = text.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        // The last letter of Base64 may hold bits that mean nothing; then nothing was changed.
        match Token::read(&changed, &ours, now) {
            Err(LinkProblem::Forged) => {}
            read => assert_eq!((read, place), (Ok(token.clone()), text.len() - 1)),
        }
    }
    // The body of one with the code of another.
    let mut moved = Token::new(&own, "mallory", &secret().unwrap()).sign(&ours);
    let (_, code) = text.split_once('.').unwrap();
    moved.truncate(moved.find('.').unwrap() + 1);
    assert_eq!(Token::read(&(moved + code), &ours, now), Err(LinkProblem::Forged));
}
