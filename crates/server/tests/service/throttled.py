"""A key that calls too often gets ThrottlingException with Retry-After."""

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

client = boto3.client("accessanalyzer", config=Config(retries={"total_max_attempts": 1}))
answers = []
for _ in range(12):
    try:
        client.validate_policy(policyDocument="{}", policyType="IDENTITY_POLICY")
        answers.append("fine")
    except ClientError as error:
        assert error.response["Error"]["Code"] == "ThrottlingException", error
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 429
        assert error.response["ResponseMetadata"]["HTTPHeaders"]["retry-after"] == "1"
        answers.append("throttled")
assert answers[:3] == ["fine"] * 3 and "throttled" in answers, answers
