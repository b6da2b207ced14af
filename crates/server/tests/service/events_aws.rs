//! Events to AWS's services, as moto has them.

use std::path::Path;

use ringfence_store::{Location, Store};

use crate::python::{CREDENTIALS, Program, run};
use crate::running::{Folder, Running};
use crate::seed::{ago, block_on, see, store};

#[test]
#[ignore = "needs moto: `cargo xtask test` sets it up"]
fn a_rule_of_eventbridge_a_queue_and_a_topic_get_aws_events() {
    let folder = Folder::new();
    let moto = Program::moto();
    let pattern = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/event-pattern.json");
    let pattern = pattern.to_str().unwrap();
    run("events_aws.py", &["plant", &moto.line, pattern]);
    let buckets: Vec<String> = (0..25).map(|number| format!("bucket-{number}")).collect();
    let sinks = ["bus", "queue", "fifo", "topic"];
    let store = block_on(store(&folder, &sinks));
    block_on(async {
        see(&store, &buckets, Some("444455556666"), ago(20)).await;
        see(&store, &buckets[..5], None, ago(10)).await;
        store.close().await;
    });
    let aws = format!("aws = {{ endpoint_url = '{}', region = 'us-east-1' }}", moto.line);
    let queue = |name: &str| format!("{}/123456789012/{name}", moto.line);
    let text = format!(
        "[[events.sink]]\nname = 'bus'\n[events.sink.eventbridge]\n{aws}\n\
         [[events.sink]]\nname = 'queue'\n[events.sink.sqs]\nqueue_url = '{}'\n{aws}\n\
         [[events.sink]]\nname = 'fifo'\n[events.sink.sqs]\nqueue_url = '{}'\n{aws}\n\
         [[events.sink]]\nname = 'topic'\n[events.sink.sns]\n\
         topic_arn = 'arn:aws:sns:us-east-1:123456789012:findings'\n{aws}\n",
        queue("direct"),
        queue("ordered.fifo")
    );
    let file = folder.path().join("events.toml");
    std::fs::write(&file, text).unwrap();
    let service = Running::start_with(&folder, &["--config", file.to_str().unwrap()], &CREDENTIALS);
    let said = run("events_aws.py", &["check", &moto.line, folder.path().to_str().unwrap()]);
    eprintln!("{said}");
    // A change that is made while the service runs is told by it.
    let place = Location::Folder(folder.path().to_owned());
    let store = block_on(Store::open(&place)).unwrap();
    block_on(see(&store, &["late".to_owned()], Some("444455556666"), ago(0)));
    run("events_aws.py", &["wait", &moto.line, "late-444455556666"]);
    assert_eq!(service.terminate(), Some(0));
}
