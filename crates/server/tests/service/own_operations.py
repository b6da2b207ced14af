"""The operations below /ringfence/, signed by AWS's own signer: what each does, and whom it is refused to.

python own_operations.py PROGRAM DATA KEY SECRET PAGE
"""
import calendar, json, re, sys, time
import urllib.error, urllib.parse, urllib.request
from pathlib import Path

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from responding import ACCOUNT, REGION, World

RULES = '''
@id("ask-first")
permit (principal, action == Action::"Propose", resource)
when { resource.resourceType == "AWS::IAM::Role" };
'''
ARN = f"arn:aws:ringfence:us-east-1:{ACCOUNT}"
# The table of the documentation says which operations there are: method, path, action.
TABLE = re.findall(r"^\| `(GET|POST) (/ringfence/\S+)` \| `(ringfence:\w+)` \|", Path(sys.argv[5]).read_text(), re.M)
world = World(*sys.argv[1:5])


def call(key, method, path, body=None, **query):
    """Status, code of the exception, and answer."""
    url = world.url + path + ("?" + urllib.parse.urlencode(query, quote_via=urllib.parse.quote) if query else "")
    data = None if body is None else json.dumps(body).encode()
    request = AWSRequest(method, url, data=data, params=None)
    if key:
        SigV4Auth(Credentials(*key), "access-analyzer", "us-east-1").add_auth(request)
    sent = urllib.request.Request(url, data=data, method=method, headers=dict(request.headers.items()))
    try:
        with urllib.request.urlopen(sent, timeout=30) as answer:
            return answer.status, None, json.load(answer)
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers["x-amzn-errortype"], json.load(answer)


def done(*arguments, key=None, **query):
    status, code, answer = call(key or FULL, *arguments, **query)
    assert status == 200, (arguments, status, code, answer)
    return answer


def refused(status, code, *arguments, key=None, **query):
    answer = call(key or FULL, *arguments, **query)
    assert answer[:2] == (status, code), (arguments, answer)
    return answer[2]["message"]


def key(*statements, account=ACCOUNT):
    policy = world.data / "policy.json"
    policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))
    printed = world.command("keys", "create", "--account", account, "--policy", str(policy))
    return tuple(re.search(rf"^{name}=(\S+)", printed, re.M)[1] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))


def allow(action, resource="*"):
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def proposed(name):
    arn = world.create_role(name)
    return arn, world.resolution(arn, "Proposed")["id"]


def at(id, verb=""):
    return f"/ringfence/resolutions/{id}" + (f"/{verb}" if verb else "")


FULL = (world.key, world.secret)
with world:
    queue = world.sqs.create_queue(QueueName="findings")["QueueUrl"]
    world.configure("propose", RULES, "")
    world.config.write_text(world.config.read_text().replace("[response]\n", f'[response]\nqueue = "{queue}"\n'))
    world.start()
    roles = dict(proposed(name) for name in ["First", "Second", "Third"])
    (first_arn, first), (second_arn, second), (third_arn, third) = roles.items()

    # Lists, one by one, and from a place on.
    listed = done("GET", "/ringfence/resolutions")
    assert [own["id"] for own in listed["resolutions"]] == [third, second, first] and listed["after"] is None, listed
    for query, found in [({"state": "proposed"}, 3), ({"state": "Verified"}, 0), ({"resource": first_arn}, 1),
                         ({"finding": listed["resolutions"][0]["findingId"]}, 1), ({"finding": "none"}, 0)]:
        assert len(done("GET", "/ringfence/resolutions", **query)["resolutions"]) == found, query
    own = listed["resolutions"][0]
    moment, _, fraction = own["createdAt"].rstrip("Z").partition(".")
    created = calendar.timegm(time.strptime(moment, "%Y-%m-%dT%H:%M:%S")) * 1000 + int((fraction + "000")[:3])
    rest = done("GET", "/ringfence/resolutions", after=f"{created}.{third}")
    assert [own["id"] for own in rest["resolutions"]] == [second, first], rest
    refused(400, "ValidationException", "GET", "/ringfence/resolutions", state="Open")
    refused(400, "ValidationException", "GET", "/ringfence/resolutions", after="x.y")
    shown = done("GET", at(first))
    assert shown["resource"] == first_arn and shown["proof"]["closes"] == {"claim": "proved"} and shown["edits"], shown
    refused(404, "ResourceNotFoundException", "GET", at("none"))
    history = done("GET", at(first, "history"))["record"]
    assert [own["body"]["kind"] for own in history] == ["seen", "enriched", "decided", "planned"], history

    # The record of a finding that has no resolution.
    world.s3.create_bucket(Bucket="shared", CreateBucketConfiguration={"LocationConstraint": REGION})
    world.s3.put_bucket_policy(Bucket="shared", Policy=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shared/*"}]}))
    world.changed("arn:aws:s3:::shared")
    bucket = world.until("the bucket's finding", lambda: world.findings("arn:aws:s3:::shared", "ACTIVE"))[0]["id"]
    record_of = f"/ringfence/findings/{bucket}/record"
    world.until("its record", lambda: call(FULL, "GET", record_of)[0] == 200)
    kinds = [own["body"]["kind"] for own in done("GET", record_of)["record"]]
    assert kinds == ["seen", "enriched", "decided"], kinds
    refused(404, "ResourceNotFoundException", "GET", "/ringfence/findings/none/record")

    # What comes in and cannot be dealt with: of this account it is listed, unreadable messages are not.
    event = {"source": "aws.access-analyzer", "resources": [f"arn:aws:access-analyzer:{REGION}:{ACCOUNT}:analyzer/theirs"],
             "detail": {"id": "5e4f8a10-2b7c-5d3e-9f01-6a7b8c9d0e1f", "status": "ACTIVE"}}
    for body in [json.dumps(event), "no event"]:
        world.sqs.send_message(QueueUrl=queue, MessageBody=body)
    hint = world.until("a hint that cannot be dealt with yet", lambda: [
        own for own in done("GET", "/ringfence/response/hints")["hints"] if own["error"]])[0]
    assert hint["state"] == "pending" and hint["body"]["findingId"] == event["detail"]["id"], hint
    assert len(done("GET", "/ringfence/response/hints")["hints"]) == 1
    world.until("an unreadable message", lambda: "no event" in world.command("resolution", "hints", "--poison"))

    # Whoever is of another account sees nothing of it, whatever their policy allows.
    other = key(allow("*"), account="444455556666")
    assert done("GET", "/ringfence/resolutions", key=other) == {"resolutions": [], "after": None}
    assert done("GET", "/ringfence/response/hints", key=other) == {"hints": []}
    refused(404, "ResourceNotFoundException", "GET", record_of, key=other)
    for method, path, _ in TABLE:
        if "/resolutions/ID" in path:
            body = None if method == "GET" else {"planHash": shown["planHash"]}
            refused(404, "ResourceNotFoundException", method, path.replace("ID", first), body, key=other)

    # Every operation of the documentation is refused by its action, and by nothing else.
    assert len(TABLE) == 13, TABLE
    aws_only = key(allow("access-analyzer:*"))
    for method, path, action in TABLE:
        path = path.replace("findings/ID", f"findings/{bucket}").replace("ID", first)
        body = {"planHash": "0" * 64} if method == "POST" else None
        without = key(allow("*"), {"Effect": "Deny", "Action": action, "Resource": "*"})
        for own in [without, aws_only]:
            told = refused(403, "AccessDeniedException", method, path, body, key=own)
            assert f"may not call {action} on " in told, (action, told)
    assert done("GET", at(first)) == shown, "something was changed by what was refused"
    allowed_one = key(allow("ringfence:GetResolution", f"{ARN}:resolution/{first}"))
    assert done("GET", at(first), key=allowed_one)["id"] == first
    refused(403, "AccessDeniedException", "GET", at(second), key=allowed_one)
    of_record = key(allow("ringfence:GetFindingRecord", f"{ARN}:finding/{bucket}"))
    assert done("GET", record_of, key=of_record)["record"]
    assert call(None, "GET", at(first))[0] == 403
    assert call((FULL[0], "x" * 40), "GET", at(first))[0] == 403
    assert call(FULL, "PUT", at(first))[0] == 405 and call(FULL, "GET", at(first, "approve"))[0] == 405
    assert call(FULL, "GET", "/ringfence/nothing")[0] == 404
    assert call(FULL, "GET", "/ringfence/resolutions/")[0] != 200

    # Stopped, approved, and started: nothing is written in between.
    user = f"arn:aws:iam::{ACCOUNT}:user/"
    assert done("POST", "/ringfence/response/stop") == {}
    refused(400, "ValidationException", "POST", at(first, "approve"), {})
    refused(400, "ValidationException", "POST", at(first, "approve"))
    told = refused(409, "ConflictException", "POST", at(first, "approve"), {"planHash": "0" * 64})
    assert "the plan has changed since" in told, told
    approved = done("POST", at(first, "approve"), {"planHash": shown["planHash"]})
    assert approved["state"] == "Approved" and approved["approval"]["by"].startswith(user), approved
    refused(409, "ConflictException", "POST", at(first, "approve"), {"planHash": shown["planHash"]})
    waiting = world.until("it waits", lambda: (done("GET", at(first))["reason"] or "").startswith("stopped: by") and done("GET", at(first)))
    assert waiting["state"] == "Approved" and not world.denies("First"), waiting
    assert done("POST", "/ringfence/response/start") == {}
    world.until("it is applied once changes go on", lambda: done("GET", at(first))["state"] == "Verified", 30)
    assert world.denies("First")

    refused(409, "ConflictException", "POST", at(second, "rollback"))
    rejected = done("POST", at(second, "reject"))
    assert rejected["state"] == "Rejected" and rejected["reason"].startswith(f"rejected by {user}"), rejected
    refused(409, "ConflictException", "POST", at(second, "reject"))

    done("POST", at(first, "rollback"))
    world.until("it is taken back", lambda: done("GET", at(first))["state"] == "RolledBack")
    assert not world.denies("First")

    plan = done("GET", at(third))["planHash"]
    done("POST", at(third, "approve"), {"planHash": plan[:12]})
    world.until("the third is closed", lambda: done("GET", at(third))["state"] == "Verified")
    done("POST", at(third, "intended"))
    world.until("it was intended", lambda: done("GET", at(third))["state"] == "RolledBack")
    assert not world.denies("Third")
    world.until("it is archived", lambda: world.findings(third_arn, "ARCHIVED"))

    refused(409, "ConflictException", "POST", at(second, "delete-role"))
    done("POST", at(second, "look-at-role"))
    role = world.until("the role is seen", lambda: done("GET", at(second))["role"])
    assert role["definition"] and role["deletedAt"] is None, role
    done("POST", at(second, "delete-role"))
    world.until("the role is gone", lambda: done("GET", at(second))["role"]["deletedAt"])
    assert "Second" not in [own["RoleName"] for own in world.iam.list_roles()["Roles"]]
    kinds = [own["body"]["kind"] for own in done("GET", at(first, "history"))["record"]]
    for kind in ["planned", "approved", "applying", "applied", "verified", "asked", "rollingBack", "undone"]:
        assert kind in kinds, (kind, kinds)
