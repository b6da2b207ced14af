//! Suggestions: the policy can be said better.

mod allow_notaction_with_unsupported_tag_condition_key_for_service;
mod allow_with_unsupported_tag_condition_key_for_service;
mod confirm_audience_claim_type;
mod empty_array_action;
mod empty_array_condition;
mod empty_array_condition_forallvalues;
mod empty_array_condition_foranyvalue;
mod empty_array_condition_ifexists;
mod empty_array_principal;
mod empty_array_resource;
mod empty_object_condition;
mod empty_object_principal;
mod empty_sid_value;
mod equivalent_to_null_false;
mod equivalent_to_null_true;
mod improve_ip_range;
mod irrelevant_condition_key_in_policy;
mod null_with_qualifier;
mod private_ip_address_subset;
mod private_not_ip_address_subset;
mod recommended_condition_key_for_service_principal;
mod redundant_action;
mod redundant_condition_value_num;
mod redundant_key_due_to_wildcard_in_condition;
mod redundant_principal_in_role_trust_policy;
mod redundant_resource;
mod redundant_statement;
mod redundant_statement_due_to_wildcard_in_condition;
mod wildcard_in_service_name;

use super::Check;

/// The checks of this folder, in the order of their issue codes.
pub(super) const CHECKS: &[Check] = &[
    allow_notaction_with_unsupported_tag_condition_key_for_service::CHECK,
    allow_with_unsupported_tag_condition_key_for_service::CHECK,
    confirm_audience_claim_type::CHECK,
    empty_array_action::CHECK,
    empty_array_condition::CHECK,
    empty_array_condition_forallvalues::CHECK,
    empty_array_condition_foranyvalue::CHECK,
    empty_array_condition_ifexists::CHECK,
    empty_array_principal::CHECK,
    empty_array_resource::CHECK,
    empty_object_condition::CHECK,
    empty_object_principal::CHECK,
    empty_sid_value::CHECK,
    equivalent_to_null_false::CHECK,
    equivalent_to_null_true::CHECK,
    improve_ip_range::CHECK,
    irrelevant_condition_key_in_policy::CHECK,
    null_with_qualifier::CHECK,
    private_ip_address_subset::CHECK,
    private_not_ip_address_subset::CHECK,
    recommended_condition_key_for_service_principal::CHECK,
    redundant_action::CHECK,
    redundant_condition_value_num::CHECK,
    redundant_key_due_to_wildcard_in_condition::CHECK,
    redundant_principal_in_role_trust_policy::CHECK,
    redundant_resource::CHECK,
    redundant_statement::CHECK,
    redundant_statement_due_to_wildcard_in_condition::CHECK,
    wildcard_in_service_name::CHECK,
];
