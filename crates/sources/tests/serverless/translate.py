"""Translates the SAM template that is named, as JSON on standard output, with AWS's own translator."""

import json
import os
import sys

os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class ManagedPolicies:
    def load(self):
        return {"AWSLambdaExecute": "arn:aws:iam::aws:policy/AWSLambdaExecute"}


with open(sys.argv[1], encoding="utf-8") as file:
    template = yaml_parse(file.read())
json.dump(transform(template, {}, ManagedPolicies()), sys.stdout)
