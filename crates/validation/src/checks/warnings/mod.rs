//! Warnings: the policy does not keep to the rules of its kind.

mod create_slr_with_not_action_and_not_resource;
mod create_slr_with_not_resource;
mod create_slr_with_star_in_action_and_not_resource;
mod create_slr_with_star_in_action_and_resource;
mod create_slr_with_star_in_resource;
mod create_slr_with_star_in_resource_and_not_action;
mod deprecated_global_condition_key;
mod invalid_date_value;
mod invalid_role_reference;
mod invalid_user_reference;
mod missing_version;
mod policy_size_exceeds_identity_policy_quota;
mod policy_size_exceeds_resource_policy_quota;
mod policy_size_exceeds_role_trust_policy_quota;
mod rcp_missing_related_principal_condition_key;
mod rcp_missing_related_service_principal_condition_key;
mod rcp_missing_service_condition_key_null_check;
mod specific_github_repo_and_branch_recommended;
mod type_mismatch;
mod type_mismatch_boolean;
mod type_mismatch_date;
mod type_mismatch_number;
mod type_mismatch_string;
mod unique_sids_recommended;
mod use_condition_key_only_with_supported_services;
mod wildcard_without_like_operator;

use super::Check;

/// The checks of this folder, in the order of their issue codes.
pub(super) const CHECKS: &[Check] = &[
    create_slr_with_not_action_and_not_resource::CHECK,
    create_slr_with_not_resource::CHECK,
    create_slr_with_star_in_action_and_not_resource::CHECK,
    create_slr_with_star_in_action_and_resource::CHECK,
    create_slr_with_star_in_resource::CHECK,
    create_slr_with_star_in_resource_and_not_action::CHECK,
    deprecated_global_condition_key::CHECK,
    invalid_date_value::CHECK,
    invalid_role_reference::CHECK,
    invalid_user_reference::CHECK,
    missing_version::CHECK,
    policy_size_exceeds_identity_policy_quota::CHECK,
    policy_size_exceeds_resource_policy_quota::CHECK,
    policy_size_exceeds_role_trust_policy_quota::CHECK,
    rcp_missing_related_principal_condition_key::CHECK,
    rcp_missing_related_service_principal_condition_key::CHECK,
    rcp_missing_service_condition_key_null_check::CHECK,
    specific_github_repo_and_branch_recommended::CHECK,
    type_mismatch::CHECK,
    type_mismatch_boolean::CHECK,
    type_mismatch_date::CHECK,
    type_mismatch_number::CHECK,
    type_mismatch_string::CHECK,
    unique_sids_recommended::CHECK,
    use_condition_key_only_with_supported_services::CHECK,
    wildcard_without_like_operator::CHECK,
];
