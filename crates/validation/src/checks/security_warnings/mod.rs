//! Security warnings: the policy may allow more than was meant.

mod allow_with_not_principal;
mod deny_notaction_with_unsupported_tag_condition_key_for_service;
mod deny_with_unsupported_tag_condition_key_for_service;
mod dynamodb_attributes_without_select;
mod forallvalues_with_single_valued_key;
mod foranyvalue_with_audience_claim_type;
mod missing_condition_key_for_oidc_principal;
mod missing_github_repo_condition_key;
mod missing_paired_condition_keys;
mod pass_role_with_not_action_and_not_resource;
mod pass_role_with_not_resource;
mod pass_role_with_star_in_action_and_not_resource;
mod pass_role_with_star_in_action_and_resource;
mod pass_role_with_star_in_resource;
mod pass_role_with_star_in_resource_and_not_action;
mod restrict_access_to_service_principal;
mod s3_prefix_in_negative_context;
mod string_like_operator_with_arn_condition_keys;
mod untrustworthy_condition_key;

use super::Check;

/// The checks of this folder, in the order of their issue codes.
pub(super) const CHECKS: &[Check] = &[
    allow_with_not_principal::CHECK,
    deny_notaction_with_unsupported_tag_condition_key_for_service::CHECK,
    deny_with_unsupported_tag_condition_key_for_service::CHECK,
    dynamodb_attributes_without_select::CHECK,
    forallvalues_with_single_valued_key::CHECK,
    foranyvalue_with_audience_claim_type::CHECK,
    missing_condition_key_for_oidc_principal::CHECK,
    missing_github_repo_condition_key::CHECK,
    missing_paired_condition_keys::CHECK,
    pass_role_with_not_action_and_not_resource::CHECK,
    pass_role_with_not_resource::CHECK,
    pass_role_with_star_in_action_and_not_resource::CHECK,
    pass_role_with_star_in_action_and_resource::CHECK,
    pass_role_with_star_in_resource::CHECK,
    pass_role_with_star_in_resource_and_not_action::CHECK,
    restrict_access_to_service_principal::CHECK,
    s3_prefix_in_negative_context::CHECK,
    string_like_operator_with_arn_condition_keys::CHECK,
    untrustworthy_condition_key::CHECK,
];
