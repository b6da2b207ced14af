"""The commands in the mail about a resolution, run by a shell with the real AWS CLI: `python mail_commands.py PROGRAM DATA`.

A resource of each service that keeps a policy document is opened to an account outside, closed by the service, and opened
again by what its mail says.
"""
import email, email.policy, json, os, socket, subprocess, sys

from aiosmtpd.controller import Controller
from aws_place import ACCOUNT, ALICE, REGION, run, say, trusting

OUTSIDER = "arn:aws:iam::999988887777:root"
RULES = '''
@id("everything")
permit (principal, action == Action::"Resolve", resource);
'''
mails = []


class Handler:
    async def handle_DATA(self, server, session, envelope):
        mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


class OwnController(Controller):
    def _trigger_server(self):
        """The port is one that the system chose."""
        socket.create_connection(self.server.sockets[0].getsockname()).close()


def policy(action, resource, *, own=None):
    """Statements that let the outsider in, and what else such a policy has."""
    statements = [{"Sid": "In", "Effect": "Allow", "Principal": {"AWS": OUTSIDER}, "Action": action, "Resource": resource}]
    if own:
        statements.insert(0, {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": own, "Resource": resource})
    return json.dumps({"Version": "2012-10-17", "Id": "kept", "Statement": statements})


def plant(world):
    """What is opened: name, ARN, how its policy is read."""
    s3, sqs, sns, kms, secrets, ecr, dynamodb, efs = map(
        world.client, ("s3", "sqs", "sns", "kms", "secretsmanager", "ecr", "dynamodb", "efs"))
    s3.create_bucket(Bucket="shared-data", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_policy(Bucket="shared-data", Policy=policy("s3:GetObject", "arn:aws:s3:::shared-data/*"))
    yield "bucket", "arn:aws:s3:::shared-data", lambda: s3.get_bucket_policy(Bucket="shared-data")["Policy"]

    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders"
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy("sqs:SendMessage", queue)})
    yield "queue", queue, lambda: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"]

    topic = sns.create_topic(Name="news")["TopicArn"]
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy("sns:Publish", topic))
    yield "topic", topic, lambda: sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"]

    key = kms.create_key()["KeyMetadata"]["Arn"]
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy("kms:Decrypt", "*", own="kms:*"))
    yield "key", key, lambda: kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]

    secret = secrets.create_secret(Name="team/token+x", SecretString="x")["ARN"]
    secrets.put_resource_policy(SecretId=secret, ResourcePolicy=policy("secretsmanager:GetSecretValue", "*"))
    yield "secret", secret, lambda: secrets.get_resource_policy(SecretId=secret)["ResourcePolicy"]

    repository = ecr.create_repository(repositoryName="pay/app")["repository"]["repositoryArn"]
    document = json.loads(policy("ecr:BatchGetImage", "*"))
    for statement in document["Statement"]:
        del statement["Resource"]
    ecr.set_repository_policy(repositoryName="pay/app", policyText=json.dumps(document))
    yield "repository", repository, lambda: ecr.get_repository_policy(repositoryName="pay/app")["policyText"]

    table = dynamodb.create_table(
        TableName="cards", BillingMode="PAY_PER_REQUEST", AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])["TableDescription"]["TableArn"]
    dynamodb.put_resource_policy(ResourceArn=table, Policy=policy("dynamodb:GetItem", table))
    yield "table", table, lambda: dynamodb.get_resource_policy(ResourceArn=table)["Policy"]

    system = efs.create_file_system(CreationToken="x")["FileSystemId"]
    arn = f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:file-system/{system}"
    efs.put_file_system_policy(FileSystemId=system, Policy=policy("elasticfilesystem:ClientMount", arn))
    yield "file system", arn, lambda: efs.describe_file_system_policy(FileSystemId=system)["Policy"]

    world.iam.create_role(RoleName="Audit_CrossAccountRole", AssumeRolePolicyDocument=trusting(ALICE))
    yield "role", f"arn:aws:iam::{ACCOUNT}:role/Audit_CrossAccountRole", lambda: json.dumps(
        world.iam.get_role(RoleName="Audit_CrossAccountRole")["Role"]["AssumeRolePolicyDocument"])


def commands(mail):
    """What the mail tells its reader to type if the access was intended, with the AWS CLI."""
    lines = mail.get_body(("plain",)).get_content().splitlines()
    return [line.strip() for line in lines if line.startswith("  aws ")]


def story(world):
    smtp = OwnController(Handler(), hostname="127.0.0.1", port=0, ready_timeout=60)
    smtp.start()
    place = world.places[0]
    planted = [(name, arn, read, json.loads(read())) for name, arn, read in plant(world)]
    world.start_service("automatic", RULES, f'''
[[notifications.channel]]
name = "mail"
[notifications.channel.mail]
server = "127.0.0.1"
port = {smtp.server.sockets[0].getsockname()[1]}
security = "none"
from = "Ringfence <ringfence@example.com>"
to = ["owner@example.com"]
''')
    folder = world.data / "shell"
    folder.mkdir()
    # SQS is found at an old name of its endpoint, whatever the environment says.
    (folder / "aws").write_text(f"#!/bin/sh\nexec {sys.executable} -m awscli --endpoint-url {world.moto_url} \"$@\"\n")
    # The engine of jq is a package of the tests' environment; its program may not be installed.
    (folder / "jq").write_text(f"#!{sys.executable}\nimport jq, json, sys\n"
                               "for own in jq.compile(sys.argv[1]).input_text(sys.stdin.read()):\n    print(json.dumps(own))\n")
    for program in ("aws", "jq"):
        (folder / program).chmod(0o755)
    environment = dict(os.environ, PATH=f"{folder}:{os.environ['PATH']}")
    for name, arn, read, before in planted:
        finding = world.seen(place, arn)
        world.send(place, place.event(finding))
        world.one(arn, "Verified")
        closed = json.loads(read())
        assert [own["Effect"] for own in closed["Statement"]].count("Deny") == 1, (name, closed)
        mail = world.until(f"a mail about the {name}", lambda: [own for own in mails if finding in own["subject"]])[0]
        typed = commands(mail)
        assert len(typed) == 2, mail.get_body(("plain",)).get_content()
        with_what = "With the AWS CLI alone" if name == "role" else "With the AWS CLI and jq"
        assert with_what in mail.get_body(("plain",)).get_content()
        for line in typed:
            done = subprocess.run(["sh", "-e", "-c", line], cwd=folder, env=environment, capture_output=True, text=True)
            assert done.returncode == 0, (name, line, done.stdout, done.stderr)
        assert json.loads(read()) == before, (name, read(), before)
        say(f"the {name} is open again by\n" + "\n".join("            " + line for line in typed))
    smtp.stop()


run(story)
