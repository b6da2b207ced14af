//! Errors: the policy cannot work as it is written.

mod arn_account_not_allowed;
mod arn_region_not_allowed;
mod data_type_mismatch;
mod duplicate_keys_with_different_case;
mod empty_variable;
mod federated_principal_not_supported;
mod invalid_action;
mod invalid_arn_account;
mod invalid_arn_prefix;
mod invalid_arn_region;
mod invalid_arn_resource;
mod invalid_arn_service_case;
mod invalid_condition_data_type;
mod invalid_condition_key_format;
mod invalid_condition_multiple_boolean;
mod invalid_condition_operator;
mod invalid_effect;
mod invalid_federated_principal_syntax_in_role_trust_policy;
mod invalid_global_condition_key;
mod invalid_kms_key_value;
mod invalid_partition;
mod invalid_policy_element;
mod invalid_principal_format;
mod invalid_principal_key;
mod invalid_region;
mod invalid_service;
mod invalid_service_condition_key;
mod invalid_service_in_action;
mod invalid_service_principal_format;
mod invalid_variable_for_operator;
mod invalid_version;
mod invalid_vpc_format;
mod invalid_vpce_format;
mod json_syntax_error;
mod mismatched_action_for_principal;
mod missing_action;
mod missing_action_for_condition_key;
mod missing_action_for_roles_anywhere_trust_policy;
mod missing_arn_account;
mod missing_arn_field;
mod missing_arn_region;
mod missing_brace_in_variable;
mod missing_effect;
mod missing_principal;
mod missing_qualifier;
mod missing_quote_in_variable;
mod missing_resource;
mod missing_statement;
mod missing_tag_key_in_condition;
mod null_with_if_exists;
mod policy_size_exceeds_rcp_quota;
mod policy_size_exceeds_scp_quota;
mod private_ip_address;
mod private_not_ip_address;
mod rcp_syntax_error_action;
mod rcp_syntax_error_allow;
mod rcp_syntax_error_notaction;
mod rcp_syntax_error_principal;
mod role_trust_policy_syntax_error_notprincipal;
mod role_trust_policy_syntax_error_resource;
mod role_trust_policy_unsupported_wildcard_in_principal;
mod scp_syntax_error_action_wildcard;
mod scp_syntax_error_principal;
mod type_mismatch_ip_range;
mod unique_sids_required;
mod unsupported_action_for_condition_key;
mod unsupported_action_in_policy;
mod unsupported_condition_key_for_service_principal;
mod unsupported_element_combination;
mod unsupported_global_condition_key;
mod unsupported_principal;
mod unsupported_resource_arn_in_policy;
mod unsupported_sid;
mod unsupported_space_in_variable;
mod unsupported_wildcard_in_principal;
mod variable_unsupported_in_element;
mod variable_unsupported_in_version;
mod variable_usage_too_permissive;
mod wildcard_usage_too_permissive;

use super::Check;

/// The checks of this folder, in the order of their issue codes.
pub(super) const CHECKS: &[Check] = &[
    arn_account_not_allowed::CHECK,
    arn_region_not_allowed::CHECK,
    data_type_mismatch::CHECK,
    duplicate_keys_with_different_case::CHECK,
    empty_variable::CHECK,
    federated_principal_not_supported::CHECK,
    invalid_action::CHECK,
    invalid_arn_account::CHECK,
    invalid_arn_prefix::CHECK,
    invalid_arn_region::CHECK,
    invalid_arn_resource::CHECK,
    invalid_arn_service_case::CHECK,
    invalid_condition_data_type::CHECK,
    invalid_condition_key_format::CHECK,
    invalid_condition_multiple_boolean::CHECK,
    invalid_condition_operator::CHECK,
    invalid_effect::CHECK,
    invalid_federated_principal_syntax_in_role_trust_policy::CHECK,
    invalid_global_condition_key::CHECK,
    invalid_kms_key_value::CHECK,
    invalid_partition::CHECK,
    invalid_policy_element::CHECK,
    invalid_principal_format::CHECK,
    invalid_principal_key::CHECK,
    invalid_region::CHECK,
    invalid_service::CHECK,
    invalid_service_condition_key::CHECK,
    invalid_service_in_action::CHECK,
    invalid_service_principal_format::CHECK,
    invalid_variable_for_operator::CHECK,
    invalid_version::CHECK,
    invalid_vpc_format::CHECK,
    invalid_vpce_format::CHECK,
    json_syntax_error::CHECK,
    mismatched_action_for_principal::CHECK,
    missing_action::CHECK,
    missing_action_for_condition_key::CHECK,
    missing_action_for_roles_anywhere_trust_policy::CHECK,
    missing_arn_account::CHECK,
    missing_arn_field::CHECK,
    missing_arn_region::CHECK,
    missing_brace_in_variable::CHECK,
    missing_effect::CHECK,
    missing_principal::CHECK,
    missing_qualifier::CHECK,
    missing_quote_in_variable::CHECK,
    missing_resource::CHECK,
    missing_statement::CHECK,
    missing_tag_key_in_condition::CHECK,
    null_with_if_exists::CHECK,
    policy_size_exceeds_rcp_quota::CHECK,
    policy_size_exceeds_scp_quota::CHECK,
    private_ip_address::CHECK,
    private_not_ip_address::CHECK,
    rcp_syntax_error_action::CHECK,
    rcp_syntax_error_allow::CHECK,
    rcp_syntax_error_notaction::CHECK,
    rcp_syntax_error_principal::CHECK,
    role_trust_policy_syntax_error_notprincipal::CHECK,
    role_trust_policy_syntax_error_resource::CHECK,
    role_trust_policy_unsupported_wildcard_in_principal::CHECK,
    scp_syntax_error_action_wildcard::CHECK,
    scp_syntax_error_principal::CHECK,
    type_mismatch_ip_range::CHECK,
    unique_sids_required::CHECK,
    unsupported_action_for_condition_key::CHECK,
    unsupported_action_in_policy::CHECK,
    unsupported_condition_key_for_service_principal::CHECK,
    unsupported_element_combination::CHECK,
    unsupported_global_condition_key::CHECK,
    unsupported_principal::CHECK,
    unsupported_resource_arn_in_policy::CHECK,
    unsupported_sid::CHECK,
    unsupported_space_in_variable::CHECK,
    unsupported_wildcard_in_principal::CHECK,
    variable_unsupported_in_element::CHECK,
    variable_unsupported_in_version::CHECK,
    variable_usage_too_permissive::CHECK,
    wildcard_usage_too_permissive::CHECK,
];
