"""After a restart: the analyzer, its tags and its findings are what they were."""

import boto3

own = boto3.client("accessanalyzer")
[analyzer] = own.list_analyzers()["analyzers"]
assert (analyzer["name"], analyzer["tags"]) == ("account", {"stage": "test"}), analyzer
found = own.list_findings_v2(analyzerArn=analyzer["arn"], filter={"status": {"eq": ["ARCHIVED"]}})["findings"]
assert {finding["resourceType"] for finding in found} == {"AWS::KMS::Key"}, found
