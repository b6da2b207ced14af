//! The kinds of policy that AWS's checks tell apart.

/// `PolicyType` of ValidatePolicy and `AccessCheckPolicyType` of the custom checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyType {
    /// Attached to a user, group or role; permissions boundaries and session policies read the same.
    IdentityPolicy,
    /// Attached to a resource; names principals.
    ResourcePolicy,
    /// A service control policy of an organization.
    ServiceControlPolicy,
    /// A resource control policy of an organization.
    ResourceControlPolicy,
}

impl PolicyType {
    /// Reads AWS's name or the short one (`identity`, `resource`, `scp`, `rcp`), in any case.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "identity_policy" | "identity" => Some(Self::IdentityPolicy),
            "resource_policy" | "resource" => Some(Self::ResourcePolicy),
            "service_control_policy" | "scp" => Some(Self::ServiceControlPolicy),
            "resource_control_policy" | "rcp" => Some(Self::ResourceControlPolicy),
            _ => None,
        }
    }

    /// AWS's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IdentityPolicy => "IDENTITY_POLICY",
            Self::ResourcePolicy => "RESOURCE_POLICY",
            Self::ServiceControlPolicy => "SERVICE_CONTROL_POLICY",
            Self::ResourceControlPolicy => "RESOURCE_CONTROL_POLICY",
        }
    }
}
