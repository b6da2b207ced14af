//! Analyzers and client tokens.

use std::collections::BTreeMap;

use ringfence_findings::analyzer::AnalyzerType;
use ringfence_store::{Act, ClientToken, Item, Store, StoreError};

use crate::sample::{ACCOUNT, REGION, act, analysis, analyzer, arn, at, eq, rule};

pub(crate) async fn within_quota(store: Store) {
    let create = act("CreateAnalyzer", 0);
    let first = analyzer("first", AnalyzerType::Account);
    store.create_analyzer(&first, &[], &create).await.unwrap();
    assert_eq!(store.analyzer(&first.arn).await.unwrap(), first);
    let again = store.create_analyzer(&first, &[], &create).await;
    assert!(matches!(again, Err(StoreError::AlreadyExists(Item::Analyzer(_)))), "{again:?}");
    let second = analyzer("second", AnalyzerType::Account);
    let more = store.create_analyzer(&second, &[], &create).await;
    assert!(matches!(more, Err(StoreError::QuotaExceeded { limit: 1, .. })), "{more:?}");

    // Twenty at once: as many get through as there may be.
    let mut tasks = Vec::new();
    for number in 0..20 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            let own = analyzer(&format!("o{number}"), AnalyzerType::Organization);
            store.create_analyzer(&own, &[], &act("CreateAnalyzer", 1)).await.is_ok()
        }));
    }
    let mut made = 0;
    for task in tasks {
        made += usize::from(task.await.unwrap());
    }
    assert_eq!(made, 5);
    let page = store.list_analyzers(ACCOUNT, REGION, None, None, 4).await.unwrap();
    assert_eq!(page.items.len(), 4);
    let rest = store.list_analyzers(ACCOUNT, REGION, None, page.next.as_ref(), 4).await.unwrap();
    assert_eq!((rest.items.len(), rest.next), (2, None));
    let own = Some(AnalyzerType::Account);
    let page = store.list_analyzers(ACCOUNT, REGION, own, None, 4).await.unwrap();
    assert_eq!(page.items, [first]);
    assert!(matches!(
        store.analyzer(&arn("none")).await,
        Err(StoreError::NotFound(Item::Analyzer(_)))
    ));
}

pub(crate) async fn deleted_with_events(store: Store) {
    let own = analyzer("a", AnalyzerType::Account);
    let rules = [rule("r", &[("isPublic", eq("true"))])];
    store.create_analyzer(&own, &rules, &act("CreateAnalyzer", 0)).await.unwrap();
    let seen = [analysis("a", "data", &["*", "444455556666"])];
    store.apply_reconciliation(&own.arn, &seen, at(1)).await.unwrap();
    store.delete_analyzer(&own.arn, &act("DeleteAnalyzer", 2)).await.unwrap();
    assert!(matches!(store.analyzer(&own.arn).await, Err(StoreError::NotFound(_))));
    let events = store.events(0, 100).await.unwrap();
    let deleted: Vec<bool> =
        events.iter().map(|(_, event)| event.detail["isDeleted"].as_bool().unwrap()).collect();
    assert_eq!(deleted, [false, false, true, true]);
    // Its name and place are free again, and nothing is left of it.
    store.create_analyzer(&own, &[], &act("CreateAnalyzer", 3)).await.unwrap();
    assert_eq!(store.statistics(&own.arn).await.unwrap(), Default::default());
    assert_eq!(store.list_archive_rules(&own.arn, None, 10).await.unwrap().items, []);
    assert_eq!(store.list_analyzed_resources(&own.arn, None, None, 10).await.unwrap().items, []);
}

pub(crate) async fn tags(store: Store) {
    let own = analyzer("a", AnalyzerType::Account);
    store.create_analyzer(&own, &[], &act("CreateAnalyzer", 0)).await.unwrap();
    let tags =
        BTreeMap::from([("team".to_owned(), "x".to_owned()), ("k".to_owned(), "".to_owned())]);
    store.tag_analyzer(&own.arn, &tags, &act("TagResource", 1)).await.unwrap();
    let left = store
        .untag_analyzer(&own.arn, &["k".to_owned(), "none".to_owned()], &act("UntagResource", 2))
        .await
        .unwrap();
    assert_eq!(left.tags, BTreeMap::from([("team".to_owned(), "x".to_owned())]));
    let many = (0..50).map(|number| (format!("t{number}"), String::new())).collect();
    let over = store.tag_analyzer(&own.arn, &many, &act("TagResource", 3)).await;
    assert!(matches!(over, Err(StoreError::QuotaExceeded { .. })));
    assert_eq!(store.analyzer(&own.arn).await.unwrap(), left);
    let log = store.audit_log(0, 10).await.unwrap();
    let operations: Vec<&str> = log.iter().map(|own| own.operation.as_str()).collect();
    assert_eq!(operations, ["CreateAnalyzer", "TagResource", "UntagResource"]);
    assert_eq!(log[1].before.as_ref().unwrap()["tags"], serde_json::json!({}));
    assert_eq!(log[1].after.as_ref().unwrap()["tags"]["team"], "x");
    assert_eq!((log[2].who.as_str(), log[2].at), ("alice", at(2)));
}

pub(crate) async fn client_tokens(store: Store) {
    let token = |token, input| Some(ClientToken { scope: ACCOUNT, token, input });
    let create = |token| Act { token, ..act("CreateAnalyzer", 0) };
    let own = analyzer("a", AnalyzerType::Account);
    let first = store.create_analyzer(&own, &[], &create(token("t", "a"))).await.unwrap();
    let again = store.create_analyzer(&own, &[], &create(token("t", "a"))).await.unwrap();
    assert_eq!(first, again);
    let other = store.create_analyzer(&own, &[], &create(token("t", "b"))).await;
    assert!(matches!(other, Err(StoreError::TokenReused(_))), "{other:?}");
    assert_eq!(store.audit_log(0, 10).await.unwrap().len(), 1);

    // The same call many times at once does its work once.
    let mut tasks = Vec::new();
    for _ in 0..10 {
        let (store, arn) = (store.clone(), own.arn.clone());
        tasks.push(tokio::spawn(async move {
            let token = Some(ClientToken { scope: ACCOUNT, token: "r", input: "r" });
            let act = Act { token, ..act("CreateArchiveRule", 1) };
            store.create_archive_rule(&arn, &rule("r", &[("isPublic", eq("true"))]), &act).await
        }));
    }
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(store.audit_log(0, 10).await.unwrap().len(), 2);
}
