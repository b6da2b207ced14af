//! An invented notification of each kind, to show a template with.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{AddedStatements, Notification, NotificationKind, ResolutionFacts};
use crate::context::{AccessChange, AccountContext};
use crate::plan::Means;
use crate::slot::{Slot, Target};

/// An invented notification.
#[must_use]
pub fn sample(kind: NotificationKind, at: Timestamp) -> Notification {
    let finding_id = "5e4f8a10-2b7c-5d3e-9f01-6a7b8c9d0e1f";
    let resolution = ResolutionFacts {
        id: "0d9c8b7a-6f5e-4d3c-8b1a-0f1e2d3c4b5a".to_owned(),
        means: Means::Deny,
        sid: Some("Ringfence5e4f8a102b7c5d3e9f016a7b8c9d0e1f".to_owned()),
        added: vec![AddedStatements {
            slot: Slot::RoleTrustPolicy,
            sids: vec!["Ringfence5e4f8a102b7c5d3e9f016a7b8c9d0e1f".to_owned()],
        }],
        summary: vec![
            "adds a statement to the role's trust policy that denies sts:AssumeRole to \
             arn:aws:iam::999988887777:user/Alice"
                .to_owned(),
        ],
        plan_hash: Some("5f".repeat(32)),
        approval_url: match kind {
            NotificationKind::Proposal
            | NotificationKind::Reminder
            | NotificationKind::Escalation => {
                Some("https://ringfence.example.com/approve/EXAMPLE".to_owned())
            }
            NotificationKind::NewFinding
            | NotificationKind::Resolved
            | NotificationKind::Failure => None,
        },
        expires_at: at.checked_add(SignedDuration::from_hours(72)).ok(),
    };
    Notification {
        id: format!("{finding_id}/{}", kind.template()),
        kind,
        at,
        finding_id: finding_id.to_owned(),
        analyzer_arn: "arn:aws:access-analyzer:us-east-1:111122223333:analyzer/account".to_owned(),
        target: Target {
            resource_type: "AWS::IAM::Role".to_owned(),
            arn: "arn:aws:iam::111122223333:role/Audit_CrossAccountRole".to_owned(),
            account: "111122223333".to_owned(),
            region: "global".to_owned(),
        },
        principal: "arn:aws:iam::999988887777:user/Alice".to_owned(),
        actions: vec!["sts:AssumeRole".to_owned()],
        is_public: false,
        risk_score: Some(62),
        tags: BTreeMap::from([("team".to_owned(), "payments".to_owned())]),
        account: Some(AccountContext {
            name: "payments-production".to_owned(),
            ou_path: "o-example/r-abcd/ou-abcd-11111111/".to_owned(),
            tags: BTreeMap::new(),
        }),
        changed_by: at.checked_sub(SignedDuration::from_mins(2)).ok().map(|at| AccessChange {
            who: "arn:aws:iam::111122223333:user/bob".to_owned(),
            at,
            event_name: "CreateRole".to_owned(),
            event_id: "6b1f0d6e-7a6c-4b55-9c0e-0a1b2c3d4e5f".to_owned(),
        }),
        resolution: (kind != NotificationKind::NewFinding).then_some(resolution),
        reason: match kind {
            NotificationKind::Failure => {
                Some("the trust policy was changed since the plan was made".to_owned())
            }
            _ => None,
        },
    }
}
