//! The record.

use ringfence_response::record::{Chain, Entry, FIRST_PREVIOUS, RecordEvent};
use ringfence_store::Store;
use ringfence_store::record::NewEntry;

use crate::sample::at;

fn note(subject: &str, text: &str, seconds: i64) -> NewEntry {
    let event = RecordEvent::Note {
        by: "alice".to_owned(),
        text: text.to_owned(),
        tags: std::collections::BTreeMap::new(),
    };
    NewEntry { subject: subject.to_owned(), event, at: at(seconds) }
}

/// Entries come back as they were hashed, whatever is in them, and follow each other.
pub(crate) async fn chained(store: Store) {
    assert_eq!(store.record_end().await.unwrap(), Chain::default());
    let texts = ["", "nul \0 and \"quotes\"\n", "ü🦀\u{2028}"];
    for (seconds, text) in (0..).zip(texts) {
        store
            .add_to_record(&[note("f1", text, seconds), note("f\0two", text, seconds)])
            .await
            .unwrap();
    }
    let all = store.record_page(0, 100).await.unwrap();
    let positions: Vec<u64> = all.iter().map(|own| own.position).collect();
    assert_eq!(positions, [1, 2, 3, 4, 5, 6]);
    let mut previous = FIRST_PREVIOUS;
    for entry in &all {
        assert_eq!(
            (entry.computed_hash(), entry.previous.as_str()),
            (entry.hash.clone(), previous)
        );
        previous = &entry.hash;
    }
    let end = store.record_end().await.unwrap();
    assert_eq!((end.position, end.hash.as_str()), (6, previous));
    assert_eq!(store.record_page(4, 1).await.unwrap(), all[4..5]);
    let own: Vec<Entry> = all.iter().filter(|own| own.subject == "f1").cloned().collect();
    assert_eq!(store.record_of("f1").await.unwrap(), own);
    assert_eq!(store.record_of("f\0two").await.unwrap().len(), 3);
    assert_eq!(own[1].event(), Some(note("f1", texts[1], 1).event));
}

/// Whoever adds at the same time, positions have no gap and no entry is lost.
pub(crate) async fn added_at_once(store: Store) {
    let writers = (0..8).map(|writer| {
        let store = store.clone();
        tokio::spawn(async move {
            for number in 0..5 {
                let subject = format!("f{writer}");
                store.add_to_record(&[note(&subject, "x", number)]).await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let all = store.record_page(0, 100).await.unwrap();
    assert_eq!(all.len(), 40);
    let export: String = all.iter().map(|own| own.line() + "\n").collect();
    let report = ringfence_response::record::verify(&export, &Default::default());
    assert_eq!(report.flaws.len(), 1, "only the head is missing: {:?}", report.flaws);
}
