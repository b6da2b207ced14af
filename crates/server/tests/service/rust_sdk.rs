//! The AWS SDK for Rust against the service: answers and errors are parsed into the types that AWS generates from its
//! model, so that a member of the wrong name or kind shows.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use aws_sdk_accessanalyzer::Client;
use aws_sdk_accessanalyzer::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_accessanalyzer::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_accessanalyzer::types::{
    Access, AccessCheckPolicyType, AccessCheckResourceType, AccessPreviewStatus, AnalyzerStatus,
    CheckAccessNotGrantedResult, CheckNoNewAccessResult, CheckNoPublicAccessResult, Configuration,
    Criterion, FindingChangeType, FindingDetails, FindingStatus, FindingStatusUpdate, FindingType,
    FindingsStatistics, OrderBy, PolicyType, ResourceType, SortCriteria, SqsQueueConfiguration,
    Type, ValidatePolicyFindingType, ValidationExceptionReason,
};

use crate::running::{Folder, Key, Running, create_key};

const OPEN: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}]}"#;

fn identity(action: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"*"}}]}}"#
    )
}

fn client(service: &Running, key: &Key) -> Client {
    let credentials = Credentials::new(&key.id, &key.secret, None, None, "test");
    let config = aws_sdk_accessanalyzer::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .region(Region::new("us-east-1"))
        .endpoint_url(&service.url)
        .credentials_provider(credentials)
        .build();
    Client::from_conf(config)
}

/// The service on the example environment, and a client of its account.
fn started(folder: &Folder) -> (Running, Client) {
    let key = create_key(folder, &["--account", "111122223333", "--full-access"]);
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/payments");
    let source = source.to_str().unwrap();
    let service = Running::start(folder, &["--requests-per-second", "10000", "--source", source]);
    let client = client(&service, &key);
    (service, client)
}

fn code<E: ProvideErrorMetadata>(error: &SdkError<E>) -> (Option<&str>, bool) {
    let is_known = error.as_service_error().is_some();
    (error.as_service_error().and_then(ProvideErrorMetadata::code), is_known)
}

/// Makes an analyzer and waits until its findings are there.
async fn analyzer(client: &Client) -> String {
    let made = client
        .create_analyzer()
        .analyzer_name("account")
        .r#type(Type::Account)
        .tags("team", "payments")
        .client_token("token-of-the-first")
        .send()
        .await
        .unwrap();
    let start = Instant::now();
    loop {
        let got = client.get_analyzer().analyzer_name("account").send().await.unwrap();
        let found = got.analyzer.unwrap();
        assert_eq!((found.name.as_str(), found.r#type), ("account", Type::Account));
        if found.status == AnalyzerStatus::Active {
            assert_eq!(found.tags.unwrap(), HashMap::from([("team".into(), "payments".into())]));
            assert!(found.created_at.secs() > 0);
            return made.arn.unwrap();
        }
        assert!(start.elapsed() < Duration::from_secs(60), "the analyzer stays {:?}", found.status);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn checks_and_validation() {
    let folder = Folder::new();
    let (_service, client) = started(&folder);
    let checked = client
        .check_no_new_access()
        .existing_policy_document(identity("s3:GetObject"))
        .new_policy_document(identity("s3:*"))
        .policy_type(AccessCheckPolicyType::IdentityPolicy)
        .send()
        .await
        .unwrap();
    assert_eq!(checked.result, Some(CheckNoNewAccessResult::Fail));
    assert_eq!(checked.reasons()[0].statement_index, Some(0));
    let checked = client
        .check_access_not_granted()
        .policy_document(identity("s3:GetObject"))
        .access(Access::builder().actions("s3:PutObject").build())
        .policy_type(AccessCheckPolicyType::IdentityPolicy)
        .send()
        .await
        .unwrap();
    assert_eq!(checked.result, Some(CheckAccessNotGrantedResult::Pass));
    let checked = client
        .check_no_public_access()
        .policy_document(OPEN)
        .resource_type(AccessCheckResourceType::SqsQueue)
        .send()
        .await
        .unwrap();
    assert_eq!(checked.result, Some(CheckNoPublicAccessResult::Fail));
    let found = client
        .validate_policy()
        .policy_document(identity("s3:NoSuchAction"))
        .policy_type(PolicyType::IdentityPolicy)
        .send()
        .await
        .unwrap();
    let first = &found.findings[0];
    assert_eq!(first.finding_type, ValidatePolicyFindingType::Error);
    assert_eq!(first.issue_code, "INVALID_ACTION");
    let span = first.locations[0].span.as_ref().unwrap();
    assert_eq!(span.start.as_ref().unwrap().line, 1);
}

#[tokio::test]
async fn findings_rules_and_previews() {
    let folder = Folder::new();
    let (_service, client) = started(&folder);
    let arn = analyzer(&client).await;
    let pages =
        client.list_findings_v2().analyzer_arn(&arn).max_results(3).sort(
            SortCriteria::builder().attribute_name("resource").order_by(OrderBy::Asc).build(),
        );
    let all = pages.into_paginator().items().send();
    let all: Vec<_> = all.collect::<Result<Vec<_>, _>>().await.unwrap();
    assert!(all.len() > 6, "{}", all.len());
    assert!(all.is_sorted_by_key(|found| found.resource.clone()));
    let is_queue = |arn: &String| arn.ends_with(":settlement-requests");
    let queue = all.iter().find(|found| found.resource.as_ref().is_some_and(is_queue)).unwrap();
    assert_eq!(queue.resource_type, ResourceType::AwsSqsQueue);
    assert_eq!(queue.status, FindingStatus::Active);
    assert_eq!(queue.finding_type, Some(FindingType::ExternalAccess));

    let got = client.get_finding_v2().analyzer_arn(&arn).id(&queue.id).send().await.unwrap();
    let FindingDetails::ExternalAccessDetails(details) = &got.finding_details[0] else {
        panic!("{:?}", got.finding_details);
    };
    assert!(details.principal.as_ref().unwrap().contains_key("AWS") && details.action.is_some());
    let first = client.get_finding().analyzer_arn(&arn).id(&queue.id).send().await.unwrap();
    assert_eq!(first.finding.unwrap().principal, details.principal);

    let update = client.update_findings().analyzer_arn(&arn).ids(&queue.id);
    update.status(FindingStatusUpdate::Archived).send().await.unwrap();
    let by_rule = Criterion::builder().eq("AWS::KMS::Key").build();
    let rule = client.create_archive_rule().analyzer_name("account").rule_name("keys");
    rule.filter("resourceType", by_rule.clone()).send().await.unwrap();
    client.apply_archive_rule().analyzer_arn(&arn).rule_name("keys").send().await.unwrap();
    let got = client.get_archive_rule().analyzer_name("account").rule_name("keys").send().await;
    let rule = got.unwrap().archive_rule.unwrap();
    assert_eq!(rule.filter, HashMap::from([("resourceType".to_owned(), by_rule)]));
    let archived = Criterion::builder().eq("ARCHIVED").build();
    let archived = client.list_findings_v2().analyzer_arn(&arn).filter("status", archived);
    let archived = archived.send().await.unwrap().findings;
    assert!(archived.iter().any(|found| found.id == queue.id));
    assert!(archived.iter().any(|found| found.resource_type == ResourceType::AwsKmsKey));
    let counted = client.get_findings_statistics().analyzer_arn(&arn).send().await.unwrap();
    let FindingsStatistics::ExternalAccessFindingsStatistics(counted) =
        &counted.findings_statistics.as_ref().unwrap()[0]
    else {
        panic!("{counted:?}");
    };
    assert_eq!(counted.total_archived_findings, Some(archived.len() as i32));

    let opened = SqsQueueConfiguration::builder().queue_policy(OPEN).build();
    let made = client
        .create_access_preview()
        .analyzer_arn(&arn)
        .configurations(queue.resource.clone().unwrap(), Configuration::SqsQueue(opened))
        .send()
        .await
        .unwrap();
    let got = client.get_access_preview().analyzer_arn(&arn).access_preview_id(&made.id);
    let preview = got.send().await.unwrap().access_preview.unwrap();
    assert_eq!(preview.status, AccessPreviewStatus::Completed);
    let listed = client.list_access_preview_findings().analyzer_arn(&arn);
    let listed = listed.access_preview_id(&made.id).send().await.unwrap().findings;
    assert!(listed.iter().any(|found| {
        found.change_type == FindingChangeType::New && found.is_public == Some(true)
    }));

    client.tag_resource().resource_arn(&arn).tags("stage", "test").send().await.unwrap();
    client.untag_resource().resource_arn(&arn).tag_keys("team").send().await.unwrap();
    let tags = client.list_tags_for_resource().resource_arn(&arn).send().await.unwrap();
    assert_eq!(tags.tags.unwrap(), HashMap::from([("stage".into(), "test".into())]));
    let all = client.list_analyzed_resources().analyzer_arn(&arn).send().await.unwrap();
    let known = &all.analyzed_resources[0];
    let got = client.get_analyzed_resource().analyzer_arn(&arn).resource_arn(&known.resource_arn);
    assert_eq!(got.send().await.unwrap().resource.unwrap().resource_arn, known.resource_arn);
    let scan = client.start_resource_scan().analyzer_arn(&arn).resource_arn(&known.resource_arn);
    scan.send().await.unwrap();
    client.delete_archive_rule().analyzer_name("account").rule_name("keys").send().await.unwrap();
    client.delete_analyzer().analyzer_name("account").send().await.unwrap();
    assert!(client.list_analyzers().send().await.unwrap().analyzers.is_empty());
}

#[tokio::test]
async fn errors_have_their_types() {
    let folder = Folder::new();
    let (service, client) = started(&folder);
    let arn = analyzer(&client).await;

    let error = client.get_analyzer().analyzer_name("none").send().await.unwrap_err();
    let error = error.into_service_error();
    assert!(error.is_resource_not_found_exception(), "{error:?}");
    let again = client.create_analyzer().analyzer_name("account").r#type(Type::Account);
    let error = again.send().await.unwrap_err().into_service_error();
    assert!(error.is_conflict_exception(), "{error:?}");
    let second = client.create_analyzer().analyzer_name("second").r#type(Type::Account);
    let error = second.send().await.unwrap_err().into_service_error();
    assert!(error.is_service_quota_exceeded_exception(), "{error:?}");
    let list = client.list_findings_v2().analyzer_arn(&arn);
    let list = list.filter("colour", Criterion::builder().eq("red").build());
    let error = list.send().await.unwrap_err().into_service_error();
    let aws_sdk_accessanalyzer::operation::list_findings_v2::ListFindingsV2Error::ValidationException(refused) =
        &error
    else {
        panic!("{error:?}");
    };
    assert_eq!(refused.reason, ValidationExceptionReason::FieldValidationFailed);
    assert_eq!(refused.field_list.as_ref().unwrap()[0].name, "filter");
    let error = client.list_policy_generations().send().await.unwrap_err();
    let error = error.into_service_error();
    assert!(error.is_validation_exception(), "{error:?}");
    let linked = client.create_service_linked_analyzer();
    let error = linked.r#type(Type::AccountUnusedAccess).send().await.unwrap_err();
    assert_eq!(code(&error), (Some("AccessDeniedException"), true));

    let stranger = Key { id: "RFKUNKNOWN".to_owned(), secret: "x".to_owned() };
    let error = self::client(&service, &stranger).list_analyzers().send().await.unwrap_err();
    assert_eq!(code(&error), (Some("UnrecognizedClientException"), true));
}
