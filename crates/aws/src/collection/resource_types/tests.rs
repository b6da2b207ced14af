//! The page of a resource type says what its unit does.

use std::collections::BTreeSet;
use std::path::Path;

use super::RESOURCE_TYPES;

/// The page beside a unit, by the CloudFormation type that it names.
fn page(resource_type: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/collection/resource_types");
    let is_page = |path: &Path| path.extension().is_some_and(|extension| extension == "md");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let pages =
        paths.filter(|path| is_page(path)).map(|path| std::fs::read_to_string(path).unwrap());
    let named = format!("Type: `{resource_type}`.");
    let mut found: Vec<String> =
        pages.filter(|text| text.lines().any(|line| line == named)).collect();
    assert_eq!(found.len(), 1, "{resource_type}");
    found.remove(0)
}

#[test]
fn a_page_lists_the_actions_of_its_unit() {
    for unit in RESOURCE_TYPES {
        let resource_type = unit.resource_type.unwrap();
        let text = page(resource_type);
        let rows = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
        let listed: Vec<&str> = rows.map(|(action, _)| action).collect();
        assert_eq!(listed, unit.actions, "{resource_type}");
        assert_eq!(unit.actions.iter().collect::<BTreeSet<_>>().len(), unit.actions.len());
        let absent = unit.absent.map_or(&[][..], |absent| absent.partitions);
        for partition in absent {
            assert!(text.contains(&format!("`{partition}`")), "{resource_type}: {partition}");
        }
    }
}
