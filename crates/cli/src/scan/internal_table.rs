//! Internal access findings as people read them.

use std::io::{self, Write};

use ringfence_access::internal::{
    InternalAccessType, InternalObservation, PrincipalType, Restriction,
};

use super::table::{Table, What, risk};
use crate::text::visible;

impl Table<'_> {
    pub(super) fn write_internal(
        &self,
        writer: &mut Vec<u8>,
        finding: &InternalObservation,
    ) -> io::Result<()> {
        let style = self.output.palette.doubt;
        writeln!(writer, "  {style}INTERNAL{style:#}  {}", visible(&finding.principal))?;
        self.field(writer, "who", &who(finding))?;
        let InternalObservation { action, access_levels, condition, sources, .. } = finding;
        self.what(writer, &What { action, access_levels, condition, sources })?;
        self.places(writer, &finding.granted_by)?;
        self.witness(writer, &finding.witness)?;
        for (name, policies, restriction) in [
            ("SCP", "service control policies", finding.service_control_policy_restriction),
            ("RCP", "resource control policies", finding.resource_control_policy_restriction),
        ] {
            if let Some(text) = said(restriction) {
                self.field(writer, name, &format!("{policies} {text}"))?;
            }
        }
        self.field(writer, "risk", &risk(&finding.risk))
    }
}

fn who(finding: &InternalObservation) -> String {
    let kind = match finding.principal_type {
        PrincipalType::IamRole => "a role",
        PrincipalType::IamUser => "a user",
    };
    let account = &finding.principal_owner_account;
    match finding.access_type {
        InternalAccessType::IntraAccount => format!("{kind} of the same account"),
        InternalAccessType::IntraOrg => format!("{kind} of account {account}, in the organization"),
    }
}

/// What the policies do; nothing where there are none.
fn said(restriction: Restriction) -> Option<&'static str> {
    match restriction {
        Restriction::NotApplicable => None,
        Restriction::Applied => Some("are there; what they forbid is taken off"),
        Restriction::Applicable => Some("are there and may restrict this"),
        Restriction::FailedToEvaluate => Some("could not be read; they may restrict this"),
    }
}
