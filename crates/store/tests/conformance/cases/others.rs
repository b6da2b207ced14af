//! Keys, previews, resources, settings.

use std::collections::BTreeMap;

use ringfence_findings::analyzer::AnalyzerType;
use ringfence_findings::finding::FindingStatus;
use ringfence_findings::preview::{ChangeType, PreviewFinding};
use ringfence_store::access_key::AccessKey;
use ringfence_store::previews::{AccessPreview, PreviewStatus};
use ringfence_store::reconciliation::{Analysis, Presence};
use ringfence_store::{Item, Store, StoreError};
use serde_json::json;

use crate::sample::{ACCOUNT, act, analysis, analyzer, at, bucket, observation};

pub(crate) async fn keys(store: Store) {
    let key = |id: &str| AccessKey {
        id: id.to_owned(),
        account: ACCOUNT.to_owned(),
        name: "ci".to_owned(),
        sealed_secret: "sealed".to_owned(),
        policy: "{}".to_owned(),
        created_at: at(0),
        ends_at: None,
    };
    store.create_key(&key("K1"), &act("CreateKey", 0)).await.unwrap();
    let again = store.create_key(&key("K1"), &act("CreateKey", 0)).await;
    assert!(matches!(again, Err(StoreError::AlreadyExists(Item::AccessKey(_)))), "{again:?}");
    assert_eq!(store.key("K1").await.unwrap(), key("K1"));
    assert_eq!(AccessKey::read(&store.key_text("K1").await.unwrap().unwrap()).unwrap(), key("K1"));
    assert_eq!(store.key_text("K9").await.unwrap(), None);
    let taken = store.rotate_key("none", &key("K2"), at(9), &act("RotateKey", 1)).await;
    assert!(matches!(taken, Err(StoreError::NotFound(_))), "{taken:?}");
    assert!(store.key("K2").await.is_err(), "a rotation that failed leaves no key");
    store.rotate_key("K1", &key("K2"), at(9), &act("RotateKey", 2)).await.unwrap();
    assert_eq!(store.key("K1").await.unwrap().ends_at, Some(at(9)));
    store.end_key("K1", at(3), &act("RevokeKey", 3)).await.unwrap();
    let later = store.end_key("K1", at(4), &act("RevokeKey", 4)).await.unwrap();
    assert_eq!(later.ends_at, Some(at(3)));
    assert!(later.is_usable(at(2)) && !later.is_usable(at(3)));
    let imported = store.import_keys(&[key("K2"), key("K3")], &act("ImportKeys", 5)).await.unwrap();
    assert_eq!(imported, 1);
    assert_eq!(store.list_keys().await.unwrap().len(), 3);
    let log = store.audit_log(0, 10).await.unwrap();
    let text = format!("{log:?}");
    assert!(!text.contains("sealed"), "{text}");
}

pub(crate) async fn previews(store: Store) {
    let own = analyzer("a", AnalyzerType::Account);
    store.create_analyzer(&own, &[], &act("CreateAnalyzer", 0)).await.unwrap();
    let preview = |number: i64| AccessPreview {
        id: format!("p{number}"),
        analyzer_arn: own.arn.clone(),
        configurations: json!({ "arn:aws:s3:::data": { "s3Bucket": {} } }),
        created_at: at(number),
        status: PreviewStatus::Creating,
        status_reason: None,
    };
    let finding = |who: &str| PreviewFinding {
        id: format!("f{who}"),
        change_type: ChangeType::New,
        existing_finding_id: None,
        existing_finding_status: None,
        observation: observation("a", "data", who),
        status: FindingStatus::Active,
    };
    for number in 0..3 {
        store
            .create_access_preview(&preview(number), &[], &act("CreateAccessPreview", number))
            .await
            .unwrap();
    }
    let done = AccessPreview { status: PreviewStatus::Completed, ..preview(1) };
    let findings = [finding("*"), finding("1"), finding("2")];
    store.finish_access_preview(&done, &findings, at(7)).await.unwrap();
    let events = store.events(0, 10).await.unwrap();
    let (_, last) = events.last().unwrap();
    assert_eq!((events.len(), last.detail_type.as_str()), (4, "Access Preview State Change"));
    assert_eq!(last.detail["previousStatus"], "CREATING");
    assert_eq!(last.detail["status"], "COMPLETED");
    assert_eq!(last.detail["configuredResources"], json!(["arn:aws:s3:::data"]));
    assert_eq!(store.access_preview(&own.arn, "p1").await.unwrap(), done);
    let page = store.list_access_previews(&own.arn, None, 2).await.unwrap();
    let ids: Vec<&str> = page.items.iter().map(|own| own.id.as_str()).collect();
    assert_eq!(ids, ["p2", "p1"]);
    let page = store.list_access_previews(&own.arn, page.next.as_ref(), 2).await.unwrap();
    assert_eq!((page.items.len(), page.next), (1, None));
    let some = |own: &PreviewFinding| own.id != "f1";
    let page = store.list_preview_findings(&own.arn, "p1", some, None, 1).await.unwrap();
    assert_eq!(page.items, [finding("*")]);
    let page =
        store.list_preview_findings(&own.arn, "p1", some, page.next.as_ref(), 1).await.unwrap();
    assert_eq!((page.items, page.next), (vec![finding("2")], None));
    assert!(matches!(
        store.access_preview(&own.arn, "p9").await,
        Err(StoreError::NotFound(Item::AccessPreview(_)))
    ));
}

pub(crate) async fn resources(store: Store) {
    let own = analyzer("a", AnalyzerType::Account);
    store.create_analyzer(&own, &[], &act("CreateAnalyzer", 0)).await.unwrap();
    let seen =
        [analysis("a", "x", &["*"]), analysis("a", "y", &["nobody"]), analysis("a", "z", &[])];
    store.apply_reconciliation(&own.arn, &seen, at(1)).await.unwrap();
    let x = store.analyzed_resource(&own.arn, &bucket("x")).await.unwrap();
    assert!(x.is_public);
    assert_eq!((x.status, x.created_at), (Some(FindingStatus::Active), at(1)));
    assert_eq!(x.actions, ["s3:GetObject"]);
    let y = store.analyzed_resource(&own.arn, &bucket("y")).await.unwrap();
    assert_eq!(y.error.as_deref(), Some("ACCESS_DENIED"));
    let page =
        store.list_analyzed_resources(&own.arn, Some("AWS::S3::Bucket"), None, 2).await.unwrap();
    let page = store.list_analyzed_resources(&own.arn, None, page.next.as_ref(), 2).await.unwrap();
    assert_eq!(page.items.len(), 1);
    store.apply_reconciliation(&own.arn, &[analysis("a", "x", &["*"])], at(9)).await.unwrap();
    let x = store.analyzed_resource(&own.arn, &bucket("x")).await.unwrap();
    assert_eq!((x.analyzed_at, x.updated_at), (at(9), at(1)));
    let gone = store.resources_analyzed_before(&own.arn, at(9), 10).await.unwrap();
    let names: Vec<&str> = gone.iter().map(|own| own.resource_arn.as_str()).collect();
    assert_eq!(names, [bucket("y"), bucket("z")]);
    let gone = Analysis { presence: Presence::Gone, ..analysis("a", "x", &[]) };
    store.apply_reconciliation(&own.arn, &[gone], at(10)).await.unwrap();
    assert!(store.analyzed_resource(&own.arn, &bucket("x")).await.is_err());
    let finding = store.finding(&own.arn, "a/x/*").await.unwrap();
    assert_eq!(finding.status, FindingStatus::Resolved);
    let last = store.analyzer(&own.arn).await.unwrap();
    assert_eq!(last.last_resource_analyzed_at, Some(at(10)));
    assert_eq!(last.tags, BTreeMap::new());
}

pub(crate) async fn settings(store: Store) {
    assert_eq!(store.setting("key").await.unwrap(), None);
    assert_eq!(store.setting_or("key", "one").await.unwrap(), "one");
    assert_eq!(store.setting_or("key", "two").await.unwrap(), "one");
    store.set_setting("key", "three").await.unwrap();
    assert_eq!(store.setting("key").await.unwrap().as_deref(), Some("three"));
    store.ping().await.unwrap();
}
