//! From method and path to an operation and the labels of its path.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use super::model::OperationModel;
use super::shapes::OPERATIONS;

/// Where a request goes.
#[derive(Debug)]
pub(crate) enum Route {
    /// To an operation, with the labels of its path.
    To(&'static OperationModel, BTreeMap<&'static str, String>),
    /// The path exists, with other methods.
    OtherMethod,
    /// No operation has the path.
    Unknown,
}

/// Finds the operation. A label is one segment, percent-decoded once; the last label of `/tags/{resourceArn}` takes
/// the rest of the path, because clients send the slash of an ARN both raw and encoded.
///
/// A path with an empty segment, `.` or `..` leads nowhere: signatures are made over paths in which these are
/// removed, so that two paths would have one signature.
pub(crate) fn route(method: &str, path: &str) -> Route {
    let Some(segments) = segments(path) else { return Route::Unknown };
    let mut found = Route::Unknown;
    for operation in OPERATIONS {
        let Some(labels) = labels(operation.uri, &segments) else { continue };
        if operation.method == method {
            return Route::To(operation, labels);
        }
        found = Route::OtherMethod;
    }
    found
}

impl std::fmt::Debug for OperationModel {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

fn segments(path: &str) -> Option<Vec<String>> {
    let decode = |segment: &str| percent_decode_str(segment).decode_utf8().ok().map(String::from);
    let segments: Vec<String> =
        path.strip_prefix('/')?.split('/').map(decode).collect::<Option<_>>()?;
    let is_clear = |segment: &String| !matches!(segment.as_str(), "" | "." | "..");
    segments.iter().all(is_clear).then_some(segments)
}

fn labels(template: &'static str, segments: &[String]) -> Option<BTreeMap<&'static str, String>> {
    let mut labels = BTreeMap::new();
    let mut rest = segments.iter();
    let parts: Vec<&'static str> = template.trim_start_matches('/').split('/').collect();
    for part in &parts {
        let segment = rest.next()?;
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some("resourceArn") => {
                let whole: Vec<&str> =
                    std::iter::once(segment).chain(rest.by_ref()).map(String::as_str).collect();
                labels.insert("resourceArn", whole.join("/"));
            }
            Some(name) => {
                labels.insert(name, segment.clone());
            }
            None if part == segment => {}
            None => return None,
        }
    }
    rest.next().is_none().then_some(labels)
}
