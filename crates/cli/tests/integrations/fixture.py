"""A repository with pull requests, and a release of the program to install."""

import contextlib
import functools
import hashlib
import http.server
import json
import os
import platform
import shutil
import subprocess
import tarfile
import tempfile
import threading
from pathlib import Path

QUEUE = "arn:aws:sqs:eu-west-1:111122223333:orders"


def statement(action, resource, **more):
    own = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return {"Version": "2012-10-17", "Statement": [own]}


READS = statement("s3:GetObject", "arn:aws:s3:::reports/*")
WRITES = statement(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::reports/*")
PASSES_ROLES = statement("iam:PassRole", "*", Sid="PassAny")
OWN_QUEUE = statement("sqs:SendMessage", QUEUE, Principal={"AWS": "111122223333"})
OPEN_QUEUE = statement("sqs:SendMessage", QUEUE, Principal="*")

BASE = {
    "policies/reader.json": READS,
    "policies/queue.json": OWN_QUEUE,
    "references/identity.json": statement(["s3:*", "sqs:*"], "*"),
    "references/resource.json": statement("*", "*", Principal={"AWS": "111122223333"}),
    "critical.toml": '[[critical]]\nname = "escalation"\nactions = ["iam:PassRole"]\n',
    "package.json": {"name": "no policy", "version": "1.0.0"},
}
GOOD = {"policies/reader.json": WRITES}
# The names try to get into a shell.
BAD = {
    "policies/$(touch pwned) `touch pwned`; touch pwned.json": PASSES_ROLES,
    "policies/queue.json": OPEN_QUEUE,
}
CODES = [
    "PASS_ROLE_WITH_STAR_IN_RESOURCE",
    "CHECK_NO_NEW_ACCESS",
    "CHECK_ACCESS_NOT_GRANTED",
    "CHECK_NO_PUBLIC_ACCESS",
]


def check(is_so, message):
    """Ends the test where something is not as it should be."""
    if not is_so:
        raise SystemExit(f"not as expected: {message}")


def environment(**more):
    """What programs get of this process's environment: nothing that changes what they do."""
    kept = {name: os.environ[name] for name in ["PATH", "HOME", "TMPDIR"] if name in os.environ}
    git = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for role in ["AUTHOR", "COMMITTER"]:
        git |= {f"GIT_{role}_NAME": "test", f"GIT_{role}_EMAIL": "test@example.com"}
    return {**kept, **git, **more}


def git(folder, *arguments):
    command = ["git", "-c", "protocol.file.allow=always", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True)
    check(done.returncode == 0, f"{command}: {done.stderr}")
    return done.stdout.strip()


def write(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=2) + "\n")


def repository(folder):
    """A repository with the branches `main`, `good` and `bad`."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    write(folder, BASE)
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "base")
    for branch, files in [("good", GOOD), ("bad", BAD)]:
        git(folder, "checkout", "--quiet", "-b", branch, "main")
        write(folder, files)
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "--message", branch)
    return folder


def target():
    """The target that this machine's release is for."""
    machine = {"x86_64": "x86_64", "AMD64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}
    system = {"Linux": "unknown-linux-gnu", "Darwin": "apple-darwin"}
    return f"{machine[platform.machine()]}-{system[platform.system()]}"


class Release:
    """A release on a server of this machine: the archive and its checksums."""

    def __init__(self, folder, program):
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        self.version = said.split()[-1]
        self.folder = folder / f"v{self.version}"
        self.folder.mkdir(parents=True)
        self.archive = self.folder / f"ringfence-{self.version}-{target()}.tar.gz"
        with tarfile.open(self.archive, "w:gz", compresslevel=1) as archive:
            archive.add(program, "ringfence")
        self.sha256 = hashlib.sha256(self.archive.read_bytes()).hexdigest()
        self.list(self.sha256)

    def list(self, sha256):
        (self.folder / "SHA256SUMS").write_text(f"{sha256}  {self.archive.name}\n")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def served(folder):
    """The URL of a folder, on this machine only."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@contextlib.contextmanager
def scene(program):
    """A folder with the repository, and the release that a server has."""
    folder = Path(tempfile.mkdtemp(prefix="ringfence-integrations-"))
    try:
        release = Release(folder / "releases", program)
        with served(folder / "releases") as url:
            yield folder, repository(folder / "repository"), release, url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def not_pwned(folder):
    found = [str(path) for path in folder.rglob("pwned")]
    check(not found, f"the name of a file was run by a shell: {found}")
