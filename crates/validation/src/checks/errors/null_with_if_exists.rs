#![doc = include_str!("null_with_if_exists.md")]

use crate::checks::Check;
use crate::document::Document;
use crate::finding::FindingType;
use crate::report::Report;

pub(super) const CHECK: Check = Check {
    issue_code: "NULL_WITH_IF_EXISTS",
    finding_type: FindingType::Error,
    page: include_str!("null_with_if_exists.md"),
    run,
};

fn run(document: &Document<'_>, report: &mut Report<'_>) {
    for block in document.statements.iter().flat_map(|statement| &statement.operators) {
        let name = block.name.value;
        let Some(start) = name.len().checked_sub("NullIfExists".len()) else { continue };
        let Some((qualifier, base)) = name.split_at_checked(start) else { continue };
        if base.eq_ignore_ascii_case("NullIfExists")
            && (qualifier.is_empty() || qualifier.ends_with(':'))
        {
            let details = "`Null` asks whether a key is there, so `IfExists` has no meaning with it. Write `Null`.";
            report.replace(block.name.span, format!("\"{qualifier}Null\""), details);
        }
    }
}
