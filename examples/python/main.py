"""Convex Gateway from Python: query, mutate, subscribe, sign in, and handle an error by its reason."""

import json
import os
import random
import secrets
import time
from pathlib import Path

import grpc
from google.rpc.error_details_pb2 import ErrorInfo
from grpc_status import rpc_status

from convexgateway.v1 import function_service_pb2 as pb
from convexgateway.v1.function_service_pb2_grpc import FunctionServiceStub
from convexgateway.v1.value_format_pb2 import VALUE_FORMAT_JSON

GATEWAY = os.environ.get("GATEWAY", "127.0.0.1:50051")
TOKEN = os.environ.get("TOKEN")  # a Clerk session token; none: anonymous

# It retries mutations too: each has a request id, by which it runs once. Without ids: service_config.json
SERVICE_CONFIG = Path(__file__).parent.parent / "service_config_ids.json"
OPTIONS = [
    ("grpc.service_config", SERVICE_CONFIG.read_text()),  # timeouts, and which calls are retried
    ("grpc.keepalive_time_ms", 30_000),  # detects dead connections: a stream may be idle for hours
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.max_pings_without_data", 0),  # no limit
]


def main():
    # With TLS: grpc.secure_channel(GATEWAY, grpc.ssl_channel_credentials(), OPTIONS)
    with grpc.insecure_channel(GATEWAY, OPTIONS) as channel:
        gateway = FunctionServiceStub(channel)

        me = call(gateway.Query, pb.QueryRequest, "users:me")
        print(f"signed in as {me['subject']}" if me else "anonymous")

        messages = call(gateway.Query, pb.QueryRequest, "messages:list", limit=10)
        print("query:", describe(messages))

        try:
            mutate(gateway, "messages:send", body="")
        except grpc.RpcError as error:
            if reason(error) != "CONVEX_ERROR":  # thrown by the function, on purpose
                raise
            print("refused:", reason(error), "-", error.details())

        mutate(gateway, "messages:send", body="hello from Python")
        for messages in subscribe(gateway, "messages:list", limit=10):
            print("subscribe:", describe(messages))


def call(method, request, path, **args):
    """Runs a query or an action once."""
    response = method(
        request(path=path, args_json=json.dumps(args).encode(), value_format=VALUE_FORMAT_JSON),
        metadata=credentials(),
    )
    return json.loads(response.value_json)


def mutate(gateway, path, **args):
    """Runs a mutation once, also if it has to be sent again: its request id stays the same."""
    request = pb.MutateRequest(
        path=path,
        args_json=json.dumps(args).encode(),
        value_format=VALUE_FORMAT_JSON,
        request_id=secrets.token_urlsafe(16),
    )
    return json.loads(gateway.Mutate(request, metadata=credentials()).value_json)


def subscribe(gateway, path, **args):
    """Yields each new result of a query, without end. A lost stream resumes where it was."""
    request = pb.SubscribeRequest(path=path, args_json=json.dumps(args).encode(), value_format=VALUE_FORMAT_JSON)
    backoff = 1  # seconds
    while True:
        try:
            for event in gateway.Subscribe(request, metadata=credentials()):
                if event.resume_token:
                    request.resume_token = event.resume_token
                    backoff = 1
                kind = event.WhichOneof("event")
                if kind == "value_json":
                    yield json.loads(event.value_json)
                elif kind == "function_error":  # the next write may repair it
                    print("the query failed:", event.function_error.reason)
                elif kind == "unchanged":
                    print("resumed: unchanged")
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE:
                raise
            print("lost:", error.code().name, reason(error))
        time.sleep(backoff * random.uniform(0.5, 1))
        backoff = min(2 * backoff, 30)


def credentials():
    return [("authorization", f"Bearer {TOKEN}")] if TOKEN else []


def reason(error):
    """The reason of the error's google.rpc.ErrorInfo; it is also in the trailer `error-reason`."""
    status = rpc_status.from_call(error)
    for detail in status.details if status else []:
        info = ErrorInfo()
        if detail.Unpack(info):
            return info.reason
    return None  # the error is not the gateway's: for instance, there is no connection


def describe(messages):
    return f"{len(messages)} messages" + (f", the last: {messages[-1]['body']}" if messages else "")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
