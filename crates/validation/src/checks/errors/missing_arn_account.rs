#![doc = include_str!("missing_arn_account.md")]

use crate::arn::{ArnText, Field, Fit};
use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "MISSING_ARN_ACCOUNT",
    finding_type: FindingType::Error,
    page: include_str!("missing_arn_account.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for resource in document.resources() {
        let arn = resource.arn.filter(|arn| arn.account.is_empty() && !can_be_of_aws(*arn));
        if let Some(arn) = arn
            && let Fit::Some { account: Field::Filled, .. } = resource.fit()
        {
            let details = format!(
                "ARNs of this type of `{}` have an account, and this one matches none. Add the account id, or `*` \
                 for all.",
                arn.service
            );
            report.at(resource.text.span, details);
        }
    }
}

/// Some resources belong to AWS and have no account, such as the documents and public parameters of AWS Systems
/// Manager. AWS accepts ARNs without account in any Region, as its answers on managed policies show.
fn can_be_of_aws(arn: ArnText<'_>) -> bool {
    arn.service == "ssm" || arn.region.contains(['*', '?'])
}
