"""Findings that AWS keeps, from its events to RESOLVED: `python aws_intake.py PROGRAM DATA`."""
import json, time

from aws_place import ACCOUNT, ALICE, REGION, run, say

OTHER_REGION = "us-east-1"
ROLE = "Audit_CrossAccountRole"
MALLORY = "aws:arn:iam::999988887777:user/Mallory"
RULES = '''
@id("role-trust")
permit (principal, action == Action::"Resolve", resource)
when { resource.resourceType == "AWS::IAM::Role" };
@id("development-keys")
permit (principal, action == Action::"Archive", resource)
when { resource.resourceType == "AWS::KMS::Key" && context has keyAliases && context.keyAliases.contains("alias/DevelopmentKey") };
'''
SCAN = ("access-analyzer", "StartResourceScan")
WRITE = ("iam", "UpdateAssumeRolePolicy")


def unintended(world):
    """A role's finding comes from two Regions, several times, out of order and as published examples have it."""
    first, second = world.places
    blind = []

    def instead(service, operation, _):
        # AWS takes the scan, and looks later.
        if (service, operation) == SCAN and blind:
            return 200, {"content-type": "application/json"}, b"{}"
    world.front.instead = instead
    blind.append(True)
    arn, (one, other) = world.role(ROLE)
    assert one != other
    say(f"role {ROLE} trusts {ALICE}; both Regions have a finding")
    odd = dict(resource=arn.replace("role/", "role/ "), principal={"AWS": MALLORY}, condition=None, version=None,
               region=None, createdAt=None)
    # Older news of the same finding come late.
    world.put({"source": "aws.access-analyzer", "detail-type": "Access Analyzer Finding", "id": "e-0",
               "resources": [first.arn], "detail": first.event(one, status="RESOLVED")})
    world.put({"source": "aws.access-analyzer", "id": "e-1", "resources": [first.arn],
               "detail": first.event(one, status="ARCHIVED")})
    for _ in range(3):
        world.send(first, first.event(one, **odd))
        world.send(second, second.event(other, **odd))
    world.send(second, second.event(other))
    deny = world.until("the trust policy denies Alice", lambda: world.denies(ROLE))
    applied = world.one(arn, "Applied")
    sid = "Ringfence" + applied["findingId"].replace("-", "")
    assert applied["findingId"] in (one, other) and deny == [
        {"Sid": sid, "Effect": "Deny", "Principal": {"AWS": ALICE}, "Action": "sts:AssumeRole"}], deny
    keeper = first if applied["findingId"] == one else second
    assert applied["analyzerArn"] == keeper.arn
    world.until("AWS is asked to look again", lambda: world.front.number(*SCAN) > 1)
    assert world.one(arn, "Applied") and keeper.status(applied["findingId"]) == "ACTIVE", "it is AWS that says so"
    blind.clear()
    world.one(arn, "Verified")
    assert keeper.status(applied["findingId"]) == "RESOLVED"
    world.until("every message is dealt with", lambda: world.left() == 0)
    for place, finding in ((first, one), (second, other)):
        world.send(place, place.event(finding, status="ACTIVE"))
    world.until("and those that come late", lambda: world.left() == 0)
    world.until("no hint waits", lambda: not world.service.command("resolution", "hints").strip())
    assert len(world.denies(ROLE)) == 1 and len(world.resolutions(arn)) == 1, world.statements(ROLE)
    assert world.front.number(*WRITE) == 1
    kinds = [world.kinds(finding) for finding in (one, other)]
    assert all(own[:3] == ["seen", "enriched", "decided"] for own in kinds), kinds
    assert "verified" in sum(kinds, []) and sum(kinds, []).count("applying") == 1, kinds
    return arn, applied, keeper


def not_acted_on(world):
    """Events that say what is not so, and those of others."""
    place = world.places[0]
    names = ["Deleted", "Archived", "Unmanaged", "Unconfirmed"]
    arns = {name: world.role(name) for name in names}
    place.client.update_findings(analyzerArn=place.arn, ids=[arns["Archived"][1][0]], status="ARCHIVED")
    event = {name: place.event(own[1][0]) for name, own in arns.items()}
    world.send(place, dict(event["Deleted"], isDeleted=True))
    world.send(place, dict(event["Archived"], status="ACTIVE"))
    strange = place.arn.replace(ACCOUNT, "111111111111")
    world.events.put_events(Entries=[{"Source": "aws.access-analyzer", "DetailType": "Access Analyzer Finding",
                                      "Resources": [strange], "Detail": json.dumps(event["Unmanaged"])}])
    # The envelope's id is a finding's; the event is about another, which nobody has.
    nobody = "00000000-0000-4000-8000-000000000000"
    world.put({"source": "aws.access-analyzer", "detail-type": "Access Analyzer Finding", "resources": [place.arn],
               "id": event["Unconfirmed"]["id"], "detail": dict(event["Unconfirmed"], id=nobody)})
    world.until("events of what is not so, or not ours, are left", lambda: world.left() == 0)
    world.until("no hint waits", lambda: not world.service.command("resolution", "hints").strip())
    for name in names:
        assert not world.denies(name) and not world.resolutions(arns[name][0]), name
    assert place.status(arns["Archived"][1][0]) == "ARCHIVED"


def archived(world):
    """A rule archives a shared key: AWS is told."""
    place = world.places[0]
    made = world.kms.create_key()["KeyMetadata"]
    world.kms.create_alias(AliasName="alias/DevelopmentKey", TargetKeyId=made["KeyId"])
    world.kms.put_key_policy(KeyId=made["KeyId"], PolicyName="default", Policy=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999988887777:root"}, "Action": "kms:Decrypt", "Resource": "*"}]}))
    finding = world.seen(place, made["Arn"])
    # By the source that a service of ours sends under.
    world.send(place, place.event(finding), source="ringfence.access-analyzer")
    world.until("the finding of a development key is ARCHIVED at AWS", lambda: place.status(finding) == "ARCHIVED")
    world.until("and the record says so", lambda: world.kinds(finding) == [
        "seen", "enriched", "decided", "archiving", "archived"])
    assert world.front.number("access-analyzer", "UpdateFindings") == 1


def intended(world, arn, resolution, keeper):
    """The access was intended: AWS has a rule, the statement goes, and no Region begins anew."""
    other = next(own for own in world.places if own is not keeper)
    told = world.service.command("resolution", "intended", resolution["id"], "--as", "carol")
    say("ringfence resolution intended")
    assert "RolledBack" in told and not world.denies(ROLE), told
    rules = keeper.client.list_archive_rules(analyzerName="account")["archiveRules"]
    assert [set(own["filter"]) for own in rules] == [{"resourceType", "resource", "principal.AWS"}], rules
    assert world.front.number("access-analyzer", "CreateArchiveRule") == 1
    world.until("the finding is back, and AWS's rule archives it",
                lambda: keeper.status(resolution["findingId"]) == "ARCHIVED")
    again = world.seen(other, arn)
    world.send(other, other.event(again))
    world.until("that of the other Region is archived as well", lambda: other.status(again) == "ARCHIVED")
    time.sleep(3)
    assert not world.denies(ROLE) and len(world.resolutions(arn)) == 1, "a second round"
    kinds = world.kinds(resolution["findingId"])
    assert kinds[-3:] == ["asked", "rollingBack", "undone"], kinds
    # Whoever makes it active again wants to be asked.
    other.client.update_findings(analyzerArn=other.arn, ids=[again], status="ACTIVE")
    world.send(other, other.event(again))
    proposed = world.one(arn, "Proposed")
    assert proposed["findingId"] == again and not world.denies(ROLE)
    # So it stays after they said no.
    world.service.command("resolution", "reject", proposed["id"], "--as", "bob")
    world.send(other, other.event(again))
    notes = world.one(arn, "Proposed")["decision"]["notes"]
    assert notes == ["the change was rejected by bob before: a person has to approve it"], notes
    assert len(world.resolutions(arn)) == 3 and not world.denies(ROLE)


def poison(world):
    """Messages that cannot be read are set aside and shown; the others go on."""
    for message in ("no JSON", {"source": "aws.access-analyzer", "detail": {"id": "x"}},
                    {"source": "aws.access-analyzer", "resources": [world.places[0].arn], "detail": {"status": "ACTIVE"}}):
        world.put(message)
    arn, (one, _) = world.role("Behind_Poison")
    world.send(world.places[0], world.places[0].event(one))
    world.one(arn, "Verified")
    shown = world.service.command("resolution", "hints", "--poison")
    for reason in ("it is no JSON object", "`resources` is missing", "`detail.id` is missing", "no JSON"):
        assert reason in shown, (reason, shown)
    assert len(shown.strip().splitlines()) == 3 and world.left() == 0, shown
    assert "0 are tried again" in world.service.command("resolution", "hints", "--retry", "--poison")


def story(world):
    world.start_service("automatic", RULES)
    arn, resolution, keeper = unintended(world)
    not_acted_on(world)
    archived(world)
    intended(world, arn, resolution, keeper)
    poison(world)
    say("done")


run(story, regions=(REGION, OTHER_REGION))
