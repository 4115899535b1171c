"""Checks the OpenAPI document: that it is OpenAPI 3.1, and that its examples conform to its schemas."""

import json
import sys

from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

STREAMS = {
    "Subscribe": "SubscribeResponse", "SubscribeByGet": "SubscribeResponse",
    "AuthState": "AuthStateResponse", "AuthStateByGet": "AuthStateResponse",
    "WatchSet": "WatchResponse",
}


def resolved(document, part):
    while "$ref" in part:
        name = part["$ref"]
        part = document
        for key in name.removeprefix("#/").split("/"):
            part = part[key]
    return part


def examples(document):
    """Yields (where, schema, value) of each example."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            parts = {status: resolved(document, response) for status, response in operation["responses"].items()}
            parts["request"] = operation.get("requestBody", {})
            for name, part in parts.items():
                for kind, media in part.get("content", {}).items():
                    for title, example in media.get("examples", {}).items():
                        where = f"{method} {path} {name} {kind} {title}"
                        if kind == "application/json":
                            yield where, media["schema"], example["value"]
                        else:
                            event = {"$ref": "#/components/schemas/" + STREAMS[operation["operationId"]]}
                            yield from ((where, schema, value) for schema, value in events(event, kind, example["value"]))
    for name, schema in document["components"]["schemas"].items():
        for title, field in schema.get("properties", {}).items():
            for value in field.get("examples", []):
                yield f"{name}.{title}", field, value


def events(event, kind, text):
    """Yields (schema, value) of each event of a stream."""
    status = {"$ref": "#/components/schemas/Status"}
    for block in text.split("\n\n" if kind == "text/event-stream" else "\n"):
        if kind == "text/event-stream":
            fields = dict(line.split(": ", 1) for line in block.strip().splitlines() if ": " in line)
            if "data" in fields:
                yield (status if fields["event"] == "status" else event), json.loads(fields["data"])
        elif block:
            [(name, value)] = json.loads(block).items()
            yield {"result": event, "error": status}[name], value


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        document = json.load(f)
    OpenAPIV31SpecValidator(document).validate()
    count = 0
    for where, schema, value in examples(document):
        count += 1
        for error in OAS31Validator({**schema, "components": document["components"]}).iter_errors(value):
            sys.exit(f"{where}: {error.message}")
    if count < 30:
        sys.exit(f"only {count} examples found")
    print(f"OpenAPI 3.1, {len(document['paths'])} paths, {count} examples")


main()
