"""Installs the collector's role, and prints the role that is there then.

python install.py URL stack TEMPLATE PRINCIPAL EXTERNAL_ID   by a CloudFormation stack
python install.py URL role                                   as it is
"""
import ast, json, sys
import boto3

URL = sys.argv[1]
NAME = "RingfenceCollector"


def client(service):
    return boto3.client(service, endpoint_url=URL, region_name="eu-west-1",
                        aws_access_key_id="test", aws_secret_access_key="test")


if sys.argv[2] == "stack":
    with open(sys.argv[3], encoding="utf-8") as file:
        template = file.read()
    formation = client("cloudformation")
    given = {"TrustedPrincipal": sys.argv[4], "ExternalId": sys.argv[5], "ReadOrganization": "true"}
    formation.create_stack(
        StackName="collector", TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()])
    stack = formation.describe_stacks(StackName="collector")["Stacks"][0]
    assert stack["StackStatus"] == "CREATE_COMPLETE", stack
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}
    assert outputs["RoleArn"].endswith(f":role/{NAME}"), outputs

iam = client("iam")
role = iam.get_role(RoleName=NAME)["Role"]
policies = {name: iam.get_role_policy(RoleName=NAME, PolicyName=name)["PolicyDocument"]
            for name in iam.list_role_policies(RoleName=NAME)["PolicyNames"]}
# moto keeps what a stack gives as Python writes it.
policies = {name: ast.literal_eval(text) if isinstance(text, str) else text for name, text in policies.items()}
attached = iam.list_attached_role_policies(RoleName=NAME)["AttachedPolicies"]
print(json.dumps({"trust": role["AssumeRolePolicyDocument"], "policies": policies, "attached": attached}))
