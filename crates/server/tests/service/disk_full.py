"""The disk is full: writes are refused, reads are answered, the service lives, and what was acknowledged is there.

python disk_full.py PROGRAM DATA KEY SECRET
"""

import subprocess
import sys
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

PROGRAM, DATA, KEY, SECRET = sys.argv[1:]


def start(*before):
    command = [*before, PROGRAM, "serve", "--data", DATA, "--listen", "127.0.0.1:0", "--requests-per-second", "100000"]
    log = open(Path(DATA) / "log", "a", encoding="utf-8")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    url = process.stdout.readline().strip()
    settings = Config(retries={"total_max_attempts": 1})
    return process, boto3.client("accessanalyzer", endpoint_url=url, region_name="us-east-1", aws_access_key_id=KEY,
                                 aws_secret_access_key=SECRET, config=settings)


# 512-byte blocks; the log is small, the database grows.
process, own = start("sh", "-c", "trap '' XFSZ; ulimit -f 2048; exec \"$@\"", "sh")
arn = own.create_analyzer(analyzerName="account", type="ACCOUNT")["arn"]
value, acknowledged, refused = "x" * 250, set(), 0
for number in range(20_000):
    name = f"tag{number}"
    try:
        own.untag_resource(resourceArn=arn, tagKeys=[f"tag{number - 1}"])
        acknowledged.discard(f"tag{number - 1}")
        own.tag_resource(resourceArn=arn, tags={name: value})
        acknowledged.add(name)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        assert status >= 500, error
        refused += 1
        if refused == 5:
            break
assert refused == 5, "the disk did not become full"
tags = own.list_tags_for_resource(resourceArn=arn)["tags"]
assert set(tags) >= acknowledged, (tags.keys(), acknowledged)
assert process.poll() is None
process.terminate()
process.wait()
process, own = start()
tags = own.list_tags_for_resource(resourceArn=arn)["tags"]
assert set(tags) >= acknowledged, (tags.keys(), acknowledged)
own.tag_resource(resourceArn=arn, tags={"room": "again"})
process.terminate()
assert process.wait() == 0
print(f"full after {number} writes")
