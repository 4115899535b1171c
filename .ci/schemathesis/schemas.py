"""Compares the schemas of an app's OpenAPI document with convex/spec's checks: schemas.py GATEWAY VALUES FOLDER

VALUES has lines of JSON: {"validator", "value", "matches"}. Each validator becomes the argument of a function in a spec of which GATEWAY makes a
document in FOLDER. A value must be good by the schema exactly if it matches, but for what the schemas leave out on purpose: {"$float"}
in place of a number, and the checksum of ids.
"""

import json
import subprocess
import sys

from jsonschema import Draft202012Validator


def has(value, test):
    if test(value):
        return True
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(has(member, test) for member in members)


def is_float(value):
    return isinstance(value, dict) and "$float" in value


def is_id(validator):
    return isinstance(validator, dict) and validator.get("type") == "id"


def main(gateway, values, folder):
    with open(values, encoding="utf-8") as f:
        lines = [json.loads(line) for line in f]
    functions = [
        {
            "identifier": f"random.js:f{i}", "functionType": "Action", "visibility": {"kind": "public"}, "returns": None,
            "args": {"type": "object", "value": {"value": {"fieldType": line["validator"], "optional": False}}},
        }
        for i, line in enumerate(lines)
    ]
    spec, document = f"{folder}/random.json", f"{folder}/random-openapi.json"
    with open(spec, "w", encoding="utf-8") as f:
        json.dump({"functions": functions}, f)
    subprocess.run([gateway, "generate", "--spec", spec, "--openapi", document], check=True, stdout=subprocess.DEVNULL)
    with open(document, encoding="utf-8") as f:
        paths = json.load(f)["paths"]
    left_out = {"$float": 0, "id": 0}
    differ = 0
    for i, line in enumerate(lines):
        schema = paths[f"/v1/functions/random/f{i}"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        Draft202012Validator.check_schema(schema)
        good = Draft202012Validator(schema).is_valid({"value": line["value"]})
        if good == line["matches"]:
            continue
        if not good and has(line["value"], is_float):
            left_out["$float"] += 1
        elif good and has(line["validator"], is_id):
            left_out["id"] += 1
        else:
            differ += 1
            print(f"schema: {good}, convex/spec: {line['matches']}: {json.dumps(line)}", file=sys.stderr)
    print(f"{len(lines)} values by schemas: {differ} differ; left out on purpose: {left_out}")
    sys.exit(differ > 0)


main(*sys.argv[1:])
