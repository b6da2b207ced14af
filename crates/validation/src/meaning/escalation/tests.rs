//! The table of paths against the service catalogue.

use ringfence_policy::parse_policy;

use super::paths::PATHS;
use super::search;
use crate::document::catalogue;
use crate::glob::overlaps;

/// Each action exists, and acts on resources of the form that the table has for it.
#[test]
fn steps_are_those_of_the_catalogue() {
    for step in PATHS.iter().flat_map(|path| path.steps) {
        let (service, name) = step.action.split_once(':').unwrap();
        let service = catalogue().service(service).unwrap_or_else(|| panic!("{}", step.action));
        let action = service.action(name).unwrap_or_else(|| panic!("{}", step.action));
        let form = super::target::pattern(step.resource);
        let formats: Vec<&str> =
            action.resource_types().flat_map(|own| own.resource_type().arn_formats()).collect();
        assert!(
            formats.is_empty() || formats.iter().any(|own| overlaps(&form, own)),
            "{} {form} {formats:?}",
            step.action
        );
    }
    let mut names: Vec<String> = PATHS.iter().map(super::Path::name).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!((names.len(), count > 45), (count, true));
}

/// A policy that allows just the steps of a path opens it, and without any one of them it does not.
#[test]
fn every_path_needs_each_of_its_steps() {
    for path in PATHS {
        let actions: Vec<&str> = path.steps.iter().map(|step| step.action).collect();
        let policy = |actions: &[&str]| {
            let list: Vec<String> = actions.iter().map(|own| format!("\"{own}\"")).collect();
            let text = format!(
                r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": [{}], "Resource": "*"}}}}"#,
                list.join(", ")
            );
            parse_policy(&text).sound().unwrap()
        };
        let names = |actions: &[&str]| -> Vec<String> {
            search(&policy(actions)).found.into_iter().flat_map(|own| own.paths).collect()
        };
        assert!(names(&actions).contains(&path.name()), "{}", path.name());
        for left_out in 0..actions.len() {
            let mut fewer = actions.clone();
            fewer.remove(left_out);
            assert!(!names(&fewer).contains(&path.name()), "{} without {left_out}", path.name());
        }
    }
}
