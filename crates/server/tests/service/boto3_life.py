"""The life of findings over boto3: analyzers, rules, lists, statistics, tags, previews, a changing environment."""

import json
import os
import time
import uuid
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

SOURCE = Path(os.environ["SOURCE"])
REGION = "us-east-1"
ARN = f"arn:aws:access-analyzer:{REGION}:111122223333:analyzer/"
own = boto3.client("accessanalyzer", config=Config(retries={"total_max_attempts": 1}))
other = boto3.client("accessanalyzer", config=Config(retries={"total_max_attempts": 1}),
                     aws_access_key_id=os.environ["OTHER_ID"], aws_secret_access_key=os.environ["OTHER_SECRET"])
limited = boto3.client("accessanalyzer", config=Config(retries={"total_max_attempts": 1}),
                       aws_access_key_id=os.environ["LIMITED_ID"], aws_secret_access_key=os.environ["LIMITED_SECRET"])


def refused(code, expected_status, call, /, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        found = error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
        assert found == (code, expected_status), (found, error)
        return error.response
    raise AssertionError(f"{call} did not fail with {code}")


def until(what, condition):
    for _ in range(300):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError(f"waited in vain: {what}")


def active(name):
    until(name, lambda: own.get_analyzer(analyzerName=name)["analyzer"]["status"] == "ACTIVE")


# Analyzers.
token = str(uuid.uuid4())
arn = own.create_analyzer(analyzerName="account", type="ACCOUNT", tags={"team": "payments"}, clientToken=token)["arn"]
assert arn == ARN + "account"
assert own.create_analyzer(analyzerName="account", type="ACCOUNT", tags={"team": "payments"}, clientToken=token)["arn"] == arn
refused("ValidationException", 400, own.create_analyzer, analyzerName="x", type="ACCOUNT", clientToken=token)
refused("ConflictException", 409, own.create_analyzer, analyzerName="account", type="ACCOUNT")
error = refused("ServiceQuotaExceededException", 402, own.create_analyzer, analyzerName="second", type="ACCOUNT")
refused("ValidationException", 400, own.create_analyzer, analyzerName="unused", type="ACCOUNT_UNUSED_ACCESS")
organization = own.create_analyzer(
    analyzerName="organization", type="ORGANIZATION",
    archiveRules=[{"ruleName": "roles", "filter": {"resourceType": {"eq": ["AWS::IAM::Role"]}}}])["arn"]
active("account")
active("organization")
analyzer = own.get_analyzer(analyzerName="account")["analyzer"]
assert (analyzer["arn"], analyzer["type"], analyzer["tags"]) == (arn, "ACCOUNT", {"team": "payments"}), analyzer
assert analyzer["createdAt"].microsecond == 0 and analyzer["lastResourceAnalyzed"].startswith("arn:")
assert [one["name"] for one in own.list_analyzers()["analyzers"]] == ["account", "organization"]
assert [one["name"] for one in own.list_analyzers(type="ORGANIZATION")["analyzers"]] == ["organization"]
pages = own.get_paginator("list_analyzers").paginate(PaginationConfig={"PageSize": 1})
assert [one["name"] for page in pages for one in page["analyzers"]] == ["account", "organization"]
refused("ResourceNotFoundException", 404, own.get_analyzer, analyzerName="none")

# Another account sees nothing of it; a limited key only what its policy names.
assert other.list_analyzers()["analyzers"] == []
refused("AccessDeniedException", 403, other.list_findings_v2, analyzerArn=arn)
refused("ResourceNotFoundException", 404, other.delete_analyzer, analyzerName="account")
assert [one["name"] for one in limited.list_analyzers()["analyzers"]] == ["account"]
limited.list_findings_v2(analyzerArn=arn)
refused("AccessDeniedException", 403, limited.list_findings_v2, analyzerArn=organization)
refused("AccessDeniedException", 403, limited.update_findings, analyzerArn=arn, status="ARCHIVED", ids=["x"])


# Findings: those of `ringfence scan`.
def findings(analyzer=arn, **arguments):
    pages = own.get_paginator("list_findings_v2").paginate(
        analyzerArn=analyzer, PaginationConfig={"PageSize": 7}, **arguments)
    return [finding for page in pages for finding in page["findings"]]


def expected(name, account=None):
    found = json.loads((SOURCE / name).read_text())
    found = found["findings"] if isinstance(found, dict) else found
    return sorted(one["resource"] for one in found if account in (None, one["resourceOwnerAccount"]))


def resources(found):
    return sorted(one["resource"] for one in found if "error" not in one)


assert resources(findings()) == expected("expected-findings-account-zone.json", "111122223333")
assert resources(findings(organization)) == expected("expected-findings.json")
one = findings(filter={"resource": {"contains": ["settlement-requests"]}})[0]
assert (one["resourceType"], one["status"], one["findingType"]) == ("AWS::SQS::Queue", "ACTIVE", "ExternalAccess"), one
whole = own.get_finding_v2(analyzerArn=arn, id=one["id"])
details = whole["findingDetails"][0]["externalAccessDetails"]
assert details["principal"] == {"AWS": "123456789012"} and details["isPublic"] is False and details["action"], details
first = own.get_finding(analyzerArn=arn, id=one["id"])["finding"]
assert first["principal"] == details["principal"] and first["action"] == details["action"]
assert len(own.list_findings(analyzerArn=arn, maxResults=5)["findings"]) == 5
refused("ResourceNotFoundException", 404, own.get_finding, analyzerArn=arn, id="none")
error = refused("ValidationException", 400, own.list_findings_v2, analyzerArn=arn, filter={"colour": {"eq": ["red"]}})
assert error["fieldList"][0]["name"] == "filter", error
descending = findings(sort={"attributeName": "resource", "orderBy": "DESC"})
assert [one["resource"] for one in descending] == sorted((one["resource"] for one in descending), reverse=True)

# A page's token keeps its place when something changes, and belongs to one list only.
page = own.list_findings_v2(analyzerArn=arn, maxResults=3, sort={"attributeName": "resource"})
refused("ValidationException", 400, own.list_findings_v2, analyzerArn=organization, maxResults=3,
        sort={"attributeName": "resource"}, nextToken=page["nextToken"])
refused("ValidationException", 400, own.list_findings_v2, analyzerArn=arn, nextToken=page["nextToken"])

# Archiving by hand and by rule.
own.update_findings(analyzerArn=arn, ids=[one["id"]], status="ARCHIVED")
assert own.get_finding_v2(analyzerArn=arn, id=one["id"])["status"] == "ARCHIVED"
own.update_findings(analyzerArn=arn, resourceArn=one["resource"], status="ACTIVE")
assert own.get_finding_v2(analyzerArn=arn, id=one["id"])["status"] == "ACTIVE"
refused("ValidationException", 400, own.update_findings, analyzerArn=arn, status="ACTIVE")
refused("ResourceNotFoundException", 404, own.update_findings, analyzerArn=arn, status="ACTIVE", ids=["none"])
assert {one["status"] for one in findings(organization, filter={"resourceType": {"eq": ["AWS::IAM::Role"]}})} == {"ARCHIVED"}
own.create_archive_rule(analyzerName="account", ruleName="keys", filter={"resourceType": {"eq": ["AWS::KMS::Key"]}})
refused("ConflictException", 409, own.create_archive_rule, analyzerName="account", ruleName="keys", filter={"error": {"exists": True}})
refused("ValidationException", 400, own.create_archive_rule, analyzerName="account", ruleName="status", filter={"status": {"eq": ["ACTIVE"]}})
assert own.get_archive_rule(analyzerName="account", ruleName="keys")["archiveRule"]["filter"] == {"resourceType": {"eq": ["AWS::KMS::Key"]}}
assert {one["status"] for one in findings(filter={"resourceType": {"eq": ["AWS::KMS::Key"]}})} == {"ACTIVE"}
own.apply_archive_rule(analyzerArn=arn, ruleName="keys")
assert {one["status"] for one in findings(filter={"resourceType": {"eq": ["AWS::KMS::Key"]}})} == {"ARCHIVED"}
own.update_archive_rule(analyzerName="account", ruleName="keys", filter={"resourceType": {"neq": ["AWS::SQS::Queue"]}})
assert [rule["ruleName"] for rule in own.list_archive_rules(analyzerName="account")["archiveRules"]] == ["keys"]
own.delete_archive_rule(analyzerName="account", ruleName="keys")
refused("ResourceNotFoundException", 404, own.get_archive_rule, analyzerName="account", ruleName="keys")

# Statistics and resources.
counted = own.get_findings_statistics(analyzerArn=arn)["findingsStatistics"][0]["externalAccessFindingsStatistics"]
archived = len(findings(filter={"status": {"eq": ["ARCHIVED"]}}))
assert counted["totalArchivedFindings"] == archived > 0, counted
assert counted["totalActiveFindings"] == len(findings(filter={"status": {"eq": ["ACTIVE"]}})), counted
queues = own.list_analyzed_resources(analyzerArn=arn, resourceType="AWS::SQS::Queue")["analyzedResources"]
assert one["resource"] in [queue["resourceArn"] for queue in queues]
known = own.get_analyzed_resource(analyzerArn=arn, resourceArn=one["resource"])["resource"]
assert known["isPublic"] is False and known["status"] == "ACTIVE" and known["actions"], known
refused("ResourceNotFoundException", 404, own.get_analyzed_resource, analyzerArn=arn, resourceArn="arn:aws:s3:::none")

# Tags.
own.tag_resource(resourceArn=arn, tags={"stage": "test"})
own.untag_resource(resourceArn=arn, tagKeys=["team", "none"])
assert own.list_tags_for_resource(resourceArn=arn)["tags"] == {"stage": "test"}

# A preview of one more account in the queue's policy, and of a queue that does not exist yet.
policy = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Principal": {"AWS": "210987654321"}, "Action": "sqs:SendMessage", "Resource": "*"}]}


def preview(resource, configuration):
    made = own.create_access_preview(analyzerArn=arn, configurations={resource: configuration})["id"]
    found = own.get_access_preview(analyzerArn=arn, accessPreviewId=made)["accessPreview"]
    listed = own.list_access_preview_findings(analyzerArn=arn, accessPreviewId=made)["findings"]
    assert made in [summary["id"] for summary in own.list_access_previews(analyzerArn=arn)["accessPreviews"]]
    return found, listed


found, listed = preview(one["resource"], {"sqsQueue": {"queuePolicy": json.dumps(policy)}})
assert found["status"] == "COMPLETED", found
changes = {(finding["changeType"], finding["status"], finding["principal"]["AWS"]) for finding in listed}
assert changes == {("NEW", "ACTIVE", "210987654321"), ("CHANGED", "RESOLVED", "123456789012")}, listed
found, listed = preview("arn:aws:sqs:eu-west-1:111122223333:new", {"sqsQueue": {"queuePolicy": json.dumps(policy)}})
assert [finding["changeType"] for finding in listed] == ["NEW"], listed
found, listed = preview(one["resource"], {"sqsQueue": {"queuePolicy": "{"}})
assert (found["status"], found["statusReason"]["code"], listed) == ("FAILED", "INVALID_CONFIGURATION", []), found
found, listed = preview(one["resource"], {"sqsQueue": {}})
assert [finding["changeType"] for finding in listed] == ["UNCHANGED"], listed
refused("ValidationException", 400, own.create_access_preview, analyzerArn=organization,
        configurations={one["resource"]: {"sqsQueue": {}}})

# The environment changes: the finding resolves, and comes back with its id.
file = next(path for path in SOURCE.rglob("*.json") if f'"{one["resource"]}"' in path.read_text() and "sqsQueue" in path.read_text()
            and "settlement-requests" in path.name)
before = file.read_text()
queue = json.loads(before)
queue["configuration"]["sqsQueue"].pop("queuePolicy")
file.write_text(json.dumps(queue))
own.start_resource_scan(analyzerArn=arn, resourceArn=one["resource"])
assert own.get_finding_v2(analyzerArn=arn, id=one["id"])["status"] == "RESOLVED"
file.write_text(before)
os.utime(SOURCE / "snapshot.json")
until("the source is read again", lambda: own.get_finding_v2(analyzerArn=arn, id=one["id"])["status"] == "ACTIVE")
file.unlink()
own.start_resource_scan(analyzerArn=arn, resourceArn=one["resource"])
assert own.get_finding_v2(analyzerArn=arn, id=one["id"])["status"] == "RESOLVED"
refused("ResourceNotFoundException", 404, own.start_resource_scan, analyzerArn=arn, resourceArn="arn:aws:s3:::none")

# Internal access: who inside reaches a chosen table.
table = "arn:aws:dynamodb:eu-west-1:111122223333:table/card-tokens"
rule = {"internalAccess": {"analysisRule": {"inclusions": [{"resourceArns": [table]}]}}}
refused("ValidationException", 400, own.create_analyzer, analyzerName="mixed", type="ORGANIZATION", configuration=rule)
internal = own.create_analyzer(analyzerName="internal", type="ORGANIZATION_INTERNAL_ACCESS", configuration=rule)["arn"]
active("internal")
assert own.get_analyzer(analyzerName="internal")["analyzer"]["configuration"] == rule
inside = findings(internal)
assert inside and {finding["resource"] for finding in inside} == {table}, inside
assert {finding["findingType"] for finding in inside} == {"InternalAccess"}, inside
seen = [own.get_finding_v2(analyzerArn=internal, id=finding["id"])["findingDetails"][0]["internalAccessDetails"]
        for finding in inside if "error" not in finding]
assert seen and all(one["principalType"] in ("IAM_ROLE", "IAM_USER") and one["action"] for one in seen), seen
assert {one["accessType"] for one in seen} <= {"INTRA_ACCOUNT", "INTRA_ORG"}, seen
counted = own.get_findings_statistics(analyzerArn=internal)["findingsStatistics"][0]["internalAccessFindingsStatistics"]
assert counted["totalActiveFindings"] == len(inside), counted
refused("ValidationException", 400, own.list_findings, analyzerArn=internal)
bucket = {"internalAccess": {"analysisRule": {"inclusions": [{"resourceTypes": ["AWS::S3::Bucket"]}]}}}
assert own.update_analyzer(analyzerName="internal", configuration=bucket)["configuration"] == bucket
until("other resources are looked at", lambda: {finding["resourceType"] for finding in findings(
    internal, filter={"status": {"eq": ["ACTIVE"]}})} == {"AWS::S3::Bucket"})
own.delete_analyzer(analyzerName="internal")

own.delete_analyzer(analyzerName="organization")
refused("ResourceNotFoundException", 404, own.list_findings_v2, analyzerArn=organization)
refused("ConflictException", 409, own.update_analyzer, analyzerName="account")
