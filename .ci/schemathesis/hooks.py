"""Changes of the served document for the test."""

import schemathesis

STREAMS = {"/v1/subscribe", "/v1/auth/state", "/v1/watch"}
TIMEOUT = {"$ref": "#/components/parameters/Timeout"}


@schemathesis.hook
def before_load_schema(context, document):
    for path in STREAMS:  # the timeout is set in schemathesis.toml, without which a stream has no end
        for operation in document["paths"][path].values():
            operation["parameters"].remove(TIMEOUT)
    del document["paths"]["/v1/functions/actions/sleep"]  # it takes as long as its argument says
    for schema in document["components"]["schemas"].values():  # the document allows more fields, for later versions
        if "properties" in schema:
            schema.setdefault("unevaluatedProperties", False)
    del document["components"]["schemas"]["FunctionError"]["unevaluatedProperties"]  # it also has @type, as a detail
