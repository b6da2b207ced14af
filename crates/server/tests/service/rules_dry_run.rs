//! `rules dry-run`: what rules would decide about the findings that a service has stored.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::clients::{payments, script};
use crate::running::{Folder, Running, create_key, run};
use crate::seed::{ANALYZER, block_on, store};

const RULES: &str = r#"
@id("queues")
permit (principal, action == Action::"Archive", resource)
when { resource.resourceType == "AWS::SQS::Queue" };

@id("strangers")
permit (principal, action == Action::"Resolve", resource)
when { resource.resourceType == "AWS::IAM::Role" && context has partner && !context.partner.known };

@id("tagged")
permit (principal, action == Action::"Propose", resource)
when { resource.resourceType == "AWS::S3::Bucket" && context has tags && context.tags.hasTag("owner") };

@id("public-buckets")
permit (principal, action == Action::"Archive", resource)
when { resource.isPublic };
"#;

/// How often which action was decided by which rules, as the text says it below its list.
fn counts(text: &str) -> BTreeMap<String, u64> {
    let (_, counts) = text.rsplit_once("\n\n").expect("an empty line is before the counts");
    let count = |line: &str| {
        let (number, decision) = line.trim().split_once("  ").unwrap();
        (decision.split_whitespace().collect::<Vec<_>>().join(" "), number.parse().unwrap())
    };
    counts.lines().map(count).collect()
}

#[test]
#[ignore = "needs boto3: `cargo xtask test` sets it up"]
fn rules_are_tried_on_what_is_stored_and_nothing_is_done() {
    let folder = Folder::new();
    let source = payments(&folder);
    let environment = source.to_str().unwrap();
    let key = create_key(&folder, &["--account", "111122223333", "--full-access"]);
    let service = Running::start(&folder, &["--source", environment]);
    let own = [("AWS_ACCESS_KEY_ID", &*key.id), ("AWS_SECRET_ACCESS_KEY", &*key.secret)];
    let printed = script("analyzed.py", &service, &own);
    let active: BTreeSet<&str> = printed.lines().collect();
    assert!(active.len() > 5, "{printed}");
    let rules = folder.path().join("rules");
    std::fs::create_dir(&rules).unwrap();
    std::fs::write(rules.join("a.cedar"), RULES).unwrap();
    let partners = folder.path().join("partners.toml");
    std::fs::write(&partners, "").unwrap();
    let (rules, partners) = (rules.to_str().unwrap(), partners.to_str().unwrap());
    let dry = |rest: &[&str]| {
        let (code, out, err) = run(&folder, &[&["rules", "dry-run", rules], rest].concat());
        assert_eq!(code, Some(0), "{err}");
        out
    };

    // Each finding has its line, and the counts are of the lines. The service runs meanwhile.
    let text = dry(&["--environment", environment, "--partners", partners]);
    let lines: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.split("  ").next())
        .filter(|id| active.contains(id))
        .collect();
    assert_eq!(lines, active, "{text}");
    let counted = counts(&text);
    assert_eq!(counted.values().sum::<u64>(), active.len() as u64, "{text}");
    assert_eq!(counted["Archive queues"], 2, "{text}");
    assert!(counted["Resolve strangers"] >= 1 && counted["Notify no rule"] >= 1, "{text}");
    assert!(counted["Propose tagged"] >= 1, "{text}");

    // The same as objects.
    let objects: Vec<Value> =
        dry(&["--environment", environment, "--partners", partners, "--json"])
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
    let mut of_objects = BTreeMap::new();
    for own in &objects {
        assert!(active.contains(own["finding"].as_str().unwrap()), "{own}");
        assert!(own["riskScore"]["score"].as_u64().is_some_and(|score| score <= 100), "{own}");
        let rules: Vec<&str> = own["decision"]["rules"]
            .as_array()
            .unwrap()
            .iter()
            .map(|own| own.as_str().unwrap())
            .collect();
        let by = if rules.is_empty() { "no rule".to_owned() } else { rules.join(", ") };
        let action = own["decision"]["action"].as_str().unwrap();
        *of_objects.entry(format!("{action} {by}")).or_default() += 1;
    }
    assert_eq!(of_objects, counted);

    // Without partners and environment less is known, and a rule that asks for it decides nothing.
    let unknown = counts(&dry(&[]));
    assert!(!unknown.contains_key("Resolve strangers"), "{unknown:?}");
    assert!(!unknown.keys().any(|own| own.contains("tagged")), "{unknown:?}");

    // Rules that are wrong are refused, and a folder that is not there as well.
    std::fs::write(
        format!("{rules}/b.cedar"),
        "@id(\"b\") permit (principal, action, resource) when { x };",
    )
    .unwrap();
    let (code, out, _) = run(&folder, &["rules", "dry-run", rules]);
    assert!(code == Some(3) && out.contains("b.cedar:1:"), "{out}");
    let (code, _, err) = run(&folder, &["rules", "dry-run", "/nowhere"]);
    assert!(code == Some(1) && err.contains("/nowhere"), "{err}");

    // Nothing was archived, planned or recorded.
    assert_eq!(service.terminate(), Some(0));
    block_on(async {
        let store = store(&folder, &[]).await;
        for id in &active {
            let finding = store.finding(ANALYZER, id).await.unwrap();
            assert_eq!(finding.status.as_str(), "ACTIVE", "{id}");
        }
        assert_eq!(store.record_end().await.unwrap().position, 0);
        store.close().await;
    });
}
