//! Hints, resolutions, links and what is recorded and told of them.

use jiff::{SignedDuration, Timestamp};
use ringfence_findings::analyzer::AnalyzerType;
use ringfence_findings::finding::{ArchivedBy, Finding, FindingStatus};
use ringfence_response::context::Context;
use ringfence_response::decision::{Decision, ResponseAction};
use ringfence_response::plan::{Claim, Edit, Means, Plan, Proof};
use ringfence_response::record::{RecordEvent, Verification, verify};
use ringfence_response::slot::{Slot, Target};
use ringfence_response::workflow::ResolutionState;
use ringfence_response::workflow::gate::{ChangeLimits, GateQuestion, Mode, RecentChanges};
use ringfence_response::workflow::hint::{Hint, News};
use ringfence_response::workflow::resolution::{
    ApprovalKind, FindingKeeper, NewResolution, Resolution, Start, Trace, Wish,
};
use ringfence_response::workflow::transition::{Happening, Refusal, Separation};
use ringfence_store::Store;
use ringfence_store::approval_links::ApprovalLink;
use ringfence_store::conclusions::Conclusion;
use ringfence_store::hints::{HintReceipt, HintState};
use ringfence_store::outbox::RetryPolicy;
use ringfence_store::resolutions::{Circumstances, Moved, ResolutionFilter};

use crate::sample::{ACCOUNT, act, analysis, analyzer, arn, at, bucket, observation};

const LEASE: SignedDuration = SignedDuration::from_secs(60);

fn hint(id: &str) -> Hint {
    Hint {
        keeper: FindingKeeper::Ringfence { analyzer: arn("a") },
        finding_id: id.to_owned(),
        resource: None,
        news: News::Active,
    }
}

pub(crate) async fn hints(store: Store) {
    store.put_hints(&[hint("1"), hint("2"), hint("1")], at(0)).await.unwrap();
    let taken = store.take_hints(at(1), LEASE, 10).await.unwrap();
    let ids: Vec<&str> = taken.iter().map(|own| own.hint.finding_id.as_str()).collect();
    assert_eq!(ids, ["1", "2"]);
    assert_eq!(store.take_hints(at(2), LEASE, 10).await.unwrap(), []);

    // One comes again while it is looked at: it is not lost.
    store.put_hints(&[hint("1")], at(3)).await.unwrap();
    let conclusions = taken.iter().map(|own| conclusion(own.receipt, &own.hint.finding_id));
    let conclusions: Vec<Conclusion> = conclusions.collect();
    store.conclude(None, &conclusions, at(4)).await.unwrap();
    let again = store.take_hints(at(4), LEASE, 10).await.unwrap();
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].hint.finding_id, "1");

    // What fails again and again is set aside, with why, and can be tried again.
    let policy = RetryPolicy { first_wait: LEASE, longest_wait: LEASE, attempts: 2 };
    let next = store.hint_failed(&again[0], "no", &policy, at(5)).await.unwrap();
    assert_eq!(next, Some(at(65)));
    let again = store.take_hints(at(65), LEASE, 10).await.unwrap();
    assert_eq!(again[0].attempts, 1);
    assert_eq!(store.hint_failed(&again[0], "still no", &policy, at(66)).await.unwrap(), None);
    store.put_poison("message x", "{", "it is no JSON", at(67)).await.unwrap();
    store.put_poison("message x", "{", "it is no JSON", at(68)).await.unwrap();
    let poison = store.list_hints(Some(HintState::Poison), 10).await.unwrap();
    let errors: Vec<Option<&str>> = poison.iter().map(|own| own.error.as_deref()).collect();
    assert_eq!(errors, [Some("still no"), Some("it is no JSON")]);
    assert_eq!(store.retry_hints(at(70)).await.unwrap(), 1);
    assert_eq!(store.take_hints(at(70), LEASE, 10).await.unwrap().len(), 1);
}

fn conclusion(receipt: HintReceipt, finding_id: &str) -> Conclusion {
    Conclusion {
        receipt,
        finding_id: finding_id.to_owned(),
        events: Vec::new(),
        archived_by: None,
        resolution: None,
        links: Vec::new(),
        notifications: Vec::new(),
    }
}

fn finding(analyzer: &str, resource: &str, who: &str) -> Finding {
    Finding {
        observation: observation(analyzer, resource, who),
        status: FindingStatus::Active,
        archived_by: None,
        created_at: at(0),
        analyzed_at: at(0),
        updated_at: at(0),
    }
}

fn resolution(id: &str, finding: Finding, start: Start, now: Timestamp) -> Resolution {
    let target = Target {
        resource_type: "AWS::S3::Bucket".to_owned(),
        arn: finding.observation.resource.clone(),
        account: ACCOUNT.to_owned(),
        region: "eu-west-1".to_owned(),
    };
    let edit = Edit {
        slot: Slot::BucketPolicy,
        before: Some("{}".to_owned()),
        after: Some("{\"deny\":\"\u{0}\"}".to_owned()),
    };
    let proof = Proof {
        closes: Claim::Proved,
        keeps: Claim::Proved,
        adds_nothing: Claim::Proved,
        administrable: Claim::Proved,
        valid: Claim::Proved,
    };
    let plan = Plan {
        finding_id: finding.id().to_owned(),
        target,
        means: Means::Deny,
        sid: None,
        edits: vec![edit],
        proof,
    };
    let new = NewResolution {
        id: id.to_owned(),
        keeper: FindingKeeper::Ringfence { analyzer: arn("a") },
        finding,
        context: Context::unknown(now, "nobody asked"),
        decision: Decision {
            action: ResponseAction::Resolve,
            rules: Vec::new(),
            notes: Vec::new(),
        },
        risk_score: 7,
        requester: "rule r".to_owned(),
        plan_hash: plan.hash(),
        plan,
        start,
        expires_at: now.checked_add(LEASE).unwrap(),
        remind_at: None,
    };
    Resolution::new(new, now)
}

/// Puts a resolution into the store by the conclusion of a hint; gives whether it began.
async fn begin(store: &Store, own: &Resolution, now: Timestamp) -> Vec<String> {
    store.put_hints(&[hint(own.finding.id())], now).await.unwrap();
    let taken = store.take_hints(now, LEASE, 10).await.unwrap();
    let link = ApprovalLink {
        digest: format!("digest {}", own.id),
        resolution: own.id.clone(),
        approver: "alice".to_owned(),
        plan_hash: own.plan_hash.clone(),
        expires_at: own.expires_at,
        failures: 0,
        used_at: None,
    };
    let conclusion = Conclusion {
        resolution: Some(Box::new(own.clone())),
        links: vec![link],
        ..conclusion(taken[0].receipt, own.finding.id())
    };
    store.conclude(None, &[conclusion], now).await.unwrap()
}

async fn go(store: &Store, id: &str, happening: &Happening, seconds: i64) -> Moved {
    let who = Circumstances::of("alice");
    store.move_resolution(id, happening, &who, at(seconds)).await.unwrap()
}

pub(crate) async fn resolutions(store: Store) {
    let own = resolution("r1", finding("a", "x", "1"), Start::Proposed, at(0));
    assert_eq!(begin(&store, &own, at(0)).await, ["r1"]);
    assert_eq!(store.resolution("r1").await.unwrap(), own);
    // The same access, found by another analyzer or in another Region: one Deny.
    let twin = resolution("r2", finding("b", "x", "1"), Start::Proposed, at(1));
    assert_eq!(begin(&store, &twin, at(1)).await, Vec::<String>::new());
    assert!(store.resolution("r2").await.is_err());
    let record = store.record_of("b/x/1").await.unwrap();
    let joined = RecordEvent::Joined { resolution: "r1".to_owned() };
    assert_eq!(record.last().unwrap().event(), Some(joined));

    // A link is used once, and a failed use changes nothing.
    let approve = Happening::Approve {
        who: "alice".to_owned(),
        plan_hash: own.plan_hash.clone(),
        separation: Separation::Demanded,
    };
    let by_link = Circumstances { by_link: Some("digest r1"), ..Circumstances::of("alice") };
    let spent = Circumstances { by_link: Some("digest other"), ..Circumstances::of("alice") };
    assert_eq!(
        store.move_resolution("r1", &approve, &spent, at(2)).await.unwrap(),
        Moved::LinkSpent
    );
    assert_eq!(store.resolution("r1").await.unwrap().state, ResolutionState::Proposed);
    let moved = store.move_resolution("r1", &approve, &by_link, at(2)).await.unwrap();
    assert!(matches!(moved, Moved::To(ref own) if own.state == ResolutionState::Approved));
    let again = store.move_resolution("r1", &approve, &by_link, at(3)).await.unwrap();
    assert!(matches!(again, Moved::Refused(Refusal::State { .. })));
    assert!(store.approval_link("digest r1").await.unwrap().unwrap().used_at.is_some());

    // Whoever takes it has it alone until the lease ends, or it moves.
    let taken = store.take_resolutions(at(3), LEASE, 10).await.unwrap();
    assert_eq!(taken.len(), 1);
    assert_eq!(store.take_resolutions(at(4), LEASE, 10).await.unwrap(), []);

    // The limit is asked for in the transaction of the change.
    let question = GateQuestion {
        mode: Mode::Automatic,
        stopped: None,
        limits: ChangeLimits { per_hour: 1, per_account_per_hour: 1 },
        quiet: None,
        recent: RecentChanges::default(),
        approved_by: ApprovalKind::Person,
    };
    let gated = || Circumstances { gate: Some(question), ..Circumstances::of("worker") };
    store.set_setting(ringfence_store::resolutions::STOPPED, "by alice").await.unwrap();
    let stopped = store.move_resolution("r1", &Happening::Begin, &gated(), at(5)).await.unwrap();
    assert!(matches!(stopped, Moved::Closed { .. }));
    store.set_setting(ringfence_store::resolutions::STOPPED, "").await.unwrap();
    let begun = store.move_resolution("r1", &Happening::Begin, &gated(), at(5)).await.unwrap();
    assert!(matches!(begun, Moved::To(ref own) if own.trace == Trace::Written));
    let other = resolution("r3", finding("a", "y", "1"), Start::Automatic, at(6));
    begin(&store, &other, at(6)).await;
    let closed = store.move_resolution("r3", &Happening::Begin, &gated(), at(6)).await.unwrap();
    assert!(matches!(closed, Moved::Closed { .. }));

    for happening in [Happening::Written, Happening::Verify] {
        assert!(matches!(go(&store, "r1", &happening, 7).await, Moved::To(_)));
    }
    // It is over, so that the access, should it come back, is resolved again.
    let back = resolution("r4", finding("a", "x", "1"), Start::Proposed, at(8));
    assert_eq!(begin(&store, &back, at(8)).await, ["r4"]);
    let wish = Happening::Ask(Wish::Rollback { who: "alice".to_owned() });
    assert!(matches!(go(&store, "r1", &wish, 9).await, Moved::To(_)));
    let due = store.take_resolutions(at(9), LEASE, 10).await.unwrap();
    assert!(due.iter().any(|own| own.id == "r1"));

    let filter = ResolutionFilter { state: Some(ResolutionState::Approved), ..Default::default() };
    let approved = store.list_resolutions(&filter, None, 10).await.unwrap().items;
    assert_eq!(approved.len(), 1);
    let all = store.list_resolutions(&ResolutionFilter::default(), None, 2).await.unwrap();
    let rest = store.list_resolutions(&ResolutionFilter::default(), all.next.as_ref(), 2).await;
    let ids: Vec<String> =
        all.items.into_iter().chain(rest.unwrap().items).map(|own| own.id).collect();
    assert_eq!(ids, ["r4", "r3", "r1"]);

    // Each move left its entry, and the chain of all is whole.
    let record = store.record_of("a/x/1").await.unwrap();
    let kinds: Vec<&str> = record.iter().filter_map(|own| own.body["kind"].as_str()).collect();
    assert_eq!(
        kinds,
        ["planned", "approved", "applying", "applied", "verified", "planned", "asked"]
    );
    let export: String =
        store.record_page(0, 100).await.unwrap().iter().map(|own| own.line() + "\n").collect();
    let flaws = verify(&export, &Verification::default()).flaws;
    assert!(flaws.iter().all(|own| own.to_string().contains("there is no head")), "{flaws:?}");
}

/// A rule archives findings together with what is recorded and done with the hint; the event tells of it.
pub(crate) async fn conclusions(store: Store) {
    let own = analyzer("a", AnalyzerType::Account);
    store.create_analyzer(&own, &[], &act("CreateAnalyzer", 0)).await.unwrap();
    store.set_sinks(&["response"]).await.unwrap();
    store.apply_reconciliation(&own.arn, &[analysis("a", "x", &["1", "2"])], at(1)).await.unwrap();
    store.put_hints(&[hint("a/x/1")], at(2)).await.unwrap();
    let taken = store.take_hints(at(2), LEASE, 10).await.unwrap();
    let archived = Conclusion {
        archived_by: Some("expected".to_owned()),
        events: vec![RecordEvent::Archived { by: "rule expected".to_owned() }],
        ..conclusion(taken[0].receipt, "a/x/1")
    };
    store.conclude(Some(&own.arn), &[archived], at(3)).await.unwrap();
    let stored = store.findings_by_id(&own.arn, &["a/x/2", "a/x/1", "none"]).await.unwrap();
    assert_eq!(stored.len(), 2);
    assert_eq!(stored[0].status, FindingStatus::Archived);
    let by = ArchivedBy::Rule { rule_name: "expected".to_owned() };
    assert_eq!(stored[0].archived_by, Some(by));
    assert_eq!(stored[1].status, FindingStatus::Active);
    assert_eq!(store.list_hints(None, 10).await.unwrap(), []);
    assert_eq!(store.record_of("a/x/1").await.unwrap().len(), 1);
    let events = store.events(0, 10).await.unwrap();
    assert_eq!(events.last().unwrap().1.detail["status"], "ARCHIVED");
    assert_eq!(stored[0].observation.resource, bucket("x"));
}
