//! All of the data can be read, refers only to what is there, and is not read before it is asked for.

use super::*;
use crate::catalogue::condition_key::ConditionKeys;
use crate::catalogue::global_condition_keys::GLOBAL_CONDITION_KEYS;

/// Counts of `data/catalogue/README.md`, so that a file and its reader cannot lose lines unnoticed.
#[test]
fn everything_is_read() {
    let catalogue = Catalogue::embedded();
    let lines =
        |text: &str, start: &str| text.lines().filter(|line| line.starts_with(start)).count();
    let Texts { services, condition_keys, actions } = EMBEDDED;
    assert_eq!(catalogue.services().count(), services.lines().count());
    assert_eq!(ConditionKeys::read(condition_keys).iter().count(), condition_keys.lines().count());
    assert_eq!(catalogue.match_actions("*").count(), lines(actions, "A\t"));
    assert_eq!(
        catalogue.services().flat_map(Service::resource_types).count(),
        lines(actions, "R\t")
    );
    let readme = include_str!("../../../../../data/catalogue/README.md");
    let counts =
        format!("{} services, {} actions", services.lines().count(), lines(actions, "A\t"));
    assert!(readme.contains(&counts), "{counts}");
    let sections: usize = services.lines().map(length_of_section).sum();
    assert_eq!(sections, actions.len());
}

fn length_of_section(line: &str) -> usize {
    line.split('\t').nth(2).unwrap().parse().unwrap()
}

#[test]
fn every_table_is_sorted() {
    fn assert_sorted<'a>(names: impl IntoIterator<Item = &'a str>) {
        let names: Vec<_> = names.into_iter().collect();
        assert!(names.is_sorted_by(|a, b| name::compare(a, b).is_lt()), "{names:?}");
    }
    let catalogue = Catalogue::embedded();
    assert_sorted(catalogue.services().map(Service::prefix));
    assert_sorted(catalogue.service_condition_keys().map(ConditionKey::name));
    for service in catalogue.services() {
        assert_sorted(service.actions().map(Action::name));
        assert_sorted(service.resource_types().map(ResourceType::name));
        assert_sorted(service.section().operations.iter().map(|operation| operation.name));
        assert_sorted(service.condition_keys().map(ConditionKey::name));
    }
}

/// Every number and name of a list leads to something: reading drops what does not.
#[test]
fn every_list_is_whole() {
    let count = |list: &str| list.split(' ').filter(|word| !word.is_empty()).count();
    for service in Catalogue::embedded().services() {
        let section = service.section();
        assert_eq!(service.condition_keys().count(), section.condition_keys.len(), "{service:?}");
        for line in section_text(service).lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            match fields[..] {
                ["A", name, levels, _, resource_types, _, operations] => {
                    let action = service.action(name).unwrap();
                    assert_eq!(action.access_levels().iter().count(), levels.len(), "{line}");
                    assert_eq!(action.resource_types().count(), count(resource_types), "{line}");
                    assert_eq!(action.sdk_operations().count(), count(operations), "{line}");
                }
                ["O", name, actions] => {
                    let known = service.operation_actions(name);
                    assert_eq!(known.len(), count(actions), "{line}");
                    let this = |operation: SdkOperation| {
                        (operation.service, operation.name) == (service.prefix(), name)
                    };
                    assert!(known.iter().all(|action| action.sdk_operations().any(this)), "{line}");
                }
                ["R", name, formats, _] => {
                    let resource_type = service.resource_type(name).unwrap();
                    assert_eq!(resource_type.arn_formats().count(), count(formats), "{line}");
                    assert!(
                        resource_type.arn_formats().all(|arn| arn.starts_with("arn:")),
                        "{line}"
                    );
                }
                ["K", _] | ["S", _] => {}
                _ => panic!("{line}"),
            }
        }
        let sets = section_text(service).lines().filter_map(|line| line.strip_prefix("S\t"));
        for (place, set) in sets.enumerate() {
            assert_eq!(
                section.key_set(&place.to_string()).count(),
                count(set),
                "{service:?} {place}"
            );
        }
    }
}

#[test]
fn every_set_of_condition_keys_exists() {
    for service in Catalogue::embedded().services() {
        let sets = section_text(service).lines().filter(|line| line.starts_with("S\t")).count();
        let exists = |set: &str| set.is_empty() || set.parse::<usize>().unwrap() < sets;
        for line in section_text(service).lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            match fields[..] {
                ["A", _, _, _, resource_types, set, _] => {
                    assert!(exists(set), "{line}");
                    let of_types =
                        resource_types.split(' ').filter_map(|word| word.split_once(':'));
                    assert!(of_types.map(|(_, set)| set).all(exists), "{line}");
                }
                ["R", _, _, set] => assert!(exists(set), "{line}"),
                _ => {}
            }
        }
    }
}

fn section_text(service: Service<'_>) -> &'static str {
    let mut sections = EMBEDDED.actions;
    for line in EMBEDDED.services.lines() {
        let (section, rest) = sections.split_at(length_of_section(line));
        if line.split('\t').next() == Some(service.prefix()) {
            return section;
        }
        sections = rest;
    }
    panic!("{service:?}")
}

#[test]
fn a_look_up_reads_one_service() {
    let catalogue = Catalogue::read(EMBEDDED);
    let read = |catalogue: &Catalogue| -> Vec<_> {
        catalogue
            .services
            .iter()
            .filter(|record| record.is_read())
            .map(|record| record.prefix)
            .collect()
    };
    assert_eq!(catalogue.rcp_services().count(), 62);
    assert_eq!(read(&catalogue), Vec::<&str>::new());
    assert!(catalogue.condition_keys.get().is_none());
    assert!(catalogue.action("sqs:SendMessage").is_some());
    assert_eq!(
        catalogue.match_actions("s3:Get*").filter(|action| action.name() == "GetObject").count(),
        1
    );
    assert_eq!(read(&catalogue), ["s3", "sqs"]);
    assert!(catalogue.condition_keys.get().is_none());
}

#[test]
fn text_that_is_not_of_the_form_is_left_out() {
    let text = "K\ta:one\nS\t0 7 x\nR\nR\ttype\tarn:a\t0\nA\tNo\tW\nA\tDo\tWX\tgl\t0*:0 9 x\t5\t=\nZ\tz\n\n";
    assert_eq!(text.len(), 69);
    let catalogue = |services| {
        Catalogue::read(Texts {
            services,
            condition_keys: "a:one\tString\nb\nc:d\tText\n",
            actions: text,
        })
    };
    assert_eq!(catalogue("a\tA\t70\tr\n").services().count(), 0);
    let catalogue = catalogue("a\tA\t69\tr\nb\tB\tmany\tr\nc\tC\t0\t-\n");
    let service = catalogue.services().next().unwrap();
    assert_eq!(catalogue.services().count(), 1);
    assert!(service.actions().map(Action::name).eq(["Do"]));
    let action = service.action("do").unwrap();
    assert!(action.access_levels().iter().eq([AccessLevel::Write]));
    assert_eq!(action.condition_keys().count(), 0);
    let resource_types: Vec<_> = action.resource_types().collect();
    assert_eq!(resource_types.len(), 1);
    assert!(resource_types[0].condition_keys().map(ConditionKey::name).eq(["a:one"]));
    assert_eq!(action.dependent_actions(), []);
    assert!(catalogue.condition_key("c:d").is_none());
}

#[test]
fn global_keys_agree_with_the_services() {
    let mut seen = BTreeSet::new();
    for global in GLOBAL_CONDITION_KEYS {
        assert!(seen.insert(global.name.to_ascii_lowercase()), "{global:?} twice");
        let keys = ConditionKeys::read(EMBEDDED.condition_keys);
        let Some(of_service) = keys.iter().find(|key| key.name.eq_ignore_ascii_case(global.name))
        else {
            assert!(global.name.starts_with("aws:"), "{global:?}");
            continue;
        };
        assert_eq!(of_service.values, global.values, "{global:?}");
        assert!(global.value_types.contains(&of_service.value_type()), "{global:?}");
    }
    let others =
        Catalogue::embedded().service_condition_keys().filter(|key| key.name.starts_with("aws:"));
    assert!(others.into_iter().all(ConditionKey::is_global));
}
