"""What is printed against its schema, the examples too: python schemas.py NAME=FILE...

A file has one JSON value, or one a line where its name ends with `.jsonl`.
"""

import json
import sys
import tomllib
from pathlib import Path

from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).parents[4] / "docs/schemas"


def check(value, name):
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    errors = [error.message for error in Draft202012Validator(schema).iter_errors(value)]
    assert not errors, (name, errors)


for argument in sys.argv[1:]:
    name, path = argument.split("=", 1)
    text = Path(path).read_text()
    values = [json.loads(line) for line in text.splitlines()] if path.endswith(".jsonl") else [json.loads(text)]
    assert values, name
    for value in values:
        check(value, name)
for name in ("doctor", "config-show"):
    check(json.loads((SCHEMAS / f"examples/{name}.json").read_text()), name)
check(tomllib.loads((SCHEMAS / "examples/config.toml").read_text()), "config")
