//! Keys: made, kept, ended; secrets that cannot be moved or read without the key they were encrypted under.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use ringfence_policy::AccountId;

use super::*;

const POLICY: &str =
    r#"{"Statement":[{"Effect":"Allow","Action":"access-analyzer:List*","Resource":"*"}]}"#;

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("ringfence-keys-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

fn account() -> AccountId {
    AccountId::new("111122223333").unwrap()
}

#[test]
fn a_key_is_kept_found_and_ended() {
    let folder = folder("life");
    let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let master = MasterKey::from_file(&folder.join("encryption.key")).unwrap();
    let NewKey { key, secret } = AccessKey::create("ci", &account(), POLICY, &master, now).unwrap();
    let file = KeyFile::new(&folder);
    assert!(file.all().unwrap().is_empty());
    file.add(key.clone()).unwrap();
    let kept = std::fs::read_to_string(folder.join("keys.json")).unwrap();
    assert!(!kept.contains(&secret));

    let again = MasterKey::from_file(&folder.join("encryption.key")).unwrap();
    let found = KeyFile::new(&folder).find(&key.id).unwrap().unwrap();
    assert_eq!(found.secret(&again).unwrap(), secret);
    assert!(found.is_usable(now));

    let hour = now.checked_add(SignedDuration::from_hours(1)).unwrap();
    // Another process ends it.
    KeyFile::new(&folder).end(&key.id, hour).unwrap();
    assert_eq!(file.find(&key.id).unwrap().unwrap().ends_at, Some(hour));
    file.end(&key.id, now).unwrap();
    assert_eq!(file.end(&key.id, hour).unwrap().ends_at, Some(now));
    assert!(!file.find(&key.id).unwrap().unwrap().is_usable(now));
    assert!(matches!(file.end("RFKNONE", now), Err(KeyError::Unknown(_))));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_secret_belongs_to_one_key_one_account_and_one_master_key() {
    let now = Timestamp::UNIX_EPOCH;
    let master = MasterKey::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
    let other = MasterKey::parse("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
    let key = AccessKey::create("a", &account(), POLICY, &master, now).unwrap().key;
    assert!(key.secret(&master).is_ok());
    assert!(matches!(key.secret(&other), Err(SealError::Open)));
    let moved = AccessKey { account: "444455556666".to_owned(), ..key.clone() };
    assert!(moved.secret(&master).is_err());
    let moved = AccessKey { id: "RFKOTHER".to_owned(), ..key.clone() };
    assert!(moved.secret(&master).is_err());
    let cut = AccessKey { sealed_secret: "AAAA".to_owned(), ..key };
    assert!(cut.secret(&master).is_err());
}

#[test]
fn keys_are_not_made_from_nonsense() {
    let master = MasterKey::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
    let create =
        |name, policy| AccessKey::create(name, &account(), policy, &master, Timestamp::UNIX_EPOCH);
    assert!(matches!(create("a/b", POLICY), Err(KeyError::Name(_))));
    assert!(matches!(create("", POLICY), Err(KeyError::Name(_))));
    assert!(matches!(create("a", "{"), Err(KeyError::Policy(_))));
    for text in ["", "AAAA", "?"] {
        assert!(matches!(MasterKey::parse(text), Err(SealError::MasterKey)));
    }
}
