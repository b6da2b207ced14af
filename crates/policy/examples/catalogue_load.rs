//! How long it takes to read all of the service catalogue, and how long one look-up takes in a fresh process:
//! `cargo run --release -p ringfence-policy --example catalogue_load`.

use std::time::Instant;

use ringfence_policy::catalogue::Catalogue;

fn main() {
    let start = Instant::now();
    let catalogue = Catalogue::embedded();
    let services = catalogue.services().count();
    report("list of services", start);

    let start = Instant::now();
    let found = catalogue.action("s3:GetObject").is_some();
    report(if found { "first action of a service" } else { "NO ACTION FOUND" }, start);

    let start = Instant::now();
    let found = catalogue.action("s3:PutObject").is_some();
    report(if found { "second action of it" } else { "NO ACTION FOUND" }, start);

    let start = Instant::now();
    let found = catalogue.condition_key("s3:prefix").is_some();
    report(if found { "first condition key" } else { "NO CONDITION KEY FOUND" }, start);

    let start = Instant::now();
    let matched = catalogue.match_actions("ec2:Describe*").count();
    report("first `ec2:Describe*`", start);

    let start = Instant::now();
    let actions = catalogue.match_actions("*").count();
    report("every action", start);

    let start = Instant::now();
    let mut details = 0;
    for action in catalogue.match_actions("*") {
        details += action.condition_keys().count() + action.sdk_operations().count();
        details += action.resource_types().map(|of| of.condition_keys().count()).sum::<usize>();
    }
    report("every detail of every action", start);
    println!(
        "{services} services, {actions} actions, {matched} of them matched, {details} details"
    );
}

fn report(what: &str, start: Instant) {
    println!("{what:30} {:>10.1} µs", start.elapsed().as_secs_f64() * 1e6);
}
