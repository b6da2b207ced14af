"""Tags that decide, and who set them: `python tag_setters.py PROGRAM DATA`. CloudTrail's answers are as it documents them."""
import json, time

from aws_place import ACCOUNT, run, say

PLATFORM = f"arn:aws:sts::{ACCOUNT}:assumed-role/Platform/alice"
DEVELOPER = f"arn:aws:iam::{ACCOUNT}:user/bob"
RULES = '''
@id("may-be-shared")
permit (principal, action == Action::"Archive", resource)
when { resource.resourceType == "AWS::KMS::Key" && context has tags && context.tags.hasTag("IsAllowedToShare") && context.tags.getTag("IsAllowedToShare") == "true" };
'''
SAFETY = f'''
[response.safety.deciding_tags]
IsAllowedToShare = ["arn:aws:sts::{ACCOUNT}:assumed-role/Platform/*"]
'''


def call(key, name, who, before, **parameters):
    """An event of CloudTrail about a key, so many seconds ago."""
    told = {"userIdentity": {"type": "AssumedRole", "arn": who}, "requestParameters": {"keyId": key, **parameters},
            "resources": [{"ARN": key, "type": "AWS::KMS::Key"}]}
    return {"EventId": f"{name}-{before}", "EventName": name, "EventSource": "kms.amazonaws.com",
            "EventTime": time.time() - before, "Username": "somebody", "CloudTrailEvent": json.dumps(told)}


def set_tag(key, who, before, value="true"):
    return call(key, "TagResource", who, before, tags=[{"tagKey": "IsAllowedToShare", "tagValue": value}])


def story(world):
    history = {}

    def instead(service, operation, body):
        if (service, operation) != ("cloudtrail", "LookupEvents"):
            return None
        attribute = json.loads(body)["LookupAttributes"][0]
        found = history.get(attribute["AttributeValue"], [])
        if found is None:
            return 400, {"content-type": "application/x-amz-json-1.1"}, b'{"__type": "AccessDeniedException", "Message": "no"}'
        return 200, {"content-type": "application/x-amz-json-1.1"}, json.dumps({"Events": found}).encode()
    world.front.instead = instead
    world.start_service("automatic", RULES, SAFETY)
    place = world.places[0]

    def decided(events, archived, note=None):
        """A shared key with the tag, of which CloudTrail has these events: what the record has of the decision."""
        made = world.kms.create_key(Tags=[{"TagKey": "IsAllowedToShare", "TagValue": "true"}])["KeyMetadata"]["Arn"]
        world.kms.put_key_policy(KeyId=made, PolicyName="default", Policy=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"},
            {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999988887777:root"}, "Action": "kms:Decrypt", "Resource": "*"}]}))
        history[made] = events and events(made)
        finding = world.seen(place, made)

        def last():
            lines = world.service.command("audit", "show", finding, "--json", codes=(0, 1)).splitlines()
            bodies = [json.loads(line)["body"] for line in lines if line.startswith("{")]
            return [own for own in bodies if own["kind"] == "decided"][-1:]
        world.send(place, place.event(finding))
        decision = world.until("decided", last)[0]["decision"]
        if archived:
            world.until("archived at AWS", lambda: place.status(finding) == "ARCHIVED")
        else:
            assert place.status(finding) == "ACTIVE" and any(note in own for own in decision["notes"]), decision
        say(f"{decision['action']}: {'; '.join(decision['notes']) or 'by a rule'}")
        return made, finding

    decided(lambda key: [call(key, "Decrypt", DEVELOPER, 10), set_tag(key, PLATFORM, 3600)], True)
    decided(lambda key: [set_tag(key, PLATFORM, 3600), set_tag(key, DEVELOPER, 7200, "false")], True)
    decided(lambda key: [set_tag(key, DEVELOPER, 3600), set_tag(key, PLATFORM, 7200)], False,
            f"was set by `{DEVELOPER}`, who may not")
    decided(lambda key: [set_tag(key, PLATFORM, 3600, "false")], False, "changed by a call that is not known yet")
    decided(lambda key: [set_tag(key, PLATFORM, -60)], False, "was set after the finding appeared")
    decided(lambda key: [], False, "nothing tells of it")
    made, finding = decided(None, False, "CloudTrail could not be read")
    # A person can say so instead.
    world.service.command("audit", "note", finding, "asked the team", "--by", "alice", "--vouch-tag", "IsAllowedToShare=true")
    world.send(place, place.event(finding))
    world.until("a person vouched for it, and it is archived", lambda: place.status(finding) == "ARCHIVED")
    context = [json.loads(line)["body"] for line in
               world.service.command("audit", "show", finding, "--json").splitlines() if '"enriched"' in line][-1]["context"]
    assert "could not be read" in json.dumps(context["tagSetters"]), context["tagSetters"]


run(story)
