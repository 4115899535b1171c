"""A fake gateway that refuses the first two queries and the first two mutations with UNAVAILABLE, has no streams, and prints each call.

    refuse.py [no-queries]      # no-queries: refuses no query

Runs in the environment of examples/python, with its stubs.
"""

import os
import sys
from concurrent import futures

import grpc

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "examples/python"))

from convexgateway.v1 import function_service_pb2 as pb
from convexgateway.v1 import function_service_pb2_grpc


class Refusing(function_service_pb2_grpc.FunctionServiceServicer):
    left = {"Query": 0 if sys.argv[1:] == ["no-queries"] else 2, "Mutate": 2}

    def call(self, name, context):
        if self.left[name.split()[0]] > 0:
            self.left[name.split()[0]] -= 1
            print(name, "refused", flush=True)
            context.abort(grpc.StatusCode.UNAVAILABLE, "refused")
        print(name, flush=True)

    def Query(self, request, context):
        self.call("Query", context)
        return pb.QueryResponse(value_json=b"null" if request.path == "users:me" else b"[]")

    def Mutate(self, request, context):
        self.call(f"Mutate {request.request_id}", context)
        return pb.MutateResponse(value_json=b"null")

    def Subscribe(self, request, context):
        self.stream("Subscribe", context)

    def Watch(self, requests, context):
        self.stream("Watch", context)

    def stream(self, name, context):
        print(name, flush=True)
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "refused")


server = grpc.server(futures.ThreadPoolExecutor())
function_service_pb2_grpc.add_FunctionServiceServicer_to_server(Refusing(), server)
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(f"listening on 127.0.0.1:{port}", flush=True)
server.wait_for_termination()
