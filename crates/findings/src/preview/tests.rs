use jiff::Timestamp;

use super::*;
use crate::observation::{Details, ExternalAccess};

fn observation(principal: &str, action: &str) -> Observation {
    let principal = BTreeMap::from([("AWS".to_owned(), principal.to_owned())]);
    Observation {
        id: format!("{principal:?} {action}"),
        resource: "arn:aws:s3:::bucket".to_owned(),
        resource_type: "AWS::S3::Bucket".to_owned(),
        resource_owner_account: "111122223333".to_owned(),
        region: "eu-west-1".to_owned(),
        details: Details::External(ExternalAccess {
            principal,
            action: vec![action.to_owned()],
            ..ExternalAccess::default()
        }),
    }
}

fn stored(observation: Observation, status: FindingStatus) -> Finding {
    let at = Timestamp::UNIX_EPOCH;
    Finding {
        observation,
        status,
        archived_by: None,
        created_at: at,
        analyzed_at: at,
        updated_at: at,
    }
}

#[test]
fn a_proposal_is_compared_with_what_is_there() {
    let stored = [
        stored(observation("111111111111", "s3:GetObject"), FindingStatus::Archived),
        stored(observation("222222222222", "s3:GetObject"), FindingStatus::Active),
        stored(observation("333333333333", "s3:GetObject"), FindingStatus::Active),
        stored(observation("444444444444", "s3:GetObject"), FindingStatus::Resolved),
    ];
    let proposed = [
        observation("111111111111", "s3:GetObject"),
        observation("222222222222", "s3:PutObject"),
        observation("444444444444", "s3:GetObject"),
        observation("555555555555", "s3:GetObject"),
    ];
    let id = Uuid::from_u128(7);
    let found = preview(&stored, &proposed, &[], &id);
    let shown: Vec<_> = found
        .iter()
        .map(|own| (own.change_type, own.existing_finding_status, own.status))
        .collect();
    use ChangeType::{Changed, New, Unchanged};
    use FindingStatus::{Active, Archived, Resolved};
    let expected = [
        (Unchanged, Some(Archived), Archived),
        (Changed, Some(Active), Active),
        (New, None, Active),
        (New, None, Active),
        (Changed, Some(Active), Resolved),
    ];
    assert_eq!(shown, expected);
    assert_eq!(preview(&stored, &proposed, &[], &id), found);
}
