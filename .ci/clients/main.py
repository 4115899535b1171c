"""Calls every RPC but Watch with connectrpc for Python, over Connect and gRPC-Web: main.py GATEWAY DEPLOYMENT (URLs of `dev`).

Prints a line a client, and ends with 1 at the first failure.
"""

import json
import secrets
import sys
import urllib.request

from connectrpc.code import Code
from connectrpc.compat import google_protobuf_binary_codec, google_protobuf_json_codec
from connectrpc.errors import ConnectError
from connectrpc.protocol import ProtocolType

from convexgateway.v1 import auth_service_pb2 as auth_pb
from convexgateway.v1 import function_service_pb2 as pb
from convexgateway.v1 import value_format_pb2
from convexgateway.v1.auth_service_connect import AuthServiceClientSync
from convexgateway.v1.function_service_connect import FunctionServiceClientSync

JSON = value_format_pb2.VALUE_FORMAT_JSON
CLIENTS = {
    "connectrpc, Connect, protobuf": {"codec": google_protobuf_binary_codec()},
    "connectrpc, Connect, JSON": {"codec": google_protobuf_json_codec()},
    "connectrpc, Connect, without compression": {"codec": google_protobuf_binary_codec(), "send_compression": None},
    "connectrpc, gRPC-Web": {"codec": google_protobuf_binary_codec(), "protocol": ProtocolType.GRPC_WEB},
}


def main():
    gateway, deployment = sys.argv[1:]
    for number, (name, options) in enumerate(CLIENTS.items()):
        functions, auth = FunctionServiceClientSync(gateway, **options), AuthServiceClientSync(gateway, **options)
        check(name, functions, auth, deployment, f"python{number}")
        print(f"{name}: every RPC but Watch")


def token_for(deployment, user):
    """A session token of dev for a user."""
    body = json.dumps({"user": user, "ttl": "10m"}).encode()
    with urllib.request.urlopen(f"{deployment}/dev/token", body) as response:
        return json.load(response)["token"]


def check(name, functions, auth, deployment, user):
    headers = {"authorization": f"Bearer {token_for(deployment, user)}"}
    request = {"path": "counter:get", "args_json": json.dumps({"name": name}).encode(), "value_format": JSON}

    def add():
        return functions.mutate(pb.MutateRequest(**{**request, "path": "counter:add"}, request_id=secrets.token_urlsafe(32)), headers=headers)

    added = add()
    assert json.loads(added.value_json) == 1 and added.HasField("commit_time"), added
    assert json.loads(functions.query(pb.QueryRequest(**request), headers=headers).value_json) == 1
    action = pb.ActionRequest(path="actions:sleep", args_json=b'{"ms":1}', value_format=JSON)
    assert json.loads(functions.action(action, headers=headers).value_json) == 1
    fails(lambda: functions.query(pb.QueryRequest(path="no:such"), headers=headers), Code.NOT_FOUND)
    fails(lambda: functions.query(pb.QueryRequest(path="a b"), headers=headers), Code.INVALID_ARGUMENT)

    token = ""
    for event in functions.subscribe(pb.SubscribeRequest(**request), headers=headers):
        if event.WhichOneof("event") != "value_json":
            continue
        if json.loads(event.value_json) == 2:
            token = event.resume_token
            break
        add()
    assert token
    for event in functions.subscribe(pb.SubscribeRequest(**request, resume_token=token), headers=headers):
        if event.WhichOneof("event") != "connection":
            assert event.WhichOneof("event") == "unchanged", event
            break
    fails(lambda: list(functions.subscribe(pb.SubscribeRequest(path="a b"), headers=headers)), Code.INVALID_ARGUMENT)

    query = pb.WatchQuery(target=1, path="counter:get", args_json=request["args_json"])
    values = []
    for response in functions.watch_set(pb.WatchSetRequest(options=pb.WatchOptions(value_format=JSON), queries=[query]), headers=headers):
        values += [json.loads(change.value_json) for change in response.changes]
        if response.complete:
            break
    assert values == [2], values

    key = secrets.token_urlsafe(32)
    for state in auth.auth_state(auth_pb.AuthStateRequest(refresh_key=key), headers=headers):
        if state.state == auth_pb.AuthStateResponse.STATE_AUTHENTICATED:
            break
    assert auth.refresh_auth(auth_pb.RefreshAuthRequest(refresh_key=key), headers=headers).identity_tag
    auth.sign_out(auth_pb.SignOutRequest(), headers=headers)
    fails(lambda: functions.query(pb.QueryRequest(**request), headers=headers), Code.UNAUTHENTICATED)


def fails(call, code):
    try:
        call()
    except ConnectError as error:
        assert error.code == code, error
        assert error.details, error
        return
    raise AssertionError(f"the call is to fail with {code}")


main()
