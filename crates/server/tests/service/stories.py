"""The stories of docs/resolution.md from the creation of a role to the undo, against moto and a mail server, with times.

python stories.py PROGRAM DATA KEY SECRET
"""
import json, re, subprocess, sys, time

from responding import ACCOUNT, ALICE, REGION, World

RULES = '''
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
'''
REST = '''
[response.safety]
classification_tag = "Data Classification"
public_archive = ["buckets-are-shared"]
[response.safety.deciding_tags]
IsAllowedToShare = ["*"]
Environment = ["*"]
"Data Classification" = ["*"]
[response.approval]
base_url = "http://127.0.0.1:1"
[[response.approval.approvers]]
name = "bob"
'''

world = World(*sys.argv[1:5])


def create(name):
    arn = world.create_role(name)
    world.say(f"role {name} is created, trusting {ALICE}")
    return arn


def closed(name):
    """A role is created, and closed by itself."""
    arn = create(name)
    found = world.until("the finding is there", lambda: world.findings(arn, "ACTIVE") or world.findings(arn, "RESOLVED"))[0]
    deny = world.until("the trust policy denies Alice", lambda: world.denies(name))[0]
    sid = "Ringfence" + found["id"].replace("-", "")
    assert deny == {"Sid": sid, "Effect": "Deny", "Principal": {"AWS": ALICE}, "Action": "sts:AssumeRole"}, deny
    world.until("the finding is RESOLVED", lambda: world.findings(arn, "RESOLVED"))
    world.until("the owner has a mail", lambda: world.mail(found["id"], arn, ALICE, sid))
    own = world.until("the resolution is Verified", lambda: [own for own in world.resolutions(arn) if own["state"] == "Verified"])[0]
    return arn, found["id"], own["id"]


with world:
    world.configure("automatic", RULES, REST)
    world.start()

    print("Unintended")
    arn, finding, resolution = closed("Audit_CrossAccountRole")

    print("It was intended after all")
    before = len(world.resolutions(arn))
    print(world.command("resolution", "intended", resolution, "--as", "carol").strip())
    world.say("ringfence resolution intended")
    assert not world.denies("Audit_CrossAccountRole"), world.trust("Audit_CrossAccountRole")
    assert len(world.trust("Audit_CrossAccountRole")["Statement"]) == 1
    rule = world.ringfence.list_archive_rules(analyzerName="account")["archiveRules"][0]
    assert set(rule["filter"]) == {"resourceType", "resource", "principal.AWS"}, rule
    world.until("the finding is archived by the rule", lambda: world.findings(arn, "ARCHIVED"))
    time.sleep(3)
    assert len(world.resolutions(arn)) == before and not world.denies("Audit_CrossAccountRole"), "a second round"
    world.say("no second round")

    print("It was not, and the role should go")
    arn, finding, resolution = closed("Audit_Forgotten")
    shown = world.command("resolution", "delete-role", resolution)
    assert '"uses"' in shown and "another unique id" in shown, shown
    assert world.iam.get_role(RoleName="Audit_Forgotten")
    world.command("resolution", "delete-role", resolution, "--yes")
    world.say("ringfence resolution delete-role --yes")
    try:
        world.iam.get_role(RoleName="Audit_Forgotten")
        sys.exit("the role is there")
    except world.iam.exceptions.NoSuchEntityException:
        pass
    kept = json.loads(world.command("resolution", "show", resolution))["role"]["definition"]
    assert ALICE in kept["AssumeRolePolicyDocument"], kept

    print("Taken back without a word why: a person has to approve it from then on")
    arn, finding, resolution = closed("Audit_Rolled")
    world.command("resolution", "rollback", resolution, "--as", "carol")
    world.say("ringfence resolution rollback")
    assert not world.denies("Audit_Rolled")
    proposed = world.until("it is proposed again", lambda: [own for own in world.resolutions(arn) if own["state"] == "Proposed"])[0]
    asked = world.until("the approver has a mail with a link", lambda: world.mail(finding, "/ringfence/approval?token="))[0]
    assert not world.denies("Audit_Rolled")
    world.command("resolution", "approve", proposed["id"], "--plan", proposed["planHash"][:12], "--as", "bob")
    world.until("approved and closed", lambda: world.denies("Audit_Rolled"))

    print("Expected sharing")

    def key(tags, alias):
        made = world.kms.create_key(Tags=[{"TagKey": name, "TagValue": value} for name, value in tags.items()])["KeyMetadata"]
        world.kms.create_alias(AliasName=alias, TargetKeyId=made["KeyId"])
        world.kms.put_key_policy(KeyId=made["KeyId"], PolicyName="default", Policy=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"},
            {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999988887777:root"}, "Action": "kms:Decrypt", "Resource": "*"}]}))
        world.changed(made["Arn"])
        return made["Arn"]

    shared = key({}, "alias/OtherKey")
    world.until("a shared key alerts", lambda: world.findings(shared, "ACTIVE") and world.mail("", shared))
    development = key({"IsAllowedToShare": "true", "Environment": "development"}, "alias/DevelopmentKey")
    world.until("a development key is archived", lambda: world.findings(development, "ARCHIVED"))

    def bucket(name, tags):
        world.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        world.s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]})
        world.s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}]}))
        world.changed(f"arn:aws:s3:::{name}")
        return f"arn:aws:s3:::{name}"

    open_bucket = bucket("website", {"Data Classification": "Public"})
    world.until("a public bucket that may be public is archived", lambda: world.findings(open_bucket, "ARCHIVED"))
    secret = bucket("payroll", {"Data Classification": "Confidential"})
    world.until("a public bucket with confidential data alerts", lambda: world.findings(secret, "ACTIVE") and world.mail("", secret))

    print("A drill")
    drill = subprocess.Popen([world.program, "drill", "--account", ACCOUNT, "--patience", "60", "--data", str(world.data),
                              "--config", str(world.config)], stdout=subprocess.PIPE, text=True)
    for line in drill.stdout:
        print(line, end="", flush=True)
        if "is planted" in line or "is deleted" in line:
            planted = (re.findall(r"arn:\S+", line) or [None])[0] or planted
            world.changed(planted)
    assert drill.wait() == 0
    assert not [own for own in world.iam.list_roles()["Roles"] if "drill" in own["RoleName"]]

    kinds = world.kinds(resolution)
    for kind in ["seen", "enriched", "decided", "planned", "applying", "applied", "verified", "rollingBack", "undone", "approved"]:
        assert kind in kinds, (kind, kinds)
    world.say(f"the record of one finding: {', '.join(kinds)}")
