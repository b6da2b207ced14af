"""Whoever does not know the authority does not speak to the service."""

import boto3
from botocore.config import Config
from botocore.exceptions import SSLError

own = boto3.client("accessanalyzer", config=Config(retries={"total_max_attempts": 1}))
try:
    own.list_analyzers()
except SSLError:
    pass
else:
    raise AssertionError("a certificate of an unknown authority was accepted")
