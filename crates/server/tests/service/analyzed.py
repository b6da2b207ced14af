"""Makes an analyzer of the account, waits until everything is analyzed, and prints the ids of its active findings."""

import time

import boto3

own = boto3.client("accessanalyzer")
arn = own.create_analyzer(analyzerName="account", type="ACCOUNT")["arn"]
while own.get_analyzer(analyzerName="account")["analyzer"]["status"] != "ACTIVE":
    time.sleep(0.1)
pages = own.get_paginator("list_findings").paginate(analyzerArn=arn, filter={"status": {"eq": ["ACTIVE"]}})
for page in pages:
    for finding in page["findings"]:
        print(finding["id"])
