"""Live accounts and a change queue: what boto3 changes in moto becomes a finding of the service that watches it.

python watching.py PROGRAM DATA KEY SECRET
"""
import io, json, logging, os, socket, subprocess, sys, threading, time, urllib.error, urllib.request, zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Moto brings hundreds of snapshots of its own otherwise.
os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"

import boto3
from moto.server import ThreadedMotoServer

# Clients put account ids in front of the host's name, for which there is no name server here.
resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: resolve(
    "127.0.0.1" if str(host).endswith("127.0.0.1") else host, *rest, **more)

PROGRAM, DATA, KEY, SECRET = sys.argv[1:5]
ACCOUNT, OUTSIDER, REGION = "123456789012", "999999999999", "eu-west-1"

logging.getLogger("werkzeug").disabled = True
moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
moto.start()
MOTO = "http://%s:%d" % moto.get_host_and_port()
os.environ.update(AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing", AWS_DEFAULT_REGION=REGION)


class Proxy(BaseHTTPRequestHandler):
    """Hands everything on to moto, but for what is refused, and keeps which calls were made."""
    refused = set()
    calls = 0
    made = set()

    def handle_one(self):
        Proxy.calls += 1
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        service = self.headers.get("authorization", "///").split("/")[3]
        target = self.headers.get("x-amz-target", "").rpartition(".")[2]
        action = next((part[7:] for part in body.decode(errors="replace").split("&") if part.startswith("Action=")), "")
        self.made.add(f"{service} {target or action or f'{self.command} {self.path}'}")
        if any(word in self.path for word in self.refused):
            return self.answer(403, {}, b"<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>no</Message></Error>")
        asked = urllib.request.Request(MOTO + self.path, body or None, dict(self.headers), method=self.command)
        try:
            with urllib.request.urlopen(asked) as got:
                self.answer(got.status, got.headers, got.read())
        except urllib.error.HTTPError as error:
            self.answer(error.code, error.headers, error.read())

    def answer(self, status, headers, body):
        self.send_response(status)
        for name, value in dict(headers).items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "server", "date"):
                self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_one

    def log_message(self, *_):
        pass


proxy = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
threading.Thread(target=proxy.serve_forever, daemon=True).start()
PROXY = "http://127.0.0.1:%d" % proxy.server_address[1]


def client(service):
    return boto3.client(service, endpoint_url=MOTO, region_name=REGION)


sqs, s3, iam, kms, sns = (client(name) for name in ("sqs", "s3", "iam", "kms", "sns"))
queue = sqs.create_queue(QueueName="changes")["QueueUrl"]


def policy(action, resource, principal=f"arn:aws:iam::{OUTSIDER}:root"):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": resource}]})


def trust(principal):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}]})


def bucket(name):
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return f"arn:aws:s3:::{name}"


data = bucket("data")
bucket("quiet")
orders = sqs.create_queue(QueueName="orders")["QueueUrl"]
topic = sns.create_topic(Name="news")["TopicArn"]
key = kms.create_key()["KeyMetadata"]
iam.create_role(RoleName="worker", Path="/team/", AssumeRolePolicyDocument=trust(f"arn:aws:iam::{ACCOUNT}:root"))
iam.put_role_policy(RoleName="worker", PolicyName="inline", PolicyDocument=json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}))
secrets = client("secretsmanager")
secret = secrets.create_secret(Name="team/token", SecretString="x")["ARN"]
code = io.BytesIO()
with zipfile.ZipFile(code, "w") as archive:
    archive.writestr("main.py", "def handler(event, context): pass")
functions = client("lambda")
function = functions.create_function(FunctionName="work", Runtime="python3.12", Handler="main.handler",
                                     Role=f"arn:aws:iam::{ACCOUNT}:role/team/worker",
                                     Code={"ZipFile": code.getvalue()})["FunctionArn"]
repositories = client("ecr")
repository = repositories.create_repository(repositoryName="team/image")["repository"]["repositoryArn"]

server = subprocess.Popen(
    [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--data", DATA, "--log-format", "json", "--requests-per-second", "10000"],
    env=dict(os.environ, RINGFENCE_LIVE="true", RINGFENCE_SOURCE__LIVE__ENDPOINT_URL=PROXY,
             RINGFENCE_SOURCE__LIVE__REGIONS=REGION, RINGFENCE_SOURCE__LIVE__MAX_ATTEMPTS="3",
             RINGFENCE_SOURCE__CHANGES__URL=queue, RINGFENCE_SOURCE__CHANGES__ENDPOINT_URL=MOTO,
             RINGFENCE_SOURCE__CHANGES__MOST_RECEIPTS="2", RINGFENCE_SOURCE__CHANGES__VISIBILITY_SECONDS="2"),
    stdout=subprocess.PIPE, stderr=open(os.path.join(DATA, "log"), "w"), text=True)
URL = server.stdout.readline().strip()
ringfence = boto3.client("accessanalyzer", endpoint_url=URL, region_name="us-east-1",
                         aws_access_key_id=KEY, aws_secret_access_key=SECRET)


def until(what, test, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = test()
        if found:
            return found
        time.sleep(0.02)
    told = [line for line in open(os.path.join(DATA, "log")) if '"request"' not in line]
    sys.exit(f"{what}: not seen\n" + "".join(told)[-6000:])


def findings(arn, status):
    found = ringfence.list_findings_v2(analyzerArn=analyzer, filter={"resource": {"eq": [arn]}})["findings"]
    return [own for own in found if own["status"] == status and not own.get("error")]


def call(source, name, parameters, **more):
    detail = dict(eventSource=f"{source}.amazonaws.com", eventName=name, awsRegion=REGION, recipientAccountId=ACCOUNT,
                  eventTime=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), readOnly=False,
                  requestParameters=parameters, **more)
    return {"version": "0", "detail-type": "AWS API Call via CloudTrail", "source": f"aws.{source}",
            "account": ACCOUNT, "region": REGION, "detail": detail}


def send(message):
    sqs.send_message(QueueUrl=queue, MessageBody=message if isinstance(message, str) else json.dumps(message))


slowest = 0.0


def seen(arn, status, message):
    """How long after its event a change is a finding."""
    global slowest
    started = time.monotonic()
    send(message)
    until(f"{arn} {status}", lambda: findings(arn, status))
    slowest = max(slowest, time.monotonic() - started)


try:
    analyzer = ringfence.create_analyzer(analyzerName="account", type="ACCOUNT")["arn"]
    until("the first reading", lambda: ringfence.get_analyzer(analyzerName="account")["analyzer"]["status"] == "ACTIVE")
    assert not findings(data, "ACTIVE")

    # What is changed, told of, and found; and the same back again.
    queue_arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders"
    role = f"arn:aws:iam::{ACCOUNT}:role/team/worker"
    own = f"arn:aws:iam::{ACCOUNT}:root"
    changes = [
        (data, lambda who: s3.put_bucket_policy(Bucket="data", Policy=policy("s3:GetObject", data + "/*", who)),
         call("s3", "PutBucketPolicy", {"bucketName": "data"})),
        (queue_arn, lambda who: sqs.set_queue_attributes(QueueUrl=orders, Attributes={"Policy": policy("sqs:SendMessage", queue_arn, who)}),
         call("sqs", "SetQueueAttributes", {"queueUrl": orders})),
        (topic, lambda who: sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy("sns:Publish", topic, who)),
         call("sns", "SetTopicAttributes", {"topicArn": topic})),
        (key["Arn"], lambda who: kms.put_key_policy(KeyId=key["KeyId"], PolicyName="default", Policy=policy("kms:Decrypt", "*", who)),
         call("kms", "PutKeyPolicy", {"keyId": key["KeyId"]})),
        (role, lambda who: iam.update_assume_role_policy(RoleName="worker", PolicyDocument=trust(who)),
         call("iam", "UpdateAssumeRolePolicy", {"roleName": "worker"})),
        (secret, lambda who: secrets.put_resource_policy(SecretId=secret, ResourcePolicy=policy("secretsmanager:GetSecretValue", "*", who)),
         call("secretsmanager", "PutResourcePolicy", {"secretId": "team/token"})),
        (repository, lambda who: repositories.set_repository_policy(repositoryName="team/image", policyText=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": who}, "Action": "ecr:BatchGetImage"}]})),
         call("ecr", "SetRepositoryPolicy", {"repositoryName": "team/image"})),
    ]
    for arn, change, message in changes:
        change(f"arn:aws:iam::{OUTSIDER}:root")
        seen(arn, "ACTIVE", message)
        change(own)
        seen(arn, "RESOLVED", message)
    # Moto keeps an empty policy where AWS keeps none, so one statement stays.
    functions.add_permission(FunctionName="work", StatementId="own", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com")
    functions.add_permission(FunctionName="work", StatementId="open", Action="lambda:InvokeFunction", Principal="*")
    seen(function, "ACTIVE", call("lambda", "AddPermission20150331v2", {"functionName": "work"}))
    functions.remove_permission(FunctionName="work", StatementId="open")
    seen(function, "RESOLVED", {"resource": function})

    # A resource that is new, and one that is gone.
    new = bucket("new")
    s3.put_bucket_policy(Bucket="new", Policy=policy("s3:GetObject", new + "/*"))
    seen(new, "ACTIVE", call("s3", "CreateBucket", {"bucketName": "new"}))
    s3.delete_bucket_policy(Bucket="new")
    s3.delete_bucket(Bucket="new")
    seen(new, "RESOLVED", call("s3", "DeleteBucket", {"bucketName": "new"}))
    iam.create_role(RoleName="fresh", AssumeRolePolicyDocument=trust(f"arn:aws:iam::{OUTSIDER}:root"))
    fresh = f"arn:aws:iam::{ACCOUNT}:role/fresh"
    seen(fresh, "ACTIVE", call("iam", "CreateRole", {"roleName": "fresh"}))
    iam.delete_role(RoleName="fresh")
    seen(fresh, "RESOLVED", call("iam", "DeleteRole", {"roleName": "fresh"}))

    # The account's public access block counts for each of its buckets.
    s3.put_bucket_policy(Bucket="data", Policy=policy("s3:GetObject", data + "/*", "*"))
    seen(data, "ACTIVE", call("s3", "PutBucketPolicy", {"bucketName": "data"}))
    control = boto3.client("s3control", endpoint_url=MOTO, region_name=REGION)
    control.put_public_access_block(AccountId=ACCOUNT, PublicAccessBlockConfiguration=dict(
        BlockPublicAcls=True, IgnorePublicAcls=True, BlockPublicPolicy=True, RestrictPublicBuckets=True))
    before = len(findings(data, "ACTIVE"))
    send(call("s3", "PutAccountPublicAccessBlock", {}))
    until("the account's block", lambda: not findings(data, "ACTIVE"))
    assert before
    control.delete_public_access_block(AccountId=ACCOUNT)
    seen(data, "ACTIVE", call("s3", "DeleteAccountPublicAccessBlock", {}))

    # What may not be read is not resolved, and a finding says so.
    Proxy.refused.update({"/data?policy", "/data/?policy"})
    s3.delete_bucket_policy(Bucket="data")
    send(call("s3", "DeleteBucketPolicy", {"bucketName": "data"}))
    refused = lambda: [own for own in ringfence.list_findings_v2(analyzerArn=analyzer, filter={"resource": {"eq": [data]}})["findings"]
                       if own.get("error") == "ACCESS_DENIED"]
    until("the refusal", refused)
    assert findings(data, "ACTIVE"), "what may not be read was resolved"
    Proxy.refused.clear()
    seen(data, "RESOLVED", {"resource": data})
    until("the end of the refusal", lambda: not refused())

    # Events that are repeated, in another order, of others, forged or no events at all do no harm.
    quiet = call("s3", "PutBucketPolicy", {"bucketName": "quiet"})
    other = call("s3", "PutBucketPolicy", {"bucketName": "theirs"})
    other["detail"]["recipientAccountId"] = "444455556666"
    calls = Proxy.calls
    for _ in range(25):
        send(quiet)
    for message in (other, call("s3", "PutBucketPolicy", {"bucketName": "nobodys"}), call("kms", "PutKeyPolicy", {"keyId": "no-such"}),
                    call("s3", "PutBucketPolicy", {"bucketName": "data"}, errorCode="AccessDenied"),
                    {"resource": f"arn:aws:sqs:{REGION}:{ACCOUNT}:never"}, {"detail-type": "Scheduled Event", "detail": {}}, "no event"):
        send(message)

    def drained():
        got = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
        return int(got["ApproximateNumberOfMessages"]) + int(got["ApproximateNumberOfMessagesNotVisible"]) == 0
    until("the end of the queue", drained)
    assert Proxy.calls - calls < 250, f"{Proxy.calls - calls} calls for 25 messages about one bucket"
    listed = ringfence.list_findings_v2(analyzerArn=analyzer, filter={"status": {"eq": ["ACTIVE"]}})["findings"]
    assert listed == [], listed
    metrics = urllib.request.urlopen(URL + "/metrics").read().decode()
    for line in ('ringfence_change_events_total{outcome="set_aside"} 1', "ringfence_source_readable 1",
                 'ringfence_change_events_total{outcome="ignored"} 2'):
        assert line in metrics, f"{line}\n{metrics}"
    aside = [json.loads(line) for line in open(os.path.join(DATA, "set-aside-messages.jsonl"))]
    assert [own["body"] for own in aside] == ["no event"], aside
    assert urllib.request.urlopen(URL + "/ready").read() == b"ready\n"
    print(f"slowest: {slowest:.3f} s")
    assert slowest < 30, f"{slowest} s"
    with open(os.path.join(DATA, "calls"), "w") as file:
        file.write("\n".join(sorted(Proxy.made)))
finally:
    server.terminate()
    server.wait(30)
    moto.stop()
