"""What is printed against its schema, the examples too, and the example of a configuration: python schemas.py DOCTOR SHOW"""

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


for path, name in zip(sys.argv[1:], ["doctor", "config-show"], strict=True):
    check(json.loads(Path(path).read_text()), name)
    check(json.loads((SCHEMAS / f"examples/{name}.json").read_text()), name)
check(tomllib.loads((SCHEMAS / "examples/config.toml").read_text()), "config")
