"""Checks a snapshot against the schemas: python validate.py SNAPSHOT SCHEMAS"""

import json
import os
import sys

from jsonschema import Draft202012Validator

SNAPSHOT, SCHEMAS = sys.argv[1], sys.argv[2]


def schema(name):
    with open(f"{SCHEMAS}/{name}.schema.json") as file:
        return Draft202012Validator(json.load(file))


NAMED = {"snapshot.json": schema("snapshot"), "account.json": schema("account"),
         "organization.json": schema("organization"), "authorization-details.json": None}
RESOURCE = schema("resource")
checked = 0
for folder, _, names in os.walk(SNAPSHOT):
    for name in names:
        validator = NAMED.get(name, RESOURCE)
        if validator is None:
            continue
        with open(os.path.join(folder, name)) as file:
            value = json.load(file)
        for error in validator.iter_errors(value):
            sys.exit(f"{folder}/{name}: {error.json_path}: {error.message}")
        checked += 1
print(checked)
