"""Rules that could hide a public exposure: accepted with SETTING=warn, refused with SETTING=enforce."""

import os
import time
from pathlib import Path

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
    # A public bucket that comes later is archived by the rule as soon as it is seen.
    source = Path(os.environ["SOURCE"])
    buckets = source / "accounts/444455556666/eu-west-1/AWS-S3-Bucket"
    text = (buckets / "ringpay-merchant-statements.json").read_text()
    (buckets / "later.json").write_text(text.replace("ringpay-merchant-statements", "later"))
    (source / "snapshot.json").write_text((source / "snapshot.json").read_text())
    later = {"resource": {"eq": ["arn:aws:s3:::later"]}, **archived}
    end = time.monotonic() + 30
    while not (found := own.list_findings(analyzerArn=arn, filter=later)["findings"]):
        assert time.monotonic() < end, "the bucket is not seen"
        time.sleep(0.1)
    (source / "later-finding").write_text(found[0]["id"])
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
