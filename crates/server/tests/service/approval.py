"""Approving and rejecting by the link in a mail: what opens it, what is refused, and who has to show who they are.

python approval.py PROGRAM DATA KEY SECRET BOB BOB_SECRET CAROL CAROL_SECRET
"""
import base64, hashlib, hmac, json, sys, threading, time
import urllib.error, urllib.parse, urllib.request

from responding import ACCOUNT, ALICE, World

BOB, BOB_SECRET, CAROL, CAROL_SECRET = sys.argv[5:9]
RULES = '''
@id("ask-first")
permit (principal, action == Action::"Propose", resource)
when { resource.resourceType == "AWS::IAM::Role" };
'''
world = World(*sys.argv[1:5])


def settings(differ, *approvers):
    named = "\n".join(f'[[response.approval.approvers]]\nname = "{name}"\nkey = "{key}"' for name, key in approvers)
    return f'[response.approval]\nbase_url = "{world.url}/"\nrequester_and_approver_differ = {differ}\n{named}'


def send(method, link, **fields):
    """Opens a link, or sends its form; gives status, headers and page."""
    url, _, token = link.partition("?token=")
    body = None
    if method == "POST":
        body = urllib.parse.urlencode({"token": token, **fields}).encode()
    request = urllib.request.Request(link if method != "POST" else url, data=body, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read().decode()


def refused(told, link, status=403, method="POST", decision="approve", **fields):
    answer = send(method, link, decision=decision, **fields)
    assert answer[0] == status and told in answer[2], (told, answer[0], answer[2])


def proposed(name, **role):
    """A role whose plan waits for an approval: its ARN and the link of the mail."""
    arn = world.create_role(name, **role)
    world.resolution(arn, "Proposed")
    return arn, world.until("the mail is there", lambda: world.links(arn))[0]


def state(arn):
    own = world.resolutions(arn)[0]
    return own, world.kinds(own["id"]), world.trust(arn.rsplit("/", 1)[-1])


def minted(link, **members):
    """A link as whoever has the service's key makes it."""
    token = urllib.parse.unquote(link.partition("?token=")[2])
    own = json.loads(base64.urlsafe_b64decode(token.partition(".")[0] + "=="))
    body = base64.urlsafe_b64encode(json.dumps({**own, **members}).encode()).decode().rstrip("=")
    master = base64.b64decode((world.data / "encryption.key").read_text())
    key = hmac.digest(master, b"ringfence pagination tokens", "sha256")
    code = hmac.digest(key, b"ringfence approval link\n" + body.encode(), "sha256")
    return f"{world.url}/ringfence/approval?token={body}.{base64.urlsafe_b64encode(code).decode().rstrip('=')}"


def opening_changes_nothing():
    arn, link = proposed("Opened")
    before = state(arn)
    for method in ["GET", "HEAD", "GET"]:
        status, headers, page = send(method, link)
        assert status == 200 and (method == "HEAD") == (page == ""), (method, status, page)
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "form-action 'self'" in policy and "unsafe" not in policy, policy
        assert headers["cache-control"] == "no-store" and headers["referrer-policy"] == "no-referrer", headers
        assert headers["x-frame-options"] == "DENY" and headers["x-content-type-options"] == "nosniff", headers
    for shown in ["A change waits for your approval", arn, ALICE, before[0]["planHash"], before[0]["sid"],
                  "&quot;Effect&quot;: &quot;Deny&quot;", "Nobody gets in that way afterwards", "proved", 'value="reject"']:
        assert shown in page, (shown, page)
    assert "<script" not in page and "key_secret" not in page, page
    refused("Say whether you approve or reject", link, status=400, decision="perhaps")
    refused("This page is opened or sent", link, status=405, method="PUT")
    refused("16384 bytes", link, status=413, more="x" * 20000)
    assert state(arn) == before, "opening or a wrong form changed something"
    world.say("a link checker changes nothing")
    # Many at once: one of them approves.
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(send("POST", link, decision="approve")[0])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(200) == 1 and len(answers) == 8, answers
    own = world.resolution(arn, "Verified")
    assert len(world.denies("Opened")) == 1 and own["approval"]["by"] == "bob" and own["approval"]["kind"] == "person", own
    for method in ["GET", "POST"]:
        refused("This link was used before", link, method=method)
    kinds = world.kinds(own["id"])
    assert kinds.count("approved") == 1 and kinds.count("applied") == 1, kinds
    world.say("eight forms at once approve once, and the link is used up")


def links_of_others_are_refused():
    arn, link = proposed("Forged")
    before = state(arn)
    own = world.resolutions(arn)[0]
    token = link.partition("?token=")[2]
    for place in [0, len(token) // 2, token.index(".") + 1]:
        other = "A" if token[place] != "A" else "B"
        refused("not made by this service", link.replace(token, token[:place] + other + token[place + 1:]))
    for text in ["", ".", "x", token.partition(".")[0], token + "x", "<script>alert(1)</script>"]:
        refused("not made by this service", f"{world.url}/ringfence/approval?token={urllib.parse.quote(text)}")
    hour_ago = int(time.time()) - 3600
    refused("too old", minted(link, e=hour_ago))
    # The store knows which plan, approver and resolution a link was made for, whatever it says.
    other = "0" * 64
    assert own["planHash"] != other
    for members in [{"p": other}, {"a": "carol"}, {"r": other}]:
        refused("not the one that was sent", minted(link, **members))
    refused("not known here", minted(link, s="c2VjcmV0"))
    for method in ["GET", "POST"]:
        refused("too old", minted(link, e=hour_ago), method=method)
    assert state(arn) == before and not world.denies("Forged")
    world.say("forged, expired and exchanged links are refused")
    status, _, page = send("POST", link, decision="reject")
    assert status == 200 and "It is rejected. Nothing is changed." in page, page
    own = world.resolution(arn, "Rejected")
    assert own["reason"] == "rejected by bob" and not world.denies("Forged"), own
    refused("This link was used before", link)
    world.say("the page rejects")


def trust(name, *statements):
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    world.iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(document))


def the_plan_is_proved_again():
    arn, link = proposed("Moved")
    first = world.resolutions(arn)[0]["planHash"]
    let_in = world.trust("Moved")["Statement"][0]
    inside = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    trust("Moved", let_in, inside)
    assert send("POST", link, decision="approve")[0] == 200
    second = world.until("the plan is made again", lambda: [own for own in world.resolutions(arn) if own["planHash"] != first])[0]
    assert second["state"] == "Proposed" and second["approval"] is None and not world.denies("Moved"), second
    assert "has changed since the approval" in second["reason"], second
    again = world.until("there is a mail with a new link", lambda: world.links(arn)[1:])[0]
    refused("This link was used before", link)
    # An approval of the old plan by a command; then the unused link is of a plan that there is not any more.
    trust("Moved", let_in)
    world.command("resolution", "approve", second["id"], "--plan", second["planHash"], "--as", "dave", "--wait", "0")
    third = world.until("and again", lambda: [own for own in world.resolutions(arn) if own["planHash"] == first])[0]
    assert third["state"] == "Proposed", third
    refused("The resource has changed since the mail was sent", again, method="GET")
    last = world.until("there is another link", lambda: world.links(arn)[2:])[0]
    assert send("POST", last, decision="approve")[0] == 200
    world.resolution(arn, "Verified")
    assert len(world.denies("Moved")) == 1 and len(world.trust("Moved")["Statement"]) == 2
    kinds = world.kinds(third["id"])
    assert kinds.count("approved") == 3 and kinds.count("applied") == 1, kinds

    arn, link = proposed("Gone")
    trust("Gone", inside)
    world.changed(arn)
    world.resolution(arn, "Expired")
    refused("Nothing waits for an approval: the resolution is Expired", link, method="GET")


def who_may_not_approve_any_more():
    arn, link = proposed("Former")
    world.stop()
    world.configure("propose", RULES, settings("false", ("carol", CAROL)))
    world.start()
    refused("may not approve any more", link, method="GET")
    refused("may not approve any more", link)
    assert world.resolutions(arn)[0]["state"] == "Proposed"


def approvers_show_who_they_are():
    world.stop()
    world.configure("propose", RULES, settings("true", ("bob", BOB), ("carol", CAROL)))
    world.start()
    arn, link = proposed("Separate")
    page = send("GET", link)[2]
    assert "show who you are" in page and 'name="key_secret" type="password"' in page, page
    wrong = "This is not the key of the one whom the link was sent to"
    refused(wrong, link)
    refused(wrong, link, key_id=CAROL, key_secret=CAROL_SECRET)
    refused(wrong, link, key_id=BOB, key_secret=CAROL_SECRET)
    assert world.resolutions(arn)[0]["state"] == "Proposed"
    assert send("POST", link, decision="approve", key_id=BOB, key_secret=BOB_SECRET)[0] == 200
    own = world.resolution(arn, "Verified")
    assert own["approval"]["by"] == f"arn:aws:iam::{ACCOUNT}:user/bob", own["approval"]

    arn, link = proposed("Guessed")
    for _ in range(5):
        refused(wrong, link, key_id=BOB, key_secret="x" * 40)
    for method in ["GET", "POST"]:
        refused("Too many wrong keys", link, method=method, key_id=BOB, key_secret=BOB_SECRET)
    assert world.resolutions(arn)[0]["state"] == "Proposed"
    world.say("five wrong keys end a link")

    arn, link = proposed("Revoked")
    world.command("keys", "revoke", BOB)
    refused(wrong, link, key_id=BOB, key_secret=BOB_SECRET)
    assert world.resolutions(arn)[0]["state"] == "Proposed" and not world.denies("Revoked")


with world:
    world.configure("propose", RULES, settings("false", ("bob", BOB)))
    world.start()
    opening_changes_nothing()
    links_of_others_are_refused()
    the_plan_is_proved_again()
    who_may_not_approve_any_more()
    approvers_show_who_they_are()
