//! A change that closes a finding's access, and what is proved of it.

use serde::{Deserialize, Serialize};

use crate::slot::{Slot, Target};

/// One slot, before and after. Nothing stands for a slot that holds nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Edit {
    /// What is changed.
    #[serde(flatten)]
    pub slot: Slot,
    /// The value it had when the plan was made.
    pub before: Option<String>,
    /// The value it gets.
    pub after: Option<String>,
}

/// How the access is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Means {
    /// A statement that denies the principal.
    Deny,
    /// A statement that denies everybody but the zone of trust and AWS's services.
    ConditionalDeny,
    /// What let the principal in is taken out.
    Removal,
    /// A setting that blocks public access.
    Block,
}

/// The smallest change that closes exactly the access of one finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The finding.
    pub finding_id: String,
    /// The resource.
    pub target: Target,
    /// How it is closed.
    pub means: Means,
    /// The Sid of the statement that is added; nothing where none is.
    pub sid: Option<String>,
    /// What is written, in this order.
    pub edits: Vec<Edit>,
    /// What is proved of the change.
    pub proof: Proof,
}

impl Plan {
    /// What identifies the change: SHA-256, in hexadecimal, of the target and the edits as JSON with the members of each
    /// object in alphabetical order. Whoever agrees to a plan agrees to this.
    #[must_use]
    pub fn hash(&self) -> String {
        let text = sorted(serde_json::json!({ "edits": self.edits, "target": self.target }));
        let digest = ring::digest::digest(&ring::digest::SHA256, text.to_string().as_bytes());
        digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// `value` with the members of all its objects in alphabetical order.
pub(crate) fn sorted(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members.into_iter().collect();
            members.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(members.into_iter().map(|(key, own)| (key, sorted(own))).collect())
        }
        Value::Array(all) => Value::Array(all.into_iter().map(sorted).collect()),
        other => other,
    }
}

/// What is proved of a plan, claim by claim, on the policies the plan was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Proof {
    /// After the change, nobody gets in the way that the finding describes.
    pub closes: Claim,
    /// Nothing that anyone inside the zone of trust could do is lost.
    pub keeps: Claim,
    /// Nothing is allowed that was not before.
    pub adds_nothing: Claim,
    /// The account can still administer the resource.
    pub administrable: Claim,
    /// The checks of ValidatePolicy find nothing in what is written that they did not find before.
    pub valid: Claim,
}

/// Whether a claim was proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "claim", rename_all = "camelCase")]
pub enum Claim {
    /// It holds for every request.
    Proved,
    /// It does not: a request, or a finding of a check, shows it.
    Refuted {
        /// What happens, for a person.
        what: String,
        /// A scenario without policies; null where there is none to show.
        witness: serde_json::Value,
    },
    /// It was not decided.
    Unknown {
        /// The limit that was hit.
        why: String,
    },
}

/// What may be done with a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Everything is proved: it may be applied without asking.
    Automatic,
    /// Something inside is lost, and everything else is proved: a person has to agree.
    Approval,
    /// Never: it does not close the finding, opens something, or cannot be administered afterwards.
    Never,
}

impl Proof {
    /// What may be done with a plan of which this is proved. What is unknown is not proved.
    #[must_use]
    pub fn admission(&self) -> Admission {
        let needed = [&self.closes, &self.adds_nothing, &self.administrable, &self.valid];
        if needed.iter().any(|claim| **claim != Claim::Proved) {
            return Admission::Never;
        }
        match self.keeps {
            Claim::Proved => Admission::Automatic,
            Claim::Refuted { .. } | Claim::Unknown { .. } => Admission::Approval,
        }
    }
}
