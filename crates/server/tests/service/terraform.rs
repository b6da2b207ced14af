//! Terraform's resources of Access Analyzer, made by the real provider against the service: created, found as they were
//! written, changed, destroyed.

use std::collections::BTreeSet;
use std::path::Path;

use crate::running::{Folder, Running, create_key, read_log};
use crate::terraform_program::Terraform;

const MAIN: &str = include_str!("terraform/main.tf");
const OPERATIONS: &str = include_str!("terraform/operations.txt");

/// Exit code of `terraform plan -detailed-exitcode` where there is nothing to change, and where there is.
const CLEAN: Option<i32> = Some(0);
const CHANGES: Option<i32> = Some(2);

#[test]
#[ignore = "needs terraform and its AWS provider"]
fn terraform_creates_changes_and_destroys() {
    let folder = Folder::new();
    let scratch = folder.path().join("terraform");
    std::fs::create_dir_all(&scratch).unwrap();
    std::fs::write(scratch.join("main.tf"), MAIN).unwrap();
    let Some(terraform) = Terraform::find(&scratch) else { return };
    let key = create_key(&folder, &["--account", "111122223333", "--full-access"]);
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/payments");
    let service = Running::start(
        &folder,
        &["--requests-per-second", "10000", "--source", source.to_str().unwrap()],
    );
    let environment = [
        ("AWS_ACCESS_KEY_ID", key.id.as_str()),
        ("AWS_SECRET_ACCESS_KEY", key.secret.as_str()),
        ("TF_VAR_endpoint", service.url.as_str()),
    ];
    let run = |arguments: &[&str]| terraform.done(arguments, &environment);
    let plan = |variables: &[&str]| {
        let all =
            [&["plan", "-detailed-exitcode", "-no-color", "-input=false"], variables].concat();
        let output = terraform.run(&all, &environment);
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    };
    let apply = |variables: &[&str]| {
        run(&[&["apply", "-auto-approve", "-no-color", "-input=false"], variables].concat());
    };
    run(&["init", "-no-color", "-input=false"]);

    apply(&[]);
    let (code, said) = plan(&[]);
    assert_eq!(code, CLEAN, "{said}");
    let shown = String::from_utf8(run(&["show", "-json", "-no-color"])).unwrap();
    assert!(shown.contains("arn:aws:access-analyzer:us-east-1:111122223333:analyzer/payments"));

    // Tags change in place, and so does a rule's filter.
    let changed = ["-var=team=risk", "-var=archived=[\"AWS::SQS::Queue\",\"AWS::KMS::Key\"]"];
    let (code, said) = plan(&changed);
    assert_eq!(code, CHANGES, "{said}");
    assert!(said.contains("0 to add, 2 to change, 0 to destroy"), "{said}");
    apply(&changed);
    let (code, said) = plan(&changed);
    assert_eq!(code, CLEAN, "{said}");

    // What was made elsewhere is taken over as it is.
    run(&["state", "rm", "aws_accessanalyzer_archive_rule.queues"]);
    let import = [
        "import",
        "-no-color",
        changed[0],
        changed[1],
        "aws_accessanalyzer_archive_rule.queues",
        "payments/queues",
    ];
    run(&import);
    let (code, said) = plan(&changed);
    assert_eq!(code, CLEAN, "{said}");

    run(&["destroy", "-auto-approve", "-no-color", "-input=false"]);
    let (code, said) = plan(&[]);
    assert_eq!(code, CHANGES, "{said}");
    assert!(said.contains("2 to add, 0 to change, 0 to destroy"), "{said}");
    // The documentation says which operations this exercises.
    let log = read_log(&folder);
    let called: BTreeSet<&str> = log
        .lines()
        .filter_map(|line| line.split("\"operation\":\"").nth(1)?.split('"').next())
        .filter(|name| name.starts_with(|first: char| first.is_ascii_uppercase()))
        .collect();
    assert_eq!(called, OPERATIONS.lines().collect());
}
