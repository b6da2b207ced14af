"""The AWS CLI with --endpoint-url."""

import json
import os
import subprocess
import sys
import time

ENDPOINT = os.environ.pop("AWS_ENDPOINT_URL")


def aws(*arguments, code=0):
    """Runs a command of the CLI and gives what it prints."""
    command = [sys.executable, "-m", "awscli", "accessanalyzer", *arguments, "--endpoint-url", ENDPOINT, "--output", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
    if code != 0:
        return done.stderr
    return json.loads(done.stdout) if done.stdout.strip() else None


READ = json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]})
WRITE = json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}]})

answer = aws("check-no-new-access", "--existing-policy-document", READ, "--new-policy-document", WRITE,
             "--policy-type", "IDENTITY_POLICY")
assert answer["result"] == "FAIL", answer
answer = aws("check-access-not-granted", "--policy-document", READ, "--access", "actions=s3:PutObject",
             "--policy-type", "IDENTITY_POLICY")
assert answer["result"] == "PASS", answer
answer = aws("validate-policy", "--policy-document", READ, "--policy-type", "IDENTITY_POLICY")
assert any(finding["issueCode"] == "MISSING_VERSION" for finding in answer["findings"]), answer

arn = aws("create-analyzer", "--analyzer-name", "account", "--type", "ACCOUNT", "--tags", "team=security")["arn"]
for _ in range(200):
    analyzer = aws("get-analyzer", "--analyzer-name", "account")["analyzer"]
    if analyzer["status"] == "ACTIVE":
        break
    time.sleep(0.2)
assert analyzer["status"] == "ACTIVE", analyzer
findings = aws("list-findings-v2", "--analyzer-arn", arn, "--filter", '{"resourceType":{"eq":["AWS::SQS::Queue"]}}')["findings"]
assert len(findings) == 2, findings
assert aws("list-tags-for-resource", "--resource-arn", arn)["tags"] == {"team": "security"}
aws("update-findings", "--analyzer-arn", arn, "--ids", findings[0]["id"], "--status", "ARCHIVED")
finding = aws("get-finding-v2", "--analyzer-arn", arn, "--id", findings[0]["id"])
assert finding["status"] == "ARCHIVED", finding
aws("create-archive-rule", "--analyzer-name", "account", "--rule-name", "public", "--filter", '{"isPublic":{"eq":["true"]}}')
aws("delete-analyzer", "--analyzer-name", "account")
assert "ResourceNotFoundException" in aws("get-analyzer", "--analyzer-name", "account", code=255)
