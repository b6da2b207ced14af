"""Many resolutions undone at once: all that was written since a time, and several by their ids.

python bulk_rollback.py PROGRAM DATA KEY SECRET
"""
import sys, time

from responding import World

RULES = '''
@id("closed-at-once")
permit (principal, action == Action::"Resolve", resource)
when { resource.resourceType == "AWS::IAM::Role" && resource.resource like "*:role/Closed*" };
@id("asked-first")
permit (principal, action == Action::"Propose", resource)
when { resource.resourceType == "AWS::IAM::Role" };
'''
world = World(*sys.argv[1:5])


def now():
    time.sleep(0.05)
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + f".{int(time.time() * 1000) % 1000:03}Z"
    time.sleep(0.05)
    return moment


with world:
    world.configure("automatic", RULES, "")
    world.start()
    early, asked, refused = (world.create_role(name) for name in ["ClosedEarly", "Asked", "Refused"])
    world.resolution(early, "Verified")
    proposed, rejected = world.resolution(asked, "Proposed"), world.resolution(refused, "Proposed")
    since = now()
    # Made before and written after: what counts is when it was written.
    world.command("resolution", "approve", proposed["id"], "--plan", proposed["planHash"], "--as", "bob")
    world.command("resolution", "reject", rejected["id"], "--as", "bob")
    late = [world.create_role(name) for name in ["ClosedLate", "ClosedLater"]]
    for arn in [*late, asked]:
        world.resolution(arn, "Verified")
    for name in ["ClosedEarly", "Asked", "ClosedLate", "ClosedLater"]:
        assert len(world.denies(name)) == 1, name
    assert "nothing was written since" in world.command("resolution", "rollback", "--all-since", now())
    told = world.command("resolution", "rollback", "--all-since", since, "--as", "carol")
    assert told.count("\tRolledBack") == 3, told
    for name in ["Asked", "ClosedLate", "ClosedLater"]:
        assert not world.denies(name) and len(world.trust(name)["Statement"]) == 1, world.trust(name)
    assert len(world.denies("ClosedEarly")) == 1
    for arn in [*late, asked]:
        own = [own for own in world.resolutions(arn) if own["state"] == "RolledBack"]
        assert len(own) == 1 and "undone" in world.kinds(own[0]["id"]), own
    world.say("what was written since is taken back")

    # One that cannot be undone, and one that is not there, keep no other back.
    mine = world.resolutions(early)[0]["id"]
    told = world.command("resolution", "rollback", "no-such-id", rejected["id"], mine, "--as", "carol", code=1)
    assert "nothing of it was written" in told and "no-such-id" in told and "2 of 3 could not be undone" in told, told
    assert f"{mine}\tRolledBack" in told and not world.denies("ClosedEarly"), told
