"""AWS as the scripts beside this need it: moto, and a service in the place of IAM Access Analyzer for each Region, behind
one address that notes each call; and the service that is tried.
"""
import io, json, os, re, signal, subprocess, sys, threading, time, urllib.error, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# Hundreds of snapshots that nobody asks for.
os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"

import boto3
import logging
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.server import ThreadedMotoServer

ACCOUNT, REGION = "123456789012", "eu-west-1"
ALICE = "arn:aws:iam::999988887777:user/Alice"
REPOSITORY = Path(__file__).parents[4]

logging.getLogger("werkzeug").disabled = True
os.environ.update(AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing", AWS_DEFAULT_REGION=REGION)
STARTED = time.monotonic()


def say(text):
    print(f"{time.monotonic() - STARTED:7.2f} s  {text}", flush=True)


class Front(ThreadingHTTPServer):
    """The one address: calls of Access Analyzer go to the place of its Region, all others to moto.

    `calls` has each call as (service, operation). `instead` is asked before each with service, operation and body, and what
    it gives, where it gives something, is the answer: status, headers, body. `after` is given each with the answer, before
    that is sent.
    """
    daemon_threads = True

    def __init__(self, moto):
        super().__init__(("127.0.0.1", 0), Handler)
        self.moto, self.places, self.calls = moto, {}, []
        self.instead = self.after = None
        self.url = "http://127.0.0.1:%d" % self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def number(self, service, operation):
        return self.calls.count((service, operation))


class Handler(BaseHTTPRequestHandler):
    def handle_all(self):
        self.close_connection = True
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", self.headers.get("authorization") or "")
        region, service = scope.groups() if scope else ("", "")
        action = re.search(rb"(?:^|&)Action=(\w+)", body)
        operation = (self.headers.get("x-amz-target") or "").rpartition(".")[2] or \
            (action.group(1).decode() if action else f"{self.command} {self.path.split('?')[0]}")
        if service == "access-analyzer":
            operation = analyzer_operation(self.command, self.path)
        self.server.calls.append((service, operation))

        server = self.server
        try:
            answer = server.instead(service, operation, body) if server.instead else None
            if answer is None:
                place = server.places.get(region) if service == "access-analyzer" else None
                where = place.signed(self, body) if place else (server.moto + self.path, dict(self.headers))
                answer = send(*where, self.command, body)
                if server.after:
                    server.after(service, operation, answer)
            status, headers, text = answer
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in ("content-length", "transfer-encoding", "connection", "server", "date"):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(text)
        except OSError:
            pass  # Whoever asked is gone.

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = handle_all

    def log_message(self, *_):
        pass


def send(url, headers, method, body):
    asked = urllib.request.Request(url, body or None, headers, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=60) as got:
            return got.status, dict(got.headers), got.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def analyzer_operation(method, path):
    for name, verb, begin in [("GetFinding", "GET", "/finding"), ("UpdateFindings", "PUT", "/finding"),
                              ("StartResourceScan", "POST", "/resource/scan"),
                              ("CreateArchiveRule", "PUT", "/analyzer/")]:
        if method == verb and path.startswith(begin):
            return name
    return f"{method} {path.split('?')[0]}"


class Program:
    """A `ringfence-server` with a data folder."""

    def __init__(self, program, data, arguments=(), **environment):
        self.program, self.data, self.arguments = program, Path(data), arguments
        self.environment = dict(os.environ, **environment)
        self.data.mkdir(exist_ok=True)

    def start(self):
        log = open(self.data / "log", "a")
        self.process = subprocess.Popen(
            [self.program, "serve", "--listen", "127.0.0.1:0", "--data", str(self.data), "--log-format", "json",
             "--requests-per-second", "10000", *self.arguments],
            env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True)
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http"), self.log()
        return self

    def log(self):
        return (self.data / "log").read_text()[-6000:]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def command(self, *arguments, codes=(0,)):
        done = subprocess.run([self.program, *arguments, "--data", str(self.data)], capture_output=True, text=True)
        assert done.returncode in codes, (arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout + done.stderr


def live(url, region):
    """The environment of a program that reads the account."""
    return dict(RINGFENCE_LIVE="true", RINGFENCE_SOURCE__LIVE__ENDPOINT_URL=url, RINGFENCE_SOURCE__LIVE__REGIONS=region,
                RINGFENCE_SOURCE__LIVE__MAX_ATTEMPTS="1")


class Place(Program):
    """A service in the place of Access Analyzer in one Region."""

    def __init__(self, program, data, moto, region):
        super().__init__(program, data, ("--region", region), **live(moto, REGION))
        made = self.command("keys", "create", "--account", ACCOUNT, "--full-access")
        self.key, self.secret = (re.search(f"{name}=(.+)", made).group(1)
                                 for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))
        self.region = region
        self.start()
        self.client = boto3.client("accessanalyzer", endpoint_url=self.url, region_name=region,
                                   aws_access_key_id=self.key, aws_secret_access_key=self.secret)
        self.arn = self.client.create_analyzer(analyzerName="account", type="ACCOUNT")["arn"]

    def is_ready(self):
        return self.client.get_analyzer(analyzerName="account")["analyzer"]["status"] == "ACTIVE"

    def signed(self, handler, body):
        """Where a call goes, and its headers, signed by a key that the place knows."""
        kind = handler.headers.get("content-type")
        request = AWSRequest(handler.command, self.url + handler.path, {"content-type": kind} if kind else {}, body)
        SigV4Auth(Credentials(self.key, self.secret), "access-analyzer", self.region).add_auth(request)
        return self.url + handler.path, dict(request.headers)

    def look(self, arn):
        """Lets it see what has changed, as AWS does by itself some time later."""
        self.client.start_resource_scan(analyzerArn=self.arn, resourceArn=arn)

    def findings(self, arn):
        return self.client.list_findings(analyzerArn=self.arn, filter={"resource": {"eq": [arn]}})["findings"]

    def status(self, finding):
        return self.client.get_finding(analyzerArn=self.arn, id=finding)["finding"]["status"]

    def event(self, finding, **other):
        """AWS's event of a finding, without the envelope that EventBridge makes."""
        own = self.client.get_finding(analyzerArn=self.arn, id=finding)["finding"]
        detail = {
            "version": "1.0", "id": own["id"], "status": own["status"], "resourceType": own["resourceType"],
            "resource": own["resource"], "createdAt": own["createdAt"], "analyzedAt": own["analyzedAt"],
            "updatedAt": own["updatedAt"], "accountId": ACCOUNT, "region": self.region, "principal": own["principal"],
            "action": own["action"], "condition": own["condition"], "isDeleted": False, "isPublic": own["isPublic"]}
        detail.update(other)
        return json.loads(json.dumps({name: it for name, it in detail.items() if it is not None}, default=str))


class World:
    """All of it."""

    def __init__(self, program, data, regions=(REGION,)):
        self.data = Path(data)
        self.moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
        self.moto.start()
        self.moto_url = "http://%s:%d" % self.moto.get_host_and_port()
        self.front = Front(self.moto_url)
        self.program = program
        self.service = None
        self.iam, self.sqs, self.events, self.kms = map(self.client, ("iam", "sqs", "events", "kms"))
        # What is installed by the template, as a customer does it.
        stacks = self.client("cloudformation")
        stacks.create_stack(StackName="events", TemplateBody=(REPOSITORY / "deploy" / "events.yaml").read_text(), Parameters=[
            {"ParameterKey": "Receiver", "ParameterValue": f"arn:aws:iam::{ACCOUNT}:role/Ringfence"}])
        outputs = stacks.describe_stacks(StackName="events")["Stacks"][0]["Outputs"]
        self.queue = next(it["OutputValue"] for it in outputs if it["OutputKey"] == "QueueUrl")
        self.places = [Place(program, self.data / region, self.moto_url, region) for region in regions]
        self.front.places = {own.region: own for own in self.places}
        for place in self.places:
            self.until(f"Access Analyzer has read the account in {place.region}", place.is_ready)

    def client(self, service):
        return boto3.client(service, endpoint_url=self.moto_url, region_name=REGION)

    def start_service(self, mode, rules, more=""):
        folder = self.data / "service"
        (folder / "rules").mkdir(parents=True)
        (folder / "rules" / "rules.cedar").write_text(rules)
        (folder / "response.toml").write_text(f'''
[response]
mode = "{mode}"
rules = "{folder}/rules"
queue = "{self.queue}"
[response.accounts]
managed = ["{ACCOUNT}"]
own_account_by_credentials = true
endpoint_url = "{self.front.url}"
region = "{REGION}"
settle_seconds = 5
{more}''')
        self.service = Program(self.program, folder, ("--config", str(folder / "response.toml")), **live(self.moto_url, REGION))
        self.service.start()
        return self.service

    def send(self, place, detail, source="aws.access-analyzer", detail_type="Access Analyzer Finding"):
        """An event on the bus, as the service sends it."""
        self.events.put_events(Entries=[{"Source": source, "DetailType": detail_type, "Resources": [place.arn],
                                         "Detail": json.dumps(detail)}])

    def put(self, text):
        """A message that is in the queue however it got there."""
        self.sqs.send_message(QueueUrl=self.queue, MessageBody=text if isinstance(text, str) else json.dumps(text))

    def left(self):
        """How many messages are in the queue, hidden ones too."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        own = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=names)["Attributes"]
        return sum(int(own[name]) for name in names)

    def resolutions(self, arn):
        listed = self.service.command("resolution", "list", "--resource", arn, "--format", "json")
        return json.loads(listed)["resolutions"]

    def one(self, arn, state):
        """The newest resolution of a resource, once it is in this state."""
        def found():
            own = self.resolutions(arn)[:1]
            return own if own and own[0]["state"] == state else None
        return self.until(f"the resolution is {state}", found)[0]

    def kinds(self, finding):
        """What the record has of a finding."""
        lines = self.service.command("audit", "show", finding, "--json", codes=(0, 1)).splitlines()
        return [json.loads(line)["body"]["kind"] for line in lines if line.startswith("{")]

    def role(self, name, principal=ALICE):
        """A role that trusts somebody, and each place has seen it; gives its ARN and its findings' ids."""
        self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusting(principal))
        arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
        return arn, [self.seen(place, arn) for place in self.places]

    def seen(self, place, arn):
        place.look(arn)
        found = [own for own in place.findings(arn) if own["status"] == "ACTIVE"]
        assert len(found) == 1, found
        return found[0]["id"]

    def statements(self, name):
        return self.iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]["Statement"]

    def denies(self, name):
        return [own for own in self.statements(name) if own["Effect"] == "Deny"]

    def until(self, what, test, seconds=90):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = test()
            if found:
                say(what)
                return found
            time.sleep(0.05)
        self.fail(f"not seen: {what}")

    def fail(self, what):
        print(what)
        for own in ([self.service] if self.service else []) + getattr(self, "places", []):
            print(own.data, own.log())
        print(self.front.calls[-40:])
        sys.exit(1)

    def stop(self):
        for own in ([self.service] if self.service else []) + getattr(self, "places", []):
            if own.process.poll() is None:
                own.stop()
        self.moto.stop()


def trusting(principal):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}]})


def run(story, **options):
    """Runs a story in a world of its own: `python STORY PROGRAM DATA`."""
    world = World(*sys.argv[1:3], **options)
    try:
        story(world)
    except BaseException:
        if world.service:
            print(world.service.log())
        raise
    finally:
        world.stop()
