#![doc = include_str!("check_no_public_access.md")]

use ringfence_reasoning::check_no_public_access;
use ringfence_reasoning::wording::NO_PUBLIC_ACCESS;

use super::{Operation, compute, read, reply};
use crate::api::Exception;
use crate::api::types::{
    CheckNoPublicAccessRequest, CheckNoPublicAccessResponse, CheckNoPublicAccessResult,
};
use crate::authorization::Target;
use crate::verdict::{Verdict, policy};

pub(super) const OPERATION: Operation = Operation {
    name: "CheckNoPublicAccess",
    action: "CheckNoPublicAccess",
    target: Target::Any,
    differs: "a check that cannot be decided answers FAIL with a reason that says so",
    answer: |_, input| Box::pin(async move { reply(run(read(input)?).await?) }),
};

async fn run(input: CheckNoPublicAccessRequest) -> Result<CheckNoPublicAccessResponse, Exception> {
    let document = policy("policyDocument", &input.policy_document)?;
    let verdict = compute(move || {
        Verdict::new(check_no_public_access(&document), &document, &NO_PUBLIC_ACCESS)
    })
    .await?;
    Ok(CheckNoPublicAccessResponse {
        result: Some(match verdict.passes {
            true => CheckNoPublicAccessResult::Pass,
            false => CheckNoPublicAccessResult::Fail,
        }),
        message: Some(verdict.message),
        reasons: verdict.reasons,
    })
}
