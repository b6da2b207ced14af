"""The stories of docs/resolution.md from the creation of a role to the undo, against moto and a mail server, with times.

python stories.py PROGRAM DATA KEY SECRET
"""
import email, email.policy, json, os, re, socket, subprocess, sys, time
from pathlib import Path

# Hundreds of snapshots that nobody asks for.
os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"

import boto3
from aiosmtpd.controller import Controller
from moto.server import ThreadedMotoServer

PROGRAM, DATA, KEY, SECRET = sys.argv[1:5]
ACCOUNT, ALICE, REGION = "123456789012", "arn:aws:iam::999988887777:user/Alice", "eu-west-1"

moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
moto.start()
MOTO = "http://%s:%d" % moto.get_host_and_port()
os.environ.update(AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing", AWS_DEFAULT_REGION=REGION)

mails = []


class Handler:
    async def handle_DATA(self, server, session, envelope):
        mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


class OwnController(Controller):
    def _trigger_server(self):
        """The port is one that the system chose."""
        socket.create_connection(self.server.sockets[0].getsockname()).close()


smtp = OwnController(Handler(), hostname="127.0.0.1", port=0, ready_timeout=60)
smtp.start()
SMTP = smtp.server.sockets[0].getsockname()[1]

data = Path(DATA)
(data / "rules").mkdir()
(data / "rules" / "rules.cedar").write_text('''
@id("unknown-role-trust")
permit (principal, action == Action::"Resolve", resource)
when { resource.resourceType == "AWS::IAM::Role" && context has partner && !context.partner.known };
@id("development-keys")
permit (principal, action == Action::"Archive", resource)
when {
  resource.resourceType == "AWS::KMS::Key" && !resource.isPublic && context has tags && context has keyAliases &&
  context.tags.hasTag("IsAllowedToShare") && context.tags.getTag("IsAllowedToShare") == "true" &&
  context.tags.hasTag("Environment") && context.tags.getTag("Environment") == "development" &&
  context.keyAliases.contains("alias/DevelopmentKey")
};
@id("buckets-are-shared")
permit (principal, action == Action::"Archive", resource)
when { resource.resourceType == "AWS::S3::Bucket" };
@id("confidential-alerts")
forbid (principal, action == Action::"Archive", resource)
when {
  resource.resourceType == "AWS::S3::Bucket" && resource.isPublic &&
  context has dataClassification && context.dataClassification.value == "Confidential"
};
''')
(data / "partners.toml").write_text("")
(data / "response.toml").write_text(f'''
[[notifications.channel]]
name = "mail"
[notifications.channel.mail]
server = "127.0.0.1"
port = {SMTP}
security = "none"
from = "Ringfence <ringfence@example.com>"
to = ["owner@example.com"]

[response]
mode = "automatic"
rules = "{data}/rules"
partners = "{data}/partners.toml"
[response.safety]
classification_tag = "Data Classification"
public_archive = ["buckets-are-shared"]
[response.safety.deciding_tags]
IsAllowedToShare = ["*"]
Environment = ["*"]
"Data Classification" = ["*"]
[response.accounts]
managed = ["{ACCOUNT}"]
own_account_by_credentials = true
endpoint_url = "{MOTO}"
region = "{REGION}"
settle_seconds = 5
[response.approval]
base_url = "http://127.0.0.1:1"
[[response.approval.approvers]]
name = "bob"
''')


def client(service):
    return boto3.client(service, endpoint_url=MOTO, region_name=REGION)


sqs, s3, iam, kms = (client(name) for name in ("sqs", "s3", "iam", "kms"))
queue = sqs.create_queue(QueueName="changes")["QueueUrl"]

log = open(data / "log", "w")
server = subprocess.Popen(
    [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--data", DATA, "--log-format", "json",
     "--requests-per-second", "10000", "--config", str(data / "response.toml")],
    env=dict(os.environ, RINGFENCE_LIVE="true", RINGFENCE_SOURCE__LIVE__ENDPOINT_URL=MOTO,
             RINGFENCE_SOURCE__LIVE__REGIONS=REGION, RINGFENCE_SOURCE__LIVE__MAX_ATTEMPTS="1",
             RINGFENCE_SOURCE__CHANGES__URL=queue, RINGFENCE_SOURCE__CHANGES__ENDPOINT_URL=MOTO),
    stdout=subprocess.PIPE, stderr=log, text=True)
URL = server.stdout.readline().strip()
ringfence = boto3.client("accessanalyzer", endpoint_url=URL, region_name="us-east-1",
                         aws_access_key_id=KEY, aws_secret_access_key=SECRET)
STARTED = time.monotonic()


def say(text):
    print(f"{time.monotonic() - STARTED:7.2f} s  {text}", flush=True)


def fail(what):
    print(f"{what}: not seen\n" + (data / "log").read_text()[-8000:])
    for mail in mails:
        print(mail["subject"])
    sys.exit(1)


def until(what, test, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = test()
        if found:
            say(what)
            return found
        time.sleep(0.05)
    fail(what)


def findings(arn, status):
    found = ringfence.list_findings_v2(analyzerArn=analyzer, filter={"resource": {"eq": [arn]}})["findings"]
    return [own for own in found if own["status"] == status]


def changed(arn):
    sqs.send_message(QueueUrl=queue, MessageBody=json.dumps({"resource": arn}))


def command(*arguments, code=0):
    done = subprocess.run([PROGRAM, "resolution", *arguments, "--data", DATA], capture_output=True, text=True)
    assert done.returncode == code, (arguments, done.stdout, done.stderr)
    return done.stdout + done.stderr


def resolutions(arn):
    return json.loads(command("list", "--resource", arn, "--format", "json"))["resolutions"]


def trust(name):
    return iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]


def denies(name):
    statements = trust(name)["Statement"]
    return [own for own in statements if own["Effect"] == "Deny"]


def mail(subject, *words):
    return [own for own in mails if subject in own["subject"] and
            all(word in own.get_body(("plain",)).get_content() for word in words)]


def create(name):
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": ALICE}, "Action": "sts:AssumeRole"}]}))
    arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    changed(arn)
    say(f"role {name} is created, trusting {ALICE}")
    return arn


def closed(name):
    """A role is created, and closed by itself."""
    arn = create(name)
    found = until("the finding is there", lambda: findings(arn, "ACTIVE") or findings(arn, "RESOLVED"))[0]
    deny = until("the trust policy denies Alice", lambda: denies(name))[0]
    sid = "Ringfence" + found["id"].replace("-", "")
    assert deny == {"Sid": sid, "Effect": "Deny", "Principal": {"AWS": ALICE}, "Action": "sts:AssumeRole"}, deny
    until("the finding is RESOLVED", lambda: findings(arn, "RESOLVED"))
    until("the owner has a mail", lambda: mail(found["id"], arn, ALICE, sid))
    own = until("the resolution is Verified", lambda: [own for own in resolutions(arn) if own["state"] == "Verified"])[0]
    return arn, found["id"], own["id"]


try:
    analyzer = ringfence.create_analyzer(analyzerName="account", type="ACCOUNT")["arn"]
    until("the environment is read", lambda: ringfence.get_analyzer(analyzerName="account")["analyzer"]["status"] == "ACTIVE")

    print("Unintended")
    arn, finding, resolution = closed("Audit_CrossAccountRole")

    print("It was intended after all")
    before = len(resolutions(arn))
    print(command("intended", resolution, "--as", "carol").strip())
    say("ringfence resolution intended")
    assert not denies("Audit_CrossAccountRole"), trust("Audit_CrossAccountRole")
    assert len(trust("Audit_CrossAccountRole")["Statement"]) == 1
    rule = ringfence.list_archive_rules(analyzerName="account")["archiveRules"][0]
    assert set(rule["filter"]) == {"resourceType", "resource", "principal.AWS"}, rule
    until("the finding is archived by the rule", lambda: findings(arn, "ARCHIVED"))
    time.sleep(3)
    assert len(resolutions(arn)) == before and not denies("Audit_CrossAccountRole"), "a second round"
    say("no second round")

    print("It was not, and the role should go")
    arn, finding, resolution = closed("Audit_Forgotten")
    shown = command("delete-role", resolution)
    assert '"uses"' in shown and "another unique id" in shown, shown
    assert iam.get_role(RoleName="Audit_Forgotten")
    command("delete-role", resolution, "--yes")
    say("ringfence resolution delete-role --yes")
    try:
        iam.get_role(RoleName="Audit_Forgotten")
        sys.exit("the role is there")
    except iam.exceptions.NoSuchEntityException:
        pass
    kept = json.loads(command("show", resolution))["role"]["definition"]
    assert ALICE in kept["AssumeRolePolicyDocument"], kept

    print("Taken back without a word why: a person has to approve it from then on")
    arn, finding, resolution = closed("Audit_Rolled")
    command("rollback", resolution, "--as", "carol")
    say("ringfence resolution rollback")
    assert not denies("Audit_Rolled")
    proposed = until("it is proposed again", lambda: [own for own in resolutions(arn) if own["state"] == "Proposed"])[0]
    asked = until("the approver has a mail with a link", lambda: mail(finding, "/ringfence/approval?token="))[0]
    assert not denies("Audit_Rolled")
    command("approve", proposed["id"], "--plan", proposed["planHash"][:12], "--as", "bob")
    until("approved and closed", lambda: denies("Audit_Rolled"))

    print("Expected sharing")

    def key(tags, alias):
        made = kms.create_key(Tags=[{"TagKey": name, "TagValue": value} for name, value in tags.items()])["KeyMetadata"]
        kms.create_alias(AliasName=alias, TargetKeyId=made["KeyId"])
        kms.put_key_policy(KeyId=made["KeyId"], PolicyName="default", Policy=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"},
            {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999988887777:root"}, "Action": "kms:Decrypt", "Resource": "*"}]}))
        changed(made["Arn"])
        return made["Arn"]

    shared = key({}, "alias/OtherKey")
    until("a shared key alerts", lambda: findings(shared, "ACTIVE") and mail("", shared))
    development = key({"IsAllowedToShare": "true", "Environment": "development"}, "alias/DevelopmentKey")
    until("a development key is archived", lambda: findings(development, "ARCHIVED"))

    def bucket(name, tags):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]})
        s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}]}))
        changed(f"arn:aws:s3:::{name}")
        return f"arn:aws:s3:::{name}"

    open_bucket = bucket("website", {"Data Classification": "Public"})
    until("a public bucket that may be public is archived", lambda: findings(open_bucket, "ARCHIVED"))
    secret = bucket("payroll", {"Data Classification": "Confidential"})
    until("a public bucket with confidential data alerts", lambda: findings(secret, "ACTIVE") and mail("", secret))

    print("A drill")
    drill = subprocess.Popen([PROGRAM, "drill", "--account", ACCOUNT, "--patience", "60", "--data", DATA,
                              "--config", str(data / "response.toml")], stdout=subprocess.PIPE, text=True)
    for line in drill.stdout:
        print(line, end="", flush=True)
        if "is planted" in line or "is deleted" in line:
            planted = (re.findall(r"arn:\S+", line) or [None])[0] or planted
            changed(planted)
    assert drill.wait() == 0
    assert not [own for own in iam.list_roles()["Roles"] if "drill" in own["RoleName"]]

    kinds = [json.loads(line)["body"]["kind"] for line in command("history", resolution).splitlines()]
    for kind in ["seen", "enriched", "decided", "planned", "applying", "applied", "verified", "rollingBack", "undone", "approved"]:
        assert kind in kinds, (kind, kinds)
    say(f"the record of one finding: {', '.join(kinds)}")
finally:
    server.terminate()
    server.wait(30)
    smtp.stop()
    moto.stop()
