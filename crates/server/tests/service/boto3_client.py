"""boto3 against the service: answers are parsed by botocore with AWS's model."""

import json
import os
import urllib.error
import urllib.request

import boto3
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
ONCE = Config(retries={"total_max_attempts": 1}, parameter_validation=False)


def client(name=None, **more):
    """A client with the default key, or with one of the environment's others."""
    if name:
        more["aws_access_key_id"] = os.environ[f"{name}_ID"]
        more["aws_secret_access_key"] = os.environ[f"{name}_SECRET"]
    return boto3.client("accessanalyzer", config=ONCE, **more)


def refused(code, status, call, **arguments):
    """The answer to a call that must fail so."""
    try:
        call(**arguments)
    except ClientError as error:
        found = error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
        assert found == (code, status), (found, error)
        assert error.response["ResponseMetadata"]["RequestId"]
        return error.response
    raise AssertionError(f"{call} did not fail with {code}")


def policy(action, effect="Allow", **more):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": action, "Resource": "*", **more}]})


own = client()

# The custom checks.
answer = own.check_no_new_access(existingPolicyDocument=policy("s3:GetObject"), newPolicyDocument=policy("s3:*"), policyType="IDENTITY_POLICY")
assert answer["result"] == "FAIL" and answer["reasons"][0]["statementIndex"] == 0, answer
answer = own.check_no_new_access(existingPolicyDocument=policy("s3:*"), newPolicyDocument=policy("s3:GetObject"), policyType="IDENTITY_POLICY")
assert answer["result"] == "PASS" and "reasons" not in answer, answer
answer = own.check_access_not_granted(policyDocument=policy("s3:*"), access=[{"actions": ["s3:PutObject"]}], policyType="IDENTITY_POLICY")
assert answer["result"] == "FAIL", answer
answer = own.check_no_public_access(policyDocument=policy("sns:Publish", Principal="*"), resourceType="AWS::SNS::Topic")
assert answer["result"] == "FAIL", answer

# ValidatePolicy and its pages.
bad = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": [f"s3:Nothing{n}" for n in range(7)], "Resource": "*"}]})
whole = own.validate_policy(policyDocument=bad, policyType="IDENTITY_POLICY")["findings"]
pages = own.get_paginator("validate_policy").paginate(
    policyDocument=bad, policyType="IDENTITY_POLICY", PaginationConfig={"PageSize": 2})
assert [finding for page in pages for finding in page["findings"]] == whole and len(whole) >= 7, whole
token = own.validate_policy(policyDocument=bad, policyType="IDENTITY_POLICY", maxResults=2)["nextToken"]
for changed in (token[:-2] + ("AA" if token[-2:] != "AA" else "BB"), "x", token + "AAAA"):
    answer = refused("ValidationException", 400, own.validate_policy, policyDocument=bad, policyType="IDENTITY_POLICY", nextToken=changed)
    assert answer["reason"] == "fieldValidationFailed" and answer["fieldList"][0]["name"] == "nextToken", answer
refused("ValidationException", 400, own.validate_policy, policyDocument=bad + " ", policyType="IDENTITY_POLICY", nextToken=token)

# Input that is not valid.
answer = refused("ValidationException", 400, own.check_no_public_access, policyDocument="{}", resourceType="AWS::EC2::Instance")
assert (answer["reason"], answer["fieldList"][0]["name"]) == ("fieldValidationFailed", "resourceType"), answer
answer = refused("ValidationException", 400, own.check_no_public_access, policyDocument=1, resourceType="AWS::S3::Bucket")
assert answer["reason"] == "cannotParse", answer
refused("InvalidParameterException", 400, own.check_no_public_access, policyDocument="{", resourceType="AWS::S3::Bucket")

# What is not built, and what no customer may do.
answer = refused("ValidationException", 400, own.list_policy_generations)
assert answer["reason"] == "notSupported", answer
refused("AccessDeniedException", 403, own.create_service_linked_analyzer, type="ACCOUNT_UNUSED_ACCESS")

# Who may do what.
limited = client("LIMITED")
assert limited.check_no_public_access(policyDocument=policy("s3:*", Principal="*"), resourceType="AWS::S3::Bucket")["result"] == "FAIL"
refused("AccessDeniedException", 403, limited.validate_policy, policyDocument="{}", policyType="IDENTITY_POLICY")
refused("AccessDeniedException", 403, limited.list_policy_generations)
refused("UnrecognizedClientException", 403, client("REVOKED").validate_policy, policyDocument="{}", policyType="IDENTITY_POLICY")
unknown = client(aws_access_key_id="RFKUNKNOWN", aws_secret_access_key="x")
refused("UnrecognizedClientException", 403, unknown.validate_policy, policyDocument="{}", policyType="IDENTITY_POLICY")
wrong = client(aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"], aws_secret_access_key="x")
refused("InvalidSignatureException", 403, wrong.validate_policy, policyDocument="{}", policyType="IDENTITY_POLICY")
refused("InvalidSignatureException", 403, client(region_name="eu-west-1").validate_policy, policyDocument="{}", policyType="IDENTITY_POLICY")
session = client(aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"], aws_secret_access_key="x", aws_session_token="x")
refused("InvalidSignatureException", 403, session.validate_policy, policyDocument="{}", policyType="IDENTITY_POLICY")

# A presigned request, and the same changed.
credentials = Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])


def presigned(path, service="access-analyzer", region="us-east-1"):
    request = AWSRequest(method="GET", url=ENDPOINT + path)
    SigV4QueryAuth(credentials, service, region, expires=60).add_auth(request)
    return request.url


def status(url):
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


good = presigned("/policy/generation?maxResults=7")
code, body = status(good)
assert (code, body["reason"]) == (400, "notSupported"), (code, body)
for changed in (good.replace("maxResults=7", "maxResults=8"), good.replace("/policy/", "//policy/"),
                good + "&extra=1", good.replace("Expires=60", "Expires=61")):
    assert status(changed)[0] in (403, 404), changed
assert status(presigned("/policy/generation", service="iam"))[0] == 403
assert status(presigned("/policy/generation", region="eu-west-1"))[0] == 403
assert status(presigned("/no/such/path"))[0] == 404
