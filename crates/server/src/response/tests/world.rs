//! A world that outlives the process: the slots of one bucket in a file, each write of which is noted. It stops the
//! process, or fails, at any call that a test names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::{SignedDuration, Timestamp};
use ringfence_aws::live::Written;
use ringfence_findings::finding::{Finding, FindingStatus};
use ringfence_findings::observation::{Details, ExternalAccess, Observation};
use ringfence_response::context::Context;
use ringfence_response::decision::{Decision, ResponseAction};
use ringfence_response::plan::{Claim, Edit, Means, Plan, Proof};
use ringfence_response::rules::Safety;
use ringfence_response::slot::{Slot, Slots, Target};
use ringfence_response::workflow::gate::{ChangeLimits, Mode};
use ringfence_response::workflow::hint::{Hint, News};
use ringfence_response::workflow::resolution::{FindingKeeper, NewResolution, Resolution, Start};
use ringfence_store::conclusions::Conclusion;
use ringfence_store::{Location, Store};
use serde_json::{Value, json};

use crate::keys::MasterKey;
use crate::response::advance::Mover;
use crate::response::live::{Live, Planned, Standing, Trouble};
use crate::response::message::Words;
use crate::response::settings::ApprovalSettings;
use crate::response::terms::Terms;

pub(super) const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"In","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}"#;
pub(super) const OPEN: &str = r#"{"BlockPublicAcls":false,"BlockPublicPolicy":false,"IgnorePublicAcls":false,"RestrictPublicBuckets":false}"#;
const SHUT: &str = r#"{"BlockPublicAcls":true,"BlockPublicPolicy":true,"IgnorePublicAcls":true,"RestrictPublicBuckets":true}"#;
pub(super) const DENY: &str = r#"{"Sid":"Ringfence9f86d081884c5d659a2feaa0c55ad015","Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*"}"#;
const FINDING: &str = "9f86d081-884c-5d65-9a2f-eaa0c55ad015";

/// What happens at a call.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum At {
    /// The process is killed before the call, or after it.
    Kill(usize),
    /// The call answers with this, once or for ever.
    Trouble {
        call: usize,
        trouble: Trouble,
        times: usize,
    },
    /// Somebody else changes the policy before the call.
    Theirs(usize),
    Nothing,
}

pub(super) struct World {
    folder: PathBuf,
    at: At,
    calls: AtomicUsize,
}

impl World {
    pub(super) fn new(folder: &Path, at: At) -> Self {
        Self { folder: folder.to_owned(), at, calls: AtomicUsize::new(0) }
    }

    /// The slots as they stand; those of a new bucket where there are none yet.
    pub(super) fn slots(&self) -> BTreeMap<String, String> {
        match std::fs::read_to_string(self.folder.join("slots.json")) {
            Ok(text) => serde_json::from_str(&text).unwrap(),
            Err(_) => {
                [("policy".to_owned(), POLICY.to_owned()), ("block".to_owned(), OPEN.to_owned())]
                    .into()
            }
        }
    }

    /// Every change of a slot, in order.
    pub(super) fn writes(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.folder.join("writes")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    pub(super) fn set(&self, slot: &str, value: &str) {
        let mut slots = self.slots();
        slots.insert(slot.to_owned(), value.to_owned());
        let beside = self.folder.join("slots.new");
        std::fs::write(&beside, serde_json::to_string(&slots).unwrap()).unwrap();
        std::fs::rename(&beside, self.folder.join("slots.json")).unwrap();
    }

    fn point(&self) -> Result<(), Trouble> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        match &self.at {
            At::Kill(at) if *at == call => {
                let pid = std::process::id().to_string();
                let _ = std::process::Command::new("kill").args(["-9", &pid]).status();
                loop {
                    std::thread::park();
                }
            }
            At::Trouble { call: at, trouble, times } if (*at..*at + *times).contains(&call) => {
                Err(trouble.clone())
            }
            At::Theirs(at) if *at == call => {
                let theirs =
                    self.slots()["policy"].replacen("\"Sid\":\"In\"", "\"Sid\":\"Theirs\"", 1);
                self.set("policy", &theirs);
                Ok(())
            }
            At::Kill(_) | At::Trouble { .. } | At::Theirs(_) | At::Nothing => Ok(()),
        }
    }

    pub(super) fn denies(&self) -> usize {
        self.slots()["policy"].matches("\"Deny\"").count()
    }
}

pub(super) fn name(slot: &Slot) -> &'static str {
    match slot {
        Slot::BucketPolicy => "policy",
        _ => "block",
    }
}

pub(super) fn target() -> Target {
    Target {
        resource_type: "AWS::S3::Bucket".to_owned(),
        arn: "arn:aws:s3:::b".to_owned(),
        account: "111122223333".to_owned(),
        region: "eu-west-1".to_owned(),
    }
}

fn plan_of(policy: &str, block: &str) -> Plan {
    let denied = policy.replacen("\"Statement\":[", &format!("\"Statement\":[{DENY},"), 1);
    let edit = |slot, before: &str, after: &str| Edit {
        slot,
        before: Some(before.to_owned()),
        after: Some(after.to_owned()),
    };
    Plan {
        finding_id: FINDING.to_owned(),
        target: target(),
        means: Means::Deny,
        sid: Some("Ringfence9f86d081884c5d659a2feaa0c55ad015".to_owned()),
        edits: vec![
            edit(Slot::BucketPolicy, policy, &denied),
            edit(Slot::BucketPublicAccessBlock, block, SHUT),
        ],
        proof: Proof {
            closes: Claim::Proved,
            keeps: Claim::Proved,
            adds_nothing: Claim::Proved,
            administrable: Claim::Proved,
            valid: Claim::Proved,
        },
    }
}

impl Live for World {
    async fn read(&self, _: &Target) -> Result<Slots, Trouble> {
        self.point()?;
        let slots = self.slots();
        Ok([
            (Slot::BucketPolicy, slots.get("policy").cloned()),
            (Slot::BucketPublicAccessBlock, slots.get("block").cloned()),
        ]
        .into())
    }

    async fn write(
        &self,
        _: &Target,
        slot: &Slot,
        before: Option<&str>,
        after: Option<&str>,
    ) -> Result<Written, Trouble> {
        self.point()?;
        let now = self.slots().get(name(slot)).cloned();
        if now.as_deref() != after {
            if now.as_deref() != before {
                return Err(Trouble::Changed);
            }
            let mut writes = self.writes();
            writes.push(format!("{} {}", name(slot), after.unwrap_or_default()));
            std::fs::write(self.folder.join("writes"), writes.join("\n")).unwrap();
            self.set(name(slot), after.unwrap_or_default());
        }
        self.point()?;
        Ok(Written { slot: slot.clone(), note: None })
    }

    /// Until a test says otherwise.
    async fn is_active(&self, _: &Resolution) -> Result<bool, Trouble> {
        self.point()?;
        Ok(!self.folder.join("resolved").exists())
    }

    async fn plan(&self, _: &Resolution, slots: &Slots) -> Result<Planned, Trouble> {
        let text = |slot: &Slot| slots.get(slot).cloned().flatten().unwrap_or_default();
        let policy = text(&Slot::BucketPolicy);
        if serde_json::from_str::<Value>(&policy).is_err() {
            return Ok(Planned::None("the policy cannot be read".to_owned()));
        }
        if policy.contains("\"Deny\"") {
            return Ok(Planned::Closed);
        }
        let plan = plan_of(&policy, &text(&Slot::BucketPublicAccessBlock));
        let hash = plan.hash();
        Ok(Planned::Plan(Box::new(plan), hash))
    }

    async fn look_again(&self, _: &Resolution) -> Result<Standing, Trouble> {
        self.point()?;
        match self.denies() {
            0 => Ok(Standing::There),
            _ => Ok(Standing::Gone),
        }
    }

    async fn leave_archive_rule(&self, _: &Resolution, name: &str) -> Result<(), Trouble> {
        self.point()?;
        std::fs::write(self.folder.join("rule"), name).unwrap();
        self.point()
    }

    async fn role(&self, _: &Target) -> Result<(Value, Value), Trouble> {
        Ok((json!({ "RoleName": "r" }), json!({})))
    }

    async fn delete_role(&self, _: &Target, _: &Value) -> Result<(), Trouble> {
        self.point()
    }
}

pub(super) fn finding() -> Finding {
    Finding {
        observation: Observation {
            id: FINDING.to_owned(),
            resource: target().arn,
            resource_type: target().resource_type,
            resource_owner_account: target().account,
            region: target().region,
            details: Details::External(ExternalAccess {
                principal: [("AWS".to_owned(), "*".to_owned())].into(),
                is_public: true,
                ..ExternalAccess::default()
            }),
        },
        status: FindingStatus::Active,
        archived_by: None,
        created_at: Timestamp::UNIX_EPOCH,
        analyzed_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    }
}

/// A resolution of AWS's finding, so that nothing is asked of our own store about it.
pub(super) fn resolution(start: Start) -> Resolution {
    let now = Timestamp::now();
    let plan = plan_of(POLICY, OPEN);
    let new = NewResolution {
        id: "r1".to_owned(),
        keeper: FindingKeeper::Aws {
            analyzer: "arn:aws:access-analyzer:eu-west-1:111122223333:analyzer/a".to_owned(),
        },
        finding: finding(),
        context: Context::unknown(now, "nobody asked"),
        decision: Decision {
            action: ResponseAction::Resolve,
            rules: vec!["r".to_owned()],
            notes: Vec::new(),
        },
        risk_score: 90,
        requester: "rule r".to_owned(),
        plan_hash: plan.hash(),
        plan,
        start,
        expires_at: now.checked_add(SignedDuration::from_hours(1)).unwrap(),
        remind_at: None,
    };
    Resolution::new(new, now)
}

/// The store of a folder, with the resolution in it where `start` says so.
pub(super) async fn store(folder: &Path, start: Option<Start>) -> Store {
    let store = Store::open(&Location::Folder(folder.to_owned())).await.unwrap();
    if let Some(start) = start {
        let now = Timestamp::now();
        let own = resolution(start);
        let hint = Hint {
            keeper: own.keeper.clone(),
            finding_id: FINDING.to_owned(),
            resource: None,
            news: News::Active,
        };
        store.put_hints(&[hint], now).await.unwrap();
        let taken = store.take_hints(now, SignedDuration::from_secs(1), 1).await.unwrap();
        let conclusion = Conclusion {
            receipt: taken[0].receipt,
            finding_id: FINDING.to_owned(),
            events: Vec::new(),
            archived_by: None,
            resolution: Some(Box::new(own)),
            links: Vec::new(),
            notifications: Vec::new(),
        };
        assert_eq!(store.conclude(None, &[conclusion], now).await.unwrap(), ["r1"]);
    }
    store
}

/// Moves the resolution as far as it goes, as the service does after a start, without waiting for what was put off.
pub(super) async fn settle(store: &Store, world: &World) -> Resolution {
    let (approval, safety) = (ApprovalSettings::default(), Safety::default());
    let master = MasterKey::parse("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=").unwrap();
    let mover = Mover {
        store,
        live: world,
        terms: Terms { mode: Mode::Automatic, limits: ChangeLimits::default(), quiet: None },
        words: Words { approval: &approval, safety: &safety, master: &master },
    };
    store.release_leases(Timestamp::now()).await.unwrap();
    for _ in 0..60 {
        let far = Timestamp::now().checked_add(SignedDuration::from_mins(90)).unwrap();
        let due = store.take_resolutions(far, SignedDuration::from_secs(1), 10).await.unwrap();
        let Some(own) = due.into_iter().next() else { break };
        mover.advance(own).await.unwrap();
    }
    store.resolution("r1").await.unwrap()
}
