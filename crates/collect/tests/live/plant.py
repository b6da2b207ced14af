"""Plants resources of every type, most of them open to outsiders, in an endpoint that behaves like AWS.

python plant.py URL accounts ID,ID…    the caller's account and others
python plant.py URL queue NAME         a queue in the caller's account
python plant.py URL open-queue REGION  a queue of the caller's account in a region, which everyone may send to
python plant.py URL organization       an organization with units, accounts and policies; prints the accounts' ids
"""
import io, json, socket, sys, zipfile
import boto3

# Clients put account ids in front of the host's name, for which there is no name server here.
resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: resolve(
    "127.0.0.1" if str(host).endswith("127.0.0.1") else host, *rest, **more)

URL, REGION = sys.argv[1], "eu-west-1"
OUTSIDER = "999999999999"


def client(service, credentials, region=REGION):
    return boto3.client(service, endpoint_url=URL, region_name=region, **credentials)


def document(resource, action, principal="*"):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Sid": "Open", "Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}]})


def trust(principal):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]})


def fill(account, credentials):
    make = lambda service, region=REGION: client(service, credentials, region)
    iam = make("iam")
    iam.create_role(RoleName="open-role", AssumeRolePolicyDocument=trust({"AWS": f"arn:aws:iam::{OUTSIDER}:root"}))
    iam.put_role_policy(RoleName="open-role", PolicyName="inline", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}))
    boundary = iam.create_policy(PolicyName="boundary", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))["Policy"]["Arn"]
    iam.create_user(UserName="alice", PermissionsBoundary=boundary)
    iam.create_group(GroupName="staff")
    iam.add_user_to_group(GroupName="staff", UserName="alice")
    iam.create_account_alias(AccountAlias=f"alias-{account}")
    iam.create_open_id_connect_provider(Url="https://token.actions.githubusercontent.com",
                                        ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40])
    iam.create_saml_provider(Name="staff", SAMLMetadataDocument="x" * 1024)

    s3, control = make("s3"), make("s3control")
    for name in (f"open-{account}", f"closed-{account}", f"acl-{account}"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION},
                         ObjectOwnership="ObjectWriter")
    s3.put_bucket_policy(Bucket=f"open-{account}", Policy=document(f"arn:aws:s3:::open-{account}/*", "s3:GetObject"))
    s3.put_bucket_tagging(Bucket=f"open-{account}", Tagging={"TagSet": [{"Key": "team", "Value": "blue"}]})
    s3.put_bucket_versioning(Bucket=f"open-{account}", VersioningConfiguration={"Status": "Enabled"})
    s3.put_public_access_block(Bucket=f"closed-{account}", PublicAccessBlockConfiguration={
        "BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True})
    s3.put_bucket_acl(Bucket=f"acl-{account}", ACL="public-read")
    control.create_access_point(AccountId=account, Name="point", Bucket=f"open-{account}")
    control.put_access_point_policy(AccountId=account, Name="point", Policy=document(
        f"arn:aws:s3:{REGION}:{account}:accesspoint/point/object/*", "s3:GetObject", {"AWS": f"arn:aws:iam::{OUTSIDER}:root"}))

    kms = make("kms")
    key = kms.create_key(Policy=document("*", "kms:Decrypt", {"AWS": f"arn:aws:iam::{OUTSIDER}:root"}),
                         Tags=[{"TagKey": "team", "TagValue": "blue"}])["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/card", TargetKeyId=key)
    kms.create_grant(KeyId=key, GranteePrincipal=f"arn:aws:iam::{OUTSIDER}:role/grantee", Operations=["Decrypt"])

    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("main.py", "def handler(event, context): pass")
    functions = make("lambda")
    functions.create_function(FunctionName="open-function", Runtime="python3.12", Handler="main.handler",
                              Role=f"arn:aws:iam::{account}:role/open-role", Code={"ZipFile": code.getvalue()})
    functions.add_permission(FunctionName="open-function", StatementId="open", Action="lambda:InvokeFunction", Principal="*")
    functions.publish_layer_version(LayerName="layer", Content={"ZipFile": code.getvalue()})
    functions.add_layer_version_permission(LayerName="layer", VersionNumber=1, StatementId="open",
                                           Action="lambda:GetLayerVersion", Principal="*")

    sqs = make("sqs")
    url = sqs.create_queue(QueueName="open-queue", tags={"team": "blue"})["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={
        "Policy": document(f"arn:aws:sqs:{REGION}:{account}:open-queue", "sqs:SendMessage")})
    sns = make("sns")
    topic = sns.create_topic(Name="open-topic", Tags=[{"Key": "team", "Value": "blue"}])["TopicArn"]
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=document(topic, "sns:Publish"))
    secrets = make("secretsmanager")
    secret = secrets.create_secret(Name="pay/key", SecretString="x")["ARN"]
    secrets.put_resource_policy(SecretId=secret, ResourcePolicy=document("*", "secretsmanager:GetSecretValue",
                                                                        {"AWS": f"arn:aws:iam::{OUTSIDER}:root"}))
    efs = make("efs")
    system = efs.create_file_system(CreationToken="token")["FileSystemId"]
    efs.put_file_system_policy(FileSystemId=system, Policy=document("*", "elasticfilesystem:ClientMount"))
    ecr = make("ecr")
    ecr.create_repository(repositoryName="pay/app")
    ecr.set_repository_policy(repositoryName="pay/app", policyText=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}]}))
    ec2 = make("ec2")
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1)["VolumeId"]
    snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    ec2.modify_snapshot_attribute(SnapshotId=snapshot, Attribute="createVolumePermission",
                                  OperationType="add", GroupNames=["all"])
    rds = make("rds")
    rds.create_db_instance(DBInstanceIdentifier="db", DBInstanceClass="db.t3.micro", Engine="postgres",
                           MasterUsername="u", MasterUserPassword="p" * 12, AllocatedStorage=10)
    rds.create_db_snapshot(DBInstanceIdentifier="db", DBSnapshotIdentifier="db-shared")
    rds.modify_db_snapshot_attribute(DBSnapshotIdentifier="db-shared", AttributeName="restore", ValuesToAdd=["all"])
    rds.create_db_cluster(DBClusterIdentifier="cluster", Engine="aurora-postgresql", MasterUsername="u",
                          MasterUserPassword="p" * 12)
    rds.create_db_cluster_snapshot(DBClusterIdentifier="cluster", DBClusterSnapshotIdentifier="cluster-shared")
    rds.modify_db_cluster_snapshot_attribute(DBClusterSnapshotIdentifier="cluster-shared", AttributeName="restore",
                                             ValuesToAdd=[OUTSIDER])
    dynamodb = make("dynamodb")
    table = dynamodb.create_table(
        TableName="cards", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        Tags=[{"Key": "team", "Value": "blue"}])["TableDescription"]
    dynamodb.put_resource_policy(ResourceArn=table["TableArn"], Policy=document(
        table["TableArn"], "dynamodb:GetItem", {"AWS": f"arn:aws:iam::{OUTSIDER}:root"}))


BASE = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


def accounts(ids):
    sts = client("sts", BASE)
    own = sts.get_caller_identity()["Account"]
    for account in ids:
        credentials = BASE
        if account != own:
            role = f"arn:aws:iam::{account}:role/RingfenceCollector"
            session = sts.assume_role(RoleArn=role, RoleSessionName="plant")["Credentials"]
            credentials = {"aws_access_key_id": session["AccessKeyId"],
                           "aws_secret_access_key": session["SecretAccessKey"],
                           "aws_session_token": session["SessionToken"]}
        fill(account, credentials)


def organization():
    organizations = client("organizations", BASE)
    organizations.create_organization(FeatureSet="ALL")
    root = organizations.list_roots()["Roots"][0]["Id"]
    for kind in ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"):
        try:
            organizations.enable_policy_type(RootId=root, PolicyType=kind)
        except organizations.exceptions.PolicyTypeAlreadyEnabledException:
            pass
    payments = organizations.create_organizational_unit(ParentId=root, Name="payments")["OrganizationalUnit"]["Id"]
    cards = organizations.create_organizational_unit(ParentId=payments, Name="cards")["OrganizationalUnit"]["Id"]
    made = {}
    for name, parent in (("card", cards), ("pay", payments), ("other", root)):
        status = organizations.create_account(AccountName=name, Email=f"{name}@example.com")["CreateAccountStatus"]
        made[name] = status["AccountId"]
        if parent != root:
            organizations.move_account(AccountId=made[name], SourceParentId=root, DestinationParentId=parent)
    organizations.tag_resource(ResourceId=made["card"], Tags=[{"Key": "scope", "Value": "pci"}])
    deny = organizations.create_policy(
        Name="deny", Description="d", Type="SERVICE_CONTROL_POLICY", Content=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}]}))
    organizations.attach_policy(PolicyId=deny["Policy"]["PolicySummary"]["Id"], TargetId=cards)
    organizations.attach_policy(PolicyId=deny["Policy"]["PolicySummary"]["Id"], TargetId=made["other"])
    organizations.register_delegated_administrator(
        AccountId=made["other"], ServicePrincipal="access-analyzer.amazonaws.com")
    made.update(payments=payments, cards=cards)
    print(json.dumps(made))


if sys.argv[2] == "organization":
    organization()
elif sys.argv[2] == "open-queue":
    queues = client("sqs", BASE, sys.argv[3])
    url = queues.create_queue(QueueName="open")["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    queues.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document(arn, "sqs:SendMessage")})
elif sys.argv[2] == "queue":
    client("sqs", BASE).create_queue(QueueName=sys.argv[3])
else:
    accounts(sys.argv[3].split(","))
