"""Proposals that nobody answers: reminders, escalation, expiry. Time goes by as their times in the store are set back.

python waiting.py PROGRAM DATA KEY SECRET
"""
import sqlite3, sys, urllib.error, urllib.parse, urllib.request

from responding import World

RULES = '''
@id("ask-first")
permit (principal, action == Action::"Propose", resource)
when { resource.resourceType == "AWS::IAM::Role" };
'''
LONG_AGO = "2026-01-01T00:00:00Z"
world = World(*sys.argv[1:5])


def goes_by(id, what):
    """The service was not there when `what` of a resolution was due, and is started again."""
    world.stop()
    with sqlite3.connect(world.data / "ringfence.db") as store:
        sql = f"UPDATE resolutions SET body = json_set(body, '$.{what}', ?), due = 0 WHERE id = ?"
        assert store.execute(sql, (LONG_AGO, id)).rowcount == 1
    store.close()
    world.start()


def send(link, **fields):
    url, _, token = link.partition("?token=")
    body = urllib.parse.urlencode({"token": token, **fields}).encode() if fields else None
    try:
        with urllib.request.urlopen(urllib.request.Request(url if fields else link, data=body), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read().decode()


def proposed(name):
    arn = world.create_role(name)
    own = world.resolution(arn, "Proposed")
    world.until("the mail is there", lambda: world.links(arn))
    return arn, own["id"]


with world:
    world.configure("propose", RULES, f'''
[response.approval]
base_url = "{world.url}"
expires_after_hours = 48
remind_after_hours = 12
reminders = 2
[[response.approval.approvers]]
name = "bob"
[[response.approval.approvers]]
name = "carol"
''')
    world.start()
    arn, id = proposed("Waiting")
    first = world.mail("Approve a change", arn)
    assert len(first) == 1, [own["subject"] for own in world.mails]

    # Two reminders to the one who was asked, then somebody else is, and then nobody any more.
    for number in [1, 2]:
        goes_by(id, "remindAt")
        world.until(f"reminder {number}", lambda: len(world.mail("Reminder", arn)) == number)
        assert "<td>bob</td>" in send(world.links(arn)[-1])[1]
    goes_by(id, "remindAt")
    escalated = world.until("it is escalated", lambda: world.mail("Nobody answered", arn))
    assert len(escalated) == 1 and len(world.mail("Reminder", arn)) == 2, [own["subject"] for own in world.mails]
    links = world.links(arn)
    assert len(set(links)) == 4, links
    assert "<td>carol</td>" in send(links[-1])[1]
    own = world.resolutions(arn)[0]
    assert own["state"] == "Proposed" and not world.denies("Waiting"), own
    mails = len(world.mails)
    world.stop()
    world.start()
    assert len(world.mails) == mails, "another mail by a start alone"
    # One of them approves; the links of the others are of nothing that waits.
    assert send(links[-1], decision="approve")[0] == 200
    assert world.resolution(arn, "Verified")["approval"]["by"] == "carol"
    for link in links[:3]:
        status, page = send(link, decision="reject")
        assert status == 403 and "Nothing waits for an approval" in page, page
    assert len(world.denies("Waiting")) == 1

    arn, id = proposed("Late")
    link = world.links(arn)[0]
    goes_by(id, "expiresAt")
    own = world.resolution(arn, "Expired")
    assert own["reason"] == "nobody approved it in time" and not world.denies("Late"), own
    expired = world.until("it is told that nobody answered", lambda: world.mail("Nobody answered", arn))
    assert len(expired) == 1 and not world.links(arn)[1:], "a link to approve what is expired"
    status, page = send(link, decision="approve")
    assert status == 403 and "the resolution is Expired" in page, page
    told = world.command("resolution", "approve", id, "--as", "bob", code=1)
    assert "a resolution that is Expired cannot be approved" in told, told
    assert "expired" in world.kinds(id) and not world.denies("Late")
