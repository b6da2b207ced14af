//! Why a person archived a finding, as boto3 says it and as an operator reads it.

use serde_json::Value;

use crate::clients::{payments, script};
use crate::running::{Folder, Running, create_key, run};
use crate::seed::{ANALYZER, block_on, store};

#[test]
#[ignore = "needs boto3: `cargo xtask test` sets it up"]
fn an_archived_finding_says_who_archived_it_and_why() {
    let folder = Folder::new();
    let source = payments(&folder);
    let key =
        create_key(&folder, &["--account", "111122223333", "--full-access", "--name", "alice"]);
    let service = Running::start(&folder, &["--source", source.to_str().unwrap()]);
    let environment = [("AWS_ACCESS_KEY_ID", &*key.id), ("AWS_SECRET_ACCESS_KEY", &*key.secret)];
    let printed = script("archive_reason.py", &service, &environment);
    let [with, without] = printed.lines().collect::<Vec<_>>()[..] else { panic!("{printed}") };
    let explained = |id: &str| -> Value {
        let explain = ["archive-rules", "explain", id, "--analyzer", ANALYZER];
        let (code, out, err) = run(&folder, &explain);
        assert_eq!(code, Some(0), "{err}");
        serde_json::from_str(&out).unwrap()
    };
    let who = "arn:aws:iam::111122223333:user/alice";
    let reason = "agreed with the auditors – until June, 100 %";
    let own = explained(with);
    let by = &own["finding"]["archivedBy"];
    assert_eq!((&by["who"], &by["reason"]), (&who.into(), &reason.into()), "{own}");
    let own = explained(without);
    let by = &own["finding"]["archivedBy"];
    assert_eq!((&by["who"], &by["reason"]), (&who.into(), &Value::Null), "{own}");
    assert_eq!(service.terminate(), Some(0));
    let noted = block_on(async {
        let store = store(&folder, &[]).await;
        let noted = store.audit_log(0, 10_000).await.unwrap();
        store.close().await;
        noted
    });
    let archived = noted.iter().filter(|own| own.operation == "UpdateFindings");
    let reasons: Vec<bool> = archived
        .map(|own| own.after.as_ref().is_some_and(|after| after.to_string().contains(reason)))
        .collect();
    assert_eq!(reasons, [true, false], "{noted:?}");
}
