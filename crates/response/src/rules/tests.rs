use std::path::Path;

use super::cases::Cases;
use super::*;
use crate::context::Fact;
use crate::decision::Decision;

fn load(text: &str) -> RuleSet {
    RuleSet::load(&[("r.cedar".to_owned(), text.to_owned())]).unwrap()
}

fn problems(text: &str) -> Vec<String> {
    let found = RuleSet::load(&[("r.cedar".to_owned(), text.to_owned())]).unwrap_err();
    found.iter().map(ToString::to_string).collect()
}

/// What rules decide about the case that `case` describes.
fn decide(rules: &str, case: &str) -> Decision {
    let text = format!("[[case]]\nname = \"c\"\nexpect = \"Notify\"\n{case}");
    let cases = Cases::read("cases", &text).unwrap_or_else(|error| panic!("{error}"));
    let own = &cases.cases[0];
    load(rules).decide(&own.finding, &own.context, &own.risk_score, &cases.safety)
}

fn examples() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/rules");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn the_rules_that_are_shipped_decide_as_their_cases_say() {
    let files = examples();
    let is_rules = |file: &&(String, String)| file.0.ends_with(".cedar");
    let rules: Vec<_> = files.iter().filter(is_rules).cloned().collect();
    let rules = RuleSet::load(&rules).unwrap_or_else(|problems| panic!("{problems:?}"));
    let mut ran = 0;
    for (name, text) in files.iter().filter(|file| file.0.ends_with(".cases.toml")) {
        let cases = Cases::read(name, text).unwrap_or_else(|error| panic!("{error}"));
        for case in &cases.cases {
            let result = case.run(&rules, &cases.safety);
            assert!(result.is_ok(), "{}: {result:#?}", case.name);
            ran += 1;
        }
        let warnings: Vec<String> =
            rules.warnings(&cases.safety).iter().map(ToString::to_string).collect();
        assert_eq!(
            warnings,
            [
                "buckets.cedar:17: `website` could archive a public finding, as that of AWS::S3::Bucket \
              `arn:aws:s3:::example-website` open to anybody, with a risk score of 50; `public_archive` allows it"
            ]
        );
    }
    assert!(ran >= 15, "{ran} cases");
}

const SCOPE: &str = "(principal, action == Action::";

#[test]
fn what_does_not_validate_is_refused_with_its_place() {
    let typed = "@id(\"a\")\npermit (principal, action == Action::\"Archive\", resource)\nwhen { context.riskScore > \"high\" };";
    let told = problems(typed);
    assert!(told[0].starts_with("r.cedar:3:28: "), "{told:?}");
    let unknown =
        "@id(\"a\")\npermit (principal, action, resource)\nwhen {\n  resource.isPubic\n};";
    let told = problems(unknown);
    assert!(told[0].starts_with("r.cedar:4:3: ") && told[0].contains("isPubic"), "{told:?}");
    let guarded =
        "@id(\"a\") permit (principal, action, resource) when { context.tags.hasTag(\"a\") };";
    assert!(problems(guarded)[0].contains("`context has tags"), "{:?}", problems(guarded));
    let syntax = "@id(\"a\")\npermit (principal, action, resource) when { 1 +* };";
    assert!(problems(syntax)[0].starts_with("r.cedar:2:"), "{:?}", problems(syntax));
    assert_eq!(
        problems("\npermit (principal, action, resource);"),
        ["r.cedar:2:1: the rule has no id: write `@id(\"name\")` above it"]
    );
    let twice = "@id(\"a\") permit (principal, action, resource);\n@id(\"a\") permit (principal, action, resource);";
    assert_eq!(problems(twice), ["r.cedar:2:1: the id `a` is taken by r.cedar:1"]);
    let markup = "@id(\"<b>\\u{1b}\") permit (principal, action, resource);";
    assert!(
        problems(markup)[0].contains("the id `<b>\\u{1b}` is not one of"),
        "{:?}",
        problems(markup)
    );
    let template = "@id(\"a\") permit (principal == ?principal, action, resource);";
    assert!(problems(template)[0].contains("template"), "{:?}", problems(template));
    let action = "@id(\"a\") permit (principal, action == Action::\"Delete\", resource);";
    assert!(!problems(action).is_empty());
}

#[test]
fn hostile_texts_are_refused_and_bring_nothing_down() {
    let when = |condition: &str| {
        format!("@id(\"a\") permit (principal, action, resource) when {{ {condition} }};")
    };
    let deep = [
        when(&"(".repeat(100_000)),
        when(&format!("{}true{}", "(".repeat(50_000), ")".repeat(50_000))),
        when(&format!("true{}", " && true".repeat(30_000))),
        when(&format!("{}true", "!".repeat(100_000))),
        when(&format!("{}1", "-".repeat(100_000))),
        when(&format!("resource{}", ".a".repeat(50_000))),
        when(&"if true then ".repeat(10_000)),
        when(&"[".repeat(100_000)),
        "\"".repeat(99_999),
        "permit".repeat(40_000),
        "\u{0}".repeat(1000),
        "x".repeat(10 << 20),
    ];
    for text in deep {
        assert!(!problems(&text).is_empty(), "{:.60}", text);
    }
    // The largest that is allowed is read, checked and decided, on the small stack of a thread.
    let largest = [
        when(&format!("true{}", " && true".repeat(190))),
        when(&format!("{}true{}", "(".repeat(20), ")".repeat(20))),
        when(&format!("[{}].contains(resource.id)", vec!["\"x\""; 20_000].join(","))),
    ];
    for text in largest {
        let run = move || decide(&text, "[case.finding]\n").action;
        let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap();
        thread.join().unwrap();
    }
}

#[test]
fn where_no_rule_says_anything_somebody_is_told() {
    let nothing = Decision { action: ResponseAction::Notify, rules: vec![], notes: vec![] };
    assert_eq!(decide("", "[case.finding]\n"), nothing);
    let other =
        format!("@id(\"a\") permit {SCOPE}\"Resolve\", resource) when {{ resource.isPublic }};");
    assert_eq!(decide(&other, "[case.finding]\n"), nothing);
}

#[test]
fn of_several_actions_the_documented_one_is_taken() {
    let rule = |id: &str, effect: &str, action: &str| {
        format!("@id(\"{id}\") {effect} {SCOPE}\"{action}\", resource);\n")
    };
    let permit = |action: &str| rule(action, "permit", action);
    let forbid = |action: &str| rule(&format!("no-{action}"), "forbid", action);
    let cases: &[(Vec<String>, ResponseAction, &[&str])] = &[
        (vec![permit("Archive")], ResponseAction::Archive, &["Archive"]),
        (
            vec![permit("Archive"), permit("Resolve")],
            ResponseAction::Notify,
            &["Archive", "Resolve"],
        ),
        (vec![permit("Archive"), permit("Notify")], ResponseAction::Notify, &["Archive", "Notify"]),
        (
            vec![permit("Archive"), permit("Propose")],
            ResponseAction::Notify,
            &["Archive", "Propose"],
        ),
        (
            vec![permit("Propose"), permit("Resolve"), permit("Notify")],
            ResponseAction::Resolve,
            &["Resolve"],
        ),
        (vec![permit("Propose"), permit("Notify")], ResponseAction::Propose, &["Propose"]),
        (
            vec![permit("Archive"), permit("Resolve"), forbid("Archive")],
            ResponseAction::Resolve,
            &["Resolve"],
        ),
        (
            vec![permit("Propose"), permit("Resolve"), forbid("Resolve")],
            ResponseAction::Propose,
            &["Propose"],
        ),
        (vec![permit("Resolve"), forbid("Resolve")], ResponseAction::Notify, &["no-Resolve"]),
        (vec![permit("Notify"), forbid("Notify")], ResponseAction::Notify, &["no-Notify"]),
    ];
    for (rules, action, ids) in cases {
        let decision = decide(&rules.concat(), "[case.finding]\n");
        assert_eq!(
            (decision.action, decision.rules.iter().map(String::as_str).collect::<Vec<_>>()),
            (*action, ids.to_vec()),
            "{rules:?} {:?}",
            decision.notes
        );
    }
    let all = "@id(\"x\") permit (principal, action, resource); @id(\"y\") forbid (principal, action, resource) when { !resource.isPublic };";
    assert_eq!(decide(all, "[case.finding]\n").action, ResponseAction::Notify);
}

/// An addition that overflows: it validates, and errs.
const OVERFLOW: &str = "context.riskScore + 9223372036854775807 > 0";

#[test]
fn a_rule_that_errs_counts_as_notify_and_a_forbid_that_errs_as_a_forbid() {
    let archive = format!("@id(\"fine\") permit {SCOPE}\"Archive\", resource);\n");
    let case = "[case.finding]\n[case.context]\nriskScore = 50\n";
    for action in ["Archive", "Resolve", "Propose", "Notify"] {
        let erring =
            format!("@id(\"errs\") permit {SCOPE}\"{action}\", resource) when {{ {OVERFLOW} }};\n");
        let decision = decide(&erring, case);
        assert_eq!(decision.action, ResponseAction::Notify);
        assert!(decision.notes[0].starts_with("`errs` erred and counts as Notify"), "{decision:?}");
        let decision = decide(&format!("{archive}{erring}"), case);
        assert_eq!(decision.action, ResponseAction::Notify, "{action}: {decision:?}");
    }
    let forbid =
        format!("@id(\"errs\") forbid {SCOPE}\"Archive\", resource) when {{ {OVERFLOW} }};\n");
    let decision = decide(&format!("{archive}{forbid}"), case);
    assert_eq!(
        (decision.action, decision.rules),
        (ResponseAction::Notify, vec!["errs".to_owned()])
    );
}

#[test]
fn what_is_not_known_neither_archives_nor_resolves() {
    for (fact, test) in [
        ("tags", "!context.tags.hasTag(\"a\")"),
        ("keyAliases", "context.keyAliases.isEmpty()"),
        ("account", "context.account.name == \"\""),
        ("principalAccount", "!context.principalAccount.inside"),
        ("dataClassification", "!context.dataClassification.classified"),
        ("partner", "!context.partner.known"),
        ("changedBy", "context.changedBy.who == \"\""),
    ] {
        for action in ["Archive", "Resolve"] {
            // However the rule is written: a fact that is missing must not make it hold.
            for condition in [
                format!("when {{ context has {fact} && {test} }}"),
                format!("unless {{ context has {fact} && !({test}) }}"),
                format!("when {{ if context has {fact} then {test} else true }}"),
                format!("unless {{ context has {fact} }}"),
            ] {
                let rules =
                    format!("@id(\"a\") permit {SCOPE}\"{action}\", resource) {condition};");
                let decision = decide(&rules, "[case.finding]\n");
                assert_eq!(decision.action, ResponseAction::Notify, "{rules}");
                assert_eq!(decision.notes.len(), 1, "{rules} {decision:?}");
                assert!(
                    decision.notes[0].contains(&format!("`{fact}` is not known")),
                    "{decision:?}"
                );
            }
        }
        // A forbid that reads it counts; one that cannot hold whatever it is does not.
        let permit = format!("@id(\"p\") permit {SCOPE}\"Resolve\", resource);");
        let forbid = |more: &str| {
            format!(
                "{permit}@id(\"f\") forbid {SCOPE}\"Resolve\", resource) when {{ {more} && context has {fact} && {test} }};"
            )
        };
        let decision = decide(&forbid("!resource.isPublic"), "[case.finding]\n");
        assert_eq!(
            (decision.action, decision.rules),
            (ResponseAction::Notify, vec!["f".to_owned()])
        );
        assert_eq!(
            decide(&forbid("resource.isPublic"), "[case.finding]\n").action,
            ResponseAction::Resolve
        );
    }
    // It keeps no other rule from archiving.
    let two = format!(
        "@id(\"p\") permit {SCOPE}\"Archive\", resource); @id(\"m\") permit {SCOPE}\"Archive\", resource) when \
         {{ context has changedBy && context.changedBy.who == \"x\" }};"
    );
    let decision = decide(&two, "[case.finding]\n");
    assert_eq!((decision.action, decision.rules), (ResponseAction::Archive, vec!["p".to_owned()]));
    // That it is not known whether the finding should be archived holds a resolution back; what cannot be archived
    // anyway does not.
    let resolve = format!("@id(\"r\") permit {SCOPE}\"Resolve\", resource);");
    let archive = |kind: &str| {
        format!(
            "{resolve}@id(\"a\") permit {SCOPE}\"Archive\", resource) when {{ resource.resourceType == \"{kind}\" && \
         context has tags && context.tags.hasTag(\"a\") }};"
        )
    };
    assert_eq!(
        decide(&archive("AWS::S3::Bucket"), "[case.finding]\n").action,
        ResponseAction::Notify
    );
    assert_eq!(
        decide(&archive("AWS::KMS::Key"), "[case.finding]\n").action,
        ResponseAction::Resolve
    );
}

#[test]
fn a_public_finding_is_archived_only_where_a_setting_names_the_rule() {
    let rules = format!("@id(\"a\") permit {SCOPE}\"Archive\", resource);");
    let public = "[case.finding]\nisPublic = true\nprincipal = { AWS = \"*\" }\n";
    let decision = decide(&rules, public);
    assert_eq!(decision.action, ResponseAction::Notify);
    assert_eq!(decision.notes, ["`a` may not archive a public finding"]);
    let allowed = format!("{public}[safety]\npublic_archive = [\"a\"]\n");
    assert_eq!(decide(&rules, &allowed).action, ResponseAction::Archive);
}

#[test]
fn only_listed_tags_archive() {
    let rules = format!(
        "@id(\"a\") permit {SCOPE}\"Archive\", resource) when {{ context has tags && context.tags.hasTag(\"T\") }};"
    );
    let tagged = "[case.finding]\n[case.context]\ntags = { T = \"x\" }\n";
    let decision = decide(&rules, tagged);
    assert_eq!(decision.action, ResponseAction::Notify);
    assert_eq!(decision.notes, ["`a` may not archive: the tag `T` is not among `deciding_tags`"]);
    let listed = format!("{tagged}[safety.deciding_tags]\nT = [\"*\"]\n");
    assert_eq!(decide(&rules, &listed).action, ResponseAction::Archive);
    let late = listed.replace("\n[safety", "\ntagsWhenSeen = {}\n[safety");
    assert_eq!(
        decide(&rules, &late).notes,
        ["`a` may not archive: the tag `T` changed after the finding appeared"]
    );
    let vouched = late.replace("\n[safety", "\nvouchedTags = { T = \"x\" }\n[safety");
    let decision = decide(&rules, &vouched);
    assert_eq!(decision.action, ResponseAction::Archive);
    assert_eq!(
        decision.notes,
        ["`a` rests on the tag `T`, for which somebody vouched in the record"]
    );
    let another = late.replace("\n[safety", "\nvouchedTags = { T = \"y\" }\n[safety");
    assert_eq!(decide(&rules, &another).action, ResponseAction::Notify);
    // Whoever may tag cannot keep a finding from being resolved, either.
    let both = format!("{rules}@id(\"r\") permit {SCOPE}\"Resolve\", resource);");
    assert_eq!(decide(&both, tagged).action, ResponseAction::Resolve);
}

#[test]
fn a_classification_that_anybody_can_set_does_not_lower_the_score_for_archiving() {
    let rules = format!(
        "@id(\"a\") permit {SCOPE}\"Archive\", resource) when {{ context.riskScore < 60 }};"
    );
    let case = |safety: &str| {
        format!(
            "[case.finding]\naction = [\"s3:GetObject\"]\n[case.context]\ntags = {{ C = \"public\" }}\n\
         dataClassification = \"public\"\npartner = {{}}\nprincipalAccount = {{ name = \"\", ouPath = \"\", tags = {{}} }}\n{safety}"
        )
    };
    let archived = |safety: &str| decide(&rules, &case(safety)).action == ResponseAction::Archive;
    assert!(archived(""), "it does not come from a tag");
    assert!(!archived("[safety]\nclassification_tag = \"C\"\n"));
    assert!(archived(
        "[safety]\nclassification_tag = \"C\"\n[safety.deciding_tags]\nC = [\"*\"]\n"
    ));
}

#[test]
fn warns_of_rules_that_could_archive_something_public() {
    let warned = |condition: &str| {
        let rules = load(&format!("@id(\"a\") permit {SCOPE}\"Archive\", resource) {condition};"));
        let listed = BTreeMap::from([("T".to_owned(), vec!["*".to_owned()])]);
        let safety = Safety { deciding_tags: listed, ..Safety::default() };
        rules.warnings(&safety).iter().map(|own| own.message.clone()).collect::<Vec<_>>()
    };
    for never in [
        "when { !resource.isPublic }",
        "unless { resource.isPublic }",
        "when { resource.principal.account == \"999988887777\" }",
        "when { resource.accessType == \"INTRA_ORG\" && context.riskScore < 3 }",
        "when { (resource.isPublic || resource.region == \"x\") && resource.isPublic == false }",
    ] {
        assert_eq!(warned(never), Vec::<String>::new(), "{never}");
    }
    for (could, with) in [
        ("", "AWS::S3::Bucket"),
        ("when { resource.resourceType == \"AWS::SNS::Topic\" }", "AWS::SNS::Topic"),
        (
            "when { context has tags && context.tags.hasTag(\"T\") && context.tags.getTag(\"T\") == \"v\" }",
            "`T=v`",
        ),
        ("when { resource.resource like \"arn:aws:s3:::logs-*\" }", "arn:aws:s3:::logs-"),
        (
            "when { [\"AWS::SQS::Queue\", \"AWS::KMS::Key\"].contains(resource.resourceType) }",
            "AWS::SQS::Queue",
        ),
        ("when { context.riskScore < 10 }", "risk score of 0"),
        ("when { resource.isPublic || !resource.isPublic }", "AWS::S3::Bucket"),
    ] {
        let told = warned(could);
        assert!(
            told.len() == 1 && told[0].contains("as that of") && told[0].contains(with),
            "{could}: {told:?}"
        );
    }
    let odd = warned("when { context.riskScore == 17 }");
    assert!(odd[0].contains("none was found"), "{odd:?}");
    let unlisted =
        warned("when { !resource.isPublic && context has tags && context.tags.hasTag(\"U\") }");
    assert_eq!(
        unlisted,
        ["never archives: it rests on the tag `U`, which `deciding_tags` does not list"]
    );
}

#[test]
fn enormous_contexts_are_decided_and_told_in_short() {
    let rules = format!(
        "@id(\"a\") permit {SCOPE}\"Archive\", resource) when {{ context has tags && context.tags.hasTag(\"T\") }};"
    );
    let text = "[[case]]\nname = \"<script>\"\nexpect = \"Notify\"\n[case.finding]\n[case.context]\ntags = { T = \"x\" }\n";
    let mut case = Cases::read("cases", text).unwrap().cases.remove(0);
    let huge = "<b>\n\u{1b}".repeat(200_000);
    if let Fact::Known(tags) = &mut case.context.tags {
        tags.extend(
            (0..20_000).map(|number| (format!("{number}{huge:.50}"), huge[..1000].to_owned())),
        );
    }
    case.context.tag_setters = Fact::Known(BTreeMap::from([(
        "T".to_owned(),
        crate::context::TagChange { who: huge.clone(), at: case.context.at },
    )]));
    case.context.data_classification = Fact::Known(Some(huge));
    let safety = Safety {
        deciding_tags: BTreeMap::from([("T".to_owned(), vec!["arn:*".to_owned()])]),
        ..Safety::default()
    };
    let decision = load(&rules).decide(&case.finding, &case.context, &case.risk_score, &safety);
    assert_eq!(decision.action, ResponseAction::Notify);
    assert!(
        decision.notes.iter().all(|note| note.len() < 400 && !note.contains('\n')),
        "{decision:?}"
    );
}

#[test]
fn an_error_is_told_whatever_rules_say() {
    let rules = load(&format!("@id(\"a\") permit {SCOPE}\"Archive\", resource);"));
    let text = "[[case]]\nname = \"c\"\nexpect = \"Notify\"\n[case.finding]\n";
    let mut case = Cases::read("cases", text).unwrap().cases.remove(0);
    case.finding.observation.details = ringfence_findings::observation::Details::Error {
        finding_type: ringfence_findings::observation::FindingType::ExternalAccess,
        code: "INTERNAL_ERROR".to_owned(),
        message: String::new(),
    };
    let decision = rules.decide(&case.finding, &case.context, &case.risk_score, &Safety::default());
    assert_eq!(decision.action, ResponseAction::Notify);
}

use std::collections::BTreeMap;
