//! Each capability, by facts of AWS's pages. Most are from the service authorization reference,
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>.

use super::*;

#[test]
fn services_are_found_in_any_case() {
    let s3 = Catalogue::embedded().service("S3").unwrap();
    assert_eq!((s3.prefix(), s3.name()), ("s3", "Amazon S3"));
    assert_eq!(
        Catalogue::embedded().service("access-analyzer").unwrap().name(),
        "AWS IAM Access Analyzer"
    );
    for none in ["", "s3:", "s33", "*", "amazon s3", "é"] {
        assert!(Catalogue::embedded().service(none).is_none(), "{none}");
    }
}

#[test]
fn services_that_the_documentation_dropped_are_still_known() {
    // ValidatePolicy accepts actions of AWS DeepRacer and AWS DeepLens.
    assert_eq!(action("deepracer:GetTrack").primary_access_level(), Some(AccessLevel::Read));
    assert_eq!(action("deeplens:GetProject").primary_access_level(), None);
}

#[test]
fn actions_are_found_in_any_case() {
    assert_eq!(action("S3:getobject").to_string(), "s3:GetObject");
    assert_eq!(action("s3:GetObject"), action("s3:GETOBJECT"));
    for none in
        ["s3:GetObjec", "s3:GetObjects", "s3:", "s3", ":", "s3:Get*", "GetObject", "nope:GetObject"]
    {
        assert!(Catalogue::embedded().action(none).is_none(), "{none}");
    }
}

#[test]
fn access_levels() {
    for (name, level) in [
        ("s3:GetObject", AccessLevel::Read),
        ("s3:ListBucket", AccessLevel::List),
        ("s3:PutObject", AccessLevel::Write),
        ("s3:PutObjectTagging", AccessLevel::Tagging),
        ("s3:PutBucketPolicy", AccessLevel::PermissionsManagement),
        ("iam:CreateRole", AccessLevel::Write),
        ("iam:PassRole", AccessLevel::Write),
        ("iam:AttachRolePolicy", AccessLevel::PermissionsManagement),
        ("kms:CreateGrant", AccessLevel::PermissionsManagement),
        ("ec2:CreateTags", AccessLevel::Tagging),
    ] {
        assert_eq!(action(name).primary_access_level(), Some(level), "{name}");
    }
    assert_eq!(AccessLevel::PermissionsManagement.to_string(), "Permissions management");

    let levels = action("s3:PutBucketPolicy").access_levels();
    assert!(levels.contains(AccessLevel::Write) && !levels.contains(AccessLevel::Read));
    let mut all = AccessLevels::default();
    assert!(all.is_empty() && all.primary().is_none());
    all.extend(AccessLevel::ALL);
    assert!(all.iter().eq(AccessLevel::ALL));
}

#[test]
fn resource_types_of_actions() {
    let of = |name: &str| -> Vec<(&str, bool)> {
        action(name)
            .resource_types()
            .map(|resource| (resource.resource_type().name(), resource.is_required()))
            .collect()
    };
    assert_eq!(of("s3:PutBucketPolicy"), [("bucket", true)]);
    assert_eq!(of("s3:GetObject"), [("accesspointobject", false), ("object", false)]);
    assert_eq!(of("s3:ListAllMyBuckets"), []);
    assert!(of("ec2:RunInstances").contains(&("image", true)));
    assert!(of("ec2:RunInstances").contains(&("key-pair", false)));
}

#[test]
fn resource_types_of_services() {
    let s3 = Catalogue::embedded().service("s3").unwrap();
    let bucket = s3.resource_type("Bucket").unwrap();
    assert_eq!(bucket.name(), "bucket");
    assert!(bucket.arn_formats().eq(["arn:${Partition}:s3:::${BucketName}"]));
    assert!(s3.resource_type("buckets").is_none());

    let gateway = Catalogue::embedded().service("apigateway").unwrap();
    let authorizer = gateway.resource_type("Authorizer").unwrap();
    assert_eq!(authorizer.arn_formats().count(), 2);
    assert!(authorizer.arn_formats().any(|arn| arn.contains("/restapis/")));

    let instance = Catalogue::embedded().service("ec2").unwrap().resource_type("instance").unwrap();
    assert!(instance.condition_keys().any(|key| key.name() == "ec2:InstanceType"));
}

#[test]
fn condition_keys_of_actions() {
    let keys =
        |name: &str| action(name).condition_keys().map(ConditionKey::name).collect::<Vec<_>>();
    assert!(keys("s3:ListBucket").contains(&"s3:prefix"));
    assert!(!keys("s3:PutObject").contains(&"s3:prefix"));
    assert!(keys("iam:PassRole").contains(&"iam:PassedToService"));

    let run = action("ec2:RunInstances");
    let of_type = |name: &str| {
        let resource = run.resource_types().find(|of| of.resource_type().name() == name).unwrap();
        resource.condition_keys().map(ConditionKey::name).collect::<Vec<_>>()
    };
    assert!(of_type("instance").contains(&"ec2:InstanceType"));
    assert!(of_type("image").contains(&"ec2:Owner"));
    assert!(!of_type("image").contains(&"ec2:InstanceType"));
}

#[test]
fn condition_keys_have_types() {
    use ConditionValueType::{Arn, Bool, Date, IpAddress, Numeric, String};
    for (name, value_type) in [
        ("aws:SourceIp", IpAddress),
        ("aws:PrincipalArn", Arn),
        ("aws:SecureTransport", Bool),
        ("aws:MultiFactorAuthAge", Numeric),
        ("aws:CurrentTime", Date),
        ("aws:PrincipalOrgID", String),
        ("s3:max-keys", Numeric),
        ("iam:PolicyARN", Arn),
        ("kms:GrantIsForAWSResource", Bool),
        ("sts:ExternalId", String),
    ] {
        assert_eq!(
            (key(name).value_type(), key(name).is_multi_valued()),
            (value_type, false),
            "{name}"
        );
    }
    assert_eq!(key("aws:EpochTime").value_types(), [Date, Numeric]);
    for name in [
        "aws:TagKeys",
        "aws:PrincipalOrgPaths",
        "aws:CalledVia",
        "aws:PrincipalServiceNamesList",
        "dynamodb:LeadingKeys",
        "kms:EncryptionContextKeys",
    ] {
        assert!(key(name).is_multi_valued(), "{name}");
    }
}

#[test]
fn condition_keys_are_found_in_any_case_and_by_template() {
    assert_eq!(key("AWS:sourceip").name(), "aws:SourceIp");
    assert_eq!(key("aws:ResourceTag/Owner").name(), "aws:ResourceTag/${TagKey}");
    assert_eq!(key("AWS:principaltag/a/b").name(), "aws:PrincipalTag/${TagKey}");
    assert_eq!(key("s3:ExistingObjectTag/team").name(), "s3:ExistingObjectTag/<key>");
    assert_eq!(
        key("token.actions.githubusercontent.com/octo:repository").name(),
        "token.actions.githubusercontent.com/${SubPath}:repository"
    );
    assert_eq!(
        key("secretsmanager:ResourceTag/SageMaker").name(),
        "secretsmanager:ResourceTag/tag-key"
    );
    assert_eq!(key("sagemaker:resourcetag/a").name(), "sagemaker:ResourceTag/");
    assert!(key("ssm:resourceTag/x").is_template() && !key("ssm:Overwrite").is_template());
    assert_eq!(key("SAML:aud").name(), "saml:aud");
    for none in
        ["aws:ResourceTag/", "aws:ResourceTag", "aws:NoSuchKey", "s3:NoSuchKey", "", "aws:", "é"]
    {
        assert!(Catalogue::embedded().condition_key(none).is_none(), "{none}");
    }
}

#[test]
fn keys_of_requests_to_every_service_are_global() {
    for global in
        ["aws:SourceIp", "aws:RequestTag/x", "ec2:SourceInstanceArn", "lambda:SourceFunctionArn"]
    {
        assert!(key(global).is_global(), "{global}");
    }
    assert!(!key("s3:prefix").is_global());
    // AWS's page has it among the global keys, with one value.
    assert!(!key("identitystore:UserId").is_multi_valued());
}

#[test]
fn claims_of_identity_providers_are_keys() {
    for name in [
        "token.actions.githubusercontent.com:sub",
        "token.actions.githubusercontent.com:aud",
        "oidc.eks.eu-west-1.amazonaws.com/id/0123ABCD:sub",
        "auth.example.com/:AUD",
    ] {
        assert_eq!(
            (key(name).value_type(), key(name).is_multi_valued()),
            (ConditionValueType::String, false)
        );
    }
    assert_eq!(key("accounts.google.com:aud").name(), "accounts.google.com:aud");
    assert!(key("cognito-identity.amazonaws.com:amr").is_multi_valued());
    for none in ["nope:sub", "auth.example.com:shoe-size", "auth.example.com:", ":sub", "/x.y:sub"]
    {
        assert!(Catalogue::embedded().condition_key(none).is_none(), "{none}");
    }
}

#[test]
fn prefixes_of_condition_keys() {
    for prefix in [
        "aws",
        "AWS",
        "s3",
        "saml",
        "graph.facebook.com",
        "identitycenter",
        "oidc.circleci.com/org/1",
    ] {
        assert!(Catalogue::embedded().is_condition_key_prefix(prefix), "{prefix}");
    }
    for none in ["", "s", "sam", "nope", "no.", "a..b", "${x}.y"] {
        assert!(!Catalogue::embedded().is_condition_key_prefix(none), "{none}");
    }
}

#[test]
fn patterns_match_actions() {
    assert_eq!(matched("S3:get?bject"), ["s3:GetObject"]);
    assert_eq!(
        matched("sqs:*Message"),
        ["sqs:DeleteMessage", "sqs:ReceiveMessage", "sqs:SendMessage"]
    );
    assert_eq!(matched("s3:GetObject"), ["s3:GetObject"]);
    let get = matched("s3:Get*");
    assert!(get.iter().all(|name| name.starts_with("s3:Get")) && get.len() > 50);
    assert_eq!(matched("s3:*"), matched("s3:**"));
    // What is found outlives the pattern.
    let found = { Catalogue::embedded().match_actions(&String::from("s3:GetObject")).next() };
    assert_eq!(found, Some(action("s3:GetObject")));
    for none in
        ["s3:", "s3", "s3:?", "s3:GetObject?", "GetObject", "", "?", "s4:*", "s3:*:*", "s3:é*"]
    {
        assert_eq!(matched(none), Vec::<String>::new(), "{none}");
    }
}

#[test]
fn patterns_across_services_match_actions() {
    let all = matched("*");
    assert_eq!(all.len(), Catalogue::embedded().services().flat_map(Service::actions).count());
    assert_eq!(matched("*:*"), all);
    assert_eq!(matched("**"), all);
    assert_eq!(matched("*:AssumeRole"), ["sts:AssumeRole"]);
    assert_eq!(matched("sq?:SendMessage"), ["sqs:SendMessage"]);
    assert_eq!(matched("sqs*SendMessage"), ["sqs:SendMessage"]);
    let tags: BTreeSet<_> = matched("*:TagResource").into_iter().collect();
    let expected = all.into_iter().filter(|name| name.ends_with(":TagResource"));
    assert_eq!(tags, expected.collect());
}

#[test]
fn sdk_operations_and_their_actions() {
    let s3 = Catalogue::embedded().service("s3").unwrap();
    // AWS's pages of these operations name the permissions.
    assert!(names(s3.operation_actions("ListObjectsV2")).contains("s3:ListBucket"));
    assert!(names(s3.operation_actions("CompleteMultipartUpload")).contains("s3:PutObject"));
    assert!(names(s3.operation_actions("headobject")).contains("s3:GetObject"));
    let invoke = Catalogue::embedded().service("lambda").unwrap().operation_actions("Invoke");
    assert_eq!(names(invoke), names([action("lambda:InvokeFunction")]));
    let sts = Catalogue::embedded().service("sts").unwrap().operation_actions("AssumeRole");
    assert!(names(sts).contains("sts:AssumeRole"));
    assert!(s3.operation_actions("NoSuchOperation").is_empty());

    let operations: Vec<_> = action("s3:ListBucket").sdk_operations().collect();
    assert!(operations.contains(&SdkOperation { service: "s3", name: "ListObjectsV2" }));
    let operations: Vec<_> = action("iam:PassRole").sdk_operations().collect();
    assert!(operations.contains(&SdkOperation { service: "lambda", name: "CreateFunction" }));
}

#[test]
fn actions_depend_on_others() {
    let of = |name: &str| names(action(name).dependent_actions());
    assert!(of("lambda:CreateFunction").contains("iam:PassRole"));
    assert!(of("ec2:RunInstances").contains("iam:PassRole"));
    assert!(!of("lambda:CreateFunction").contains("lambda:CreateFunction"));
    assert!(of("sqs:SendMessage").iter().all(|name| name.starts_with("kms:")));
}

#[test]
fn flags_of_the_service_reference() {
    let flags =
        |name| (action(name).supports_policy_generation(), action(name).supports_last_accessed());
    assert_eq!(flags("iam:CreateRole"), (Support::Supported, Support::Supported));
    // Data events are in neither.
    assert_eq!(flags("s3:GetObject"), (Support::NotSupported, Support::NotSupported));
    assert_eq!(flags("lambda:InvokeFunction"), (Support::NotSupported, Support::NotSupported));
    assert_eq!(flags("ec2:DescribeInstances"), (Support::Supported, Support::NotSupported));
    // Newer than the reference.
    assert_eq!(flags("network-security-manager:TagResource").0, Support::Unknown);
}

#[test]
fn resource_control_policies_cover_some_services() {
    let covered: Vec<_> = Catalogue::embedded().rcp_services().map(Service::prefix).collect();
    for prefix in ["s3", "sts", "kms", "sqs", "secretsmanager", "dynamodb", "ecr"] {
        assert!(covered.contains(&prefix), "{prefix}");
    }
    for prefix in ["ec2", "iam", "organizations"] {
        assert!(!covered.contains(&prefix), "{prefix}");
    }
}
