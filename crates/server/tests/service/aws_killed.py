"""SIGKILL between the message and the decision, and a new start: `python aws_killed.py PROGRAM DATA`."""
import json

from aws_place import ACCOUNT, run

RULES = '''
@id("role-trust")
permit (principal, action == Action::"Resolve", resource)
when { resource.resourceType == "AWS::IAM::Role" };
@id("keys")
permit (principal, action == Action::"Archive", resource)
when { resource.resourceType == "AWS::KMS::Key" };
'''
# Where the service is killed: a call, and whether it has taken effect by then.
ROLES = [
    ("sqs", "ReceiveMessage", "after"), ("sqs", "DeleteMessageBatch", "before"), ("sqs", "DeleteMessageBatch", "after"),
    ("access-analyzer", "GetFinding", "before"), ("access-analyzer", "GetFinding", "after"),
    ("iam", "UpdateAssumeRolePolicy", "before"), ("iam", "UpdateAssumeRolePolicy", "after"),
    ("access-analyzer", "StartResourceScan", "before"), ("access-analyzer", "StartResourceScan", "after"),
]
KEYS = [("access-analyzer", "UpdateFindings", "before"), ("access-analyzer", "UpdateFindings", "after")]


def killing(world, at):
    """Lets the service be killed at its next such call; gives a list that is filled then."""
    killed = []

    def kill(service, operation):
        if (service, operation) != at[:2] or killed:
            return False
        killed.append(at)
        world.service.kill()
        return True

    def instead(service, operation, _):
        return (500, {}, b"") if kill(service, operation) else None

    def after(service, operation, answer):
        # Waiting for messages is no receipt of one.
        if operation != "ReceiveMessage" or b"ReceiptHandle" in answer[2]:
            kill(service, operation)
    world.front.instead, world.front.after = (instead, None) if at[2] == "before" else (None, after)
    return killed


def key(world):
    made = world.kms.create_key()["KeyMetadata"]
    world.kms.put_key_policy(KeyId=made["KeyId"], PolicyName="default", Policy=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999988887777:root"}, "Action": "kms:Decrypt", "Resource": "*"}]}))
    return made["Arn"], world.seen(world.places[0], made["Arn"])


def story(world):
    world.start_service("automatic", RULES)
    place = world.places[0]
    planted = []
    for number, at in enumerate(ROLES + KEYS):
        if at in KEYS:
            arn, finding = key(world)
        else:
            arn, (finding,) = world.role(f"Role{number}")
        killed = killing(world, at)
        world.send(place, place.event(finding))
        world.until(f"killed {at[2]} {at[1]}", lambda: killed)
        world.front.instead = world.front.after = None
        world.service.start()
        planted.append((at, arn, finding))
    for number, (at, arn, finding) in enumerate(planted):
        kinds = None
        if at in KEYS:
            world.until(f"{at}: archived", lambda: place.status(finding) == "ARCHIVED")
            kinds = world.until("and recorded", lambda: [own for own in [world.kinds(finding)] if own[-1] == "archived"])[0]
            assert kinds.count("archived") == 1 and kinds.index("archiving") < kinds.index("archived"), kinds
            continue
        # A message that nobody deleted comes again after a minute.
        world.until(f"{at}: resolved", lambda: [own["state"] for own in world.resolutions(arn)] == ["Verified"], 120)
        assert len(world.denies(f"Role{number}")) == 1 and place.status(finding) == "RESOLVED"
        kinds = world.kinds(finding)
        assert [kinds.count(own) for own in ("planned", "applying", "applied", "verified")] == [1, 1, 1, 1], kinds
    world.until("every message is gone", lambda: world.left() == 0)
    assert not world.service.command("resolution", "hints").strip()


run(story)
