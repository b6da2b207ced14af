"""A role in moto whose trust policy has a statement that was added, and whether just that one is gone."""

import json
import sys

import boto3

step, url, sid = sys.argv[1:4]
iam = boto3.client("iam", endpoint_url=url)
NAME = "Audit_CrossAccountRole"
before = {
    "Version": "2012-10-17",
    "Id": "kept",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999988887777:user/Alice"}, "Action": "sts:AssumeRole",
         "Condition": {"StringEquals": {"sts:ExternalId": ["a", "b\"c", "d'e"]}}},
        {"Sid": "Own", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
         "Action": "sts:AssumeRole"},
    ],
}
if step == "plant":
    added = {"Sid": sid, "Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::999988887777:user/Alice"},
             "Action": "sts:AssumeRole"}
    policy = {**before, "Statement": before["Statement"] + [added]}
    iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=json.dumps(policy))
if step == "check":
    policy = iam.get_role(RoleName=NAME)["Role"]["AssumeRolePolicyDocument"]
    assert policy == before, policy
