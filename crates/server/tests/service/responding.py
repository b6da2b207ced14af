"""Live accounts in moto, a mail server that keeps its mails, and the service that responds to findings, for the scripts of
this folder."""
import email, email.policy, json, os, re, socket, subprocess, sys, time
from pathlib import Path

# Hundreds of snapshots that nobody asks for.
os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"

import boto3
from aiosmtpd.controller import Controller
from moto.server import ThreadedMotoServer

ACCOUNT, ALICE, REGION = "123456789012", "arn:aws:iam::999988887777:user/Alice", "eu-west-1"
os.environ.update(AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing", AWS_DEFAULT_REGION=REGION)


class OwnController(Controller):
    def _trigger_server(self):
        """The port is one that the system chose."""
        socket.create_connection(self.server.sockets[0].getsockname()).close()


class World:
    """`with World(…) as world:` has moto and the mail server; `start` starts the service."""

    def __init__(self, program, data, key, secret):
        self.program, self.data, self.key, self.secret = program, Path(data), key, secret
        self.mails, self.server = [], None
        self.config = self.data / "response.toml"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.url = "http://127.0.0.1:%d" % free.getsockname()[1]

    def __enter__(self):
        self.moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
        self.moto.start()
        self.moto_url = "http://%s:%d" % self.moto.get_host_and_port()
        self.smtp = OwnController(self, hostname="127.0.0.1", port=0, ready_timeout=60)
        self.smtp.start()
        self.sqs, self.s3, self.iam, self.kms = (self.client(name) for name in ("sqs", "s3", "iam", "kms"))
        self.queue = self.sqs.create_queue(QueueName="changes")["QueueUrl"]
        (self.data / "rules").mkdir()
        (self.data / "partners.toml").write_text("")
        return self

    def __exit__(self, *_):
        self.stop()
        self.smtp.stop()
        self.moto.stop()

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def client(self, service):
        return boto3.client(service, endpoint_url=self.moto_url, region_name=REGION)

    def configure(self, mode, rules, rest):
        """Writes the configuration; `rest` goes below `[response]`."""
        (self.data / "rules" / "rules.cedar").write_text(rules)
        smtp = self.smtp.server.sockets[0].getsockname()[1]
        self.config.write_text(f'''
[[notifications.channel]]
name = "mail"
[notifications.channel.mail]
server = "127.0.0.1"
port = {smtp}
security = "none"
from = "Ringfence <ringfence@example.com>"
to = ["owner@example.com"]

[response]
mode = "{mode}"
rules = "{self.data}/rules"
partners = "{self.data}/partners.toml"
[response.accounts]
managed = ["{ACCOUNT}"]
own_account_by_credentials = true
endpoint_url = "{self.moto_url}"
region = "{REGION}"
settle_seconds = 5
{rest}
''')

    def start(self):
        """Starts the service, always at the same place, and waits until the environment is read."""
        moto, self.started = self.moto_url, time.monotonic()
        self.server = subprocess.Popen(
            [self.program, "serve", "--listen", self.url.removeprefix("http://"), "--data", str(self.data),
             "--log-format", "json", "--requests-per-second", "10000", "--config", str(self.config)],
            env=dict(os.environ, RINGFENCE_LIVE="true", RINGFENCE_SOURCE__LIVE__ENDPOINT_URL=moto,
                     RINGFENCE_SOURCE__LIVE__REGIONS=REGION, RINGFENCE_SOURCE__LIVE__MAX_ATTEMPTS="1",
                     RINGFENCE_SOURCE__CHANGES__URL=self.queue, RINGFENCE_SOURCE__CHANGES__ENDPOINT_URL=moto),
            stdout=subprocess.PIPE, stderr=open(self.data / "log", "a"), text=True)
        assert self.server.stdout.readline().strip() == self.url, (self.data / "log").read_text()[-8000:]
        self.ringfence = boto3.client("accessanalyzer", endpoint_url=self.url, region_name="us-east-1",
                                      aws_access_key_id=self.key, aws_secret_access_key=self.secret)
        if not self.ringfence.list_analyzers()["analyzers"]:
            self.ringfence.create_analyzer(analyzerName="account", type="ACCOUNT")
        get = lambda: self.ringfence.get_analyzer(analyzerName="account")["analyzer"]
        self.analyzer = get()["arn"]
        self.until("the environment is read", lambda: get()["status"] == "ACTIVE")

    def stop(self):
        if self.server is not None and self.server.poll() is None:
            self.server.terminate()
            assert self.server.wait(30) == 0
            # Moto still answers the poll of the one that is gone: what it answers with is lost for a while.
            self.changed(f"arn:aws:iam::{ACCOUNT}:role/Nothing")
            time.sleep(1)

    def say(self, text):
        print(f"{time.monotonic() - self.started:7.2f} s  {text}", flush=True)

    def until(self, what, test, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = test()
            if found:
                self.say(what)
                return found
            time.sleep(0.05)
        print(f"{what}: not seen\n" + (self.data / "log").read_text()[-8000:])
        for mail in self.mails:
            print(mail["subject"])
        sys.exit(1)

    def findings(self, arn, status):
        found = self.ringfence.list_findings_v2(analyzerArn=self.analyzer, filter={"resource": {"eq": [arn]}})["findings"]
        return [own for own in found if own["status"] == status]

    def changed(self, arn):
        self.sqs.send_message(QueueUrl=self.queue, MessageBody=json.dumps({"resource": arn}))

    def command(self, *arguments, code=0):
        """What a command prints, to both streams."""
        done = subprocess.run([self.program, *arguments, "--data", str(self.data)], capture_output=True, text=True)
        assert done.returncode == code, (arguments, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def resolutions(self, arn):
        listed = self.command("resolution", "list", "--resource", arn, "--format", "json")
        return json.loads(listed)["resolutions"]

    def resolution(self, arn, state):
        """The newest resolution of a resource, once it is in this state."""
        def found():
            own = self.resolutions(arn)
            return own and own[0]["state"] == state and own[0]
        return self.until(f"{arn.rsplit('/', 1)[-1]} is {state}", found)

    def kinds(self, id):
        """What the record has of the finding of a resolution."""
        lines = self.command("resolution", "history", id).splitlines()
        return [json.loads(line)["body"]["kind"] for line in lines]

    def mail(self, subject, *words):
        return [own for own in self.mails if subject in own["subject"] and
                all(word in own.get_body(("plain",)).get_content() for word in words)]

    def links(self, arn):
        """The links of mails about a resource, in the order in which they came."""
        texts = [own.get_body(("plain",)).get_content() for own in self.mail("", arn)]
        return [link for text in texts for link in re.findall(r"http://\S+/ringfence/approval\?token=\S+", text)]

    def trust(self, name):
        return self.iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]

    def denies(self, name):
        return [own for own in self.trust(name)["Statement"] if own["Effect"] == "Deny"]

    def create_role(self, name, path="/", condition=None):
        """Makes a role that trusts Alice, and tells the service of it."""
        statement = {"Effect": "Allow", "Principal": {"AWS": ALICE}, "Action": "sts:AssumeRole"}
        if condition:
            statement["Condition"] = condition
        document = {"Version": "2012-10-17", "Statement": [statement]}
        made = self.iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=json.dumps(document))
        self.changed(made["Role"]["Arn"])
        return made["Role"]["Arn"]
