//! What the lists of findings have in common.

use ringfence_findings::field::Use;
use ringfence_findings::finding::Finding;
use ringfence_findings::observation::FindingType;
use ringfence_findings::sort::{OrderBy, SortBy};
use ringfence_store::list::FindingsQuery;
use serde_json::{Value, json};

use crate::api::Exception;
use crate::pagination::Page;
use crate::service::Call;
use crate::stored::{filter, text, wire};

/// A page of an analyzer's findings, each as `write` writes it.
pub(crate) async fn findings(
    call: &Call<'_>,
    operation: &str,
    input: &Value,
    write: fn(&Finding) -> Value,
) -> Result<Value, Exception> {
    let page = Page::read(call, operation, input)?;
    let filter = filter(input, Use::List)?;
    let (sort, order) = sort(input)?;
    let cursor = page.cursor();
    let query =
        FindingsQuery { filter: &filter, sort, order, after: cursor.as_ref(), most: page.size };
    let list = call.service.store.list_findings(text(input, "analyzerArn"), &query).await?;
    let findings: Vec<Value> = list.items.iter().map(write).collect();
    let mut output = json!({ "findings": findings });
    wire::put(&mut output, "nextToken", page.next(call, list.next).map(Value::from));
    Ok(output)
}

/// Refuses an analyzer that is not of external access: the first version of the findings API knows no other.
///
/// # Errors
/// `ValidationException`; `ResourceNotFoundException` where there is no such analyzer.
pub(crate) async fn require_external(call: &Call<'_>, analyzer: &str) -> Result<(), Exception> {
    let found = call.service.store.analyzer(analyzer).await?;
    match found.analyzer_type.finding_type() {
        FindingType::ExternalAccess => Ok(()),
        FindingType::InternalAccess => Err(Exception::field(
            "analyzerArn",
            "is not an analyzer of external access: use the operations with V2 in their name",
        )),
    }
}

fn sort(input: &Value) -> Result<(SortBy, OrderBy), Exception> {
    let member = |name: &str| input.get("sort")?.get(name)?.as_str();
    let sort = match member("attributeName") {
        None => SortBy::default(),
        Some(name) => SortBy::parse(name).ok_or_else(|| {
            Exception::field("sort.attributeName", "is not an attribute that findings sort by")
        })?,
    };
    let order = match member("orderBy") {
        Some("DESC") => OrderBy::Desc,
        _ => OrderBy::Asc,
    };
    Ok((sort, order))
}
