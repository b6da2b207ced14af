use super::*;
use model::*;

/// A service of its own making, with one of everything.
fn example() -> Catalogue {
    let keys = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let mut service =
        Service { prefix: "shop".into(), name: "A Shop".into(), ..Service::default() };
    for (name, value_type) in [("shop:Colour", "String"), ("shop:Sizes", "ArrayOfString")] {
        let key = ConditionKey { name: name.into(), value_type: value_type.into() };
        service.condition_keys.insert(folded(name), key);
    }
    let shelf = ResourceType {
        name: "Shelf".into(),
        arn_formats: vec!["arn:a".into(), "arn:b".into()],
        condition_keys: keys(&["shop:Colour"]),
    };
    service.resource_types.insert("shelf".into(), shelf);
    let on_shelf =
        ActionResourceType { required: true, condition_keys: keys(&["shop:Colour", "shop:Sizes"]) };
    let action = Action {
        name: "FillShelf".into(),
        levels: [Level::Tagging, Level::Write].into(),
        supported_by: Some(SupportedBy { policy_generation: true, last_accessed: false }),
        resource_types: [("shelf".into(), on_shelf)].into(),
        condition_keys: keys(&["shop:Sizes"]),
    };
    service.actions.insert("fillshelf".into(), action);
    for name in ["FillShelf", "FillShelves"] {
        let actions = [("shop".to_owned(), "FillShelf".to_owned())].into();
        service.operations.insert(folded(name), Operation { name: name.into(), actions });
    }
    [("shop".into(), service)].into()
}

#[test]
fn writes_the_documented_form() {
    let files = write::files(&example()).unwrap();
    let text = |name: &str| files.iter().find(|file| file.name == name).unwrap().text.as_str();
    let section = "K\tshop:Colour shop:Sizes\n\
                   S\t0\nS\t0 1\nS\t1\n\
                   R\tShelf\tarn:a arn:b\t0\n\
                   O\tFillShelves\tFillShelf\n\
                   A\tFillShelf\tWT\tg\t0*:1\t2\t= FillShelves\n";
    assert_eq!(text("actions.txt"), section);
    assert_eq!(text("services.tsv"), format!("shop\tA Shop\t{}\t-\n", section.len()));
    assert_eq!(text("condition_keys.tsv"), "shop:Colour\tString\nshop:Sizes\tArrayOfString\n");
}

#[test]
fn refuses_what_the_form_cannot_hold() {
    let mut catalogue = example();
    catalogue.get_mut("shop").unwrap().actions.get_mut("fillshelf").unwrap().name =
        "Fill shelf".into();
    assert!(write::files(&catalogue).is_err());

    let mut catalogue = example();
    catalogue.get_mut("shop").unwrap().condition_keys.clear();
    assert!(write::files(&catalogue).is_err());
}

#[test]
fn joins_both_sources() {
    let mut reference = example();
    let action = reference["shop"].actions["fillshelf"].clone();
    let shop = reference.get_mut("shop").unwrap();
    shop.actions.insert("emptyshelf".into(), Action { name: "EmptyShelf".into(), ..action });
    reference.insert("old".into(), Service { prefix: "old".into(), ..Service::default() });

    let mut ours = example();
    let shop = ours.get_mut("shop").unwrap();
    shop.operations.clear();
    let action = shop.actions.get_mut("fillshelf").unwrap();
    action.supported_by = None;
    action.levels = [Level::Read].into();

    let joined = join::join(
        &iam_data::IamData { version: String::new(), date: String::new(), catalogue: ours },
        &service_reference::ServiceReference { date: String::new(), catalogue: reference },
    );
    let shop = &joined.catalogue["shop"];
    assert_eq!(shop.actions["fillshelf"].levels, [Level::Read].into());
    assert!(shop.actions["fillshelf"].supported_by.is_some_and(|flags| flags.policy_generation));
    assert!(shop.actions.contains_key("emptyshelf"));
    assert_eq!(shop.operations.len(), 2);
    assert!(joined.catalogue.contains_key("old"));
    assert_eq!(joined.differences.access_levels, 1);
    assert_eq!(joined.differences.actions_only_in_reference, ["shop:EmptyShelf"]);
    assert_eq!(joined.differences.services_only_in_reference, ["old"]);
}
