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
