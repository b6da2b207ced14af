"""Installs `deploy/` in an endpoint that behaves like AWS, and sends events through what it installed.

python deployed.py URL cloudformation DEPLOY
python deployed.py URL terraform DEPLOY PLUGINS
"""
import ast, json, os, pathlib, subprocess, sys, tempfile
import boto3

URL, FORM, DEPLOY = sys.argv[1:4]
REGION, ACCOUNT, RUNNER = "eu-west-1", "123456789012", "arn:aws:iam::123456789012:role/Ringfence"
KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


def client(service):
    return boto3.client(service, endpoint_url=URL, region_name=REGION, **KEYS)


def cloudformation():
    stacks = client("cloudformation")

    def deploy(name, file, **parameters):
        body = pathlib.Path(DEPLOY, file).read_text()
        stacks.create_stack(StackName=name, TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"], Parameters=[
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()])
        stack = stacks.describe_stacks(StackName=name)["Stacks"][0]
        assert stack["StackStatus"] == "CREATE_COMPLETE", stack
        return {it["OutputKey"]: it["OutputValue"] for it in stack["Outputs"]}

    # The endpoint keeps what `AWS::NoValue` stands for in a list, so every part is switched on.
    deploy("collector", "collector-role.yaml", TrustedPrincipal=RUNNER, ReadOrganization="true", ExternalId="x-1")
    deploy("remediation", "remediation-role.yaml", TrustedPrincipal=RUNNER, ExternalId="x-1", AllowRoleDeletion="true")
    return deploy("events", "events.yaml", Receiver=RUNNER, NotificationEmail="owner@example.org")["QueueUrl"]


def terraform(plugins):
    with tempfile.TemporaryDirectory() as folder:
        services = ["events", "iam", "sns", "sqs", "sts"]
        endpoints = "".join(f'    {service} = "{URL}"\n' for service in services)
        pathlib.Path(folder, "main.tf").write_text(f'''
provider "aws" {{
  region                      = "{REGION}"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  endpoints {{
{endpoints}  }}
}}
module "collector" {{
  source            = "{DEPLOY}/terraform"
  trusted_principal = "{RUNNER}"
}}
module "remediation" {{
  source              = "{DEPLOY}/terraform/remediation"
  trusted_principal   = "{RUNNER}"
  external_id         = "x-1"
  allow_role_deletion = true
  depends_on          = [module.collector]
}}
module "events" {{
  source             = "{DEPLOY}/terraform/events"
  receiver           = "{RUNNER}"
  notification_email = "owner@example.org"
}}
output "queue_url" {{
  value = module.events.queue_url
}}
''')
        settings = pathlib.Path(folder, "terraform.rc")
        settings.write_text("")
        environment = {**os.environ, "TF_CLI_CONFIG_FILE": str(settings), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}

        def run(*arguments):
            done = subprocess.run(["terraform", f"-chdir={folder}", *arguments], env=environment, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        run("init", "-input=false", "-no-color", f"-plugin-dir={plugins}")
        run("apply", "-auto-approve", "-input=false", "-no-color")
        return json.loads(run("output", "-json"))["queue_url"]["value"]


def check_role():
    iam = client("iam")
    role = iam.get_role(RoleName="RingfenceRemediation")["Role"]
    trust = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust[0]["Condition"] == {"StringEquals": {"sts:ExternalId": "x-1"}}, trust
    for name, file, policies in [("RingfenceRemediation", "remediation-policy.json", "remediation"),
                                 ("RingfenceRemediation", "role-deletion-policy.json", "role-deletion"),
                                 ("RingfenceCollector", "reading-policy.json", "read-live")]:
        installed = iam.get_role_policy(RoleName=name, PolicyName=policies)["PolicyDocument"]
        # The endpoint writes what CloudFormation gave it as Python does.
        installed = (ast.literal_eval(installed) if isinstance(installed, str) else installed)["Statement"]
        wanted = json.loads(pathlib.Path(DEPLOY, file).read_text())["Statement"]
        listed = lambda it: sorted([it["Action"]] if isinstance(it["Action"], str) else it["Action"])
        assert [(it["Sid"], it["Effect"], listed(it)) for it in installed] == \
            [(it["Sid"], it["Effect"], listed(it)) for it in wanted], (file, installed)
        denied = [it["Resource"] for it in installed if it["Sid"] == "NotOurOwnRoles"]
        assert len(denied) == (0 if policies == "read-live" else 1)
        for resources in denied:
            for own in ("arn:aws:iam::*:role/RingfenceCollector", "arn:aws:iam::*:role/RingfenceRemediation", RUNNER):
                assert own in resources, resources


def check_queue(url):
    sqs = client("sqs")
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    redrive = json.loads(attributes["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"].endswith(":ringfence-findings-dead-letters"), redrive
    assert int(redrive["maxReceiveCount"]) == 5, redrive
    arn = attributes["QueueArn"]
    rule = client("events").describe_rule(Name="ringfence-findings-rule")
    # The endpoint's CloudFormation has no policies of queues.
    if FORM == "terraform":
        policy = json.loads(attributes["Policy"])["Statement"]
        sender = next(it for it in policy if it["Sid"] == "EventsOfTheRule")
        assert sender["Condition"]["ArnEquals"]["aws:SourceArn"] == rule["Arn"], sender
        assert sender["Resource"] == arn and sender["Principal"] == {"Service": "events.amazonaws.com"}, sender
    assert "AWS::IAM::Role" in rule["EventPattern"] and "AWS::IAM:Role" not in rule["EventPattern"]
    topics = [it["TopicArn"] for it in client("sns").list_topics()["Topics"]]
    assert any(it.endswith(":ringfence-notifications") for it in topics), topics


def check_events(url):
    finding = {
        "version": "1.0", "id": "22222222-dcba-4444-dcba-333333333333", "status": "ACTIVE",
        "resourceType": "AWS::IAM::Role", "resource": f"arn:aws:iam::{ACCOUNT}:role/ Audit_CrossAccountRole",
        "createdAt": "2026-01-01T00:00:00Z", "analyzedAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
        "accountId": ACCOUNT, "region": REGION, "principal": {"AWS": "aws:arn:iam::999988887777:user/Alice"},
        "action": ["sts:AssumeRole"], "condition": {}, "isDeleted": False, "isPublic": False}
    kind = "Access Analyzer Finding"
    events, sqs = client("events"), client("sqs")

    def arrives(source="aws.access-analyzer", detail_type=kind, **other):
        events.put_events(Entries=[{"Source": source, "DetailType": detail_type,
                                    "Detail": json.dumps({**finding, **other})}])
        messages = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=0).get("Messages", [])
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(it["Body"])["detail"] for it in messages]

    assert arrives() == [finding]
    assert arrives(source="ringfence.access-analyzer") == [finding]
    assert len(arrives(resourceType="AWS::S3::Bucket")) == 1
    assert len(arrives(resourceType="AWS::SecretsManager::Secret", detail_type="Internal Access Finding")) == 1
    for other in (dict(status="RESOLVED"), dict(status="ARCHIVED"), dict(resourceType="AWS::IAM:Role"),
                  dict(resourceType="AWS::EC2::Instance"), dict(source="aws.iam"), dict(source="somebody"),
                  dict(detail_type="Access Preview State Change")):
        assert arrives(**other) == [], other


url = cloudformation() if FORM == "cloudformation" else terraform(sys.argv[4])
check_role()
check_queue(url)
check_events(url)
print("deployed")
