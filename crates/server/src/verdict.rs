//! What the three custom policy checks answer with.

use ringfence_access::inventory::MAX_POLICY_BYTES;
use ringfence_policy::{PolicyDocument, Statement, parse_policy};
use ringfence_reasoning::wording::{UNKNOWN, Wording};
use ringfence_reasoning::{Answer, Refutation};

use crate::api::Exception;
use crate::api::exception::ExceptionKind;
use crate::api::types::ReasonSummary;

/// The answer of a check. One that is not decided does not pass.
pub(crate) struct Verdict {
    pub(crate) passes: bool,
    pub(crate) message: String,
    pub(crate) reasons: Option<Vec<ReasonSummary>>,
}

impl Verdict {
    /// Words the engine's answer about `policy`.
    pub(crate) fn new(answer: Answer, policy: &PolicyDocument, wording: &Wording) -> Self {
        let reason = |statement: &Statement| ReasonSummary {
            description: Some(wording.reason(statement)),
            statement_index: i64::try_from(statement.index).ok(),
            statement_id: statement.sid().map(str::to_owned),
        };
        match answer {
            Answer::Holds => Self { passes: true, message: wording.pass.to_owned(), reasons: None },
            Answer::Fails(Refutation { statements, .. }) => {
                let statements = statements.iter().filter_map(|at| policy.statements.get(*at));
                let reasons = Some(statements.map(reason).collect());
                Self { passes: false, message: wording.fail.to_owned(), reasons }
            }
            Answer::Unknown(limit) => {
                let reason = ReasonSummary {
                    description: Some(format!("A limit was reached: {limit}.")),
                    statement_index: None,
                    statement_id: None,
                };
                Self { passes: false, message: UNKNOWN.to_owned(), reasons: Some(vec![reason]) }
            }
        }
    }
}

/// Reads the policy in a member.
///
/// # Errors
/// `UnprocessableEntityException` where it is longer than any policy, `InvalidParameterException` with all its
/// problems where it is not a policy.
pub(crate) fn policy(member: &str, text: &str) -> Result<PolicyDocument, Exception> {
    if text.len() > MAX_POLICY_BYTES {
        let message = format!("`{member}` has more than {MAX_POLICY_BYTES} bytes");
        return Err(Exception::new(ExceptionKind::UnprocessableEntity, message));
    }
    parse_policy(text).sound().map_err(|problems| {
        let told: Vec<String> = problems.iter().map(|own| own.message.to_string()).collect();
        let message = format!("`{member}` is no policy: {}", told.join("; "));
        Exception::new(ExceptionKind::InvalidParameter, message)
    })
}
