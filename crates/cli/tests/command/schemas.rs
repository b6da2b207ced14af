//! Every JSON that the command writes is as `docs/schemas` says, and the examples there are what it writes.

use std::process::Command;

use serde_json::{Value, json};

use crate::support::{EVERYONE_SENDS, Folder, READS, READS_AND_WRITES, root, run, run_with};

fn example(name: &str) -> Value {
    let path = root().join("docs/schemas/examples").join(format!("{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn the_examples_are_what_the_command_writes() {
    for check in ["no-new-access", "access-not-granted", "no-public-access"] {
        let job = example(&format!("check-{check}-job"));
        let done = run_with(&["check", check, "--batch", "-"], job.to_string().as_bytes());
        let mut answer = done.lines().remove(0);
        let mut documented = example(&format!("check-{check}"));
        for answer in [&mut answer, &mut documented] {
            assert!(answer.as_object_mut().unwrap().shift_remove("micros").is_some());
        }
        assert_eq!(answer, documented, "{check}");
    }
    let done =
        run_with(&["check", "no-new-access", "--batch", "-"], b"{\"id\": \"b\", \"existing\": {}}");
    assert_eq!(done.lines()[0], example("batch-error"));
    let scan = [
        "scan",
        "--format",
        "json",
        "--policy",
        "docs/schemas/examples/bucket-policy.json",
        "--resource-type",
        "AWS::S3::Bucket",
        "--resource",
        "arn:aws:s3:::data",
        "--account",
        "111122223333",
    ];
    assert_eq!(run(&scan).json(), example("scan"));
    let arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:payments/legacy-processor-api-key-Ab12Cd";
    let internal = ["scan", "examples/payments", "--access", "internal", "--format", "json"];
    let done = run(&[&internal[..], &["--resource", arn]].concat());
    assert_eq!(done.json(), example("scan-internal"));
    let preview = [
        "scan",
        "--format",
        "json",
        "--cloudformation",
        "docs/schemas/examples/preview-template.yaml",
        "--against",
        "examples/payments",
        "--account",
        "111122223333",
        "--region",
        "eu-west-1",
    ];
    assert_eq!(run(&preview).json(), example("scan-preview"));
}

/// Each line of input names a schema and holds a document; what does not fit is printed.
const VALIDATE: &str = r#"
import json, os, sys
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
folder = sys.argv[1]
schemas = {}
for name in os.listdir(folder):
    if name.endswith(".schema.json"):
        schemas[name[:-len(".schema.json")]] = json.load(open(os.path.join(folder, name), encoding="utf-8"))
registry = Registry().with_resources((s["$id"], Resource.from_contents(s)) for s in schemas.values())
validators = {}
for name, schema in schemas.items():
    Draft202012Validator.check_schema(schema)
    validators[name] = Draft202012Validator(schema, registry=registry)
count = 0
for line in sys.stdin:
    name, expected, document = line.rstrip("\n").split("\t")
    errors = [e.message[:300] for e in validators[name].iter_errors(json.loads(document))]
    if (not errors) != (expected == "valid"):
        print(name, expected, document[:300], errors[:3])
    count += 1
print(count)
"#;

#[test]
#[ignore = "needs the Python environment of `cargo xtask test`"]
fn output_is_as_the_schemas_say() {
    let python = std::env::var_os("RINGFENCE_PYTHON").unwrap();
    let mut documents: Vec<(&str, &str, Value)> = Vec::new();
    for (name, schema) in [
        ("check-no-new-access", "check"),
        ("check-access-not-granted", "check"),
        ("check-no-public-access", "check"),
        ("check-no-new-access-job", "check-job"),
        ("check-access-not-granted-job", "check-job"),
        ("check-no-public-access-job", "check-job"),
        ("batch-error", "batch-error"),
        ("scan", "scan"),
        ("scan-internal", "scan"),
        ("scan-preview", "scan"),
        ("scenario", "scenario"),
        ("decision", "decision"),
    ] {
        documents.push((schema, "valid", example(name)));
    }
    scans(&mut documents);
    checks(&mut documents);
    simulations(&mut documents);
    refused(&mut documents);
    documents.extend(crate::validate_schemas::documents());

    let lines: String = documents
        .iter()
        .map(|(schema, expected, document)| format!("{schema}\t{expected}\t{document}\n"))
        .collect();
    let folder = Folder::new();
    let input = std::fs::File::open(folder.file("documents", lines)).unwrap();
    let schemas = root().join("docs/schemas");
    let done =
        Command::new(python).arg("-c").arg(VALIDATE).arg(schemas).stdin(input).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(String::from_utf8_lossy(&done.stdout), format!("{}\n", documents.len()));
}

type Documents = Vec<(&'static str, &'static str, Value)>;

fn scans(documents: &mut Documents) {
    let folder = Folder::new();
    let (open, closed) =
        (folder.snapshot("open", EVERYONE_SENDS), folder.snapshot("closed", "null"));
    let targets = ["examples/payments", &open, &closed];
    for target in targets {
        for zone in [
            &[][..],
            &["--zone-of-trust", "account"],
            &["--access", "internal"],
            &["--access", "internal", "--zone-of-trust", "account"],
        ] {
            let run = |format| run(&[&["scan", target, "--format", format], zone].concat());
            documents.push(("scan", "valid", run("json").json()));
            documents
                .extend(run("jsonl").lines().into_iter().map(|line| ("scan-line", "valid", line)));
        }
    }
}

fn checks(documents: &mut Documents) {
    let folder = Folder::new();
    let (less, more) = (folder.file("r", READS), folder.file("rw", READS_AND_WRITES));
    for (existing, new) in [(&less, &more), (&more, &less)] {
        let check = [
            "check",
            "no-new-access",
            "--policy-type",
            "identity",
            "--existing",
            existing,
            "--new",
            new,
        ];
        for format in ["json", "jsonl"] {
            documents.push((
                "check",
                "valid",
                run(&[&check[..], &["--format", format]].concat()).json(),
            ));
        }
    }
    let jobs = [
        json!({"id": 1, "existing": READS, "new": READS}),
        json!({"existing": READS, "new": READS_AND_WRITES, "policyType": "identity"}),
    ];
    for job in jobs {
        let done =
            run_with(&["check", "no-new-access", "--batch", "-"], job.to_string().as_bytes());
        documents.push(("check-job", "valid", job));
        documents.push(("check", "valid", done.lines().remove(0)));
    }
    for line in ["x", "{\"id\": 4}", "{\"id\": \"a\", \"existing\": {}, \"new\": 5}"] {
        let done = run_with(&["check", "no-new-access", "--batch", "-"], line.as_bytes());
        documents.push(("batch-error", "valid", done.lines().remove(0)));
    }
}

fn simulations(documents: &mut Documents) {
    let folder = root().join("examples/payments/scenarios");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let scenario: Value =
            serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        documents.push((
            "decision",
            "valid",
            run(&["simulate", path.to_str().unwrap(), "--format", "json"]).json(),
        ));
        let job = json!({"id": "a", "scenario": scenario});
        let done = run_with(&["simulate", "--batch", "-"], job.to_string().as_bytes());
        documents.push(("decision", "valid", done.lines().remove(0)));
        documents.push(("simulate-job", "valid", job));
        documents.push(("scenario", "valid", scenario));
    }
}

/// What the schemas must not let through.
fn refused(documents: &mut Documents) {
    let mut without = |schema: &'static str, name: &str, member: &str| {
        let mut document = example(name);
        assert!(document.as_object_mut().unwrap().remove(member).is_some());
        documents.push((schema, "invalid", document));
    };
    without("check", "check-no-new-access", "witness");
    without("check", "check-no-new-access", "reasons");
    without("scan", "scan", "summary");
    without("scan", "scan", "notAnalyzed");
    without("check-job", "check-no-new-access-job", "new");
    let mut finding = example("scan");
    finding["findings"][0].as_object_mut().unwrap().remove("witness").unwrap();
    documents.push(("scan", "invalid", finding));
    let mut finding = example("scan-internal");
    finding["findings"][0].as_object_mut().unwrap().remove("accessType").unwrap();
    documents.push(("scan", "invalid", finding));
    documents.push((
        "check",
        "invalid",
        json!({"result": "PASS", "message": "", "reasons": [{"description": ""}]}),
    ));
    documents.push(("scan-line", "invalid", json!({})));
    documents.push(("batch-error", "invalid", json!({"id": 1, "result": "PASS"})));
    documents.push(("simulate-job", "invalid", json!({"scenario": {"principal": "anonymous"}})));
}
