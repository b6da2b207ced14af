//! The table of strategies in the documents is what the units say. `UPDATE_EXPECT=1 cargo test --release -p
//! ringfence-response --test resolution table` writes it.

use std::collections::BTreeSet;
use std::path::Path;

use ringfence_access::inventory::ResourceType;

use ringfence_response::resolution::STRATEGIES;

const HEAD: &str = "# Strategies of resolution

What closes a finding, by the type of its resource, and what cannot be closed and why. The units in
[crates/response/src/resolution/strategies](../crates/response/src/resolution/strategies) say it, each with examples of policy,
finding and plan; this table is generated from them by `UPDATE_EXPECT=1 cargo test --release -p ringfence-response --test resolution table`.

A plan is the mildest change that closes exactly the access of one finding. It is proved before it is shown: that it closes the
finding, that nobody inside the zone of trust and no AWS service loses anything, that nobody else gets in, that the account can
still administer the resource, and that ValidatePolicy's checks find nothing new. Where all is proved it may be applied without
asking; where somebody inside loses something, a person has to agree and sees who; anything else is never applied. A change that
would close another finding too is not offered.

| Resource type | Means | Closes | Cannot close, or not without a loss |
|---|---|---|---|
";

#[test]
fn the_documents_have_the_table() {
    let rows = STRATEGIES.iter().map(|own| {
        let page = page(own.resource_type);
        format!(
            "| [`{}`](../crates/response/src/resolution/strategies/{page}.md) | {} | {} | {} |\n",
            own.resource_type, own.how, own.closes, own.cannot
        )
    });
    let expected = format!("{HEAD}{}", rows.collect::<String>());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/resolution-strategies.md");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), expected);
}

/// The unit's name: that of the same type's unit of `access`.
fn page(resource_type: ResourceType) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/resolution/strategies");
    let wanted = resource_type.as_str().replace("AWS::", "").replace("::", "").to_lowercase();
    let names = std::fs::read_dir(folder).unwrap().map(|own| own.unwrap().file_name());
    let names = names.filter_map(|own| Some(own.to_str()?.strip_suffix(".md")?.to_owned()));
    names.into_iter().find(|own| own.replace('_', "") == wanted).unwrap()
}

#[test]
fn every_type_has_one_unit() {
    let own: BTreeSet<_> = STRATEGIES.iter().map(|own| own.resource_type).collect();
    assert_eq!(own.len(), STRATEGIES.len());
    assert_eq!(own, ResourceType::ALL.iter().copied().collect());
}
