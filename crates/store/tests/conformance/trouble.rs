//! Databases that are gone, full, damaged or from the future.

use std::process::Command;

use ringfence_findings::analyzer::AnalyzerType;
use ringfence_findings::filter::Filter;
use ringfence_findings::sort::{OrderBy, SortBy};
use ringfence_store::database::SQLITE_FILE;
use ringfence_store::list::FindingsQuery;
use ringfence_store::{Location, Store, StoreError};
use sqlx::{Connection, Executor};

use crate::folder::Folder;
use crate::killed::{environment, verify, watch, writer_arguments};
use crate::postgres::Server;
use crate::sample::{act, analysis, analyzer, at};

/// What a write beyond the limit on a file's size gives is as good as a full disk: the write fails, the process lives.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_an_error_and_no_loss() {
    let folder = Folder::new("full");
    let place = folder.0.to_str().unwrap();
    let store = Store::open(&Location::Folder(folder.0.clone())).await.unwrap();
    store.close().await;
    let mut writer = Command::new("sh");
    writer.args(["-c", "trap '' XFSZ; ulimit -f 1024; exec \"$@\"", "sh"]);
    let (name, value) = environment(place);
    writer.args(writer_arguments()).env(name, value);
    let said = tokio::task::spawn_blocking(move || watch(writer, None)).await.unwrap();
    assert!(!said.0.is_empty() && !said.1.is_empty(), "{said:?}");
    let store = Store::open(&Location::Folder(folder.0.clone())).await.unwrap();
    verify(&store, &said.0).await;
    // There is room again.
    let own = analyzer("a", AnalyzerType::Account).arn;
    store.apply_reconciliation(&own, &[analysis("a", "more", &["*"])], at(9)).await.unwrap();
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_is_named() {
    let folder = Folder::new("damaged");
    let location = Location::Folder(folder.0.clone());
    let store = Store::open(&location).await.unwrap();
    let own = analyzer("a", AnalyzerType::Account);
    store.create_analyzer(&own, &[], &act("CreateAnalyzer", 0)).await.unwrap();
    store.apply_reconciliation(&own.arn, &[analysis("a", "x", &["*"])], at(1)).await.unwrap();
    let url = format!("sqlite://{}", folder.0.join(SQLITE_FILE).display());
    let mut raw = sqlx::SqliteConnection::connect(&url).await.unwrap();
    raw.execute("UPDATE findings SET body = '{'").await.unwrap();
    let filter = Filter::default();
    let (sort, order) = (SortBy::Id, OrderBy::Asc);
    let list = FindingsQuery { filter: &filter, sort, order, after: None, most: 10 };
    let found = store.list_findings(&own.arn, &list).await;
    assert!(matches!(found, Err(StoreError::Corrupt { .. })), "{found:?}");
    raw.execute("INSERT INTO schema_version (version) VALUES (99)").await.unwrap();
    raw.close().await.unwrap();
    store.close().await;
    let newer = Store::open(&location).await;
    assert!(matches!(newer, Err(StoreError::NewerSchema { found: 99, .. })), "{newer:?}");

    std::fs::write(folder.0.join(SQLITE_FILE), "this is no database, and longer than a header is")
        .unwrap();
    for file in ["ringfence.db-wal", "ringfence.db-shm"] {
        let _ = std::fs::remove_file(folder.0.join(file));
    }
    let damaged = Store::open(&location).await;
    assert!(matches!(damaged, Err(StoreError::Corrupt { .. })), "{damaged:?}");
    let file = Location::Folder(folder.0.join(SQLITE_FILE));
    let no_folder = Store::open(&file).await;
    assert!(matches!(no_folder, Err(StoreError::Place { .. })), "{no_folder:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "starts the PostgreSQL server of the Python environment"]
async fn a_database_may_go_and_come_back() {
    let mut server = Server::start();
    let store = Store::open(&Location::Url(server.database("gone").await)).await.unwrap();
    let own = analyzer("a", AnalyzerType::Account);
    store.create_analyzer(&own, &[], &act("CreateAnalyzer", 0)).await.unwrap();
    server.stop();
    let seen = [analysis("a", "x", &["*"])];
    let gone = store.apply_reconciliation(&own.arn, &seen, at(1)).await;
    assert!(matches!(gone, Err(StoreError::Unavailable(_))), "{gone:?}");
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
    server.resume();
    assert_eq!(store.apply_reconciliation(&own.arn, &seen, at(2)).await.unwrap().len(), 1);
    assert_eq!(store.events(0, 10).await.unwrap().len(), 1);
    store.close().await;
}
