"""Rules that could hide a public exposure: accepted with SETTING=warn, refused with SETTING=enforce."""

import os
import time

import boto3
from botocore.exceptions import ClientError

own = boto3.client("accessanalyzer")
BROAD = {"resourceType": {"eq": ["AWS::S3::Bucket"]}}
SAID = {**BROAD, "isPublic": {"eq": ["false"]}}


def refused(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == "ValidationException" and "isPublic" in str(error), error
    else:
        raise AssertionError("a broad rule was accepted")


if os.environ["SETTING"] == "warn":
    arn = own.create_analyzer(analyzerName="account", type="ORGANIZATION")["arn"]
    while own.get_analyzer(analyzerName="account")["analyzer"]["status"] != "ACTIVE":
        time.sleep(0.1)
    own.create_archive_rule(analyzerName="account", ruleName="broad", filter=BROAD)
    own.apply_archive_rule(analyzerArn=arn, ruleName="broad")
    archived = {"status": {"eq": ["ARCHIVED"]}, "isPublic": {"eq": ["true"]}}
    assert own.list_findings(analyzerArn=arn, filter=archived)["findings"]
else:
    arn = own.get_analyzer(analyzerName="account")["analyzer"]["arn"]
    refused(own.create_archive_rule, analyzerName="account", ruleName="other", filter=BROAD)
    refused(own.update_archive_rule, analyzerName="account", ruleName="broad", filter=BROAD)
    refused(own.apply_archive_rule, analyzerArn=arn, ruleName="broad")
    refused(own.create_analyzer, analyzerName="all", type="ACCOUNT",
            archiveRules=[{"ruleName": "broad", "filter": BROAD}])
    own.create_archive_rule(analyzerName="account", ruleName="other", filter=SAID)
    own.update_archive_rule(analyzerName="account", ruleName="broad", filter=SAID)
    own.apply_archive_rule(analyzerArn=arn, ruleName="broad")
