//! What is tried again beyond what the SDK tries again.

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority,
};

/// A token that is refused as expired may have been replaced in the meantime, by an assumed role's refresh or by whoever
/// renews the credentials; one that stays expired fails when the attempts are used up.
#[derive(Debug)]
pub(crate) struct ExpiredTokens;

impl ClassifyRetry for ExpiredTokens {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(response) = context.response() else { return RetryAction::NoActionIndicated };
        let status = response.status().as_u16();
        let body = response.body().bytes().unwrap_or_default();
        let expired = b"ExpiredToken";
        if (400..500).contains(&status) && body.windows(expired.len()).any(|part| part == expired) {
            return RetryAction::transient_error();
        }
        RetryAction::NoActionIndicated
    }

    fn name(&self) -> &'static str {
        "expired tokens"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}
