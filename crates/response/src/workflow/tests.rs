//! The transitions against a model, and the cases that somebody would see go wrong.

use jiff::Timestamp;
use proptest::prelude::*;
use ringfence_findings::finding::{Finding, FindingStatus};
use ringfence_findings::observation::{Details, ExternalAccess, Observation};

use super::ResolutionState as State;
use super::gate::{ChangeLimits, Gate, GateQuestion, Mode, QuietHours, RecentChanges, gate};
use super::hint::{HintProblem, News, Reading, aws_message};
use super::remade::Remade;
use super::resolution::{
    ApprovalKind, FindingKeeper, NewResolution, Resolution, Start, Trace, Wish,
};
use super::transition::{Happening, Refusal, Separation};
use crate::context::Context;
use crate::decision::{Decision, ResponseAction};
use crate::plan::{Claim, Edit, Means, Plan, Proof};
use crate::resolution::undo;
use crate::slot::{Slot, Slots, Target};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

fn plan(keeps: Claim, after: &str) -> Plan {
    Plan {
        finding_id: "f".to_owned(),
        target: Target {
            resource_type: "AWS::IAM::Role".to_owned(),
            arn: "arn:aws:iam::111122223333:role/r".to_owned(),
            account: "111122223333".to_owned(),
            region: "global".to_owned(),
        },
        means: Means::Deny,
        sid: None,
        edits: vec![Edit {
            slot: Slot::RoleTrustPolicy,
            before: Some("before".to_owned()),
            after: Some(after.to_owned()),
        }],
        proof: Proof {
            closes: Claim::Proved,
            keeps,
            adds_nothing: Claim::Proved,
            administrable: Claim::Proved,
            valid: Claim::Proved,
        },
    }
}

fn lost() -> Claim {
    Claim::Refuted {
        what: "somebody inside loses access".to_owned(),
        witness: serde_json::Value::Null,
    }
}

fn resolution(start: Start) -> Resolution {
    let finding = Finding {
        observation: Observation {
            id: "f".to_owned(),
            resource: "arn:aws:iam::111122223333:role/r".to_owned(),
            resource_type: "AWS::IAM::Role".to_owned(),
            resource_owner_account: "111122223333".to_owned(),
            region: "global".to_owned(),
            details: Details::External(ExternalAccess::default()),
        },
        status: FindingStatus::Active,
        archived_by: None,
        created_at: at(0),
        analyzed_at: at(0),
        updated_at: at(0),
    };
    let new = NewResolution {
        id: "r".to_owned(),
        keeper: FindingKeeper::Ringfence { analyzer: "a".to_owned() },
        finding,
        context: Context::unknown(at(0), "nobody asked"),
        decision: Decision {
            action: ResponseAction::Resolve,
            rules: Vec::new(),
            notes: Vec::new(),
        },
        risk_score: 50,
        requester: "rule r".to_owned(),
        plan: plan(Claim::Proved, "one"),
        plan_hash: "one".to_owned(),
        start,
        expires_at: at(100),
        remind_at: Some(at(50)),
    };
    Resolution::new(new, at(0))
}

fn approve(hash: &str, who: &str, separation: Separation) -> Happening {
    Happening::Approve { who: who.to_owned(), plan_hash: hash.to_owned(), separation }
}

fn any_happening() -> impl Strategy<Value = Happening> {
    let who = "alice".to_owned();
    let edits = plan(Claim::Proved, "one").edits;
    let hash = prop_oneof![Just("one"), Just("two")];
    prop_oneof![
        hash.clone().prop_map(|hash| approve(hash, "alice", Separation::NotDemanded)),
        Just(approve("one", "rule r", Separation::Demanded)),
        Just(Happening::Reject { who: who.clone() }),
        Just(Happening::Expire),
        Just(Happening::Lapse { why: "gone".to_owned() }),
        (hash, prop_oneof![Just(Claim::Proved), Just(lost())]).prop_map(|(hash, keeps)| {
            Happening::Replan { plan: Box::new(plan(keeps, hash)), plan_hash: hash.to_owned() }
        }),
        Just(Happening::Begin),
        Just(Happening::Written),
        Just(Happening::Verify),
        prop_oneof![Just(Trace::Nothing), Just(Trace::Written)]
            .prop_map(|trace| Happening::Fail { why: "no".to_owned(), trace }),
        Just(Happening::Ask(Wish::Rollback { who: who.clone() })),
        Just(Happening::Ask(Wish::DeleteRole { who })),
        Just(Happening::BeginUndo { edits }),
        Just(Happening::Undone),
        Just(Happening::RoleSeen {
            definition: serde_json::Value::Null,
            uses: serde_json::Value::Null
        }),
        Just(Happening::RoleDeleted),
        Just(Happening::Wait { why: "later".to_owned(), until: at(60) }),
        Just(Happening::TryAgain { why: "slow down".to_owned(), until: at(60) }),
        Just(Happening::Reminded { next: None }),
    ]
}

/// The arrows of the picture in the module's page, and staying.
const ARROWS: &[(State, &[State])] = &[
    (State::Proposed, &[State::Approved, State::Rejected, State::Expired]),
    (
        State::Approved,
        &[State::Proposed, State::Rejected, State::Expired, State::Applying, State::Failed],
    ),
    (State::Applying, &[State::Applied, State::Failed]),
    (State::Applied, &[State::Verified, State::RollingBack, State::Failed]),
    (State::Verified, &[State::RollingBack]),
    (State::Failed, &[State::RollingBack]),
    (State::RollingBack, &[State::RolledBack, State::Failed]),
    (State::Rejected, &[]),
    (State::Expired, &[]),
    (State::RolledBack, &[]),
];

proptest! {
    #[test]
    fn follows_the_picture(
        happenings in proptest::collection::vec((any_happening(), 0i64..20), 1..40),
        automatic in any::<bool>(),
    ) {
        let mut own = resolution(if automatic { Start::Automatic } else { Start::Proposed });
        let mut now = 0;
        for (happening, wait) in happenings {
            now += wait;
            let Ok(next) = own.after(&happening, at(now)) else { continue };
            let (_, ways) = ARROWS.iter().find(|(state, _)| *state == own.state).unwrap();
            prop_assert!(next.state == own.state || ways.contains(&next.state), "{:?} {:?}", own.state, happening);
            if next.state == State::Applying && own.state != State::Applying {
                // Nothing is written without everything proved or a person, of exactly this plan.
                let approval = next.approval.as_ref().unwrap();
                prop_assert_eq!(&approval.plan_hash, &next.plan_hash);
                prop_assert!(
                    approval.kind == ApprovalKind::Person || next.plan.proof.keeps == Claim::Proved
                );
                prop_assert_eq!(next.trace, Trace::Written);
            }
            if matches!(next.state, State::Approved | State::Applying | State::Applied | State::RollingBack) {
                prop_assert!(next.due.is_some(), "a worker has to find it again");
            }
            if next.state == State::RollingBack && own.state != State::RollingBack {
                prop_assert_eq!(own.trace, Trace::Written);
            }
            own = next;
        }
    }
}

#[test]
fn approval_is_of_one_plan_by_somebody_else_in_time() {
    let own = resolution(Start::Proposed);
    let no = |happening: &Happening, now| own.after(happening, at(now)).unwrap_err();
    assert_eq!(no(&approve("two", "alice", Separation::NotDemanded), 1), Refusal::OtherPlan);
    assert_eq!(no(&approve("one", "alice", Separation::NotDemanded), 100), Refusal::TooLate);
    let same = Refusal::SamePerson("rule r".to_owned());
    assert_eq!(no(&approve("one", "rule r", Separation::Demanded), 1), same);
    assert_eq!(no(&Happening::Expire, 99), Refusal::TooEarly);
    assert_eq!(no(&Happening::Begin, 1), Refusal::State { state: "Proposed", verb: "applied" });
    let approved = own.after(&approve("one", "alice", Separation::Demanded), at(1)).unwrap();
    assert_eq!(approved.state, State::Approved);

    // The resource changed after a person had looked: they look again.
    let again = Happening::Replan {
        plan: Box::new(plan(Claim::Proved, "two")),
        plan_hash: "two".to_owned(),
    };
    let lapsed = approved.after(&again, at(2)).unwrap();
    assert_eq!((lapsed.state, lapsed.approval), (State::Proposed, None));
    // A rule's plan is made again and applied, unless something inside would be lost.
    let automatic = resolution(Start::Automatic).after(&again, at(2)).unwrap();
    assert_eq!(automatic.state, State::Approved);
    assert_eq!(automatic.after(&Happening::Begin, at(3)).unwrap().state, State::Applying);
    let losing =
        Happening::Replan { plan: Box::new(plan(lost(), "three")), plan_hash: "three".to_owned() };
    assert_eq!(automatic.after(&losing, at(3)).unwrap().state, State::Proposed);
}

#[test]
fn waiting_is_no_attempt() {
    let own = resolution(Start::Automatic);
    let why = "quiet hours".to_owned();
    let waits = own.after(&Happening::Wait { why, until: at(60) }, at(1)).unwrap();
    assert_eq!((waits.attempts, waits.due), (0, Some(at(60))));
    let why = "slow down".to_owned();
    let tried = waits.after(&Happening::TryAgain { why, until: at(70) }, at(60)).unwrap();
    assert_eq!((tried.attempts, tried.reason.as_deref()), (1, Some("slow down")));
    let silent = Happening::Wait { why: String::new(), until: at(80) };
    assert_eq!(tried.after(&silent, at(70)).unwrap().reason.as_deref(), Some("slow down"));
}

#[test]
fn a_keeper_that_may_not_tell_is_asked_while_a_person_is_waited_for() {
    let mut own = resolution(Start::Proposed);
    (own.expires_at, own.remind_at) = (at(9 * 3600), None);
    assert_eq!(own.next_look(at(0)), Some(at(9 * 3600)));
    own.keeper = FindingKeeper::Aws { analyzer: "a".to_owned() };
    assert_eq!(own.next_look(at(0)), Some(at(3600)));
    own.remind_at = Some(at(60));
    assert_eq!(own.next_look(at(0)), Some(at(60)));
    let wait = Happening::Wait { why: String::new(), until: at(3600) };
    let waits = own.after(&wait, at(1)).unwrap();
    assert_eq!((waits.state, waits.reason, waits.due), (State::Proposed, None, Some(at(3600))));
}

#[test]
fn what_was_made_again_is_not_made_a_second_time() {
    let grant = |id: &str| Slot::KeyGrant { grant_id: id.to_owned() };
    let mut own = resolution(Start::Automatic);
    let text = Some("{\"Operations\":[]}".to_owned());
    own.plan.edits =
        ["a", "b"].map(|id| Edit { slot: grant(id), before: text.clone(), after: None }).to_vec();
    let own = own.after(&Happening::Begin, at(1)).unwrap();
    let remade = |was: &str, is: &str| {
        Happening::Remade(Remade { was: grant(was), is: grant(is), note: None })
    };
    let own = own.after(&remade("a", "c"), at(2)).unwrap();
    assert_eq!((own.slot_now(&grant("a")), own.slot_now(&grant("b"))), (&grant("c"), &grant("b")));
    // The grant that stands for the first is there, with another date and id: only the second has to come back.
    let live = Slots::from([(grant("c"), Some("{\"GrantId\":\"c\"}".to_owned()))]);
    let edits = undo(&own.plan, &own.as_planned(live)).unwrap();
    assert_eq!(edits, [Edit { slot: grant("b"), before: None, after: text }]);
    let again = own.after(&remade("a", "d"), at(3)).unwrap();
    assert_eq!((again.remade.len(), again.slot_now(&grant("a"))), (1, &grant("d")));
    assert!(resolution(Start::Proposed).after(&remade("a", "c"), at(1)).is_err());
}

#[test]
fn the_gate_is_above_rules() {
    let question = GateQuestion {
        mode: Mode::Automatic,
        stopped: None,
        limits: ChangeLimits { per_hour: 5, per_account_per_hour: 2 },
        quiet: None,
        recent: RecentChanges { all: 4, in_account: 1 },
        approved_by: ApprovalKind::Automatic,
    };
    assert_eq!(gate(&question, at(0)), Gate::Open);
    let person = ApprovalKind::Person;
    let quiet = QuietHours { from: "20:00".parse().unwrap(), to: "06:00".parse().unwrap() };
    // 1,700,000,000 is 22:13:20.
    let closed = [
        GateQuestion { mode: Mode::Observe, approved_by: person, ..question },
        GateQuestion { mode: Mode::Propose, ..question },
        GateQuestion { stopped: Some("by alice"), approved_by: person, ..question },
        GateQuestion { recent: RecentChanges { all: 5, in_account: 0 }, ..question },
        GateQuestion { recent: RecentChanges { all: 2, in_account: 2 }, ..question },
        GateQuestion { quiet: Some(quiet), ..question },
    ];
    for question in closed {
        assert!(matches!(gate(&question, at(0)), Gate::Closed { .. }), "{question:?}");
    }
    let morning: Timestamp = "2023-11-15T06:00:00Z".parse().unwrap();
    assert_eq!(quiet.end(at(0)), Some(morning));
    assert_eq!(quiet.end(morning), None);
    assert_eq!(
        gate(
            &GateQuestion {
                mode: Mode::Propose,
                approved_by: person,
                quiet: Some(quiet),
                ..question
            },
            at(0)
        ),
        Gate::Open
    );
}

#[test]
fn published_events_are_read_as_they_are_meant() {
    let event = r#"{"version":"0","id":"22222222-dcba-4444-dcba-333333333333","detail-type":"Access Analyzer Finding",
        "source":"aws.access-analyzer","account":"111122223333","time":"2019-11-21T01:22:33Z","region":"us-west-2",
        "resources":["arn:aws:access-analyzer:us-west-2:111122223333:analyzer/MyAnalyzer"],
        "detail":{"version":"1.0","id":"22222222-DCBA-4444-dcba-333333333333","status":"ACTIVE",
            "resourceType":"AWS::IAM::Role","resource":"arn:aws:iam::111122223333:role/ Audit_CrossAccountRole",
            "principal":{"AWS":"aws:arn:iam::999988887777:user/Alice"},"isDeleted":false}}"#;
    let Ok(Reading::Hint(hint)) = aws_message(event) else { panic!() };
    assert_eq!(hint.finding_id, "22222222-dcba-4444-dcba-333333333333");
    let role = "arn:aws:iam::111122223333:role/Audit_CrossAccountRole";
    assert_eq!((hint.resource.as_deref(), hint.news), (Some(role), News::Active));
    let changed = |from: &str, to: &str| aws_message(&event.replace(from, to));
    assert!(matches!(changed("\"ACTIVE\"", "\"ARCHIVED\""), Ok(Reading::Left { .. })));
    assert!(matches!(changed(":false", ":true"), Ok(Reading::Left { .. })));
    assert!(matches!(changed("aws.access-analyzer", "aws.s3"), Ok(Reading::Left { .. })));
    assert!(matches!(changed("aws.access-analyzer", "ringfence"), Ok(Reading::Hint(_))));
    let unused = ("Access Analyzer Finding", "Unused Access Finding for IAM entities");
    assert!(matches!(changed(unused.0, unused.1), Ok(Reading::Left { .. })));
    let Ok(Reading::Hint(resolved)) = changed("\"ACTIVE\"", "\"RESOLVED\"") else { panic!() };
    assert_eq!(resolved.news, News::Resolved);
    assert!(matches!(changed("\"status\":\"ACTIVE\",", ""), Ok(Reading::Hint(_))));
    assert_eq!(changed("\"resources\"", "\"other\""), Err(HintProblem::Missing("resources")));
    assert_eq!(aws_message("[1]"), Err(HintProblem::Form));
    let wrapped = serde_json::json!({ "Type": "Notification", "Message": event }).to_string();
    assert_eq!(aws_message(&wrapped), Ok(Reading::Hint(hint)));
}
