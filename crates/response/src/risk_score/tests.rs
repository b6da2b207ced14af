use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;
use ringfence_findings::finding::{Finding, FindingStatus};
use ringfence_findings::observation::{Details, ExternalAccess, Observation};

use super::*;
use crate::context::{AccountContext, Fact, Partner};

const ACTIONS: &[&str] = &[
    "s3:GetObject",
    "s3:ListBucket",
    "s3:PutObject",
    "s3:PutBucketPolicy",
    "s3:PutObjectTagging",
    "nobody:Knows",
];

fn finding(access: ExternalAccess) -> Finding {
    let at = Timestamp::UNIX_EPOCH;
    Finding {
        observation: Observation {
            id: "f".to_owned(),
            resource: "arn:aws:s3:::b".to_owned(),
            resource_type: "AWS::S3::Bucket".to_owned(),
            resource_owner_account: "111122223333".to_owned(),
            region: "us-east-1".to_owned(),
            details: Details::External(access),
        },
        status: FindingStatus::Active,
        archived_by: None,
        created_at: at,
        analyzed_at: at,
        updated_at: at,
    }
}

fn contexts() -> impl Strategy<Value = Context> {
    let at = Timestamp::UNIX_EPOCH;
    let partner = |expires| Partner { vendor: "v".to_owned(), owner: "o".to_owned(), expires };
    let partners = prop::sample::select(vec![
        Fact::missing("m"),
        Fact::Known(None),
        Fact::Known(Some(partner(jiff::civil::date(1960, 1, 1)))),
        Fact::Known(Some(partner(jiff::civil::date(2999, 1, 1)))),
    ]);
    let accounts = prop::sample::select(vec![
        Fact::missing("m"),
        Fact::Known(None),
        Fact::Known(Some(AccountContext::default())),
    ]);
    let word = |own: &str| Fact::Known(Some(own.to_owned()));
    let data = prop::sample::select(vec![
        Fact::missing("m"),
        Fact::Known(None),
        word("Public"),
        word("Confidential"),
        word("else"),
    ]);
    (partners, accounts, data).prop_map(move |(partner, principal_account, data_classification)| {
        Context { partner, principal_account, data_classification, ..Context::unknown(at, "m") }
    })
}

fn accesses() -> impl Strategy<Value = ExternalAccess> {
    let who = prop::sample::select(vec![
        ("AWS", "*"),
        ("AWS", "999988887777"),
        ("AWS", "arn:aws:iam::999988887777:role/r"),
        ("Federated", "cognito-identity.amazonaws.com"),
        ("CanonicalUser", "79a59df900b949e55d96a1e698fbaced"),
    ]);
    let actions = prop::sample::subsequence(ACTIONS.to_vec(), 0..ACTIONS.len());
    let conditions = prop::sample::subsequence(vec!["aws:SourceIp", "aws:SourceVpc"], 0..=2);
    (who, actions, conditions).prop_map(|((kind, who), actions, conditions)| ExternalAccess {
        principal: BTreeMap::from([(kind.to_owned(), who.to_owned())]),
        action: actions.into_iter().map(str::to_owned).collect(),
        condition: conditions.into_iter().map(|key| (key.to_owned(), "x".to_owned())).collect(),
        ..ExternalAccess::default()
    })
}

proptest! {
    #[test]
    fn more_access_never_lowers_it(
        access in accesses(), context in contexts(), action in prop::sample::select(ACTIONS.to_vec()), kind in 0..4,
    ) {
        let mut more = access.clone();
        match kind {
            0 => more.action.push(action.to_owned()),
            1 => _ = more.condition.pop_first(),
            2 => more.principal = BTreeMap::from([("AWS".to_owned(), "*".to_owned())]),
            _ => {
                more.is_public = true;
                more.principal = BTreeMap::from([("AWS".to_owned(), "*".to_owned())]);
            }
        }
        let (less, more) = (risk_score(&finding(access), &context), risk_score(&finding(more), &context));
        prop_assert!(less.score <= more.score, "{less:?}\n{more:?}");
    }

    #[test]
    fn what_is_not_known_never_lowers_it(access in accesses(), context in contexts(), kind in 0..3) {
        let mut unknown = context.clone();
        match kind {
            0 => unknown.partner = Fact::missing("m"),
            1 => unknown.data_classification = Fact::missing("m"),
            _ => unknown.principal_account = Fact::missing("m"),
        }
        let own = finding(access);
        prop_assert!(risk_score(&own, &context).score <= risk_score(&own, &unknown).score);
    }

    #[test]
    fn the_score_is_the_sum_of_what_is_shown(access in accesses(), context in contexts()) {
        let own = risk_score(&finding(access), &context);
        let sum: u8 = own.contributions.iter().map(|part| part.points).sum();
        prop_assert_eq!(sum, own.score);
        prop_assert!(own.contributions.iter().all(|part| part.points <= part.most));
        prop_assert_eq!(own.contributions.iter().map(|part| u16::from(part.most)).sum::<u16>(), 100);
        prop_assert_eq!(own.worst_in(DATA), own.score - own.contributions[3].points + 20);
    }
}

#[test]
fn the_worst_there_is_has_a_hundred_points() {
    let access = ExternalAccess {
        principal: BTreeMap::from([("AWS".to_owned(), "*".to_owned())]),
        action: vec!["s3:PutBucketPolicy".to_owned()],
        is_public: true,
        ..ExternalAccess::default()
    };
    let own =
        risk_score(&finding(access), &Context::unknown(Timestamp::UNIX_EPOCH, "nobody asked"));
    assert_eq!(own.score, 100);
    let whys: Vec<&str> = own.contributions.iter().map(|part| part.why.as_str()).collect();
    assert_eq!(
        whys,
        [
            "anybody gets in",
            "Permissions management",
            "no condition",
            "not known: nobody asked",
            "it could be anybody"
        ]
    );
}
