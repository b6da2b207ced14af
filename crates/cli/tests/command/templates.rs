//! Scans of what is planned.

use crate::support::{Folder, run};

const TEMPLATE: &str = "\
Parameters:
  Partner: {Type: String}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: orders}}
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Sid: PartnerPublishes
            Effect: Allow
            Principal: {AWS: !Ref Partner}
            Action: sns:Publish
            Resource: !Ref Topic
";

#[test]
fn a_template_has_findings_with_its_lines() {
    let folder = Folder::new();
    let template = folder.file("t.yaml", TEMPLATE);
    let scan = ["scan", "--cloudformation", &template, "--account", "111122223333"];
    let missing = run(&scan);
    assert_eq!(missing.code, 1, "{missing:?}");
    assert!(
        missing.err.contains("line 2, column 2: the parameter `Partner` has no value"),
        "{missing:?}"
    );

    let parameters = folder.file(
        "parameters.json",
        r#"[{"ParameterKey": "Partner", "ParameterValue": "222233334444"}]"#,
    );
    for given in ["Partner=222233334444", &parameters, &format!("file://{parameters}")] {
        let given = [&scan[..], &["--format", "json", "--parameters", given]].concat();
        let done = run(&given);
        assert_eq!(done.code, 3, "{done:?}");
        let finding = &done.json()["findings"][0];
        assert_eq!(finding["principal"]["AWS"], "222233334444", "{finding}");
        assert_eq!(finding["grantedBy"][0]["line"], 12, "{finding}");
        assert_eq!(finding["grantedBy"][0]["sid"], "PartnerPublishes", "{finding}");
        assert!(finding.get("restsOn").is_none(), "{finding}");
    }

    let any = run(&[&scan[..], &["--unknown-parameters", "--format", "json"]].concat());
    let finding = &any.json()["findings"][0];
    assert_eq!((any.code, &finding["principal"]["AWS"]), (3, &"*".into()), "{any:?}");
    assert_eq!(finding["restsOn"][0]["reason"], "the parameter `Partner` has no value");
    assert_eq!(finding["restsOn"][0]["line"], 14);
    let table = run(&[&scan[..], &["--unknown-parameters"]].concat());
    assert!(
        table.out.contains("rests on     the parameter `Partner` has no value"),
        "{}",
        table.out
    );
}

#[test]
fn a_template_needs_an_account() {
    let folder = Folder::new();
    let template = folder.file("t.yaml", TEMPLATE);
    let done = run(&["scan", "--cloudformation", &template]);
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.err.contains("--account is needed"), "{done:?}");
}

#[test]
fn a_preview_says_what_a_change_makes_of_the_access_there_is() {
    let preview = |template: &str| {
        let scan = ["scan", "--cloudformation", template, "--against", "examples/payments"];
        let place = ["--account", "111122223333", "--region", "eu-west-1", "--format", "json"];
        run(&[&scan[..], &place].concat())
    };
    let same = preview("examples/payments/template.yaml");
    let result = same.json();
    assert_eq!(same.code, 0, "{same:?}");
    assert_eq!(result["summary"]["changes"]["unchanged"], 1, "{result}");
    assert_eq!(result["removed"].as_array().unwrap().len(), 0, "{result}");

    let text =
        std::fs::read_to_string(crate::support::root().join("examples/payments/template.yaml"));
    let text = text.unwrap();
    let folder = Folder::new();
    let opened = text.replace(
        "          - Sid: FunctionsOfTheSystem",
        "          - {Sid: Open, Effect: Allow, Principal: {AWS: '999988887777'}, Action: 's3:*', Resource: '*'}\n\
         \x20         - Sid: FunctionsOfTheSystem",
    );
    let done = preview(&folder.file("opened.yaml", &opened));
    let result = done.json();
    assert_eq!(done.code, 3, "{done:?}");
    let new = |own: &&serde_json::Value| own["changeType"] == "NEW";
    let findings: Vec<_> = result["findings"].as_array().unwrap().iter().filter(new).collect();
    assert!(!findings.is_empty(), "{result}");
    let line = 1 + text.lines().position(|own| own.contains("FunctionsOfTheSystem")).unwrap();
    for finding in findings {
        assert_eq!(finding["resource"], "arn:aws:s3:::ringpay-card-vault");
        let place = &finding["grantedBy"][0];
        assert!(place["file"].as_str().unwrap().ends_with("opened.yaml"), "{place}");
        assert_eq!((&place["line"], &place["sid"]), (&line.into(), &"Open".into()), "{place}");
    }

    let without =
        text.replace("arn:aws:iam::999988887777:user/Alice", "arn:aws:iam::111122223333:root");
    let done = preview(&folder.file("without.yaml", &without));
    let result = done.json();
    assert_eq!((done.code, &result["findings"]), (0, &serde_json::json!([])), "{done:?}");
    let removed = &result["removed"][0];
    assert_eq!(removed["principal"]["AWS"], "arn:aws:iam::999988887777:user/Alice", "{removed}");
    assert_eq!(
        (&removed["status"], &removed["changeType"]),
        (&"RESOLVED".into(), &"CHANGED".into())
    );
}

#[test]
fn validate_reads_the_policies_inside_of_templates_and_plans() {
    let folder = Folder::new();
    let template = TEMPLATE.replace("sns:Publish", "sns:Publsh");
    let template = folder.file("t.yaml", template);
    let done = run(&["validate", &template]);
    assert_eq!(done.code, 3, "{done:?}");
    assert!(done.out.contains("t.yaml:15:20  ERROR INVALID_ACTION"), "{done:?}");
    let plan = run(&["validate", "--format", "json", "crates/sources/tests/terraform/plan.json"]);
    assert!([0, 3].contains(&plan.code), "{plan:?}");
}
