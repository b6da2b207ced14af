//! The pages of resource types name everything that is written of a resource.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::run::{content, json};

/// The pages, by the CloudFormation type that each names.
fn all() -> BTreeMap<String, String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../aws/src/collection/resource_types");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_page = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "md");
    let page = |path: PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let named = text.lines().find_map(|line| line.strip_prefix("Type: `")?.strip_suffix("`."));
        (named.unwrap().to_owned(), text)
    };
    paths.filter(is_page).map(page).collect()
}

/// Compares every resource of a snapshot with its page, and gives how many types there were.
pub(crate) fn name_what_is_written(out: &Path) -> usize {
    let pages = all();
    let mut seen = std::collections::BTreeSet::new();
    for name in content(out).keys().filter(|name| name.contains("/AWS-")) {
        let resource = json(&out.join(name));
        let resource_type = resource["resourceType"].as_str().unwrap();
        let page = pages.get(resource_type).unwrap_or_else(|| panic!("no page of {resource_type}"));
        let union = resource["configuration"].as_object().unwrap();
        let members = |value: &Value| value.as_object().cloned().unwrap_or_default();
        let written =
            union.keys().cloned().chain(union.values().flat_map(&members).map(|(name, _)| name));
        for member in
            written.chain(members(&resource["attributes"]).into_iter().map(|(name, _)| name))
        {
            assert!(
                page.contains(&format!("`{member}`")),
                "{resource_type}: `{member}` is not in the page"
            );
        }
        seen.insert(resource_type.to_owned());
    }
    seen.len()
}
