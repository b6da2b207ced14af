"""A mail server on a loopback port that writes each mail to `mails/NUMBER` in a folder."""

import socket
import ssl
import sys
import threading
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

folder, security = Path(sys.argv[1]), sys.argv[2]
(folder / "mails").mkdir(exist_ok=True)
lock = threading.Lock()


class Handler:
    async def handle_DATA(self, server, session, envelope):
        with lock:
            number = len(list((folder / "mails").iterdir()))
            recipients = ", ".join(envelope.rcpt_tos).encode()
            content = b"X-Envelope-To: " + recipients + b"\r\n" + envelope.content
            (folder / "part").write_bytes(content)
            (folder / "part").rename(folder / "mails" / str(number))
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    is_right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"ringfence", b"open sesame")
    return AuthResult(success=is_right)


options = {}
if security == "starttls":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "own.pem", folder / "own.key")
    options = {"tls_context": context, "require_starttls": True, "authenticator": authenticate, "auth_required": True}


with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
controller = Controller(Handler(), hostname="127.0.0.1", port=port, ready_timeout=30, **options)
controller.start()
print(port, flush=True)
threading.Event().wait()
