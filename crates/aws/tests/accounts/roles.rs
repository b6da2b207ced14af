//! A role is looked at, deleted, and made again.

use ringfence_aws::live::{RoleDefinition, WriteFailure};

use crate::moto::Moto;
use crate::reach::{accounts, block_on, target};

#[test]
#[ignore = "needs the Python environment"]
fn a_role_goes_and_comes_back() {
    let moto = Moto::start();
    let arn = moto.run("plant.py", &["role"], "");
    let role = target("AWS::IAM::Role", &arn, "global");
    block_on(async {
        let accounts = accounts(&moto.url()).await;
        let (definition, uses) = accounts.role(&role).await.unwrap();
        assert_eq!(definition.description.as_deref(), Some("for auditors"));
        assert_eq!(definition.max_session_duration, Some(7200));
        assert_eq!(definition.tags["team"], "blue");
        assert!(definition.permissions_boundary.as_deref().unwrap().ends_with("policy/boundary"));
        assert_eq!(definition.inline_policies.len(), 1);
        assert_eq!(definition.attached_policies.len(), 1);
        assert!(uses.instance_profiles.contains("auditors"));
        assert!(uses.trusted_by.iter().any(|it| it.ends_with("role/trusting")), "{uses:?}");
        assert!(uses.mentioned_by.iter().any(|it| it.ends_with("user/passer")), "{uses:?}");

        // What was decided about was another role.
        let mut other = definition.clone();
        other.inline_policies.clear();
        let refused = accounts.delete_role(&role, &other).await;
        assert!(matches!(refused, Err(WriteFailure::Changed { now: Some(_) })), "{refused:?}");

        // The record keeps text.
        let kept = serde_json::to_string(&definition).unwrap();
        for _ in 0..2 {
            accounts.delete_role(&role, &definition).await.unwrap();
        }
        assert!(accounts.read(&role).await.is_err());
        let definition: RoleDefinition = serde_json::from_str(&kept).unwrap();
        let restored = accounts.restore_role(&role.account, &definition).await.unwrap();
        assert_eq!(restored.arn, arn);
        assert_ne!(restored.role_id, definition.role_id);
        assert!(
            restored.note.contains(&restored.role_id)
                && restored.note.contains(&definition.role_id)
        );
        let again = accounts.restore_role(&role.account, &definition).await.unwrap();
        assert_eq!(again.role_id, restored.role_id);
        let (now, _) = accounts.role(&role).await.unwrap();
        assert_eq!(now, RoleDefinition { role_id: restored.role_id, ..definition });
    });
}
