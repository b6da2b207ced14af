"""One resource for each kind of slot, in an endpoint that behaves like AWS.

python plant.py URL plant        makes them and prints the cases: target, slot, the value to write, whether it can be deleted
python plant.py URL show         reads cases, prints what each slot holds, as boto3 gives it
python plant.py URL directory    a directory bucket alone
python plant.py URL tags         tags what `plant` made, and prints the targets
python plant.py URL role         a role with everything that a role can have, and one that trusts it
python plant.py URL queue        a queue with dead letters and three messages; prints its URL
"""
import io, json, os, socket, sys, zipfile
import boto3

# The endpoint takes no sessions of directory buckets.
os.environ["AWS_S3_DISABLE_EXPRESS_SESSION_AUTH"] = "true"

# Clients put account ids in front of the host's name, for which there is no name server here.
resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: resolve(
    "127.0.0.1" if str(host).endswith("127.0.0.1") else host, *rest, **more)

URL, REGION, ACCOUNT, OUTSIDER = sys.argv[1], "eu-west-1", "123456789012", "999999999999"
OTHER = f"arn:aws:iam::{OUTSIDER}:root"


def client(service, region=REGION):
    return boto3.client(service, endpoint_url=URL, region_name=region, aws_access_key_id="test",
                        aws_secret_access_key="test")


def allow(resource, action, principal={"AWS": OTHER}):
    statement = {"Sid": "Open", "Effect": "Allow", "Principal": principal, "Action": action}
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {**statement, "Resource": resource} if resource else statement]})


def closed(text):
    """The same with a statement that denies the outsider."""
    document = json.loads(text)
    denied = dict(document["Statement"][0], Sid="RingfenceX", Effect="Deny", Principal={"AWS": OTHER})
    return json.dumps({**document, "Statement": document["Statement"] + [denied]})


def compact(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def case(name, resource_type, arn, after, deletable=True, region=REGION, **more):
    target = {"resourceType": resource_type, "arn": arn, "account": ACCOUNT, "region": region}
    return {"name": name, "target": target, "slot": {"slot": name, **more}, "after": after, "deletable": deletable}


def plant():
    cases = []
    own = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}

    trust = allow(None, "sts:AssumeRole")
    role = client("iam").create_role(RoleName="audit", Path="/teams/", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    cases.append(case("roleTrustPolicy", "AWS::IAM::Role", role, closed(trust), False, "global"))

    s3, control = client("s3"), client("s3control")
    s3.create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION},
                     ObjectOwnership="ObjectWriter")
    s3.create_bucket(Bucket="open-acl", CreateBucketConfiguration={"LocationConstraint": REGION},
                     ObjectOwnership="ObjectWriter")
    bucket, policy = "arn:aws:s3:::data", allow("arn:aws:s3:::data/*", "s3:GetObject")
    s3.put_bucket_policy(Bucket="data", Policy=policy)
    cases.append(case("bucketPolicy", "AWS::S3::Bucket", bucket, closed(policy)))
    s3.put_bucket_acl(Bucket="open-acl", ACL="public-read")
    grants = s3.get_bucket_acl(Bucket="open-acl")
    private = {"Owner": {"ID": grants["Owner"]["ID"]}, "Grants": [
        {"Grantee": {"Type": "CanonicalUser", "ID": grants["Owner"]["ID"]}, "Permission": "FULL_CONTROL"}]}
    cases.append(case("bucketAcl", "AWS::S3::Bucket", "arn:aws:s3:::open-acl", compact(private), False))
    block = dict.fromkeys(["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"], False)
    block["IgnorePublicAcls"] = True
    s3.put_public_access_block(Bucket="data", PublicAccessBlockConfiguration=block)
    cases.append(case("bucketPublicAccessBlock", "AWS::S3::Bucket", bucket, compact(dict.fromkeys(block, True))))
    control.create_access_point(AccountId=ACCOUNT, Name="point", Bucket="data")
    point = control.get_access_point(AccountId=ACCOUNT, Name="point")["AccessPointArn"]
    policy = allow(f"{point}/object/*", "s3:GetObject")
    control.put_access_point_policy(AccountId=ACCOUNT, Name="point", Policy=policy)
    cases.append(case("accessPointPolicy", "AWS::S3::Bucket", bucket, closed(policy), accessPointArn=point))

    # Their control plane is in one Region.
    several = client("s3control", "us-west-2")
    several.create_multi_region_access_point(AccountId=ACCOUNT, ClientToken="a", Details={
        "Name": "everywhere", "Regions": [{"Bucket": "data"}]})
    alias = several.get_multi_region_access_point(AccountId=ACCOUNT, Name="everywhere")["AccessPoint"]["Alias"]
    point = f"arn:aws:s3::{ACCOUNT}:accesspoint/{alias}"
    policy = allow(f"{point}/object/*", "s3:GetObject")
    several.put_multi_region_access_point_policy(AccountId=ACCOUNT, ClientToken="b", Details={
        "Name": "everywhere", "Policy": policy})
    cases.append({**case("accessPointPolicy", "AWS::S3::Bucket", bucket, closed(policy), False, accessPointArn=point),
                  "name": "multiRegionAccessPointPolicy"})

    directory()
    express = f"arn:aws:s3express:{REGION}:{ACCOUNT}:bucket/cache--euw1-az1--x-s3"
    policy = allow(express, "s3express:CreateSession")
    s3.put_bucket_policy(Bucket="cache--euw1-az1--x-s3", Policy=policy)
    cases.append(case("directoryBucketPolicy", "AWS::S3Express::DirectoryBucket", express, closed(policy)))

    kms = client("kms")
    policy = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Sid": "Own", "Effect": "Allow", "Principal": own, "Action": "kms:*", "Resource": "*"},
        {"Sid": "Open", "Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": "kms:Decrypt", "Resource": "*"}]})
    key = kms.create_key(Policy=policy)["KeyMetadata"]
    cases.append(case("keyPolicy", "AWS::KMS::Key", key["Arn"], closed(policy), False))
    grant = kms.create_grant(KeyId=key["KeyId"], GranteePrincipal=f"arn:aws:iam::{OUTSIDER}:role/grantee",
                             Operations=["Decrypt", "Encrypt"],
                             Constraints={"EncryptionContextSubset": {"team": "blue"}})["GrantId"]
    cases.append(case("keyGrant", "AWS::KMS::Key", key["Arn"], None, grantId=grant))

    sqs = client("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders"
    policy = allow(queue, "sqs:SendMessage")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    cases.append(case("queuePolicy", "AWS::SQS::Queue", queue, closed(policy)))
    sns = client("sns")
    topic = sns.create_topic(Name="news")["TopicArn"]
    policy = allow(topic, "sns:Publish")
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    cases.append(case("topicPolicy", "AWS::SNS::Topic", topic, closed(policy), False))

    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("main.py", "def handler(event, context): pass")
    functions = client("lambda")
    function = functions.create_function(FunctionName="pay", Runtime="python3.12", Handler="main.handler", Role=role,
                                         Code={"ZipFile": code.getvalue()})["FunctionArn"]
    functions.add_permission(FunctionName="pay", StatementId="open", Action="lambda:InvokeFunction", Principal=OUTSIDER)
    functions.add_permission(FunctionName="pay", StatementId="bucket", Action="lambda:InvokeFunction",
                             Principal="s3.amazonaws.com", SourceArn=bucket, SourceAccount=ACCOUNT)
    functions.add_permission(FunctionName="pay", StatementId="organization", Action="lambda:InvokeFunction",
                             Principal="*", PrincipalOrgID="o-abcdefghij")
    document = json.loads(functions.get_policy(FunctionName="pay")["Policy"])
    document["Statement"] = [it for it in document["Statement"] if it["Sid"] != "open"]
    cases.append(case("functionPolicy", "AWS::Lambda::Function", function, json.dumps(document)))
    layer = functions.publish_layer_version(LayerName="libraries", Content={"ZipFile": code.getvalue()})
    for sid, principal in (("open", "*"), ("friend", OUTSIDER)):
        functions.add_layer_version_permission(LayerName="libraries", VersionNumber=1, StatementId=sid,
                                               Action="lambda:GetLayerVersion", Principal=principal)
    document = json.loads(functions.get_layer_version_policy(LayerName="libraries", VersionNumber=1)["Policy"])
    document["Statement"] = [it for it in document["Statement"] if it["Sid"] != "open"]
    cases.append(case("layerPolicy", "AWS::Lambda::LayerVersion", layer["LayerVersionArn"], json.dumps(document)))

    secrets = client("secretsmanager")
    secret = secrets.create_secret(Name="pay/key", SecretString="x")["ARN"]
    policy = allow("*", "secretsmanager:GetSecretValue")
    secrets.put_resource_policy(SecretId=secret, ResourcePolicy=policy)
    cases.append(case("secretPolicy", "AWS::SecretsManager::Secret", secret, closed(policy)))
    ecr = client("ecr")
    repository = ecr.create_repository(repositoryName="pay/app")["repository"]["repositoryArn"]
    policy = allow(None, "ecr:BatchGetImage")
    ecr.set_repository_policy(repositoryName="pay/app", policyText=policy)
    cases.append(case("repositoryPolicy", "AWS::ECR::Repository", repository, closed(policy)))
    efs = client("efs")
    system = efs.create_file_system(CreationToken="token")
    policy = allow("*", "elasticfilesystem:ClientMount")
    efs.put_file_system_policy(FileSystemId=system["FileSystemId"], Policy=policy)
    cases.append({**case("fileSystemPolicy", "AWS::EFS::FileSystem", system["FileSystemArn"], closed(policy)),
                  "gap": "deletion"})
    dynamodb = client("dynamodb")
    table = dynamodb.create_table(
        TableName="cards", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})["TableDescription"]
    policy = allow(table["TableArn"], "dynamodb:GetItem")
    dynamodb.put_resource_policy(ResourceArn=table["TableArn"], Policy=policy)
    cases.append(case("tablePolicy", "AWS::DynamoDB::Table", table["TableArn"], closed(policy)))
    cases.append({**case("streamPolicy", "AWS::DynamoDB::Stream", table["LatestStreamArn"], None), "gap": "all"})

    ec2 = client("ec2")
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1)["VolumeId"]
    snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    ec2.modify_snapshot_attribute(SnapshotId=snapshot, Attribute="createVolumePermission", OperationType="add",
                                  GroupNames=["all"])
    ec2.modify_snapshot_attribute(SnapshotId=snapshot, Attribute="createVolumePermission", OperationType="add",
                                  UserIds=["222222222222", OUTSIDER])
    cases.append(case("volumeSnapshotSharing", "AWS::EC2::Snapshot", f"arn:aws:ec2:{REGION}::snapshot/{snapshot}",
                      compact({"Groups": [], "UserIds": ["222222222222"]})))
    rds = client("rds")
    rds.create_db_instance(DBInstanceIdentifier="db", DBInstanceClass="db.t3.micro", Engine="postgres",
                           MasterUsername="u", MasterUserPassword="p" * 12, AllocatedStorage=10)
    snapshot = rds.create_db_snapshot(DBInstanceIdentifier="db", DBSnapshotIdentifier="db-shared")["DBSnapshot"]
    rds.modify_db_snapshot_attribute(DBSnapshotIdentifier="db-shared", AttributeName="restore", ValuesToAdd=["all"])
    cases.append(case("databaseSnapshotSharing", "AWS::RDS::DBSnapshot", snapshot["DBSnapshotArn"],
                      compact(["222222222222"])))
    rds.create_db_cluster(DBClusterIdentifier="cluster", Engine="aurora-postgresql", MasterUsername="u",
                          MasterUserPassword="p" * 12)
    snapshot = rds.create_db_cluster_snapshot(DBClusterIdentifier="cluster",
                                              DBClusterSnapshotIdentifier="cluster-shared")["DBClusterSnapshot"]
    rds.modify_db_cluster_snapshot_attribute(DBClusterSnapshotIdentifier="cluster-shared", AttributeName="restore",
                                             ValuesToAdd=["222222222222", OUTSIDER])
    cases.append(case("clusterSnapshotSharing", "AWS::RDS::DBClusterSnapshot", snapshot["DBClusterSnapshotArn"],
                      compact(["222222222222"])))
    print(json.dumps(cases))


def directory():
    """The endpoint keeps directory buckets among the others."""
    client("s3").create_bucket(Bucket="cache--euw1-az1--x-s3",
                               CreateBucketConfiguration={"LocationConstraint": REGION})


def tags():
    """Tags everything that can be tagged."""
    tag, plain = [{"Key": "IsAllowedToShare", "Value": "true"}], {"IsAllowedToShare": "true"}
    found = []

    def tagged(resource_type, arn, region=REGION):
        found.append({"resourceType": resource_type, "arn": arn, "account": ACCOUNT, "region": region})

    client("iam").tag_role(RoleName="audit", Tags=tag)
    tagged("AWS::IAM::Role", f"arn:aws:iam::{ACCOUNT}:role/teams/audit", "global")
    client("s3").put_bucket_tagging(Bucket="data", Tagging={"TagSet": tag})
    tagged("AWS::S3::Bucket", "arn:aws:s3:::data")
    kms = client("kms")
    key = next(it["KeyArn"] for it in kms.list_keys()["Keys"])
    kms.tag_resource(KeyId=key, Tags=[{"TagKey": "IsAllowedToShare", "TagValue": "true"}])
    kms.create_alias(AliasName="alias/DevelopmentKey", TargetKeyId=key)
    tagged("AWS::KMS::Key", key)
    sqs = client("sqs")
    sqs.tag_queue(QueueUrl=sqs.get_queue_url(QueueName="orders")["QueueUrl"], Tags=plain)
    tagged("AWS::SQS::Queue", f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders")
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:news"
    client("sns").tag_resource(ResourceArn=topic, Tags=tag)
    tagged("AWS::SNS::Topic", topic)
    function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:pay"
    client("lambda").tag_resource(Resource=function, Tags=plain)
    tagged("AWS::Lambda::Function", function)
    secrets = client("secretsmanager")
    secret = secrets.list_secrets()["SecretList"][0]["ARN"]
    secrets.tag_resource(SecretId=secret, Tags=tag)
    tagged("AWS::SecretsManager::Secret", secret)
    repository = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/pay/app"
    client("ecr").tag_resource(resourceArn=repository, tags=tag)
    tagged("AWS::ECR::Repository", repository)
    efs = client("efs")
    system = efs.describe_file_systems()["FileSystems"][0]
    efs.tag_resource(ResourceId=system["FileSystemId"], Tags=tag)
    tagged("AWS::EFS::FileSystem", system["FileSystemArn"])
    table = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/cards"
    client("dynamodb").tag_resource(ResourceArn=table, Tags=tag)
    tagged("AWS::DynamoDB::Table", table)
    ec2 = client("ec2")
    snapshot = ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"][0]["SnapshotId"]
    ec2.create_tags(Resources=[snapshot], Tags=tag)
    tagged("AWS::EC2::Snapshot", f"arn:aws:ec2:{REGION}::snapshot/{snapshot}")
    rds = client("rds")
    snapshot = rds.describe_db_snapshots(DBSnapshotIdentifier="db-shared")["DBSnapshots"][0]["DBSnapshotArn"]
    rds.add_tags_to_resource(ResourceName=snapshot, Tags=tag)
    tagged("AWS::RDS::DBSnapshot", snapshot)
    print(json.dumps(found))


def held(name, arn, slot):
    last = arn.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
    if name == "roleTrustPolicy":
        return client("iam").get_role(RoleName=last)["Role"]["AssumeRolePolicyDocument"]
    if name in ("bucketPolicy", "directoryBucketPolicy"):
        return client("s3").get_bucket_policy(Bucket=last)["Policy"]
    if name == "bucketAcl":
        acl = client("s3").get_bucket_acl(Bucket=last)
        grants = [{"Grantee": {k: v for k, v in it["Grantee"].items() if k != "DisplayName"},
                   "Permission": it["Permission"]} for it in acl["Grants"]]
        return {"Grants": grants, "Owner": {"ID": acl["Owner"]["ID"]}}
    if name == "bucketPublicAccessBlock":
        return client("s3").get_public_access_block(Bucket=last)["PublicAccessBlockConfiguration"]
    if name == "accessPointPolicy":
        point = slot["accessPointArn"].rsplit("/", 1)[-1]
        return client("s3control").get_access_point_policy(AccountId=ACCOUNT, Name=point)["Policy"]
    if name == "multiRegionAccessPointPolicy":
        several = client("s3control", "us-west-2")
        return several.get_multi_region_access_point_policy(
            AccountId=ACCOUNT, Name="everywhere")["Policy"]["Established"]["Policy"]
    if name == "keyPolicy":
        return client("kms").get_key_policy(KeyId=arn, PolicyName="default")["Policy"]
    if name == "keyGrant":
        grants = client("kms").list_grants(KeyId=arn)["Grants"]
        members = ("GranteePrincipal", "Operations", "Constraints")
        return next(({it: grant[it] for it in members} for grant in grants if grant["GrantId"] == slot["grantId"]), None)
    if name == "queuePolicy":
        sqs = client("sqs")
        url = sqs.get_queue_url(QueueName=last)["QueueUrl"]
        return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"].get("Policy")
    if name == "topicPolicy":
        return client("sns").get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"]
    if name == "functionPolicy":
        return client("lambda").get_policy(FunctionName=last)["Policy"]
    if name == "layerPolicy":
        return client("lambda").get_layer_version_policy(LayerName=arn.split(":")[-2], VersionNumber=1)["Policy"]
    if name == "secretPolicy":
        return client("secretsmanager").get_resource_policy(SecretId=arn).get("ResourcePolicy")
    if name == "repositoryPolicy":
        return client("ecr").get_repository_policy(repositoryName=arn.split("repository/")[1])["policyText"]
    if name == "fileSystemPolicy":
        return client("efs").describe_file_system_policy(FileSystemId=last)["Policy"]
    if name == "tablePolicy":
        return client("dynamodb").get_resource_policy(ResourceArn=arn)["Policy"]
    if name == "volumeSnapshotSharing":
        shared = client("ec2").describe_snapshot_attribute(SnapshotId=last, Attribute="createVolumePermission")
        shared = shared["CreateVolumePermissions"]
        return {"Groups": sorted(it["Group"] for it in shared if "Group" in it),
                "UserIds": sorted(it["UserId"] for it in shared if "UserId" in it)}
    rds = client("rds")
    if name == "databaseSnapshotSharing":
        result = rds.describe_db_snapshot_attributes(DBSnapshotIdentifier=last)["DBSnapshotAttributesResult"]
        return sorted(v for it in result["DBSnapshotAttributes"] for v in it["AttributeValues"])
    result = rds.describe_db_cluster_snapshot_attributes(DBClusterSnapshotIdentifier=last)
    result = result["DBClusterSnapshotAttributesResult"]
    return sorted(v for it in result["DBClusterSnapshotAttributes"] for v in it["AttributeValues"])


def show():
    values = []
    for it in json.load(sys.stdin):
        try:
            value = held(it["name"], it["target"]["arn"], it["slot"])
        except boto3.session.botocore.exceptions.ClientError:
            value = None
        values.append(json.loads(value) if isinstance(value, str) and value else value or None)
    print(json.dumps(values))


def role():
    iam = client("iam")
    boundary = iam.create_policy(PolicyName="boundary", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))["Policy"]["Arn"]
    policy = iam.create_policy(PolicyName="attached", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}))["Policy"]["Arn"]
    arn = iam.create_role(RoleName="Audit_CrossAccountRole", AssumeRolePolicyDocument=allow(None, "sts:AssumeRole"),
                          Description="for auditors", MaxSessionDuration=7200, PermissionsBoundary=boundary,
                          Tags=[{"Key": "team", "Value": "blue"}])["Role"]["Arn"]
    iam.attach_role_policy(RoleName="Audit_CrossAccountRole", PolicyArn=policy)
    iam.put_role_policy(RoleName="Audit_CrossAccountRole", PolicyName="inline", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}))
    iam.create_instance_profile(InstanceProfileName="auditors")
    iam.add_role_to_instance_profile(InstanceProfileName="auditors", RoleName="Audit_CrossAccountRole")
    iam.create_role(RoleName="trusting", AssumeRolePolicyDocument=allow(None, "sts:AssumeRole", {"AWS": arn}))
    iam.create_user(UserName="passer")
    iam.put_user_policy(UserName="passer", PolicyName="pass", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:PassRole", "Resource": arn}]}))
    print(arn)


def queue():
    sqs = client("sqs")
    dead = sqs.create_queue(QueueName="findings-dead-letters")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    url = sqs.create_queue(QueueName="findings", Attributes={"RedrivePolicy": json.dumps(
        {"deadLetterTargetArn": arn, "maxReceiveCount": 2})})["QueueUrl"]
    for number in range(3):
        sqs.send_message(QueueUrl=url, MessageBody=f"message {number}")
    print(url)


{"plant": plant, "directory": directory, "tags": tags, "show": show, "role": role, "queue": queue}[sys.argv[2]]()
