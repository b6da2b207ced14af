//! Each row of the table of exit codes.

use crate::support::{EVERYONE_SENDS, Folder, READS, READS_AND_WRITES, run, run_with};

#[test]
fn nothing_found() {
    let folder = Folder::new();
    let closed = folder.snapshot("closed", "null");
    let done = run(&["scan", &closed]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    assert!(done.out.contains("No findings: 1 resource analyzed, everything was analyzed."));
    for arguments in [&["--help"][..], &["--version"], &["check", "--help"], &["man"]] {
        assert_eq!(run(arguments).code, 0, "{arguments:?}");
    }
}

#[test]
fn check_passed_failed_and_undecided() {
    let folder = Folder::new();
    let (less, more) = (folder.file("r", READS), folder.file("rw", READS_AND_WRITES));
    let check = |existing: &str, new: &str| {
        run(&[
            "check",
            "no-new-access",
            "--existing",
            existing,
            "--new",
            new,
            "--policy-type",
            "identity",
        ])
    };
    let done = check(&more, &less);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    assert!(done.out.starts_with("PASS  "));
    let done = check(&less, &more);
    assert_eq!((done.code, done.err.as_str()), (3, ""));
    assert!(done.out.starts_with("FAIL  "));
    // Three variables in one pattern against two: more than the engine takes apart.
    let tied = |resource: &str| {
        let statement =
            format!(r#"{{"Effect": "Allow", "Action": "s3:*", "Resource": "{resource}"}}"#);
        format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#)
    };
    let one = folder
        .file("1", tied("arn:aws:s3:::d/${aws:username}/${aws:PrincipalTag/a}*${aws:userid}"));
    let other = folder.file("2", tied("arn:aws:s3:::d/${aws:username}/*${aws:PrincipalTag/a}*"));
    let done = check(&one, &other);
    assert!(done.out.starts_with("UNKNOWN  "), "{done:?}");
    assert_eq!(done.code, 3);
}

#[test]
fn findings_and_what_could_not_be_analyzed() {
    let folder = Folder::new();
    let open = folder.snapshot("open", EVERYONE_SENDS);
    assert_eq!(run(&["scan", &open]).code, 3);
    let broken = folder.snapshot("broken", "{\"Statement\": 5}");
    let done = run(&["scan", &broken]);
    assert_eq!(done.code, 4);
    assert!(done.err.contains("1 thing could not be analyzed; the result is not complete"));
    assert_eq!(run(&["scan", &broken, "--allow-incomplete"]).code, 0);
    assert_eq!(
        run(&["scan", &broken, "--allow-incomplete", "--format", "json"]).json()["summary"]["complete"],
        false
    );
    // Findings are findings, whatever else could not be analyzed.
    folder.file("open/accounts/111122223333/eu-west-1/AWS-SQS-Queue/r.json", "");
    for options in [&[][..], &["--allow-incomplete"]] {
        let done = run(&[&["scan", &open], options].concat());
        assert_eq!(done.code, 3, "{options:?}");
        assert!(done.err.contains("not complete"));
    }
}

#[test]
fn what_does_not_exist_can_be_accepted_apart() {
    let folder = Folder::new();
    let closed = folder.snapshot("closed", "{\"Version\": \"2012-10-17\", \"Statement\": []}");
    assert_eq!(run(&["scan", &closed]).code, 0);
    let absent = r#"{"region": null, "resourceType": "AWS::S3Express::DirectoryBucket",
        "reason": "there are no directory buckets in the partition `aws-cn`"}"#;
    let manifest = |not_read: &str| {
        let text = format!(
            r#"{{"formatVersion": 1, "partition": "aws", "notRead": [{not_read}], "absent": [{absent}]}}"#
        );
        folder.file("closed/snapshot.json", &text);
    };
    let code = |option: &[&str]| run(&[&["scan", &closed], option].concat()).code;
    manifest("");
    let done = run(&["scan", &closed, "--format", "json"]);
    assert_eq!(done.code, 4, "{done:?}");
    let result = done.json();
    assert_eq!(result["notAnalyzed"][0]["resourceType"], "AWS::S3Express::DirectoryBucket");
    assert_eq!(result["summary"]["absent"].as_array().unwrap().len(), 1);
    assert_eq!(code(&["--allow-incomplete=absent"]), 0);
    assert_eq!(code(&["--allow-incomplete"]), 0);
    manifest(r#"{"action": "kms:GetKeyPolicy", "reason": "denied"}"#);
    assert_eq!(code(&["--allow-incomplete=absent"]), 4);
    assert_eq!(code(&["--allow-incomplete"]), 0);
    assert_eq!(code(&["--allow-incomplete=some"]), 2);
}

#[test]
fn input_that_cannot_be_read() {
    let folder = Folder::new();
    let policy = folder.file("policy.json", READS);
    let empty = folder.path("nothing");
    std::fs::create_dir(&empty).unwrap();
    let missing = folder.path("missing");
    for (arguments, names) in [
        (vec!["scan", &missing], &missing),
        (vec!["scan", &empty], &empty),
        (vec!["scan", &policy], &policy),
        (vec!["scan", "examples/payments", &missing], &missing),
        (vec!["simulate", &missing], &missing),
        (vec!["simulate", "--batch", &missing], &missing),
        (
            vec![
                "check",
                "no-public-access",
                "--policy",
                &missing,
                "--resource-type",
                "AWS::SQS::Queue",
            ],
            &missing,
        ),
        (
            vec![
                "check",
                "no-public-access",
                "--policy",
                &empty,
                "--resource-type",
                "AWS::SQS::Queue",
            ],
            &empty,
        ),
        (vec!["check", "no-new-access", "--batch", &missing], &missing),
        (vec!["scan", "examples/payments", "--output", &empty], &empty),
    ] {
        let done = run(&arguments);
        assert_eq!((done.code, done.out.as_str()), (1, ""), "{arguments:?}");
        assert!(done.err.starts_with("error: ") && done.err.contains(names.as_str()), "{done:?}");
        assert_eq!(done.err.lines().count(), 1, "{done:?}");
    }
}

#[test]
fn wrong_usage() {
    let folder = Folder::new();
    let policy = folder.file("policy.json", READS);
    let snapshot = folder.snapshot("closed", "null");
    let check = |name: &'static str, options: &[&'static str]| {
        let policy: &str = &policy;
        [&["check", name, "--policy", policy], options]
            .concat()
            .into_iter()
            .map(str::to_owned)
            .collect()
    };
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let single = |rest: &str| {
        let mut words = words(rest);
        words.splice(0..0, ["scan".to_owned(), "--policy".to_owned(), policy.clone()]);
        words
    };
    let wrong: Vec<Vec<String>> = vec![
        vec![],
        words("frobnicate"),
        words("scan"),
        words("scan --nonsense x"),
        words("scan examples/payments --format xml"),
        words("scan examples/payments --zone-of-trust galaxy"),
        words(&format!("scan {snapshot} --zone-of-trust organization")),
        words(
            "scan examples/payments --policy x --resource-type AWS::SQS::Queue --resource arn:aws:sqs:a:111122223333:q",
        ),
        single("--resource-type AWS::SQS::Queue"),
        single("--resource-type AWS::SQS::Line --resource arn:aws:sqs:eu-west-1:111122223333:q"),
        single("--resource-type AWS::SQS::Queue --resource q"),
        single("--resource-type AWS::SQS::Queue --resource arn:aws:sqs:eu-west-1:111122223333:*"),
        single("--resource-type AWS::SNS::Topic --resource arn:aws:sqs:eu-west-1:111122223333:q"),
        single(
            "--resource-type AWS::SQS::Queue --resource arn:aws:sqs:eu-west-1:111122223333:q --account 1",
        ),
        single(
            "--resource-type AWS::SQS::Queue --resource arn:aws:sqs:eu-west-1:111122223333:q --account 444455556666",
        ),
        single("--resource-type AWS::S3::Bucket --resource arn:aws:s3:::data"),
        single(
            "--resource-type AWS::EC2::Snapshot --resource arn:aws:ec2:eu-west-1::snapshot/snap-1 --account 111122223333",
        ),
        words("check"),
        words("check no-new-access"),
        words("check no-new-access --existing - --new - --policy-type identity"),
        words("check no-new-access --batch - --jobs 0"),
        words("check no-new-access --batch - --existing x"),
        words("check no-new-access --existing x --new y --policy-type identity --jobs 2"),
        check("access-not-granted", &["--action", "s3:*"]),
        check("access-not-granted", &["--policy-type", "identity"]),
        check("access-not-granted", &["--policy-type", "scp", "--action", "s3:*"]),
        check(
            "access-not-granted",
            &["--policy-type", "RESOURCE_CONTROL_POLICY", "--action", "s3:*"],
        ),
        check("no-public-access", &[]),
        check("no-public-access", &["--resource-type", "AWS::IAM::Role"]),
        words("simulate"),
        words("simulate x --batch y"),
        words("simulate x --jobs 2"),
        words("completions tcsh"),
        words("man frobnicate"),
    ];
    for arguments in wrong {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let done = run(&arguments);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{arguments:?} {done:?}");
        assert!(!done.err.is_empty());
    }
}

#[test]
fn simulate_exits_with_0_whatever_the_decision() {
    for (scenario, decision) in [
        ("anyone-reads-a-merchant-statement", "Allowed"),
        ("bank-decrypts-from-the-internet", "ImplicitlyDenied"),
        ("stranger-sends-to-the-closed-queue", "ExplicitlyDenied"),
    ] {
        let path = format!("examples/payments/scenarios/{scenario}.json");
        let done = run(&["simulate", &path, "--format", "json"]);
        assert_eq!((done.code, done.err.as_str()), (0, ""), "{scenario}");
        assert_eq!(done.json()["decision"], decision);
    }
}

#[test]
fn a_batch_exits_with_1_when_a_line_is_bad_and_with_0_whatever_the_verdicts() {
    let job = format!("{{\"existing\": {READS}, \"new\": {READS_AND_WRITES}}}").replace('\n', " ");
    let batch = ["check", "no-new-access", "--batch", "-"];
    let done = run_with(&batch, job.as_bytes());
    assert_eq!((done.code, &done.lines()[0]["result"]), (0, &"FAIL".into()));
    let done = run_with(&batch, format!("{job}\nx\n{job}\n").as_bytes());
    assert_eq!((done.code, done.lines().len()), (1, 3));
    assert_eq!(run_with(&batch, b"").code, 0);
}
