"""One call: answered, or refused with the code that REFUSED names."""

import os

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

own = boto3.client("accessanalyzer", config=Config(retries={"total_max_attempts": 1}))
expected = os.environ.get("REFUSED")
try:
    own.list_analyzers()
except ClientError as error:
    assert error.response["Error"]["Code"] == expected, error
else:
    assert expected is None, "the call was answered"
