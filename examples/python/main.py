"""Convex Gateway from Python: query, mutate, watch, sign in, and handle an error by its reason."""

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
        for read_time, (messages, newest) in watch(gateway, ("messages:list", {"limit": 10}), ("messages:list", {"limit": 1})):
            print(f"watch: {read_time}, {describe(messages)}; the newest: {last(newest)}")


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


def watch(gateway, *queries):
    """Yields the results of queries, each (path, args), and the time at which all of them hold, at each change, without end.

    There is one stream for all queries. A lost one resumes where it was.
    """
    adds = {
        target: pb.WatchQuery(target=target, path=path, args_json=json.dumps(args).encode())
        for target, (path, args) in enumerate(queries, 1)
    }
    results = {}  # by target
    changed = False  # since the last yield
    backoff = 1  # seconds
    while True:
        commands = [pb.WatchRequest(open=pb.WatchOptions(value_format=VALUE_FORMAT_JSON))]
        commands += [pb.WatchRequest(add=query) for query in adds.values()]
        waiting = set(adds)  # the targets without an outcome on this stream
        try:
            for response in gateway.Watch(iter(commands), metadata=credentials()):
                for change in response.changes:
                    changed |= store(change, adds[change.target], results)
                    waiting.discard(change.target)
                if not response.changes or not response.complete or waiting:
                    continue  # the results do not hold together yet
                backoff = 1
                if not changed:
                    print("resumed: unchanged")
                elif len(results) == len(adds):
                    changed = False
                    yield response.read_time.ToJsonString(), [results[target] for target in adds]
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE:
                raise
            print("lost:", error.code().name, reason(error))
        time.sleep(backoff * random.uniform(0.5, 1))
        backoff = min(2 * backoff, 30)


def store(change, query, results):
    """Stores the newest outcome of a query, with its resume token. Returns whether it is new."""
    query.resume_token = change.resume_token
    outcome = change.WhichOneof("outcome")
    if outcome == "value_json":
        results[change.target] = json.loads(change.value_json)
    elif outcome == "function_error":  # the next write may repair it
        results.pop(change.target, None)
        print("the query failed:", change.function_error.reason)
    elif outcome == "removed":  # this query has ended, for instance because of its path
        raise RuntimeError(f"{query.path}: {change.removed.reason} - {change.removed.message}")
    return outcome != "unchanged"


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
    return f"{len(messages)} messages, the last: {last(messages)}" if messages else "0 messages"


def last(messages):
    return messages[-1]["body"] if messages else None


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
