#![doc = include_str!("check_no_new_access.md")]

use ringfence_reasoning::check_no_new_access;
use ringfence_reasoning::wording::NO_NEW_ACCESS;

use super::{Operation, compute, read, reply};
use crate::api::Exception;
use crate::api::types::{
    CheckNoNewAccessRequest, CheckNoNewAccessResponse, CheckNoNewAccessResult,
};
use crate::authorization::Target;
use crate::verdict::{Verdict, policy};

pub(super) const OPERATION: Operation = Operation {
    name: "CheckNoNewAccess",
    action: "CheckNoNewAccess",
    target: Target::Any,
    differs: "a check that cannot be decided answers FAIL with a reason that says so",
    answer: |_, input| Box::pin(async move { reply(run(read(input)?).await?) }),
};

async fn run(input: CheckNoNewAccessRequest) -> Result<CheckNoNewAccessResponse, Exception> {
    let existing = policy("existingPolicyDocument", &input.existing_policy_document)?;
    let new = policy("newPolicyDocument", &input.new_policy_document)?;
    let verdict = compute(move || {
        let answer = check_no_new_access(&existing, &new);
        Verdict::new(answer, &new, &NO_NEW_ACCESS)
    })
    .await?;
    Ok(CheckNoNewAccessResponse {
        result: Some(match verdict.passes {
            true => CheckNoNewAccessResult::Pass,
            false => CheckNoNewAccessResult::Fail,
        }),
        message: Some(verdict.message),
        reasons: verdict.reasons,
    })
}
