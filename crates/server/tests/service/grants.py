"""Grants of a key that are revoked, made again, and revoked again: `python grants.py PROGRAM DATA`."""
import json

from aws_place import ACCOUNT, run, say

OUTSIDER = "arn:aws:iam::999988887777:role/Outsider"
RULES = '''
@id("keys")
permit (principal, action == Action::"Resolve", resource)
when { resource.resourceType == "AWS::KMS::Key" };
'''


def grants(world, key):
    return {own["GrantId"]: own for own in world.kms.list_grants(KeyId=key)["Grants"]}


def told_of(world, resolution):
    """The notes that the record has of a resolution, in their order."""
    lines = world.service.command("resolution", "history", resolution).splitlines()
    bodies = [json.loads(line)["body"] for line in lines]
    return [own for own in bodies if own["kind"] == "remade" and own["resolution"] == resolution]


def story(world):
    world.start_service("automatic", RULES)
    place = world.places[0]
    made = world.kms.create_key()["KeyMetadata"]
    key, arn = made["KeyId"], made["Arn"]
    for name in ("one", "two"):
        world.kms.create_grant(KeyId=key, GranteePrincipal=OUTSIDER, Operations=["Decrypt"], Name=name)
    inside = world.kms.create_grant(KeyId=key, GranteePrincipal=f"arn:aws:iam::{ACCOUNT}:role/Inside", Operations=["Decrypt"])["GrantId"]
    first = set(grants(world, key)) - {inside}
    finding = world.seen(place, arn)
    world.send(place, place.event(finding))
    applied = world.one(arn, "Verified")
    assert set(grants(world, key)) == {inside} and len(applied["edits"]) == 2, grants(world, key)

    # The second grant cannot be made at first: the first is not made twice for that.
    tried = []

    def instead(service, operation, _):
        if operation != "CreateGrant":
            return None
        tried.append(operation)
        return (200, {}, b"no answer that anybody understands") if len(tried) == 2 else None
    world.front.instead = instead
    said = world.service.command("resolution", "rollback", applied["id"], "--as", "carol")
    world.front.instead = None
    second = set(grants(world, key)) - {inside}
    assert len(second) == 2 and not second & first, (said, first, second)
    say("both grants are there again, under other ids, after " + str(world.front.number("kms", "CreateGrant")) + " calls")
    for old in first:
        assert f"the grant `{old}` was made again and has the id `" in said, said
    remade = told_of(world, applied["id"])
    assert {own["was"]["grantId"] for own in remade} == first and {own["is"]["grantId"] for own in remade} == second, remade
    shown = json.loads(world.service.command("resolution", "show", applied["id"]))
    assert {own["is"]["grantId"] for own in shown["remade"]} == second and shown["state"] == "RolledBack"
    undone = json.loads(world.service.command("resolution", "history", applied["id"]).splitlines()[-1])["body"]
    assert undone["how"] == "what was there before was made again, under other ids", undone

    # The same access, again: what is revoked are the grants that are there now, and what comes back has other ids again.
    assert world.seen(place, arn) == finding
    world.send(place, place.event(finding))
    proposed = world.one(arn, "Proposed")
    assert {own["grantId"] for own in proposed["edits"]} == second, proposed["edits"]
    world.service.command("resolution", "approve", proposed["id"], "--plan", proposed["planHash"][:12], "--as", "bob")
    assert world.one(arn, "Verified")["id"] == proposed["id"] and set(grants(world, key)) == {inside}
    world.service.command("resolution", "rollback", proposed["id"], "--as", "carol")
    third = set(grants(world, key)) - {inside}
    assert len(third) == 2 and not third & (first | second), third
    assert {own["was"]["grantId"] for own in told_of(world, proposed["id"])} == second
    say("and once more")


run(story)
