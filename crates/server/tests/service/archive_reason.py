"""Archives a finding with a reason and another without one, and prints their ids. Reasons that are none are refused."""

import time
import urllib.parse
import urllib.request

import boto3
from botocore.exceptions import ClientError

own = boto3.client("accessanalyzer")
arn = own.create_analyzer(analyzerName="account", type="ACCOUNT")["arn"]
while own.get_analyzer(analyzerName="account")["analyzer"]["status"] != "ACTIVE":
    time.sleep(0.1)
active = {"status": {"eq": ["ACTIVE"]}}
with_reason, without = [found["id"] for found in own.list_findings(analyzerArn=arn, filter=active)["findings"]][:2]
given = []
EVENT = "before-sign.accessanalyzer.UpdateFindings"


def say_why(request, **_):
    for reason in given:
        request.headers.add_header("X-Ringfence-Reason", reason)


def unsigned(request, **_):
    request.headers["X-Ringfence-Reason"] = "put in on the way"


def refused(code):
    try:
        own.update_findings(analyzerArn=arn, ids=[without], status="ARCHIVED")
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
    else:
        raise AssertionError("it was accepted")


own.meta.events.register(EVENT, say_why)
for wrong in [["x" * 257], [" "], ["%00"], ["%FF"], ["one%0Atwo"]]:
    given[:] = wrong
    refused("ValidationException")
given[:] = []
own.meta.events.register("before-send.accessanalyzer.UpdateFindings", unsigned)
refused("InvalidSignatureException")
own.meta.events.unregister("before-send.accessanalyzer.UpdateFindings", unsigned)
assert own.get_finding(analyzerArn=arn, id=without)["finding"]["status"] == "ACTIVE"
given[:] = [urllib.parse.quote("agreed with the auditors – until June, 100 %")]
own.update_findings(analyzerArn=arn, ids=[with_reason], status="ARCHIVED")
given[:] = []
own.update_findings(analyzerArn=arn, ids=[without], status="ARCHIVED")
print(with_reason, without, sep="\n")
