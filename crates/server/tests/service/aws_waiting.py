"""A plan waits for a person, and AWS says something else meanwhile: `python aws_waiting.py PROGRAM DATA`."""
from aws_place import ACCOUNT, ALICE, run, say, trusting

RULES = '''
@id("role-trust")
permit (principal, action == Action::"Propose", resource)
when { resource.resourceType == "AWS::IAM::Role" };
'''
ROLE = "Audit_CrossAccountRole"


def news(world, place, finding, status):
    """AWS's event, with the status that it has by then."""
    assert place.status(finding) == status
    world.put({"source": "aws.access-analyzer", "detail-type": "Access Analyzer Finding", "resources": [place.arn],
               "id": "not-the-finding", "detail": place.event(finding)})


def story(world):
    world.start_service("propose", RULES)
    place = world.places[0]
    arn, (finding,) = world.role(ROLE)
    news(world, place, finding, "ACTIVE")
    first = world.one(arn, "Proposed")
    # The event of something that is not so changes nothing.
    world.put({"source": "aws.access-analyzer", "detail-type": "Access Analyzer Finding", "resources": [place.arn],
               "detail": place.event(finding, status="RESOLVED")})
    world.until("a forged event is dealt with", lambda: world.left() == 0)
    assert world.one(arn, "Proposed")["id"] == first["id"]

    world.iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=trusting(f"arn:aws:iam::{ACCOUNT}:root"))
    place.look(arn)
    news(world, place, finding, "RESOLVED")
    gone = world.one(arn, "Expired")
    assert gone["id"] == first["id"] and gone["reason"] == "the finding is not active any more", gone
    assert world.kinds(finding)[-1] == "expired"

    world.iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=trusting(ALICE))
    assert world.seen(place, arn) == finding, "AWS opens the same finding again"
    news(world, place, finding, "ACTIVE")
    again = world.one(arn, "Proposed")
    assert again["id"] != first["id"] and again["findingId"] == finding
    told = world.service.command("resolution", "approve", again["id"], "--plan", again["planHash"][:12], "--as", "bob")
    assert "Verified" in told and place.status(finding) == "RESOLVED", told
    assert len(world.denies(ROLE)) == 1

    arn, (finding,) = world.role("Archived_Meanwhile")
    news(world, place, finding, "ACTIVE")
    waits = world.one(arn, "Proposed")
    place.client.update_findings(analyzerArn=place.arn, ids=[finding], status="ARCHIVED")
    say("somebody archives a finding at AWS, of which no event comes")
    told = world.service.command("resolution", "approve", waits["id"], "--plan", waits["planHash"][:12], "--as", "bob")
    assert "Expired" in told and not world.denies("Archived_Meanwhile"), told
    say("and the plan is not applied, though it was approved")


run(story)
