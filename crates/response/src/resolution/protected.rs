//! Resources that AWS keeps, and that no plan can change.

use ringfence_access::inventory::{Configuration, KeyManager, Resource};

/// Why nobody can change who reaches the resource here; nothing for those that can be changed.
pub(super) fn protected(resource: &Resource) -> Option<&'static str> {
    match &resource.configuration {
        // https://docs.aws.amazon.com/singlesignon/latest/userguide/using-service-linked-roles.html,
        // https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html
        Configuration::IamRole(_) if resource.arn.contains(":role/aws-reserved/") => Some(
            "IAM Identity Center keeps the role, and IAM refuses every other change of it; take the assignment away there",
        ),
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
        Configuration::IamRole(_) if resource.arn.contains(":role/aws-service-role/") => {
            Some("the role is linked to a service, and its trust policy cannot be changed")
        }
        // https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key
        Configuration::KmsKey(key) if key.key_manager == Some(KeyManager::Aws) => {
            Some("an AWS service manages the key, and its policy cannot be changed")
        }
        _ => None,
    }
}
