"""Whether the first mail is the one about a resolution, as a mail program reads it."""

import email
import email.policy
import sys
from html import unescape
from pathlib import Path

folder, finding = Path(sys.argv[1]), sys.argv[2]
mail = email.message_from_bytes((folder / "mails" / "0").read_bytes(), policy=email.policy.default)
assert mail["X-Envelope-To"] == "owner@example.com, security@example.com", mail["X-Envelope-To"]
assert mail["Bcc"] is None and mail.get_all("Subject") == [mail["Subject"]], mail.items()
assert finding in mail["Subject"] and "was resolved automatically" in mail["Subject"], mail["Subject"]
assert mail["From"] == "Ringfence <ringfence@example.com>", mail["From"]
assert mail["Auto-Submitted"] == "auto-generated" and mail["Message-ID"].endswith("@example.com>"), mail.items()
assert mail.get_content_type() == "multipart/alternative", mail.get_content_type()
text = mail.get_body(("plain",)).get_content()
html = mail.get_body(("html",)).get_content()
for part in ("arn:aws:iam::999988887777:user/Alice", "Ringfence5e4f8a102b7c5d3e9f016a7b8c9d0e1f",
             "arn:aws:iam::111122223333:user/bob", "ringfence resolution intended 0d9c8b7a"):
    assert part in text and part in unescape(html), (part, text)
assert "<script>" not in html and "&lt;script&gt;" in html, html
assert "{{ 7 * 7 }}" in text, text
lines = text.splitlines()
for forged in ("Bcc:", "Subject:", "MAIL FROM", "."):
    assert not any(line == forged or (forged != "." and line.startswith(forged)) for line in lines), text
