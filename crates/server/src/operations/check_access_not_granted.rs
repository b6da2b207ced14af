#![doc = include_str!("check_access_not_granted.md")]

use ringfence_reasoning::wording::ACCESS_NOT_GRANTED;
use ringfence_reasoning::{Access, check_access_not_granted};

use super::{Operation, compute, read, reply};
use crate::api::Exception;
use crate::api::exception::ExceptionKind;
use crate::api::types::{
    CheckAccessNotGrantedRequest, CheckAccessNotGrantedResponse, CheckAccessNotGrantedResult,
};
use crate::authorization::Target;
use crate::verdict::{Verdict, policy};

pub(super) const OPERATION: Operation = Operation {
    name: "CheckAccessNotGranted",
    action: "CheckAccessNotGranted",
    target: Target::Any,
    differs: "a check that cannot be decided answers FAIL with a reason that says so",
    answer: |_, input| Box::pin(async move { reply(run(read(input)?).await?) }),
};

async fn run(
    input: CheckAccessNotGrantedRequest,
) -> Result<CheckAccessNotGrantedResponse, Exception> {
    let document = policy("policyDocument", &input.policy_document)?;
    let access: Vec<Access> = input
        .access
        .into_iter()
        .map(|own| Access {
            actions: own.actions.unwrap_or_default(),
            resources: own.resources.unwrap_or_default(),
        })
        .collect();
    let says_nothing = |own: &Access| own.actions.is_empty() && own.resources.is_empty();
    if access.is_empty() || access.iter().any(says_nothing) {
        let message = "`access` must list at least one action or one resource";
        return Err(Exception::new(ExceptionKind::InvalidParameter, message));
    }
    let verdict = compute(move || {
        let answer = check_access_not_granted(&document, &access);
        Verdict::new(answer, &document, &ACCESS_NOT_GRANTED)
    })
    .await?;
    Ok(CheckAccessNotGrantedResponse {
        result: Some(match verdict.passes {
            true => CheckAccessNotGrantedResult::Pass,
            false => CheckAccessNotGrantedResult::Fail,
        }),
        message: Some(verdict.message),
        reasons: verdict.reasons,
    })
}
