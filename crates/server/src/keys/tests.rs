//! Keys: made, kept, ended; secrets that cannot be moved or read without the key they were encrypted under.

use std::path::PathBuf;

use jiff::Timestamp;
use ringfence_policy::AccountId;

use ringfence_store::{Act, Location, Store};

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

#[tokio::test]
async fn a_key_is_kept_found_and_ended() {
    let folder = folder("life");
    let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let master = MasterKey::from_file(&folder.join("encryption.key")).unwrap();
    let NewKey { key, secret } = create("ci", &account(), POLICY, &master, now).unwrap();
    // A file of keys is brought in once.
    let file = folder.join("keys.json");
    std::fs::write(&file, serde_json::to_string(&[&key]).unwrap()).unwrap();
    let store = Store::open(&Location::Folder(folder.clone())).await.unwrap();
    assert_eq!(import(&store, &folder, now).await.unwrap(), 1);
    assert!(!file.exists());
    assert_eq!(import(&store, &folder, now).await.unwrap(), 0);

    let again = MasterKey::from_file(&folder.join("encryption.key")).unwrap();
    let known = KnownKeys::default();
    let found = known.find(&key.id, &store, &again).await.unwrap().unwrap();
    assert_eq!((found.secret(), found.is_usable(now)), (secret.as_str(), true));
    assert!(known.find("RFKNONE", &store, &again).await.unwrap().is_none());

    // Another process ends it.
    let other = Store::open(&Location::Folder(folder.clone())).await.unwrap();
    let act = Act { who: "test", operation: "RevokeKey", at: now, token: None };
    other.end_key(&key.id, now, &act).await.unwrap();
    let found = known.find(&key.id, &store, &again).await.unwrap().unwrap();
    assert!(!found.is_usable(now));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_secret_belongs_to_one_key_one_account_and_one_master_key() {
    let now = Timestamp::UNIX_EPOCH;
    let master = MasterKey::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
    let other = MasterKey::parse("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
    let key = create("a", &account(), POLICY, &master, now).unwrap().key;
    assert!(super::secret(&key, &master).is_ok());
    assert!(matches!(super::secret(&key, &other), Err(SealError::Open)));
    let moved = AccessKey { account: "444455556666".to_owned(), ..key.clone() };
    assert!(super::secret(&moved, &master).is_err());
    let moved = AccessKey { id: "RFKOTHER".to_owned(), ..key.clone() };
    assert!(super::secret(&moved, &master).is_err());
    let cut = AccessKey { sealed_secret: "AAAA".to_owned(), ..key };
    assert!(super::secret(&cut, &master).is_err());
}

#[test]
fn keys_are_not_made_from_nonsense() {
    let master = MasterKey::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
    let create =
        |name, policy| super::create(name, &account(), policy, &master, Timestamp::UNIX_EPOCH);
    assert!(matches!(create("a/b", POLICY), Err(KeyError::Name(_))));
    assert!(matches!(create("", POLICY), Err(KeyError::Name(_))));
    assert!(matches!(create("a", "{"), Err(KeyError::Policy(_))));
    for text in ["", "AAAA", "?"] {
        assert!(matches!(MasterKey::parse(text), Err(SealError::MasterKey)));
    }
}
