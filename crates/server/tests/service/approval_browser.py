"""The page of an approval in a browser: a role whose path and trust policy are meant to do harm.

python approval_browser.py PROGRAM DATA KEY SECRET BOB BOB_SECRET NODE FORM_SCRIPT BROWSER_FOLDER
"""
import json, subprocess, sys

from responding import ACCOUNT, ALICE, World

BOB, BOB_SECRET, NODE, FORM, BROWSER = sys.argv[5:10]
RULES = '''
@id("ask-first")
permit (principal, action == Action::"Propose", resource)
when { resource.resourceType == "AWS::IAM::Role" };
'''
ATTACK = '</pre><script>alert(1)</script><img src=x onerror=alert(2)>"\'&\u202e'
world = World(*sys.argv[1:5])


def filled_in(link, button, **fields):
    picture = world.data / "page.png"
    done = subprocess.run([NODE, FORM, BROWSER, link, json.dumps(fields), button, str(picture)],
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert picture.read_bytes().startswith(b"\x89PNG")
    for nothing in ["dialogs", "requests", "errors", "handlers", "links"]:
        assert [own for own in seen[nothing] if own != f"{world.url}/favicon.ico"] == [], (nothing, seen)
    # The one script was put in by the test, and the page's own policy refused it.
    assert seen["injected"] == "script-src-elem" and seen["title"] == "Ringfence" and not seen["wide"], seen
    for element in ["script", "img", "svg", "iframe", "object", "base", "link"]:
        assert element not in seen["elements"], (element, seen)
    assert seen["after"]["url"] == f"{world.url}/ringfence/approval", seen["after"]
    return seen


def proposed(name, **role):
    arn = world.create_role(name, **role)
    own = world.resolution(arn, "Proposed")
    return arn, own, world.until("the mail is there", lambda: world.links(arn))[0]


with world:
    world.configure("propose", RULES, f'''
[response.approval]
base_url = "{world.url}"
requester_and_approver_differ = true
[[response.approval.approvers]]
name = "bob"
key = "{BOB}"
''')
    world.start()
    arn, own, link = proposed("Hostile", path="/<svg/onload=alert(3)>/", condition={"StringEquals": {"sts:ExternalId": ATTACK}})
    seen = filled_in(link, "Approve", key_id=BOB, key_secret=BOB_SECRET)
    assert seen["status"] == 200 and "default-src 'none'" in seen["headers"]["content-security-policy"], seen
    for shown in [arn, ALICE, own["planHash"], own["sid"], "<script>alert(1)</script><img src=x onerror=alert(2)>",
                  "Nobody gets in that way afterwards", "proved", "\\u{202e}", "show who you are"]:
        assert shown in seen["text"], (shown, seen["text"])
    assert "\u202e" not in seen["text"]
    assert seen["after"]["status"] == 200 and "It is approved" in seen["after"]["text"], seen["after"]
    world.resolution(arn, "Verified")
    deny, = world.denies("Hostile")
    assert deny["Sid"] == own["sid"], deny

    arn, own, link = proposed("Rejected")
    seen = filled_in(link, "Reject", key_id=BOB, key_secret=BOB_SECRET)
    assert seen["after"]["status"] == 200 and "It is rejected" in seen["after"]["text"], seen["after"]
    world.resolution(arn, "Rejected")
    assert not world.denies("Rejected")

    # Whoever presses the button with a wrong key reads so, and nothing is changed.
    arn, own, link = proposed("Wrong")
    seen = filled_in(link, "Approve", key_id=BOB, key_secret="x")
    assert seen["after"]["status"] == 403 and "not the key of the one" in seen["after"]["text"], seen["after"]
    assert world.resolutions(arn)[0]["state"] == "Proposed" and not world.denies("Wrong")
