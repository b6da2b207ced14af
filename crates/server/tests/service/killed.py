"""Kills the service with SIGKILL at random moments while clients write, and looks at what is there then.

python killed.py PROGRAM DATA SOURCE KEY SECRET ROUNDS [--database URL]

Each writer has findings of its own, which it archives and makes active again, and makes archive rules. What was
acknowledged is there; no finding is lost or there twice; each change was told exactly once, in order.
"""

import json
import random
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

PROGRAM, DATA, SOURCE, KEY, SECRET, ROUNDS, *PLACE = sys.argv[1:]
WRITERS = 3
with socket.create_server(("127.0.0.1", 0)) as free:
    PORT = free.getsockname()[1]


def start():
    log = open(Path(DATA) / "log", "a", encoding="utf-8")
    process = subprocess.Popen(
        [PROGRAM, "serve", "--data", DATA, "--listen", f"127.0.0.1:{PORT}", "--source", SOURCE, "--requests-per-second", "100000",
         *PLACE], stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout.readline().strip(), (Path(DATA) / "log").read_text()[-2000:]
    return process


def client():
    settings = Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=5)
    return boto3.client("accessanalyzer", endpoint_url=f"http://127.0.0.1:{PORT}", region_name="us-east-1", aws_access_key_id=KEY,
                        aws_secret_access_key=SECRET, config=settings)


def all_findings(own, arn):
    pages = own.get_paginator("list_findings_v2").paginate(analyzerArn=arn)
    return [finding for page in pages for finding in page["findings"]]


process = start()
own, clients = client(), [client() for _ in range(WRITERS)]
arn = own.create_analyzer(analyzerName="account", type="ACCOUNT")["arn"]
for _ in range(600):
    if own.get_analyzer(analyzerName="account")["analyzer"]["status"] == "ACTIVE":
        break
    time.sleep(0.05)
ids = sorted(finding["id"] for finding in all_findings(own, arn))
assert len(ids) >= WRITERS, ids
process.kill()
process.wait()

# The status that was acknowledged last, and the one that may have been written without an answer.
acknowledged = {id: "ACTIVE" for id in ids}
doubtful = {}
rules, writes = set(), 0


def write(number, stop):
    global writes
    own, mine, step = clients[number], ids[number::WRITERS], 0
    while not stop.is_set():
        id, step = random.choice(mine), step + 1
        status = "ARCHIVED" if acknowledged[id] == "ACTIVE" else "ACTIVE"
        doubtful[id] = status
        try:
            own.update_findings(analyzerArn=arn, ids=[id], status=status)
            acknowledged[id] = status
            del doubtful[id]
            writes += 1
            if step % 10 == 0:
                name = f"rule{number}x{time.time_ns()}"
                if len(rules) < 60:
                    own.create_archive_rule(analyzerName="account", ruleName=name,
                                            filter={"resource": {"eq": [name]}})
                    rules.add(name)
        except ClientError as error:
            raise AssertionError(error) from error
        except BotoCoreError:
            return


def verify(own):
    found = all_findings(own, arn)
    assert sorted(finding["id"] for finding in found) == ids, "findings are lost or there twice"
    for finding in found:
        id, status = finding["id"], finding["status"]
        assert status in (acknowledged[id], doubtful.get(id)), (id, status, acknowledged[id], doubtful.get(id))
        acknowledged[id] = status
    doubtful.clear()
    pages = own.get_paginator("list_archive_rules").paginate(analyzerName="account")
    there = {rule["ruleName"] for page in pages for rule in page["archiveRules"]}
    assert rules <= there, rules - there


def events(file):
    subprocess.run([PROGRAM, "backup", file, "--data", DATA, *PLACE], check=True, stderr=subprocess.DEVNULL)
    told = {}
    for subject, body in sqlite3.connect(file).execute("SELECT subject, body FROM events ORDER BY position"):
        told.setdefault(subject, []).append(json.loads(body)["detail"]["status"])
    assert sorted(told) == ids, "events are lost"
    for id, statuses in told.items():
        turns = ["ACTIVE", "ARCHIVED"] * (len(statuses) // 2 + 1)
        assert statuses == turns[:len(statuses)], (id, statuses)
        assert statuses[-1] == acknowledged[id], (id, statuses[-1], acknowledged[id])
    return sum(map(len, told.values()))


for round in range(int(ROUNDS)):
    process = start()
    verify(own)
    stop = threading.Event()
    writers = [threading.Thread(target=write, args=(number, stop)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    time.sleep(random.uniform(0.1, 0.7))
    process.kill()
    process.wait()
    stop.set()
    for writer in writers:
        writer.join()

process = start()
verify(own)
process.terminate()
assert process.wait() == 0
assert writes >= int(ROUNDS) // 2, f"hardly anything was written: {writes}"
print(f"{ROUNDS} kills, {writes} writes and {len(rules)} rules acknowledged, {events(str(Path(DATA) / 'killed.db'))} events")
