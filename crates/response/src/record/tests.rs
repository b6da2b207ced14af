use proptest::prelude::*;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::json;

use super::*;

fn key(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
}

fn public(seed: u8) -> String {
    hexadecimal(key(seed).public_key().as_ref())
}

fn entries(number: u64) -> Vec<Entry> {
    let mut chain = Chain::default();
    (0..number)
        .map(|index| {
            let at = Timestamp::from_millisecond(1_700_000_000_000 + i64::try_from(index).unwrap())
                .unwrap();
            let note = RecordEvent::Note {
                by: "alice".to_owned(),
                text: format!("<b>\"{index}\"\n\u{1}ü🦀\u{7f}\u{2028}"),
                tags: BTreeMap::new(),
            };
            chain.append(&format!("finding-{}", index % 3), serde_json::to_value(note).unwrap(), at)
        })
        .collect()
}

fn head(entries: &[Entry], seed: u8) -> SignedHead {
    let last = entries.last().unwrap();
    let head = Head { position: last.position, hash: last.hash.clone(), at: last.at.clone() };
    SignedHead::new(head, &key(seed))
}

fn export(entries: &[Entry]) -> String {
    let lines = entries.iter().map(Entry::line).chain([head(entries, 1).anchor_text()]);
    lines.map(|line| line + "\n").collect()
}

fn flaws(export: &str, anchors: Option<&str>) -> Vec<String> {
    let key = public(1);
    let with = Verification { anchors, public_key: Some(&key) };
    verify(export, &with).flaws.iter().map(ToString::to_string).collect()
}

use std::collections::BTreeMap;

#[test]
fn what_was_not_touched_is_whole() {
    let all = entries(7);
    let anchors =
        format!("{}\n{}\n", head(&all[..3], 1).anchor_text(), head(&all, 1).anchor_text());
    let key = public(1);
    let with = Verification { anchors: Some(&anchors), public_key: Some(&key) };
    let report = verify(&export(&all), &with);
    assert_eq!(report, Report { entries: 7, proved_up_to: 7, flaws: Vec::new() });
    let unsigned: String = all.iter().map(|own| own.line() + "\n").collect();
    assert_eq!(flaws(&unsigned, None), ["line 8: there is no head: the end may have been cut off"]);
    let report = verify(&export(&all), &Verification::default());
    assert_eq!((report.proved_up_to, report.flaws), (0, Vec::new()), "nobody's key proves nothing");
}

#[test]
fn says_where_something_is_wrong() {
    let all = entries(5);
    let texts: Vec<String> = export(&all).lines().map(str::to_owned).collect();
    let joined =
        |lines: &[String]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let mut changed = texts.clone();
    changed[1] = changed[1].replace("alice", "mallory");
    assert_eq!(flaws(&joined(&changed), None), ["line 2: entry 2 was changed"]);
    let mut removed = texts.clone();
    removed.remove(2);
    assert_eq!(
        flaws(&joined(&removed), None),
        ["line 3: entry 3 was removed: entry 4 stands in its place"]
    );
    let mut swapped = texts.clone();
    swapped.swap(1, 2);
    assert_eq!(
        flaws(&joined(&swapped), None)[0],
        "line 2: entry 2 was removed: entry 3 stands in its place"
    );
    let mut twice = texts.clone();
    twice.insert(1, texts[0].clone());
    assert_eq!(flaws(&joined(&twice), None)[0], "line 2: entry 1 stands in the place of entry 2");
    let mut shortened = texts.clone();
    shortened.remove(4);
    assert_eq!(
        flaws(&joined(&shortened), None),
        ["line 5: the record ends otherwise than its head says, at entry 5"]
    );
    // Shortened together with its head, as whoever has the key can: only what was kept outside shows it.
    let anchor = head(&all, 1).anchor_text();
    assert_eq!(flaws(&export(&all[..4]), None), Vec::<String>::new());
    assert_eq!(
        flaws(&export(&all[..4]), Some(&anchor)),
        ["line 5: the record ended at entry 5 when it was anchored"]
    );
    // Written anew from the second entry on.
    let mut chain = Chain { position: 1, hash: all[0].hash.clone() };
    let mut other = vec![all[0].clone()];
    other.extend(
        (0..4).map(|_| chain.append("x", json!({ "kind": "other" }), Timestamp::UNIX_EPOCH)),
    );
    assert_eq!(
        flaws(&export(&other), Some(&anchor)),
        ["line 5: entry 5 was another one when it was anchored"]
    );
    let by_another = format!("{}{}\n", joined(&texts[..5]), head(&all, 2).anchor_text());
    assert_eq!(
        flaws(&by_another, None),
        ["line 6: the head cannot be trusted: it was signed by another key"]
    );
    let mut forged = head(&all, 2);
    forged.public_key = public(1);
    assert_eq!(
        flaws(&format!("{}{}\n", joined(&texts[..5]), forged.anchor_text()), None),
        ["line 6: the head cannot be trusted: the signature is not that of this head"]
    );
}

#[test]
fn the_canonical_form_is_as_it_is_documented() {
    let value =
        json!({ "b": [1, true, null, {}], "a": "\"\\\u{8}\u{c}\n\r\t\u{1f}/\u{7f}ü🦀", "A": 0 });
    assert_eq!(
        canonical(&value),
        "{\"A\":0,\"a\":\"\\\"\\\\\\b\\f\\n\\r\\t\\u001f/\u{7f}ü🦀\",\"b\":[1,true,null,{}]}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Whatever single byte becomes another one, comes or goes, is found.
    #[test]
    fn any_mutation_of_the_text_is_found(place in 0.0f64..1.0, byte in 0u8..128, kind in 0..3) {
        let text = export(&entries(4));
        let mut bytes = text.clone().into_bytes();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss,
            reason = "a place in a text")]
        let at = (place * bytes.len() as f64) as usize;
        match kind {
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            _ => { bytes.remove(at); }
        }
        prop_assume!(bytes != text.as_bytes());
        if let Ok(mutated) = String::from_utf8(bytes) {
            prop_assert!(!flaws(&mutated, None).is_empty());
        }
    }

    /// Whoever may write the whole record anew, but has not the key, is found by its head; entries that were removed,
    /// repeated or put elsewhere are found, though each is whole by itself.
    #[test]
    fn any_rearrangement_is_found(first in 0usize..6, second in 0usize..6, kind in 0..4) {
        let all = entries(6);
        let mut lines: Vec<String> = export(&all).lines().map(str::to_owned).collect();
        match kind {
            0 => { lines.remove(first); }
            1 => { let line = lines[first].clone(); lines.insert(second, line); }
            2 => { prop_assume!(first != second); lines.swap(first, second); }
            _ => {
                let mut chain = Chain::default();
                let kept = if first == 0 { Chain::default() } else {
                    Chain { position: first as u64, hash: all[first - 1].hash.clone() }
                };
                chain.clone_from(&kept);
                for (line, own) in lines.iter_mut().zip(&all).skip(first) {
                    let mut body = own.body.clone();
                    body["by"] = json!("mallory");
                    *line = chain.append(&own.subject, body, Timestamp::UNIX_EPOCH).line();
                }
            }
        }
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        prop_assert!(!flaws(&text, None).is_empty());
    }
}
